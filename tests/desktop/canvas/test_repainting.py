"""Only what a change touches is painted again: counted, not timed."""

from collections import Counter

import pytest

from desktop.canvas import renderer as renderer_module
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.model.sensor import Alarm, Sensor
from layers.layer import Layer
from layers.style import LabelRule, Live, LiveLook, Simple, Style, Symbol
from tests.desktop.canvas.city import BLUE, X, Y, a_layer, filled
from tests.shapes import Shelf, points, polygons, square

NAMES = "names"


@pytest.fixture
def painted(monkeypatch):
    """How often the pictures of which layers were painted, and the picture of names."""
    count = Counter()
    paint, paint_labels = renderer_module.paint, renderer_module.paint_labels

    def counted(scene, style):
        count[scene.layer_id] += 1
        return paint(scene, style)

    def counted_labels(*arguments):
        count[NAMES] += 1
        return paint_labels(*arguments)

    monkeypatch.setattr(renderer_module, "paint", counted)
    monkeypatch.setattr(renderer_module, "paint_labels", counted_labels)
    return count


class Records(Shelf):
    """A source of records of some kinds."""

    def __init__(self, kinds, *held) -> None:
        super().__init__(*held)
        self.kinds = frozenset(kinds)


def live(name, look, kinds) -> Layer:
    return Layer(name, name.title(), Records(kinds, points((X, Y), severity=[2])), Style(Live(look)))


def named(colour=None):
    style = filled(colour) if colour else Style(Simple(Symbol()))
    return Style(style.rule, LabelRule("name"))


@pytest.fixture
def city(desk, painted):
    """Wards with names, streets without, gauges, alarms and incidents: all painted once."""
    wards = polygons([square(X, Y, 100)], name=["Kauman"])
    desk.stack.add(a_layer("wards", wards, style=named(BLUE)))
    desk.stack.add(a_layer("yards", polygons([square(X + 50, Y, 30)])))
    desk.stack.add(
        live("sensors", LiveLook.SENSOR, (Sensor, Reading)),
        live("alarms", LiveLook.ALARM, (Alarm,)),
        live("incidents", LiveLook.INCIDENT, (Incident,)),
    )
    desk.settle()
    desk.qtbot.wait(400)  # what a resting map paints ahead
    desk.settle()
    assert painted.keys() == {"wards", "yards", NAMES}
    painted.clear()
    return desk


def asked(desk) -> dict[str, int]:
    return {layer.id: layer.source.asked for layer in desk.stack}


def test_a_changed_record_has_its_own_layer_asked_and_nothing_painted(city, painted):
    before = asked(city)
    city.stack.refresh(Incident)
    city.settle()
    assert asked(city) == before | {"incidents": before["incidents"] + 1}
    assert not painted


def test_a_reading_touches_the_gauges_alone(city, painted):
    before, incidents = asked(city), city.canvas.renderer.badges["incidents"]
    city.stack.refresh(Reading)
    city.settle()
    assert asked(city) == before | {"sensors": before["sensors"] + 1}
    assert city.canvas.renderer.badges["incidents"] is incidents
    assert not painted


def test_another_style_paints_that_layer_once_and_no_other(city, painted):
    before = dict(city.canvas.renderer.pictures)
    city.stack.update("yards", style=filled("#00cc00"))
    city.settle()
    assert painted == {"yards": 1}
    after = city.canvas.renderer.pictures
    assert [name for name in before if after[name] is not before[name]] == ["yards"]


def test_names_are_placed_anew_when_a_layer_with_names_changes(city, painted):
    city.stack.update("wards", style=named("#00cc00"))
    city.settle()
    assert painted == {"wards": 1, NAMES: 1}


def test_hiding_a_layer_paints_nothing_but_the_names_it_may_have_had(city, painted):
    city.stack.update("yards", visible=False)
    city.settle()
    assert not painted
    city.stack.update("wards", visible=False)
    city.settle()
    assert city.canvas.renderer.names.image is None
    city.stack.update("wards", visible=True)
    city.settle()
    assert painted == {NAMES: 1}


def test_opacity_and_order_paint_nothing(city, painted):
    city.stack.update("wards", opacity=0.5)
    city.stack.move("yards", 0)
    city.settle()
    assert not painted


def test_a_new_selection_paints_nothing(city, painted):
    city.selection.select("yards", 0)
    city.settle()
    assert not painted


def test_a_layer_that_is_added_has_only_itself_painted(city, painted):
    city.stack.add(a_layer("new", polygons([square(X, Y, 20)])), index=0)
    city.settle()
    assert painted == {"new": 1}
