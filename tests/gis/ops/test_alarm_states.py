"""Every state of ISA-18.2 and every event: what may happen, what comes of it, and what is refused."""

from datetime import timedelta

import pytest

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmState, Condition, Joining, Quantity
from gis.model.withheld import state_of
from gis.ops import alarms, readings, sensors, shelving
from gis.store.questions import standing_alarms, withheld
from gis.store.quiet import kept_quiet
from tests.build import a_gauge, a_rule

MINUTE = timedelta(minutes=1)
A, B, C, D = AlarmState.NORMAL, AlarmState.UNACK, AlarmState.ACKED, AlarmState.RTN_UNACK
E, F = AlarmState.LATCHED_UNACK, AlarmState.LATCHED_ACKED
G, H, I = AlarmState.SHELVED, AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE  # noqa: E741 - the letters of the standard
NO = None  # refused: nothing changes


class Post:
    """A gauge with one limit, which is suppressed unless a pump runs; what happens to it by name."""

    def __init__(self, store, clock, *, latch):
        self.store, self.clock = store, clock
        self.gauge, self.pump = a_gauge(), a_gauge(key="PUMP-1", name="Pump 1", quantity=Quantity.PUMP)
        with store.writing("Set up") as tx:
            for each in (self.gauge, self.pump):
                sensors.register(tx, each)
            self.rule = sensors.set_rule(tx, a_rule(self.gauge, severity=Severity.SEVERE, latch=latch))
            tx.put(Condition(self.rule.id, self.pump.id, Joining.ENABLE, 1.0))
        self.unsuppress()

    def _read(self, sensor, value):
        self.clock.advance(MINUTE)
        with self.store.writing("Readings") as tx:
            readings.ingest(tx, [Reading(sensor.id, tx.at, value)])

    def _do(self, verb, *args):
        self.clock.advance(timedelta(seconds=1))
        with self.store.writing("Do") as tx:
            verb(tx, *args)

    @property
    def alarm(self):
        with self.store.reading() as query:
            found = query.find(Alarm)
        return found[-1] if found else None

    @property
    def state(self):
        with self.store.reading() as query:
            return state_of(self.alarm, withheld(query).on(self.rule))

    def rise(self):
        self._read(self.gauge, 4.6)

    def fall(self):
        self._read(self.gauge, 4.1)

    def suppress(self):
        self._read(self.pump, 0.0)

    def unsuppress(self):
        self._read(self.pump, 1.0)

    def acknowledge(self):
        self._do(alarms.acknowledge, self._id(), "R. Sari")

    def reset(self):
        self._do(alarms.reset, self._id(), "R. Sari")

    def _id(self):
        if self.alarm is None:
            raise UserError("there is nothing")
        return self.alarm.id

    def shelve(self):
        self._do(shelving.shelve, self.rule.id, self.clock.now() + 60 * MINUTE, "Crew at work", "R. Sari")

    def unshelve(self):
        self._do(shelving.unshelve, self.rule.id, "R. Sari")

    def out(self):
        self._do(shelving.take_out_of_service, self.gauge.id, "Being cleaned", "R. Sari")

    def back(self):
        self._do(shelving.return_to_service, self.gauge.id, "R. Sari")


WAYS = {  # how each state is reached, of a limit that latches and of one that does not
    A: ([], False),
    B: (["rise"], False),
    C: (["rise", "acknowledge"], False),
    D: (["rise", "fall"], False),
    E: (["rise", "fall"], True),
    F: (["rise", "acknowledge", "fall"], True),
    G: (["rise", "shelve"], False),
    H: (["suppress", "rise"], False),
    I: (["rise", "out"], False),
}
# What becomes of each state; a new rise of what has returned is an alarm of its own (B).
TABLE = {
    #               A   B   C   D   E   F   G   H   I
    "rise":        [B,  B,  C,  B,  B,  B,  G,  H,  I],
    "fall":        [A,  D,  A,  D,  E,  F,  G,  A,  I],
    "acknowledge": [NO, C,  NO, A,  F,  NO, G,  H,  I],
    "reset":       [NO, NO, NO, NO, NO, A,  NO, NO, NO],
    "shelve":      [G,  G,  G,  G,  G,  G,  NO, G,  I],
    "unshelve":    [NO, NO, NO, NO, NO, NO, B,  NO, NO],
    "out":         [I,  I,  I,  I,  I,  I,  I,  I,  NO],
    "back":        [NO, NO, NO, NO, NO, NO, NO, NO, B],
    "suppress":    [A,  H,  H,  D,  E,  F,  G,  H,  I],
    "unsuppress":  [A,  B,  C,  D,  E,  F,  G,  B,  I],
}  # fmt: skip
CASES = [
    pytest.param(state, event, wanted, id=f"{state.name}-{event}")
    for event, row in TABLE.items()
    for state, wanted in zip(WAYS, row, strict=True)
]


def reached(store, clock, state):
    way, latch = WAYS[state]
    post = Post(store, clock, latch=latch)
    for event in way:
        getattr(post, event)()
    assert post.state is state
    return post


@pytest.mark.parametrize(("state", "event", "wanted"), CASES)
def test_every_event_in_every_state(store, clock, state, event, wanted):
    post = reached(store, clock, state)
    if wanted is not NO:
        getattr(post, event)()
        assert post.state is wanted
        return
    before = post.alarm
    with pytest.raises(UserError):
        getattr(post, event)()
    assert (post.state, post.alarm) == (state, before)


@pytest.mark.parametrize("state", [A, B, C, D, E, F])
def test_a_shelf_that_runs_out_gives_the_state_back_that_there_was(store, clock, state):
    post = reached(store, clock, state)
    post.shelve()
    assert post.state is G
    clock.advance(60 * MINUTE)
    assert post.state is state


@pytest.mark.parametrize("state", [B, C, D, E, F])
def test_what_happens_on_the_shelf_holds_when_it_ends(store, clock, state):
    post = reached(store, clock, state)
    post.shelve()
    post.fall()
    if state is B:
        post.acknowledge()
    assert post.state is G
    post.unshelve()
    assert post.state is {B: A, C: A, D: D, E: E, F: F}[state]


def test_one_that_is_out_of_service_and_shelved_comes_back_shelved(store, clock):
    post = reached(store, clock, G)
    post.out()
    assert post.state is I
    post.back()
    assert post.state is G


@pytest.mark.parametrize("state", [*WAYS])
def test_whatever_its_state_it_is_in_a_list_unless_all_is_normal(store, clock, state):
    post = reached(store, clock, state)
    with store.reading() as query:
        standing = standing_alarms(query)
        quiet = kept_quiet(query, standing)
    loud = [r.state for r in standing if not r.is_quiet]
    assert loud + [each.state for each in quiet] == ([] if state is A else [state])
    assert post.state is state
