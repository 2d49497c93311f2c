"""How a layer looks before anybody has chosen."""

import pytest

from layers.roles import Role, fitted_style, role_style
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
