"""Whatever happens to two limits of one gauge, in whatever order: nothing is lost, nobody is overruled."""

import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmState
from gis.model.withheld import ends_at, longest
from gis.ops import alarms, readings, sensors, shelving
from gis.store import Operation, Store
from gis.store.questions import standing_alarms, withheld
from gis.store.quiet import kept_quiet
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)
NAMES = st.sampled_from(["R. Sari", "A. Putri"])
LIMITS = st.integers(0, 1)


class Night(RuleBasedStateMachine):
    """One gauge with a lower limit, and one above it that latches."""

    def __init__(self) -> None:
        super().__init__()
        self.folder, self.clock = Path(tempfile.mkdtemp()), ManualClock(SIX)
        operation = Operation("Seruni", SIX)
        self.store = Store.create(self.folder / "o.kentongan", operation, clock=self.clock, author="Desk")
        self.gauge, self.value, self.signed = a_gauge(), 2.0, dict[str, str]()
        lower = {"level": "Siaga 2", "severity": Severity.SEVERE, "raise_at": 3.5, "clear_below": 3.2}
        with self.store.writing("Set up") as tx:
            sensors.register(tx, self.gauge)
            self.limits = [
                sensors.set_rule(tx, a_rule(self.gauge, **lower)),
                sensors.set_rule(tx, a_rule(self.gauge, level="Siaga 1", latch=True)),
            ]

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def lists(self):
        with self.store.reading() as query:
            standing = standing_alarms(query)
            return standing, kept_quiet(query, standing), query.find(Alarm), withheld(query)

    @rule(step=st.sampled_from([-0.6, -0.3, 0.3, 0.6]))
    def river(self, step: float) -> None:
        self.value = min(max(self.value + step, 1.0), 5.5)
        self.clock.advance(5 * MINUTE)
        with self.store.writing("Readings") as tx:
            readings.ingest(tx, [Reading(self.gauge.id, tx.at, self.value)])

    @rule(minutes=st.sampled_from([1, 29, 31, 800]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes * MINUTE)

    @precondition(lambda self: any(r.alarm.needs_attention for r in self.lists()[0]))
    @rule(name=NAMES, pick=st.integers(0, 9))
    def acknowledge(self, name: str, pick: int) -> None:
        standing, _quiet, before, _kept = self.lists()
        waiting = [r.alarm for r in standing if r.alarm.needs_attention]
        one = waiting[pick % len(waiting)]
        with self.store.writing("Acknowledge") as tx:
            alarms.acknowledge(tx, one.id, name)
        self.signed[one.id] = name
        others = {alarm.id: alarm for alarm in before if alarm.id != one.id}
        assert {alarm.id: alarm for alarm in self.lists()[2] if alarm.id != one.id} == others

    @rule(name=NAMES, pick=st.integers(0, 9))
    def reset(self, name: str, pick: int) -> None:
        found = self.lists()[2]
        if found:
            with suppress(UserError), self.store.writing("Reset") as tx:
                alarms.reset(tx, found[pick % len(found)].id, name)

    @rule(limit=LIMITS, minutes=st.sampled_from([10, 30, 60, 1000]), name=NAMES)
    def shelve(self, limit: int, minutes: int, name: str) -> None:
        other = self.limits[1 - limit]
        before = [r.state for r in self.lists()[0] if r.rule.id == other.id]
        with suppress(UserError), self.store.writing("Shelve") as tx:
            until = tx.at + minutes * MINUTE
            shelving.shelve(tx, self.limits[limit].id, until, "Crew at work", name)
        assert [r.state for r in self.lists()[0] if r.rule.id == other.id] == before

    @rule(limit=LIMITS, name=NAMES)
    def unshelve(self, limit: int, name: str) -> None:
        with suppress(UserError), self.store.writing("Unshelve") as tx:
            shelving.unshelve(tx, self.limits[limit].id, name)

    @rule(name=NAMES)
    def out_of_service(self, name: str) -> None:
        with suppress(UserError), self.store.writing("Out") as tx:
            shelving.take_out_of_service(tx, self.gauge.id, "Being cleaned", name)

    @rule(name=NAMES)
    def back_in_service(self, name: str) -> None:
        with suppress(UserError), self.store.writing("Back") as tx:
            shelving.return_to_service(tx, self.gauge.id, name)

    @invariant()
    def no_name_vanishes(self) -> None:
        said = {alarm.id: alarm.acknowledged_by for alarm in self.lists()[2] if alarm.acknowledged_at}
        assert said == self.signed

    @invariant()
    def what_is_over_its_limit_is_in_one_list(self) -> None:
        standing, quiet, every, _kept = self.lists()
        loud = [r.alarm.id for r in standing if not r.is_quiet]
        hushed = [r.alarm.id for each in quiet for r in each.ringing]
        shown = loud + hushed
        assert len(shown) == len({*shown})
        assert {a.id for a in every if a.raised_at and a.returned_at is None} <= {*shown}
        assert {a.id for a in every if a.needs_attention} <= {*shown}

    @invariant()
    def every_shelf_ends(self) -> None:
        _standing, _quiet, _every, kept = self.lists()
        for limit in self.limits:
            for shelf in kept.shelves(limit):
                end = ends_at(shelf, limit.severity)
                assert end is not None
                assert kept.at < end <= shelf.since + longest(limit.severity)

    @invariant()
    def what_rings_is_kept_quiet_by_nobody(self) -> None:
        standing, _quiet, _every, kept = self.lists()
        for ringing in standing:
            assert ringing.waits == (ringing.alarm.needs_attention and kept.on(ringing.rule) is None)
            assert ringing.is_quiet == (ringing.state in (AlarmState.SHELVED, AlarmState.OUT_OF_SERVICE))


TestNight = Night.TestCase
TestNight.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)
