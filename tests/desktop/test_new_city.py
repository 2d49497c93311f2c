"""A new operation knows no city until its first map says where it is."""

import json

import pytest
from shapely import Point

from desktop.forms.add_layer import AddLayerForm
from desktop.whereabouts import map_crs
from gis.geo.zones import around_zone
from gis.model.incident import Severity
from gis.ops import incidents
from layers.city import kept_city
from layers.ground import lonlat


def a_map(folder, name, lon, lat, span=0.1):
    corners = [[lon, lat], [lon + span, lat], [lon + span, lat + span], [lon, lat + span], [lon, lat]]
    shape = {"type": "Feature", "properties": {"name": name}}
    shape["geometry"] = {"type": "Polygon", "coordinates": [corners]}
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}), "utf-8")
    return path


def add(sitting, path):
    sitting.desk.legends.look_into(path)
    form = sitting.window.findChild(AddLayerForm)
    sitting.wait(lambda: form.isVisible() and form.heading.text() == path.name)
    form.submit()
    sitting.wait(lambda: path.stem in [layer.title for layer in sitting.desk.ground.model.stack])


def city_of(sitting):
    with sitting.desk.store.reading() as query:
        return kept_city(query)


def test_the_first_map_says_where_the_city_is_and_on_which_plane_it_is_drawn(empty_sitting, tmp_path):
    canvas = empty_sitting.panels.map.canvas
    assert canvas.crs == 3857
    add(empty_sitting, a_map(tmp_path, "wards", 106.8, -6.3))
    empty_sitting.wait(lambda: city_of(empty_sitting) is not None)
    assert canvas.crs == 32748
    assert city_of(empty_sitting).extent == pytest.approx((106.8, -6.3, 106.9, -6.2))
    assert map_crs(city_of(empty_sitting).extent) == 32748
    assert "UTM 48S" in empty_sitting.window.regions.status.plane.text()
    west, _south, east, _north = canvas.view.extent
    assert east - west < 60_000
    empty_sitting.wait(lambda: not canvas.composer.busy)
    (drawn,) = [p for key, p in canvas.renderer.pictures.items() if key and p.image is not None]
    assert drawn.view.covers(canvas.view)


def test_from_then_on_what_is_typed_is_looked_for_in_the_city(empty_sitting, tmp_path):
    add(empty_sitting, a_map(tmp_path, "wards", 106.8, -6.3))
    empty_sitting.line.start()
    empty_sitting.press("type:fl2 @-6.25 106.85 deep", "Return")
    empty_sitting.wait(lambda: len(empty_sitting.incidents()) == 1)
    (logged,) = empty_sitting.incidents()
    assert (logged.place.x, logged.place.y) == pytest.approx((106.85, -6.25))
    badges = empty_sitting.panels.map.canvas.renderer.badges
    empty_sitting.wait(lambda: "incidents" in badges and len(badges["incidents"].features.ids) == 1)
    x, _y = badges["incidents"].features.xy[0]
    assert 600_000 < x < 800_000, "in metres of the city's own zone"


def test_a_second_map_does_not_move_the_city(empty_sitting, tmp_path):
    add(empty_sitting, a_map(tmp_path, "wards", 106.8, -6.3))
    empty_sitting.wait(lambda: city_of(empty_sitting) is not None)
    add(empty_sitting, a_map(tmp_path, "elsewhere", 140.0, 35.0))
    assert city_of(empty_sitting).extent[0] == pytest.approx(106.8)
    assert empty_sitting.panels.map.canvas.crs == 32748


def test_a_map_of_half_the_world_is_no_city(empty_sitting, tmp_path):
    add(empty_sitting, a_map(tmp_path, "region", 90.0, -10.0, span=50))
    assert city_of(empty_sitting) is None
    assert empty_sitting.panels.map.canvas.crs == 3857
    west, _south, east, _north = empty_sitting.panels.map.canvas.view.extent
    assert east - west > 5_000_000


def test_an_empty_map_invites_to_add_one_until_there_is_one(empty_sitting, tmp_path):
    assert empty_sitting.panels.map.add.isVisible()
    add(empty_sitting, a_map(tmp_path, "wards", 106.8, -6.3))
    assert not empty_sitting.panels.map.invitation.isVisible()
    (layer,) = [each for each in empty_sitting.desk.ground.model.stack if each.title == "wards"]
    empty_sitting.desk.ground.model.stack.remove(layer.id)
    assert empty_sitting.panels.map.invitation.isVisible()


def seen(sitting):
    """What the map shows, west, south, east, north in degrees."""
    canvas = sitting.panels.map.canvas
    west, south, east, north = canvas.view.extent
    return (*lonlat(west, south, canvas.crs), *lonlat(east, north, canvas.crs))


def test_without_a_city_the_map_opens_around_the_place_of_the_desks_clocks_and_goes_where_something_is(
    empty_sitting,
):
    canvas = empty_sitting.panels.map.canvas
    canvas.animated = False
    canvas.show_all()
    about = around_zone(empty_sitting.desk.store.operation.timezone)
    west, south, east, north = seen(empty_sitting)
    assert west < about[0] < about[2] < east < west + 20
    with empty_sitting.desk.store.writing("Log") as tx:
        incidents.log(tx, "fl", "cellar", Severity.MINOR, place=Point(106.85, -6.25))
    empty_sitting.wait(lambda: seen(empty_sitting)[2] - seen(empty_sitting)[0] < 1)
    west, south, east, north = seen(empty_sitting)
    assert west < 106.85 < east
    assert south < -6.25 < north


def test_who_looks_at_something_else_is_not_moved_when_something_happens(empty_sitting):
    canvas = empty_sitting.panels.map.canvas
    canvas.animated = False
    canvas.show_all()
    canvas.fly_to(140.0, 35.0, 50_000.0)
    before = canvas.view
    with empty_sitting.desk.store.writing("Log") as tx:
        made = incidents.log(tx, "fl", "cellar", Severity.MINOR, place=Point(106.85, -6.25))
    empty_sitting.wait(lambda: empty_sitting.panels.incidents.table.records.row_of(made.id) >= 0)
    assert canvas.view == before
