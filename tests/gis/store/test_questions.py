"""What a desk keeps asking, answered in the order it needs."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, event

from gis.model.incident import Incident, Note, Severity
from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm, Suppression
from gis.model.task import Task
from gis.ops import incidents, readings, sensors
from gis.store import Query, questions
from gis.store.moment import Moment
from gis.store.query import From
from gis.store.tables.schema import desk
from tests.build import SIX, a_gauge, a_rule, an_incident


def test_open_incidents_come_worst_first_then_newest(store, clock):
    with store.writing("Log") as tx:
        for number, severity, minutes in [
            ("old minor", Severity.MINOR, 0),
            ("old extreme", Severity.EXTREME, 1),
            ("new extreme", Severity.EXTREME, 2),
            ("unknown", Severity.UNKNOWN, 3),
        ]:
            tx.put(
                an_incident(number=number, severity=severity, reported_at=SIX + timedelta(minutes=minutes))
            )
        closed = tx.put(an_incident(number="closed", severity=Severity.EXTREME))
        incidents.close(tx, closed.id)
    with store.reading() as query:
        order = [i.number for i in questions.open_incidents(query)]
    assert order == ["new extreme", "old extreme", "old minor", "unknown"]


def test_a_level_names_the_worst_limit_it_is_over(store):
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(
            tx, a_rule(gauge, level="Siaga 2", severity=Severity.SEVERE, raise_at=3.5, clear_below=3.2)
        )
        sensors.set_rule(tx, a_rule(gauge, level="Siaga 1"))
        tx.append([Reading(gauge.id, SIX, 4.8)])
    with store.reading() as query:
        (level,) = questions.levels(query)
    assert level.over.level == "Siaga 1"


def test_a_sensor_is_silent_after_three_missed_reports_or_when_it_never_spoke(store):
    spoke, never = a_gauge(expected_every_s=600), a_gauge(key="KALI-9", name="Kali 9")
    with store.writing("Set up") as tx:
        sensors.register(tx, spoke)
        sensors.register(tx, never)
        tx.append([Reading(spoke.id, SIX, 1.0)])
    with store.reading() as query:
        first, second = questions.levels(query)
    assert not first.is_silent(SIX + timedelta(minutes=30))
    assert first.is_silent(SIX + timedelta(minutes=31))
    assert second.is_silent(SIX)


def test_a_doubtful_value_is_over_no_limit(store):
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge))
        tx.append([Reading(gauge.id, SIX, 9.9, Quality.SPIKE)])
    with store.reading() as query:
        assert questions.levels(query)[0].over is None


@pytest.mark.parametrize(
    ("kind", "equals", "index"),
    [
        (Incident, {"closed_at": None}, "incidents_open"),
        (Alarm, {"acknowledged_at": None, "raised_at": From(SIX)}, "alarms_unsigned"),
        (Alarm, {"latch": True, "reset_at": None}, "alarms_not_reset"),
        (Alarm, {"raised_at": From(SIX)}, "alarms_by_ringing"),
        (Suppression, {"until": From(SIX)}, "suppressions_by_end"),
        (Suppression, {"until": None, "ended_at": None}, "suppressions_by_end"),
        (Task, {"alarm_id": "a"}, "tasks_by_alarm"),
        (Task, {"incident_id": "i"}, "tasks_by_incident"),
        (Alarm, {"returned_at": None}, "alarms_not_returned"),
        (Note, {"incident_id": "i"}, "notes_by_incident"),
    ],
)
def test_what_a_desk_keeps_asking_reads_no_closed_case(store, kind, equals, index):
    """The plan of SQLite for the very statement that `find` sends."""
    sent = []
    engine = create_engine("sqlite://")
    with engine.connect() as plain:
        desk.create_all(plain)
        event.listen(
            engine, "before_cursor_execute", lambda _c, _k, sql, values, *_r: sent.append((sql, values))
        )
        Query(plain, plain, SIX).find(kind, **equals)
        sql, values = sent[-1]
        plan = plain.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    engine.dispose()
    assert any(index in step[3] for step in plan), plan


def test_what_rang_since_an_instant_is_told_with_what_stands_now_and_then(store, clock):
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        rule = sensors.set_rule(tx, a_rule(gauge))
    for minutes, value in ((0, 4.8), (10, 4.0), (20, 4.9), (30, 4.0), (40, 5.0)):
        with store.writing("Readings") as tx:
            readings.ingest(tx, [Reading(gauge.id, SIX + timedelta(minutes=minutes), value)])
        clock.advance(timedelta(minutes=10))
    with store.reading() as query:
        everything = questions.rung_since(query, SIX)
        later = questions.rung_since(query, SIX + timedelta(minutes=20))
        standing = questions.rung_since(query, SIX + timedelta(hours=9))
    assert sorted(each.alarm.peak for each in everything) == [4.8, 4.9, 5.0]
    assert sorted(each.alarm.peak for each in later) == [4.9, 5.0]
    assert [each.alarm.peak for each in standing] == [5.0]
    assert {each.rule.id for each in everything} == {rule.id}
    moment = Moment(store)
    moment.at = clock.now() - timedelta(minutes=35)
    with moment.reading() as query:
        assert sorted(each.alarm.peak for each in questions.rung_since(query, SIX)) == [4.8]
        assert questions.rung_since(query, SIX + timedelta(minutes=1)) == []
