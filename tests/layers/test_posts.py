"""Who reports, read from the city's own layers."""

import numpy as np
from shapely import box

from gis.geo.features import WGS84
from gis.geo.shapes import from_shapely
from gis.model.reporting import PointKind
from layers.posts import columns_of, kind_of, name_column, people_column, posts_of, wards_of
from layers.roles import Role

AREAS = np.array([box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2), box(5, 5, 6, 6)], object)
FOUND = from_shapely(
    AREAS,
    ids=np.arange(4),
    columns={
        "KEL_NAME": np.array(["North", "South", "south", None], object),
        "POPULATION": np.array([4_000, 5_000, None, 7], object),
    },
    crs=WGS84,
)


def test_the_likely_columns_are_found_by_their_names():
    assert columns_of(FOUND) == ["KEL_NAME", "POPULATION"]
    assert (name_column(columns_of(FOUND)), people_column(columns_of(FOUND))) == ("KEL_NAME", "POPULATION")
    assert people_column(["code"]) == ""


def test_each_name_reports_once_with_all_its_people_and_what_has_no_name_is_left_out():
    found = posts_of(FOUND, PointKind.WARD, "KEL_NAME", "POPULATION")
    assert [(post.name, post.people) for post in found] == [("North", 4_000), ("South", 5_000)]
    assert AREAS[0].contains(found[0].place)


def test_without_a_column_of_people_nobody_is_counted():
    assert {post.people for post in posts_of(FOUND, PointKind.WARD, "KEL_NAME", "")} == {None}
    assert posts_of(FOUND, PointKind.WARD, "no such column", "") == []


def test_the_same_layer_tells_which_ward_a_place_lies_in():
    wards = wards_of(FOUND, "KEL_NAME")
    assert wards.of(0.5, 0.5) == "North"
    assert wards.area("North").equals(AREAS[0])
    assert wards.area("East") is None


def test_what_a_layer_is_says_who_reports_there():
    assert [kind_of(role) for role in (Role.WARDS, Role.SHELTERS, Role.SCHOOLS)] == [
        PointKind.WARD,
        PointKind.SHELTER,
        PointKind.OTHER,
    ]
