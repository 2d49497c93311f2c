from dataclasses import replace

import pytest

from gis.model.incident import Incident
from gis.model.sensor import Sensor
from layers.layer import Layer
from layers.legend import why_hidden
from layers.roles import Role, role_style
from layers.selection import Selected, Selection
from layers.stack import LayerStack, StackChange
from layers.style import Clusters, Marker, Style, Symbol
from tests.shapes import UTM, Shelf


def a_layer(name: str, **but) -> Layer:
    return Layer(name, name.title(), Shelf(), role_style(Role.OTHER), **but)


@pytest.fixture
def stack():
    return LayerStack(UTM, (a_layer("water"), a_layer("streets"), a_layer("wards")))


@pytest.fixture
def heard(stack):
    changes: list[StackChange] = []
    stack.changed.connect(changes.append)
    return changes


def order(stack):
    return [layer.id for layer in stack]


def test_a_new_layer_lies_on_top_and_needs_a_picture(stack, heard):
    stack.add(a_layer("flood"))
    assert order(stack) == ["water", "streets", "wards", "flood"]
    assert heard == [StackChange(frozenset({"flood"}))]


def test_a_layer_can_be_put_at_the_bottom(stack):
    stack.add(a_layer("tiles"), index=0)
    assert order(stack)[0] == "tiles"


def test_a_layer_of_a_known_id_takes_the_place_of_the_old_one(stack):
    stack.add(a_layer("water", group="City"))
    assert sorted(order(stack)) == ["streets", "wards", "water"]
    assert stack.get("water").group == "City"


def test_hiding_a_layer_asks_for_no_new_picture(stack, heard):
    stack.update("water", visible=False, opacity=0.5)
    assert heard == [StackChange()]
    assert not stack.get("water").visible


def test_another_style_asks_for_a_new_picture(stack, heard):
    stack.update("water", style=role_style(Role.WATER))
    assert heard == [StackChange(frozenset({"water"}))]


def test_layers_change_places(stack, heard):
    stack.move("wards", 0)
    assert order(stack) == ["wards", "water", "streets"]
    stack.move("wards", 2)
    assert order(stack) == ["water", "streets", "wards"]
    assert heard == [StackChange(), StackChange()]


def test_a_removed_layer_is_gone(stack):
    stack.remove("streets")
    assert order(stack) == ["water", "wards"]
    assert "streets" not in stack
    with pytest.raises(KeyError):
        stack.get("streets")


def test_only_layers_of_the_changed_records_are_refreshed(stack, heard):
    shelf = Shelf()
    shelf.kinds = frozenset({Incident})
    stack.add(Layer("incidents", "Incidents", shelf, role_style(Role.INCIDENTS)))
    heard.clear()
    stack.refresh(Sensor)
    assert heard == []
    stack.refresh(Sensor, Incident)
    assert heard == [StackChange(frozenset({"incidents"}), fresh=True)]


def test_a_layer_is_drawn_between_its_scales_unless_hidden_or_broken():
    layer = a_layer("buildings", min_scale=500, max_scale=25_000)
    assert [layer.shown_at(scale) for scale in (499, 500, 25_000, 25_001)] == [False, True, True, False]
    assert not a_layer("x", visible=False).shown_at(1)
    assert not a_layer("x", problem="It is not there.").shown_at(1)


def test_the_selection_announces_changes_and_no_repetition():
    selection, heard = Selection(), []
    selection.changed.connect(heard.append)
    selection.select("wards", 3, 4)
    selection.select("wards", 4, 3)
    selection.select("wards")
    selection.clear()
    assert heard == [Selected("wards", frozenset({3, 4})), Selected()]


def test_a_flood_is_laid_under_the_streets_in_whatever_order_the_files_are_opened():
    live = a_layer("incidents", role=Role.INCIDENTS)
    stack = LayerStack(UTM, (live,))
    for role in (Role.STREETS, Role.WARDS, Role.FLOOD, Role.BUILDINGS, Role.OTHER):
        stack.add(a_layer(role, role=role), index=stack.place_for(role))
    assert order(stack) == ["buildings", "flood", "streets", "other", "wards", "incidents"]


def test_a_layer_lies_over_the_others_of_its_role():
    stack = LayerStack(UTM, (a_layer("first", role=Role.FLOOD), a_layer("streets", role=Role.STREETS)))
    assert stack.place_for(Role.FLOOD) == 1


def test_points_that_are_shown_together_are_no_clutter_however_far_the_map_is_away():
    crowd = Style(Clusters(Symbol(marker=Marker("ink")), min_scale=50_000.0))
    schools = replace(a_layer("schools", max_scale=12_500.0), style=crowd)
    assert [schools.shown_at(scale) for scale in (10_000, 30_000, 60_000)] == [True, False, True]
    assert why_hidden(schools, 60_000) == ""
    assert "12,500" in why_hidden(schools, 30_000)
