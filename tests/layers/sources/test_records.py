from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import Point, box

from gis.geo.crs import transform, utm_for
from gis.model.incident import Severity, Status
from gis.model.record import Reading
from gis.model.sensor import Alarm, Suppression
from gis.ops import alarms, incidents, readings
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.moment import Moment
from gis.store.query import Query
from layers.badges import badges
from layers.glass import glass
from layers.sources.base import EVERYWHERE
from layers.sources.incidents import IncidentSource
from layers.sources.records import AlarmSource, SensorSource
from layers.style import LiveLook
from layers.view import MapView
from tests.build import MARKET, a_gauge, a_rule, an_incident

UTM = utm_for(MARKET.x, MARKET.y)


def read(source, crs=UTM):
    found, *_outlines = source.read(EVERYWHERE, crs, Progress())
    return found


def put(store, *records):
    with store.writing("Set up") as tx:
        for record in records:
            tx.put(record)


def test_an_incident_stands_where_it_happened(store):
    put(store, an_incident(number="I-0007"))
    found = read(IncidentSource(Moment(store)))
    assert found.xy[0] == pytest.approx(transform([[MARKET.x, MARKET.y]], 4326, UTM)[0])
    assert found.columns["label"].tolist() == ["I-0007"]
    assert found.columns["severity"].tolist() == [2]


def test_incidents_without_a_place_and_closed_ones_are_not_on_the_map(store, clock):
    put(
        store,
        an_incident(place=None),
        an_incident(place=Point()),
        an_incident(closed_at=clock.now()),
        an_incident(void=True),
    )
    assert len(read(IncidentSource(Moment(store)))) == 0


def test_an_area_is_marked_inside_itself(store):
    put(store, an_incident(place=box(116.70, -8.25, 116.72, -8.23)))
    assert read(IncidentSource(Moment(store)), 4326).xy.tolist() == [
        [pytest.approx(116.71), pytest.approx(-8.24)]
    ]


def test_an_area_is_also_there_as_itself_with_its_severity(store):
    area = an_incident(place=box(116.70, -8.25, 116.72, -8.23), severity=Severity.SEVERE)
    put(store, an_incident(), area, an_incident(place=box(116.0, 89.0, 116.1, 95.0)))
    _points, outline = IncidentSource(Moment(store)).read(EVERYWHERE, UTM, Progress())
    assert outline.ids.tolist() == [area.id]
    assert outline.columns["severity"].tolist() == [2]
    assert transform(outline.xy, UTM)[:, 0].max() == pytest.approx(116.72)


def test_a_resolved_incident_is_hollow(store):
    put(store, an_incident(status=Status.RESOLVED))
    assert read(IncidentSource(Moment(store))).columns["hollow"].tolist() == [1]


def test_incidents_of_an_exercise_are_marked(tmp_path, clock):
    operation = Operation("Muara Seruni", clock.now(), exercise=True)
    practice = Store.create(tmp_path / "practice.kentongan", operation, clock=clock, author="Trainer")
    put(practice, an_incident())
    assert read(IncidentSource(Moment(practice))).columns["exercise"].tolist() == [1]
    practice.close()


def ring(store, clock, value=4.8):
    gauge = a_gauge()
    put(store, gauge, a_rule(gauge))
    with store.writing("Readings") as tx:
        readings.ingest(tx, [Reading(gauge.id, clock.now(), value)])
    return gauge


def test_a_gauge_over_its_limit_shows_value_and_severity(store, clock):
    ring(store, clock)
    found = read(SensorSource(Moment(store)))
    assert found.columns["label"].tolist() == ["4.80 m"]
    assert found.columns["severity"].tolist() == [1]
    assert found.columns["hollow"].tolist() == [0]


def test_a_silent_gauge_is_never_shown_as_current(store, clock):
    ring(store, clock)
    clock.advance(timedelta(minutes=40))
    found = read(SensorSource(Moment(store)))
    assert found.columns["label"].tolist() == ["4.80 m, 40 min ago"]
    assert found.columns["severity"].tolist() == [0]
    assert found.columns["hollow"].tolist() == [1]


def test_a_gauge_that_never_spoke_says_so(store):
    put(store, a_gauge())
    assert read(SensorSource(Moment(store))).columns["label"].tolist() == ["no value"]


def test_an_alarm_is_hollow_once_somebody_has_put_a_name_to_it(store, clock):
    ring(store, clock)
    found = read(AlarmSource(Moment(store)))
    assert (found.columns["severity"].tolist(), found.columns["hollow"].tolist()) == ([1], [0])
    with store.writing("Acknowledge") as tx:
        alarms.acknowledge(tx, found.ids[0], "R. Sari")
    assert read(AlarmSource(Moment(store))).columns["hollow"].tolist() == [1]


def test_the_worst_symbol_is_drawn_last_and_found_first(store):
    there = Point(MARKET.x, MARKET.y)
    found = [an_incident(severity=s, place=there, number=s.value) for s in Severity]
    put(store, *found)
    made = badges("incidents", LiveLook.INCIDENT, [read(IncidentSource(Moment(store)))])
    assert made.severity.tolist() == [5, 4, 3, 2, 1]
    x, y = made.xy[0]
    hits = glass([made]).at(MapView(x, y, 1.0, 200, 200), 100, 100)
    assert hits[0].columns["label"] == "Extreme"
    assert glass([made]).at(MapView(x, y, 1.0, 200, 200), 130, 100) == ()


def test_a_place_the_map_cannot_show_is_left_out(store):
    put(store, an_incident(), an_incident(place=Point(116.0, 95.0)))
    assert len(read(IncidentSource(Moment(store)))) == 1


def test_amending_moves_the_symbol(store):
    put(store, first := an_incident())
    with store.writing("Amend") as tx:
        incidents.amend(tx, first.id, place=Point(116.8, -8.3))
    assert read(IncidentSource(Moment(store)), 4326).xy.tolist() == [[116.8, -8.3]]
    assert replace(first, place=None).place is None


def finds(monkeypatch):
    """Which kinds of record are read from the desk's file."""
    asked, find = [], Query.find

    def counted(query, kind, **how):
        asked.append(kind)
        return find(query, kind, **how)

    monkeypatch.setattr(Query, "find", counted)
    return asked


def test_a_reading_has_no_instrument_read_again_and_a_changed_one_has(store, clock, monkeypatch):
    gauge = ring(store, clock)
    sensors, alarmed, asked = SensorSource(Moment(store)), AlarmSource(Moment(store)), finds(monkeypatch)
    read(sensors)
    read(alarmed)
    asked.clear()
    clock.advance(timedelta(minutes=1))
    with store.writing("Readings") as tx:
        readings.ingest(tx, [Reading(gauge.id, clock.now(), 4.9)])
    asked.clear()
    assert read(sensors).columns["label"].tolist() == ["4.90 m"]
    assert read(alarmed).columns["severity"].tolist() == [1]
    assert set(asked) == {Alarm, Suppression}, "alarms come with readings, and shelves end by themselves"
    put(store, replace(gauge, name="Kali 3 north"))
    assert (
        read(sensors).columns["name"].tolist() == read(alarmed).columns["name"].tolist() == ["Kali 3 north"]
    )
    put(store, replace(gauge, name="Kali 3 north", void=True))
    assert len(read(sensors)) == 0


def test_a_look_at_the_past_leaves_nothing_behind(store, clock):
    gauge = ring(store, clock)
    moment = Moment(store)
    source, then = SensorSource(moment), clock.now()
    clock.advance(timedelta(minutes=1))
    put(store, replace(gauge, name="New name"))
    moment.at = then
    assert read(source).columns["name"].tolist() == [gauge.name]
    moment.at = None
    assert read(source).columns["name"].tolist() == ["New name"]
    moment.at = then
    assert read(source).columns["name"].tolist() == [gauge.name]
