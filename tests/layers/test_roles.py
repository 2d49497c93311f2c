"""How a layer looks before anybody has chosen."""

import pytest

from layers.roles import Role, drawing_order, fitted_style, role_style
from layers.style import Categorised


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
