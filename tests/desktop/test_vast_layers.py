"""A layer larger than memory at the desk: what it shows, what its table holds, what it cannot do and says."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from PySide6.QtWidgets import QLabel

from gis.exchange.vector.room import Room
from layers.ground import on_map
from layers.layer import Layer
from layers.sources.vector import Chosen, VectorSource
from layers.style import Fill, Simple, Stroke, Style, Symbol

SIDE = 200


@pytest.fixture
def vast(monkeypatch, request, tmp_path):
    """A desk with little memory, looking at a street of a city of 40,000 houses."""
    monkeypatch.setattr("gis.exchange.vector.reader.usual_room", lambda: Room(9 << 20))
    sitting = request.getfixturevalue("sitting")
    stack = sitting.desk.ground.model.stack
    x, y = on_map(116.7, -8.25, stack.crs)
    east, north = (each.ravel() * 20.0 for each in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    shapes = shapely.box(x + east, y + north, x + east + 8, y + north + 12)
    path = tmp_path / "houses.gpkg"
    GeoDataFrame({"number": np.arange(len(shapes))}, geometry=shapes, crs=stack.crs).to_file(path)
    source = VectorSource(sitting.desk.ground.reader, Chosen(path))
    style = Style(Simple(Symbol(Fill("#d9c8b9"), Stroke("#785f50", 1.0))))
    sitting.panels.map.canvas.zoom_to((x + 1_000, y + 1_000, x + 1_200, y + 1_100))
    stack.add(Layer("houses", "Houses", source, style))
    sitting.wait(lambda: not source.lacks_overview(stack.crs) and source.is_vast(stack.crs))
    sitting.place = x, y
    return sitting


def far(sitting) -> None:
    x, y = sitting.place
    sitting.panels.map.canvas.zoom_to((x - 2_000, y - 2_000, x + 6_000, y + 6_000))


def layer(sitting) -> Layer:
    return sitting.desk.ground.model.stack.get("houses")


def test_its_line_says_when_an_overview_is_shown_and_no_more_when_the_houses_are(vast):
    assert layer(vast).notice == ""
    far(vast)
    vast.wait(lambda: "Overview of 40,000" in layer(vast).notice)
    x, y = vast.place
    vast.panels.map.canvas.zoom_to((x + 1_000, y + 1_000, x + 1_200, y + 1_100))
    vast.wait(lambda: layer(vast).notice == "")


def test_its_table_holds_what_is_in_view_says_so_and_follows_the_map(vast):
    vast.desk.tables.open(layer(vast))
    rows = vast.panels.table.view.rows
    vast.wait(lambda: 0 < len(rows.rows) < 1_000)
    vast.wait(lambda: "in view only" in vast.panels.table.title.text())
    first = set(rows.table.values("number").tolist())
    x, y = vast.place
    vast.panels.map.canvas.zoom_to((x + 3_000, y + 1_000, x + 3_200, y + 1_100))
    vast.wait(lambda: len(rows.rows) and first.isdisjoint(rows.table.values("number").tolist()))
    far(vast)
    vast.wait(lambda: "Overview" in vast.panels.table.said_empty())
    assert "row" not in vast.panels.table.title.text()
    assert len(rows.rows) == 0


def test_the_form_of_its_look_says_that_it_knows_an_overview_only(vast):
    vast.desk.legends.ask_style(layer(vast))
    vast.wait(lambda: any("overview" in each.text() for each in vast.panels.detail.findChildren(QLabel)))


def test_zooming_to_it_shows_all_of_it(vast):
    vast.desk.legends.zoom(layer(vast))
    x, y = vast.place
    vast.wait(lambda: vast.panels.map.canvas.view.extent[0] < x + 1)
    west, south, east, north = vast.panels.map.canvas.view.extent
    assert west < x + 1
    assert south < y + 1
    assert east > x + 3_980
    assert north > y + 3_980


def test_names_of_it_are_not_found_and_that_is_said(vast):
    vast.panels.layers.names_wanted.emit(layer(vast))
    vast.wait(lambda: "names are not found" in vast.desk.ground.notices.words.text())
