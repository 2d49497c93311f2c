"""What a desk keeps asking, answered in the order it needs."""

from datetime import timedelta

from gis.model.incident import Severity
from gis.model.record import Quality, Reading
from gis.ops import incidents, sensors
from gis.store import questions
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
