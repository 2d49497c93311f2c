"""The sample city is a city, and its night is a flood night."""

import csv
import os
import shutil
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from gis.errors import Cancelled, UserError
from gis.geo.crs import transform
from gis.progress import Progress
from gis.training.night import OPENS_AT
from gis.training.sample import SampleCity, build
from gis.training.sample.terrain import read_elevation
from gis.training.scenario import Act, read_scenario
from gis.words.codebook import find
from tests.elsewhere import check_geopackage

NIGHT = tomllib.loads((Path(__file__).parents[3] / "resources" / "sample" / "night.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def city(sample_city) -> SampleCity:
    return sample_city


@pytest.fixture(scope="session")
def again(city, tmp_path_factory) -> SampleCity:
    """A copy that lost a file, made whole again."""
    spoiled = shutil.copytree(city.folder, tmp_path_factory.mktemp("again") / "city")
    (spoiled / "feed" / "rain.csv").unlink()
    return build(spoiled)


def layer(city: SampleCity, name: str):
    meta, _ids, geometry, columns = pyogrio.raw.read(city.geopackage, layer=name)
    return shapely.from_wkb(geometry), dict(zip(meta["fields"], columns, strict=True))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def series(city: SampleCity, feed: str, key: str) -> tuple[np.ndarray, np.ndarray]:
    """Hours since the start, and the values."""
    mine = [row for row in rows(city.feed / f"{feed}.csv") if row["key"] == key]
    hour = [(datetime.fromisoformat(row["time"]) - city.start) / timedelta(hours=1) for row in mine]
    return np.array(hour), np.array([float(row["value"]) for row in mine])


def fault(kind: str, nth: int = 0) -> dict[str, str]:
    return [fault for fault in NIGHT["faults"] if fault["kind"] == kind][nth]


def hour(clock: str) -> float:
    """Hours since 18:00, as they are reckoned from a reading's time."""
    hours, minutes = map(int, clock.split(":"))
    return ((hours - 18) * 60 + minutes) % 1440 * 60 / 3600


def test_every_layer_is_there_and_has_things_in_it(city):
    sizes = {name: len(layer(city, name)[0]) for name, _ in pyogrio.list_layers(city.geopackage)}
    assert 28_000 < sizes["buildings"] < 38_000
    assert sizes["wards"] == 36
    assert (sizes["hospitals"], sizes["schools"], sizes["pumps"]) == (7, 60, 12)
    assert sizes["shelters"] >= 15
    assert sizes["bridges"] >= 15
    assert sizes["streets"] > 2000
    assert sizes["gazetteer"] > 2000
    assert {"water", "landuse", "contours", "flood"} <= set(sizes)


def test_the_whole_city_is_in_its_grid_and_its_shapes_are_sound(city):
    for name, _ in pyogrio.list_layers(city.geopackage):
        assert pyogrio.read_info(city.geopackage, layer=name)["crs"] == "EPSG:32750"
        shapes, _columns = layer(city, name)
        assert shapely.is_valid(shapes).all(), name
        assert not shapely.is_empty(shapes).any(), name


def test_buildings_stand_neither_in_the_water_nor_on_a_street(city):
    buildings, _ = layer(city, "buildings")
    water, _ = layer(city, "water")
    streets, columns = layer(city, "streets")
    assert not len(shapely.STRtree(buildings).query(water, predicate="intersects")[0])
    assert not len(shapely.STRtree(buildings).query(streets, predicate="intersects")[0])
    arterial = shapely.buffer(streets[columns["class"] == "arterial"], 9)
    assert not len(shapely.STRtree(buildings).query(arterial, predicate="intersects")[0])


def test_no_two_buildings_stand_on_the_same_ground(city):
    buildings, _ = layer(city, "buildings")
    a, b = shapely.STRtree(buildings).query(buildings, predicate="intersects")
    assert (a == b).all()


def test_each_ward_has_people_and_they_add_up(city):
    _, wards = layer(city, "wards")
    _, houses = layer(city, "buildings")
    assert (wards["population"] > 0).all()
    assert (wards["households"] > 0).all()
    assert len(set(wards["name"])) == len(wards["name"])
    for name, population in zip(wards["name"], wards["population"], strict=True):
        assert houses["people"][houses["ward"] == name].sum() == population


def test_the_wards_cover_the_land_once_and_no_river(city):
    wards, _ = layer(city, "wards")
    water, columns = layer(city, "water")
    open_water = shapely.union_all(water[columns["kind"] != "pond"])
    together = shapely.union_all(wards)
    assert shapely.area(wards).sum() == pytest.approx(together.area, rel=1e-6)
    assert together.intersection(open_water).area < 1e-4 * together.area
    sheet = shapely.box(*shapely.union_all([together, open_water]).bounds)
    assert together.area + open_water.area == pytest.approx(sheet.area, rel=1e-3)


def test_houses_stand_in_the_ward_they_are_counted_in(city):
    wards, names = layer(city, "wards")
    buildings, columns = layer(city, "buildings")
    for name, ward in zip(names["name"], wards, strict=True):
        shapely.prepare(ward)
        mine = buildings[columns["ward"] == name]
        assert shapely.contains(ward, shapely.centroid(mine)).mean() > 0.98, name


def test_every_street_has_a_name_and_a_class(city):
    _, streets = layer(city, "streets")
    assert all(str(name).startswith(("Jalan ", "Gang ")) for name in streets["name"])
    assert set(streets["class"]) == {"arterial", "collector", "local", "lane"}


def test_a_bridge_stands_over_the_water_it_names(city):
    bridges, columns = layer(city, "bridges")
    water, waters = layer(city, "water")
    for bridge, name in zip(bridges, columns["water"], strict=True):
        assert water[waters["name"] == name][0].distance(bridge) < 10


def test_the_low_city_lies_at_the_coast_and_the_hills_behind_it(city):
    terrain = read_elevation(city.elevation, city.epsg)
    _, wards = layer(city, "wards")
    assert wards["elevation_m"].min() < 4
    assert wards["elevation_m"].max() > 25
    lon, lat = transform([[383_300.0, 9_605_300.0]], city.epsg)[0]
    assert 0 < terrain.elevation_at(lon, lat) < 6


def test_gdal_reads_the_elevation_where_it_lies(city):
    header = dict(line.split() for line in city.elevation.read_text("ascii").splitlines()[:6])
    assert (int(header["ncols"]), int(header["nrows"])) == read_elevation(city.elevation, city.epsg).z.shape[
        ::-1
    ]
    assert "UTM_Zone_50S" in city.elevation.with_suffix(".prj").read_text("ascii")


def test_forty_two_instruments_and_a_limit_for_each_gauge(city):
    sensors = rows(city.sensors)
    kinds = [sensor["quantity"] for sensor in sensors]
    assert [kinds.count(kind) for kind in ("water level", "rain", "pump")] == [12, 18, 12]
    limited = {rule["key"] for rule in rows(city.rules)}
    assert {s["key"] for s in sensors if s["quantity"] == "water level"} <= limited
    assert all(float(rule["clear_below"]) < float(rule["raise_at"]) for rule in rows(city.rules))
    for feed in ("gauges", "rain", "pumps"):
        assert {row["key"] for row in rows(city.feed / f"{feed}.csv")} <= {s["key"] for s in sensors}


def test_the_wave_goes_downstream(city):
    peaks = []
    for key in ("KALI-1", "KALI-3", "KALI-4", "KALI-6", "KALI-7"):
        at, level = series(city, "gauges", key)
        smooth = np.convolve(level, np.ones(7) / 7, mode="same")
        peaks.append(at[np.argmax(smooth)])
    assert peaks == sorted(peaks)
    assert peaks[-1] - peaks[0] > 1.5
    assert hour("04:00") <= peaks[-1] <= hour("06:00")


def test_it_rains_in_the_hills_before_the_river_rises_in_the_city(city):
    at, rain = series(city, "rain", "RAIN-01")
    heaviest = at[np.argmax(rain)]
    gauge, level = series(city, "gauges", "KALI-6")
    assert rain.max() > 40
    assert heaviest < gauge[np.argmax(level)] - 3


def test_the_stuck_gauge_is_stuck_while_its_neighbours_rise(city):
    broken = fault("stuck")
    since, until = hour(broken["from"]), hour(broken["to"])
    at, level = series(city, "gauges", broken["key"])
    during = level[(at >= since) & (at < until)]
    assert len(during) > 50
    assert len(set(during)) == 1
    at, level = series(city, "gauges", "KALI-6")
    assert np.ptp(level[(at >= since) & (at < until)]) > 1


def test_a_spike_is_one_reading_that_no_other_confirms(city):
    spike = fault("spike")
    at, level = series(city, "gauges", spike["key"])
    here = int(np.argmin(np.abs(at - hour(spike["from"]))))
    assert level[here] == spike["value"]
    assert abs(level[here] - level[here - 1]) > 1.5
    assert abs(level[here + 1] - level[here - 1]) < 0.3


def test_the_silent_gauge_falls_silent_and_the_lost_line_comes_back(city):
    silent = fault("silent")
    at, _ = series(city, "gauges", silent["key"])
    assert at.max() < hour(silent["from"])
    gap = fault("gap")
    at, _ = series(city, "gauges", gap["key"])
    assert not ((at >= hour(gap["from"])) & (at < hour(gap["to"]))).any()
    assert at.max() > 23


def test_pumps_stop_when_they_are_said_to_stop(city):
    for stop in NIGHT["stops"]:
        at, current = series(city, "pumps", stop["key"])
        down = (at >= hour(stop["from"])) & (at < hour(stop["to"]))
        assert (current[down] == 0).all()
        assert current[(at > hour(stop["from"]) - 1) & (at < hour(stop["from"]))].min() > 50


def test_the_tide_is_high_when_the_flood_comes(city):
    at, level = series(city, "gauges", "LAUT-1")
    assert hour("04:00") <= at[np.argmax(level)] <= hour("06:00")


def test_forty_incidents_all_inside_the_city_and_within_the_night(city):
    incidents = rows(city.incidents)
    wards, _ = layer(city, "wards")
    xy = transform([[float(i["lon"]), float(i["lat"])] for i in incidents], 4326, city.epsg)
    land = shapely.union_all(wards).buffer(120)
    times = [datetime.fromisoformat(i["time"]) for i in incidents]
    assert len(incidents) == 40
    assert shapely.contains(land, shapely.points(xy)).all()
    assert times == sorted(times)
    assert all(city.start <= time <= city.end for time in times)


def test_callers_speak_the_codebook_and_of_places_with_a_name(city):
    _, gazetteer = layer(city, "gazetteer")
    for incident in rows(city.incidents):
        assert find(incident["code"])
        assert incident["severity"] in {"1", "2", "3", "4"}
        assert incident["where"] in set(gazetteer["name"])
        assert "{" not in incident["text"]


def test_at_the_worst_hour_floods_are_reported_where_the_water_is(city):
    (worst,), _ = layer(city, "flood")
    near = [
        worst.distance(shapely.Point(transform([[float(i["lon"]), float(i["lat"])]], 4326, city.epsg)[0]))
        for i in rows(city.incidents)
        if i["code"] in ("fl", "rs", "ev") and "T03:50" <= i["time"][10:16] <= "T05:00"
    ]
    assert len(near) >= 3
    assert np.mean(np.array(near) < 150) > 0.7


def test_what_became_of_an_incident_comes_after_it(city):
    reported = {i["key"]: datetime.fromisoformat(i["time"]) for i in rows(city.incidents)}
    updates = rows(city.updates)
    assert {update["action"] for update in updates} == {"close", "amend", "note"}
    for update in updates:
        assert datetime.fromisoformat(update["time"]) > reported[update["key"]]


def test_the_same_seed_gives_the_same_city(city, again):
    for one, other in zip(city.files, again.files, strict=True):
        if one.suffix != ".gpkg":
            assert one.read_bytes() == other.read_bytes(), one.name
    for name, _ in pyogrio.list_layers(city.geopackage):
        shapes, columns = layer(city, name)
        others, other_columns = layer(again, name)
        assert shapely.equals_exact(shapes, others).all(), name
        for field, values in columns.items():
            assert np.array_equal(values, other_columns[field]), (name, field)


def test_a_city_that_stands_is_not_built_again(city):
    before = city.geopackage.stat()
    build(city.folder)
    assert city.geopackage.stat().st_mtime_ns == before.st_mtime_ns


def test_a_city_with_a_missing_file_is_built_again(city, again):
    assert (again.feed / "rain.csv").read_bytes() == (city.feed / "rain.csv").read_bytes()
    assert os.listdir(again.folder.parent) == [again.folder.name]


def test_another_seed_is_another_city_and_as_sound(city, tmp_path):
    other = build(tmp_path / "other", seed=12345)
    shapes, columns = layer(other, "buildings")
    assert 28_000 < len(shapes) < 38_000
    assert not np.array_equal(columns["people"][:100], layer(city, "buildings")[1]["people"][:100])
    assert (layer(other, "wards")[1]["population"] > 0).all()
    assert len(rows(other.incidents)) == 40


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(UserError, match="other files"):
        build(tmp_path)
    assert os.listdir(tmp_path) == ["letter.txt"]


def test_stopped_half_way_nothing_is_left(tmp_path):
    progress = Progress(lambda done, total, note: progress.cancel() if done >= 2 else None)
    with pytest.raises(Cancelled):
        build(tmp_path / "city", progress=progress)
    assert os.listdir(tmp_path) == []


def test_the_night_can_be_played(city):
    night = read_scenario(city.folder, city=city.name, timezone=city.timezone, officer="Duty")
    told = [inject for inject in night.injects if inject.act is not Act.HEARD]
    assert (len(night.sensors), len(told)) == (42, 40 + len(NIGHT["updates"]))
    assert night.starts_at == city.start
    assert night.ends_at == city.end


def test_the_geopackage_passes_the_checker(city):
    check_geopackage(city.geopackage)


def test_every_ward_and_shelter_reports_and_who_falls_silent_is_low_and_nobody_calls_from_there(city):
    night = read_scenario(city.folder, city=city.name, timezone=city.timezone, officer="Duty")
    wards, told = layer(city, "wards")
    posts = {(post.kind, post.name): post for post in night.posts}
    people = dict(zip(told["name"], told["population"].tolist(), strict=True))
    assert {name: posts["ward", name].people for name in people} == people
    silent = {c.name for i in night.injects for c in i.calls if not c.answered and c.kind == "ward"}
    assert len(silent) == NIGHT["rhythm"]["ward"]["silent"]
    callers = shapely.points([i.details["place"].coords[0] for i in night.injects if "place" in i.details])
    low = np.quantile(told["elevation_m"], 0.5)
    for name, area, height in zip(told["name"], wards, told["elevation_m"], strict=True):
        if name in silent:
            degrees = shapely.transform(area, lambda xy: transform(xy, city.epsg))
            assert not shapely.intersects(degrees, callers).any()
            assert height <= low


def test_at_the_opening_most_have_been_heard_and_the_silent_are_known(city):
    night = read_scenario(city.folder, city=city.name, timezone=city.timezone, officer="Duty")
    opening = night.when(OPENS_AT)
    last = {}
    for inject in night.injects:
        if inject.at <= opening:
            last |= {(c.kind, c.name): inject.at for c in inject.calls if c.answered}
    late = {key[1] for post in night.posts if opening - last[key := (post.kind, post.name)] > every(post)}
    rhythm = NIGHT["rhythm"].values()
    assert len(late) == sum(kind["silent"] for kind in rhythm)


def every(post) -> timedelta:
    return timedelta(seconds=post.every_s)
