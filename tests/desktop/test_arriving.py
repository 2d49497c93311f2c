"""Whoever adds a layer sees it; whoever misses one is told why and brought near enough with one click."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.forms.add_layer import AddLayerForm, LayerWish
from layers.layer import Layer
from layers.roles import Role, role_style, usual_scale
from layers.view import Box
from tests.desktop.test_layer_menu import offered
from tests.shapes import Shelf, polygons, square

CITY = (116.6, -8.35, 116.8, -8.15)
QUARTER = (116.68, -8.28, 116.72, -8.24)
FAR_EAST, FAR_NORTH = 490_000.0, 9_120_000.0  # of the city, in its own zone


def blocks(folder, name: str, box: Box):
    """Four small blocks in the corners of a box of degrees."""
    west, south, east, north = box
    size = 0.0005
    shapes = []
    for lon, lat in ((west, south), (east - size, south), (east - size, north - size), (west, north - size)):
        ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
        shape = {"type": "Feature", "properties": {"building": "house"}}
        shapes.append({**shape, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), "utf-8")
    return path


def wish(path, role: Role, extent: Box | None = CITY) -> LayerWish:
    return LayerWish(path, path.stem, path.stem, role, "", None, columns=("building",), extent=extent)


def layer_called(sitting, title: str) -> Layer:
    return next(layer for layer in sitting.desk.ground.model.stack if layer.title == title)


def drawn(sitting, title: str) -> int:
    """How many features of a layer are on the map once it rests."""
    canvas = sitting.panels.map.canvas
    sitting.wait(lambda: not canvas.composer.busy)
    layer = layer_called(sitting, title)
    picture = canvas.renderer.pictures.get(layer.id) if layer.shown_at(canvas.scale) else None
    marks = picture.scene.on(canvas.view).shapes if picture else ()
    return max((len(mark.drawn.positions) for mark in marks), default=0)


def test_buildings_of_a_whole_region_are_seen_as_soon_as_they_are_added(sitting, tmp_path):
    far = (116.0, -8.9, 117.0, -8.1)
    path = blocks(tmp_path, "houses", far)
    sitting.desk.legends.look_into(path)
    form = sitting.window.findChild(AddLayerForm)
    sitting.wait(lambda: form.isVisible() and form.heading.text() == path.name)
    form.role.setCurrentIndex(form.role.findData(Role.BUILDINGS))
    form.submit()
    sitting.wait(lambda: "houses" in [layer.title for layer in sitting.desk.ground.model.stack])
    assert sitting.panels.map.canvas.scale > usual_scale(Role.BUILDINGS)
    assert drawn(sitting, "houses") == 4


def test_a_layer_that_says_nothing_of_where_it_lies_is_seen_as_well(sitting, tmp_path):
    sitting.desk.legends.add(
        wish(blocks(tmp_path, "houses", (116.0, -8.9, 117.0, -8.1)), Role.BUILDINGS, None)
    )
    sitting.wait(lambda: layer_called(sitting, "houses").max_scale is None)
    assert drawn(sitting, "houses") == 4


def test_a_layer_that_is_seen_where_it_lies_keeps_its_usual_limit(sitting, tmp_path):
    sitting.desk.legends.add(wish(blocks(tmp_path, "houses", QUARTER), Role.BUILDINGS, QUARTER))
    assert layer_called(sitting, "houses").max_scale == usual_scale(Role.BUILDINGS)


def test_of_several_that_come_together_only_what_would_leave_an_empty_map_is_lifted(sitting, tmp_path):
    wards, schools = blocks(tmp_path, "wards", CITY), blocks(tmp_path, "schools", CITY)
    sitting.desk.legends.add_all((wish(schools, Role.SCHOOLS), wish(wards, Role.WARDS)))
    assert layer_called(sitting, "schools").max_scale == usual_scale(Role.SCHOOLS)
    bridges, more = blocks(tmp_path, "bridges", CITY), blocks(tmp_path, "more", CITY)
    sitting.desk.legends.add_all((wish(bridges, Role.BRIDGES), wish(more, Role.SCHOOLS)))
    assert layer_called(sitting, "bridges").max_scale is None
    assert layer_called(sitting, "more").max_scale is None


@pytest.fixture
def schools(sitting):
    """A layer far from what is looked at, from near by only."""
    far = polygons([square(FAR_EAST, FAR_NORTH, 50.0)], [square(FAR_EAST + 9_000.0, FAR_NORTH, 50.0)])
    style, usual = role_style(Role.SCHOOLS), usual_scale(Role.SCHOOLS)
    sitting.desk.ground.model.stack.add(
        Layer("s", "Schools", Shelf(far), style, group="City", max_scale=usual, role=Role.SCHOOLS)
    )
    sitting.panels.map.canvas.show_all()
    return sitting


def item_of(sitting, title: str):
    tree = sitting.panels.layers.tree
    (item,) = tree.findItems(title, Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly)
    return item


def click_mark(sitting, title: str) -> None:
    """The sign at the right edge of a line of the legend."""
    tree = sitting.panels.layers.tree
    item = item_of(sitting, title)
    tree.scrollToItem(item)
    at = tree.visualRect(tree.indexFromItem(item, 1)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_layer_hidden_by_its_scale_says_so_and_one_click_comes_near_enough(schools):
    item, canvas = item_of(schools, "Schools"), schools.panels.map.canvas
    assert not item.icon(1).isNull()
    assert "1:12,500" in item.toolTip(1)
    click_mark(schools, "Schools")
    schools.wait(lambda: canvas.scale <= 12_500)
    west, south, east, north = canvas.view.extent
    assert west < FAR_EAST + 25 < east, "at the part of it that was nearest"
    assert south < FAR_NORTH < north
    assert drawn(schools, "Schools") == 1
    assert item_of(schools, "Schools").icon(1).isNull()


def test_who_stands_over_a_hidden_layer_stays_there_when_coming_near(schools):
    canvas = schools.panels.map.canvas
    canvas.look(canvas.view.centred(FAR_EAST + 300.0, FAR_NORTH - 200.0))
    click_mark(schools, "Schools")
    schools.wait(lambda: canvas.scale <= 12_500)
    assert (canvas.view.x, canvas.view.y) == pytest.approx((FAR_EAST + 300.0, FAR_NORTH - 200.0))


def test_the_menu_of_a_hidden_layer_comes_near_enough_too_and_shows_what_was_not_ticked(schools):
    schools.desk.ground.model.stack.update("s", visible=False)
    schools.panels.layers.choose("s")
    offered(schools.panels.layers, "Zoom to visible scale").trigger()
    schools.wait(lambda: schools.panels.map.canvas.scale <= 12_500)
    assert drawn(schools, "Schools") == 1
    assert offered(schools.panels.layers, "Zoom to visible scale") is None


def test_a_layer_that_is_only_seen_from_far_away_is_reached_by_going_out(schools):
    stack, canvas = schools.desk.ground.model.stack, schools.panels.map.canvas
    stack.update("s", min_scale=50_000.0, max_scale=None)
    canvas.look(canvas.view.centred(FAR_EAST, FAR_NORTH).zoomed(10_000 / canvas.scale))
    assert "1:50,000" in item_of(schools, "Schools").toolTip(1)
    click_mark(schools, "Schools")
    schools.wait(lambda: canvas.scale >= 50_000)
    assert canvas.scale < 60_000


def test_a_class_that_waits_for_a_nearer_look_is_reached_from_its_own_line(sitting):
    stack, canvas = sitting.desk.ground.model.stack, sitting.panels.map.canvas
    streets = polygons([square(FAR_EAST, FAR_NORTH, 50.0)], **{"class": ["path"]})
    stack.add(Layer("r", "Streets", Shelf(streets), role_style(Role.STREETS), role=Role.STREETS))
    canvas.show_all()
    item_of(sitting, "Streets").setExpanded(True)
    assert item_of(sitting, "Streets").icon(1).isNull(), "the layer itself is drawn"
    click_mark(sitting, "path")
    sitting.wait(lambda: canvas.scale <= 10_000)
