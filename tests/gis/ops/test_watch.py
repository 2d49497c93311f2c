"""What is remembered of the instruments is what the store would tell."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, Quantity
from gis.ops import readings, sensors
from gis.ops.watch import Watch
from gis.progress import Progress
from gis.store import Operation, Store
from tests.build import SIX, a_gauge, a_rule
from tests.gis.sensors import one_by_one

MINUTE = timedelta(minutes=1)
GAUGES = [
    a_gauge(key="a", id="a", expected_every_s=60),
    a_gauge(key="b", id="b", expected_every_s=60, quantity=Quantity.RAIN),
]
RULES = [
    a_rule(gauge, id=f"{gauge.id}{level}", raise_at=level, clear_below=level - 0.5, hold_s=hold)
    for gauge in GAUGES
    for level, hold in ((2.0, 0), (4.0, 120))
]
LEVEL = st.sampled_from([0.0, 1.0, 1.6, 2.0, 3.0, 4.0, 4.5, 11.0])
SAID = st.tuples(st.sampled_from("ab"), st.integers(0, 45), LEVEL)
BETWEEN = st.sampled_from(["", "", "seal", "restart", "another", "fail", "limit"])
NIGHT = st.lists(st.tuples(st.lists(SAID, max_size=25), BETWEEN), max_size=6)


class Desk:
    """A store with two instruments and their limits; `remembers` from batch to batch, or never."""

    def __init__(self, folder, *, remembers):
        self.clock, self.remembers, self.watch = ManualClock(SIX + 40 * MINUTE), remembers, Watch()
        about = Operation("X", SIX)
        self.store = Store.create(folder / "x.kentongan", about, clock=self.clock, author="A")
        with self.store.writing("Set up") as tx:
            tx.put_all(GAUGES)
            tx.put_all(RULES)

    def take(self, said):
        batch = [Reading(key, SIX + n * MINUTE, level) for key, n, level in said]
        with self.store.writing("Readings") as tx:
            readings.ingest(tx, batch, self.watch if self.remembers else None)

    def fail(self, tx):
        readings.ingest(tx, [Reading("a", SIX + 44 * MINUTE, 9.0)], self.watch)
        raise UserError("The step fails after it was judged.")

    def between(self, what, said):
        match what:
            case "seal":
                self.store.seal(Progress())
            case "restart":
                self.watch = Watch()
            case "another":
                with self.store.writing("Readings of another process") as tx:
                    readings.ingest(tx, [Reading(key, SIX + 46 * MINUTE, level) for key, _n, level in said])
            case "fail":
                with pytest.raises(UserError):
                    self.store.write("Readings", self.fail)
            case "limit":
                with self.store.writing("Set limit") as tx:
                    (rule,) = tx.find(AlarmRule, id="a2.0", void=None)
                    tx.strike(rule)

    def told(self):
        with self.store.reading() as query:
            alarms = facts(query.find(Alarm))
            series = [query.series(gauge.id) for gauge in GAUGES]
            judged = query.judged()
        return alarms, [[each.tolist() for each in (s.at_us, s.value, s.quality)] for s in series], judged


def facts(alarms):
    told = ((a.rule_id, a.since, a.peak, a.raised_at, a.returned_at, a.note) for a in alarms)
    return sorted(told, key=repr)


@given(NIGHT)
@settings(max_examples=12, deadline=None)
def test_who_remembers_raises_the_alarms_of_who_reads_everything_again(night):
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        desks = Desk(Path(one), remembers=True), Desk(Path(two), remembers=False)
        for said, what in night:
            for desk in desks:
                desk.take(said)
                desk.between(what, said)
            assert desks[0].told() == desks[1].told()
        for desk in desks:
            desk.store.close()


@given(st.lists(LEVEL, max_size=40), st.lists(st.integers(0, 40), max_size=4))
@settings(max_examples=8, deadline=None)
def test_readings_in_time_ring_the_same_however_they_are_cut(levels, cuts):
    with TemporaryDirectory() as one:
        desk = Desk(Path(one), remembers=True)
        said = [("b", n, level) for n, level in enumerate(levels)]
        edges = [0, *sorted(cuts), len(said)]
        for start, stop in pairwise(edges):
            desk.take(said[start:stop])
        told = [Reading("b", SIX + n * MINUTE, level) for _b, n, level in said if level <= 10]
        wanted = [each for rule in RULES[2:] for each in one_by_one.run(rule, None, told)]
        assert desk.told()[0] == facts(wanted)
        desk.store.close()


def test_an_instrument_set_up_or_bounded_anew_is_judged_by_what_is_set_now(store, clock):
    gauge, watch = a_gauge(quantity=Quantity.RAIN), Watch()

    def take(minute, level):
        clock.advance(MINUTE)
        with store.writing("Readings") as tx:
            return readings.ingest(tx, [Reading(gauge.id, SIX + minute * MINUTE, level)], watch)

    assert take(0, 3.0) == []
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge, raise_at=2.0, clear_below=1.8))
    (alarm,) = take(1, 3.1)
    assert alarm.since == SIX
    with store.writing("Set another") as tx:
        sensors.set_rule(tx, a_rule(gauge, raise_at=3.0, clear_below=2.8))
    assert len(take(2, 3.2)) == 2
