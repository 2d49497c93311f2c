"""How a layer looks before anybody has chosen."""

import pytest

from gis.progress import Progress
from layers.build import Sheet, build
from layers.index import Indexes
from layers.layer import Layer
from layers.roles import Role, drawing_order, fitted_style, role_style
from layers.scene import Signs
from layers.style import Categorised, Live, Own, Pixels, in_scale
from layers.view import MapView
from tests.shapes import UTM, Shelf, points


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (("id", "name"), "name"),
        (("KAB_NAME", "NAME"), "NAME"),
        (("OBJECTID", "KAB_NAME"), "KAB_NAME"),
        (("renamed", "Nama"), "Nama"),
        (("renamed",), "name"),
    ],
)
def test_names_are_found_under_what_others_call_them(columns, named):
    style = fitted_style(Role.WARDS, columns)
    assert style == role_style(Role.WARDS, name=named)


def test_streets_are_told_apart_by_the_column_that_tells():
    rule = fitted_style(Role.STREETS, ("osm_id", "HIGHWAY", "TYPE")).rule
    assert isinstance(rule, Categorised)
    assert rule.column == "HIGHWAY"


@pytest.mark.parametrize(
    ("role", "columns", "kind"),
    [
        (Role.STREETS, ("NAME", "OSM_TYPE", "TYPE"), "OSM_TYPE"),
        (Role.BUILDINGS, ("BUILDING", "TYPE", "OSM_TYPE"), "TYPE"),
        (Role.BUILDINGS, ("osm_id", "name", "building"), "building"),
    ],
)
def test_kinds_are_found_in_files_as_volunteers_export_them(role, columns, kind):
    rule = fitted_style(role, columns).rule
    assert isinstance(rule, Categorised)
    assert rule.column == kind


def test_every_role_has_its_place_above_or_below_the_others():
    assert len({drawing_order(role) for role in Role}) == len(Role)
    assert all(drawing_order(role) <= drawing_order(Role.INCIDENTS) for role in Role)


@pytest.mark.parametrize("role", Role)
def test_points_are_seen_whatever_their_layer_is_to_the_desk(role):
    style = fitted_style(role, ("name", "class", "use"), points=True)
    if isinstance(style.rule, Live | Own | Pixels):
        return
    layer = Layer("p", "Points", Shelf(points((0, 0), name=["A"], **{"class": ["?"]})), style)
    scene = build(layer, Sheet(MapView(0, 0, 1.0, 100, 100), UTM), Indexes(), Progress())
    assert [type(mark) for mark in scene.marks] == [Signs]


def test_wards_are_named_on_a_map_of_a_whole_metropolis():
    label = role_style(Role.WARDS).label
    assert label
    assert in_scale(label, 400_000)


def test_a_border_drawn_for_both_of_its_wards_looks_as_one_drawn_once():
    stroke = role_style(Role.WARDS).rule.symbol.stroke
    assert (stroke.dash, stroke.opacity) == ((), 1.0)
