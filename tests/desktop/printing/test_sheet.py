"""Maps on paper: words that can be searched, a legend that tells no more than is there, whole files only."""

import re
import subprocess

import numpy as np
import pytest
from PIL import Image

from desktop.canvas.right_of_way import RightOfWay
from desktop.mapprints import Order, made
from desktop.printing import compose
from desktop.printing.keys import keys, lines_of
from desktop.printing.outputs import Form, printers, write_sheet
from gis.errors import Cancelled, UserError
from gis.geo.features import Shape
from gis.progress import Progress
from layers.grid.lines import GridKind
from layers.index import Indexes
from layers.layer import Layer
from layers.printing.papers import PAPERS
from layers.printing.plan import Wish, plan
from layers.style import (
    Categorised,
    Category,
    Clusters,
    Fill,
    Heat,
    LabelRule,
    Live,
    LiveLook,
    Marker,
    Simple,
    Stroke,
    Style,
    Symbol,
)
from layers.view import MapView
from tests import needs
from tests.shapes import UTM, Shelf, features, lines, points, polygons, square

VIEW = MapView(500_000, 9_000_000, 2.0, 400, 300)
A4 = PAPERS[0]


def kinds(column, **colours):
    classes = (Category(name, Symbol(Fill(ink), Stroke(ink))) for name, ink in colours.items())
    return Style(Categorised(column, tuple(classes)))


def city():
    """A park, a mill beside the sheet, a river, a school with a name, and a flooded incident."""
    land = polygons(
        [square(500_000, 9_000_000, 200)], [square(560_000, 9_000_000, 200)], use=["park", "mill"]
    )
    river = lines([[(499_000, 8_999_900), (501_000, 9_000_050)]])
    school = points((500_050, 9_000_050), name=["SMPN 5"])
    dot = features(Shape.POINT, [[(500_100, 9_000_000)]], severity=[1], hollow=[0], label=["I-0001"])
    label = LabelRule("name", 12.0)
    return (
        Layer("land", "Land", Shelf(land), kinds("use", park="#cfe3bd", mill="#e6e2e2")),
        Layer("river", "River", Shelf(river), Style(Simple(Symbol(stroke=Stroke("#3355aa", 3.0))))),
        Layer("schools", "Schools", Shelf(school), Style(Simple(Symbol(marker=Marker("school"))), label)),
        Layer("incidents", "Incidents", Shelf(dot), Style(Live(LiveLook.INCIDENT))),
    )


def an_order(*, exercise=False, layers=None, **but):
    wish = Wish(A4, **{"landscape": True, "dpi": 150, "title": "Flood at the mill", "by": "A. Putri", **but})
    planned = plan(wish, VIEW, UTM, exercise=exercise)
    return Order(planned, layers or city(), "Seruni", exercise, "2026-02-11 05:40 +08:00", "Drawn up")


def a_sheet(**but):
    return made(an_order(**but), Indexes(), Progress())


def write(sheet, form, path):
    write_sheet(sheet, form, path, Progress(), RightOfWay())
    return path


def said(path):
    needs.program("pdftotext")
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(text.stdout.split())


def test_the_words_of_a_pdf_can_be_searched_and_its_paper_has_its_size(qapp, tmp_path):
    path = write(a_sheet(exercise=True, grid=GridKind.UTM, scale=10_000), Form.PDF, tmp_path / "a.pdf")
    words = said(path)
    for each in ("Flood at the mill", "EXERCISE", "SMPN 5", "1 : 10 000", "05:40 +08:00", "UTM 50", "River"):
        assert each in words
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", path.read_bytes())
    assert [round(float(side)) for side in box.groups()] == [842, 595]
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]


def test_no_mark_of_an_exercise_is_on_a_sheet_of_the_real_thing(qapp, tmp_path):
    assert "EXERCISE" not in said(write(a_sheet(), Form.PDF, tmp_path / "a.pdf"))


def test_the_legend_says_what_is_on_the_sheet_and_nothing_else(qapp):
    order = an_order()
    sheet = made(order, Indexes(), Progress())
    told = {key.title: [row.title for row in key.rows] for key in sheet.keys}
    assert told == {"Incidents": ["Extreme"], "Schools": ["Schools"], "River": ["River"], "Land": ["park"]}
    beside = an_order(layers=(city()[3],))
    far = plan(beside.plan.wish, VIEW.centred(520_000, 9_000_000), UTM, exercise=False)
    assert keys(beside.layers, sheet.content, far, Progress())[:1] != sheet.keys[:1]


def test_a_sign_that_does_not_bear_the_name_of_its_layer_stands_under_that_name(qapp):
    told = [(key.title, row and row.title) for key, row in lines_of(a_sheet().keys)]
    assert told[-2:] == [("Land", None), ("Land", "park")]
    assert ("River", None) not in told


def test_the_city_is_not_named_twice_at_the_head_of_a_sheet(qapp, tmp_path):
    assert said(write(a_sheet(title="Seruni"), Form.PDF, tmp_path / "a.pdf")).count("Seruni") == 1


@pytest.mark.parametrize("dpi", [150, 300])
def test_a_sheet_drawn_in_bands_is_the_sheet_drawn_at_once(qapp, tmp_path, monkeypatch, dpi):
    sheet = a_sheet(exercise=True, grid=GridKind.MGRS, dpi=dpi)
    whole = np.asarray(Image.open(write(sheet, Form.PNG, tmp_path / "whole.png"))).astype(int)
    monkeypatch.setattr(compose, "BAND_BYTES", 2 * 2**20)
    banded = np.asarray(Image.open(write(sheet, Form.PNG, tmp_path / "bands.png"))).astype(int)
    assert whole.shape == (round(210 / 25.4 * dpi), round(297 / 25.4 * dpi), 3)
    apart = np.abs(whole - banded).max(axis=2)
    assert (apart > 16).mean() < 1e-4  # letters may be smoothed otherwise; no row is lost or shifted


def test_symbols_have_their_size_in_millimetres_at_any_fineness(qapp, tmp_path):
    wide = []
    for dpi in (150, 300):
        path = write(a_sheet(dpi=dpi, legend=False), Form.PNG, tmp_path / f"{dpi}.png")
        pixels = np.asarray(Image.open(path)).astype(int)
        pink = np.abs(pixels - (0xFF, 0x3C, 0x7C)).max(axis=2) < 30
        columns = np.flatnonzero(pink.any(axis=0))
        wide.append((columns[-1] - columns[0]) / dpi * 25.4)
    assert wide[0] == pytest.approx(wide[1], abs=0.6)
    assert 4 < wide[0] < 7


def test_an_svg_is_well_formed_and_keeps_its_words(qapp, tmp_path):
    from xml.etree import ElementTree

    path = write(a_sheet(exercise=True), Form.SVG, tmp_path / "a.svg")
    root = ElementTree.parse(path).getroot()
    words = " ".join(each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Flood at the mill" in words
    assert "EXERCISE" in words


def test_a_layer_that_cannot_be_read_is_named_and_the_others_are_there(qapp, tmp_path):
    class Torn(Shelf):
        def read(self, *_asked):
            raise UserError("The file is torn.")

    layers = (*city(), Layer("roads", "Roads", Torn(), city()[1].style))
    words = said(write(a_sheet(layers=layers), Form.PDF, tmp_path / "a.pdf"))
    assert "Not shown: Roads: The file is torn." in words
    assert "SMPN 5" in words


def test_warmth_and_circles_of_many_points_are_where_they_are_in_every_picture(qapp, tmp_path):
    heap = [(500_150.0 + n % 20, 9_000_080.0 + n // 20) for n in range(400)]
    many = Shelf(points(*heap))
    symbol = Symbol(marker=Marker("school"))
    for rule, words in ((Heat(symbol), "Calls"), (Clusters(symbol, colour="#ff00ff"), "together")):
        layers = (Layer("calls", "Calls", many, Style(rule)),)
        empty = (Layer("calls", "Calls", Shelf(), Style(rule)),)
        wished = {"legend": False, "dpi": 300, "scale": 5_000}
        sheet, bare = a_sheet(layers=layers, **wished), a_sheet(layers=empty, **wished)
        places = []
        for each in ("png", "small"):
            pixels = [picture(one, each, tmp_path) for one in (sheet, bare)]
            rows, columns = np.nonzero(np.abs(pixels[0] - pixels[1]).max(axis=2) > 40)
            high, wide, _three = pixels[0].shape
            places.append((columns.mean() / wide, rows.mean() / high))
        assert places[0] == pytest.approx(places[1], abs=0.004)
        x, y = sheet.plan.view.to_pixels(np.array([(500_160.0, 9_000_090.0)]))[0]
        there = (x + sheet.plan.frame.x) / sheet.plan.width, (y + sheet.plan.frame.y) / sheet.plan.height
        assert places[0] == pytest.approx(there, abs=0.01)
        assert words in said(write(a_sheet(layers=layers, scale=5_000), Form.PDF, tmp_path / "a.pdf"))


def picture(sheet, kind, folder):
    if kind == "png":
        return np.asarray(Image.open(write(sheet, Form.PNG, folder / "a.png"))).astype(int)
    image = compose.small(sheet, 900, 900, Progress(), RightOfWay())
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., :3].astype(int)


@pytest.mark.parametrize("form", Form)
def test_a_sheet_that_is_stopped_leaves_what_was_there(qapp, tmp_path, form):
    path = tmp_path / "map"
    path.write_text("yesterday's")
    progress = Progress()
    sheet = a_sheet()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_sheet(sheet, form, path, progress, RightOfWay())
    assert path.read_text() == "yesterday's"
    assert [each.name for each in tmp_path.iterdir()] == ["map"]


@needs.linux
@pytest.mark.parametrize("form", Form)
def test_a_disk_without_room_is_said_and_leaves_nothing_half(qapp, tmp_path, form):
    (tmp_path / ".map.part").symlink_to("/dev/full")
    with pytest.raises(UserError, match="could not be written"):
        write(a_sheet(), form, tmp_path / "map")
    assert list(tmp_path.iterdir()) == []


def test_printers_are_asked_for_and_none_is_no_fault(qapp):
    assert isinstance(printers(), tuple)
