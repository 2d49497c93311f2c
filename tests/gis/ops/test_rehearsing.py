"""What was recorded here, rehearsed: the rules of today over a night of before."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from shapely import Point

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.ops import incidents, readings
from gis.ops.rehearsing import Event, incidents_as_labels, read_labels, rehearsed
from gis.progress import Progress
from gis.sensors.rehearsal import Label
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)
GAUGE = a_gauge(id="gauge", expected_every_s=60)
LOW, HIGH = a_rule(GAUGE, id="low", raise_at=3.0, clear_below=2.8), a_rule(GAUGE, id="high", raise_at=4.5)


@pytest.fixture
def night(store, clock):
    """An hour in which the river comes and goes, with a call from beside it and one from far away."""
    with store.writing("Set up") as tx:
        tx.put_all([GAUGE])
        tx.put_all([LOW, HIGH])
    clock.advance(30 * MINUTE)
    with store.writing("Log incident") as tx:
        near = incidents.log(tx, "fl", "Water in the lane", Severity.SEVERE, place=Point(116.701, -8.241))
        far = incidents.log(tx, "fl", "Water far away", Severity.SEVERE, place=Point(117.5, -8.241))
        incidents.log(tx, "fi", "Something else", Severity.MINOR, place=Point(116.701, -8.241))
    clock.advance(30 * MINUTE)
    levels = [2.0] * 20 + [3.2] * 10 + [3.4, 3.1] + [2.0] * 28
    with store.writing("Readings") as tx:
        readings.ingest(tx, [Reading("gauge", SIX + n * MINUTE, level) for n, level in enumerate(levels)])
    return near, far


def test_the_rules_of_now_are_held_against_what_was_recorded(store, night, clock):
    near, far = night
    with store.reading() as query:
        labels = incidents_as_labels(query, "fl", SIX, clock.now())
        told = rehearsed(query, Event(SIX, clock.now(), labels), Progress())
    assert [(each.rule, each.sensor) for each in told.rang] == [(LOW, GAUGE)]
    assert [label.name for label in labels] == [near.number, far.number]
    assert labels[0].sensors == {"gauge"}
    assert labels[1].sensors is None, "no gauge is near: any may tell"
    assert told.compared is not None
    assert (len(told.compared.right), told.compared.false, told.compared.missed) == (1, (), ())


def test_other_rules_than_those_that_are_set_can_be_tried(store, night, clock):
    strict = a_rule(GAUGE, id="strict", raise_at=2.0, clear_below=1.5)
    with store.reading() as query:
        told = rehearsed(query, Event(SIX, clock.now()), Progress(), [strict])
    assert [each.rule for each in told.rang] == [strict]
    assert told.compared is None


def test_what_rang_before_the_event_is_not_of_it(store, night, clock):
    with store.reading() as query:
        assert rehearsed(query, Event(SIX + 25 * MINUTE, clock.now()), Progress()).rang == []


def test_labels_come_from_a_table(tmp_path):
    table = tmp_path / "events.csv"
    table.write_text("begin,end,key,name\n2026-03-14T14:05,2026-03-14T14:20,KALI-3,Crest\n", "utf-8")
    (label,) = read_labels(table, [GAUGE], ZoneInfo("Asia/Makassar"))
    assert label == Label(SIX + 5 * MINUTE, SIX + 20 * MINUTE, frozenset({"gauge"}), "Crest")
    table.write_text("begin,end\n2026-03-14T06:05Z,2026-03-14T06:20Z\n", "utf-8")
    assert read_labels(table, [GAUGE], ZoneInfo("UTC"))[0].sensors is None


@pytest.mark.parametrize(
    "line",
    ["2026-03-14T07:00Z,2026-03-14T06:00Z,KALI-3", "2026-03-14T06:00Z,2026-03-14T06:00Z,NO", "a,b,KALI-3"],
)
def test_a_wrong_line_refuses_the_table(tmp_path, line):
    table = tmp_path / "events.csv"
    table.write_text(f"begin,end,key\n{line}\n", "utf-8")
    with pytest.raises(UserError, match="line 2"):
        read_labels(table, [GAUGE], ZoneInfo("UTC"))
