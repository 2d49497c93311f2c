"""Sources side by side: none holds up another, and what was not kept is given again."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.collecting.collecting import Collecting
from gis.collecting.line import LONGEST_REST_S, Line, State
from gis.collecting.source import Source
from gis.errors import UserError
from gis.model.record import Reading, from_us
from gis.ops import sensors
from gis.ops.watch import Watch
from gis.sensors.feeds.feed import Batch, Link, Reject
from gis.store import Operation, Store
from tests.build import SIX, a_gauge


class Peer:
    """What stands at the other end, and a `Feed` of it: gives one reading a poll unless told otherwise."""

    def __init__(self, name="peer"):
        self.name, self.link, self.trouble = name, Link.CONNECTED, ""
        self.next, self.waiting, self.acknowledged = 0, [], []
        self.fails, self.per_poll, self.closed = None, 1, 0
        self.meanwhile = None
        self.hang, self.hanging = threading.Event(), threading.Event()
        self.hang.set()

    def poll(self, until):
        if not self.hang.is_set():
            self.hanging.set()
            self.hang.wait(20)
        if self.fails is not None:
            raise self.fails
        if self.meanwhile is not None:
            self.meanwhile()
        while len(self.waiting) < self.per_poll:
            self.waiting.append(Reading("g1", SIX + timedelta(seconds=self.next), float(self.next % 50) / 10))
            self.next += 1
        return Batch(tuple(self.waiting))

    def kept(self):
        self.acknowledged += self.waiting
        self.waiting = []

    def reread(self):
        """The same readings wait still."""

    def close(self):
        self.closed += 1


@pytest.fixture
def river(store):
    with store.writing("Set up") as tx:
        sensors.register(tx, a_gauge(id="g1", key="KALI-1"))
    return store


def a_source(name="peer", **values):
    return Source(name, "peer", {}, id=name, **values)


def stored(store):
    with store.reading() as query:
        return [from_us(at) for at in query.series("g1").at_us.tolist()]


@pytest.fixture
def peers(river):
    """Sources by name; every one of them runs until the test is over."""
    made, found = [], {}

    def opener(source, known):
        assert [sensor.key for sensor in known] == ["KALI-1"]
        return found[source.name]

    def run(*names, every_s=0.01, **values):
        for name in names:
            found.setdefault(name, Peer(name))
        collecting = Collecting(river, opener, lambda _source: every_s)
        made.append(collecting)
        collecting.serve([a_source(name, **values) for name in names])
        return collecting, *(found[name] for name in names)

    yield run
    for peer in found.values():
        peer.hang.set()
    for collecting in made:
        collecting.close()


def standing(collecting, name="peer"):
    return next(each for each in collecting.standings() if each.source.name == name)


def until(holds):
    pause = threading.Event()
    for _turn in range(4_000):
        if holds():
            return
        pause.wait(0.005)
    raise AssertionError("it never came")


def test_what_a_source_gives_is_on_the_disk_before_it_is_told_so(river, peers):
    collecting, peer = peers("peer")
    until(lambda: len(peer.acknowledged) >= 3)
    collecting.close()
    kept = set(stored(river))
    assert {reading.at for reading in peer.acknowledged} <= kept
    assert peer.closed == 1


def test_a_source_that_hangs_holds_up_no_other_and_not_the_end_of_the_desk(river, peers):
    collecting, stuck, calm = peers("stuck", "calm")
    stuck.hang.clear()
    assert stuck.hanging.wait(20)
    before = len(calm.acknowledged)
    until(lambda: len(calm.acknowledged) > before + 2)
    collecting.close()
    assert calm.closed == 1
    assert stuck.closed == 0, "it still hangs, and nobody waited for it"


def test_a_source_that_fails_is_said_so_asked_again_and_stops_no_other(peers):
    collecting, broken, calm = peers("broken", "calm", every_s=0.001)
    broken.fails = UserError("The broker does not answer.", hint="Look at its power.")
    until(lambda: standing(collecting, "broken").state is State.FAILED)
    assert standing(collecting, "broken").trouble == "The broker does not answer. Look at its power."
    assert standing(collecting, "broken").ails
    before = len(calm.acknowledged)
    until(lambda: len(calm.acknowledged) > before + 2)
    broken.fails = None
    collecting.ask_now("broken")
    until(lambda: standing(collecting, "broken").state is State.CONNECTED)
    assert standing(collecting, "broken").trouble == ""
    assert standing(collecting, "broken").errors >= 1


def test_an_error_of_the_program_in_one_source_is_written_down_and_the_others_go_on(peers, caplog):
    collecting, broken, calm = peers("broken", "calm")
    broken.fails = ZeroDivisionError("by zero")
    until(lambda: standing(collecting, "broken").state is State.FAILED)
    before = len(calm.acknowledged)
    until(lambda: len(calm.acknowledged) > before + 2)
    assert "by zero" in standing(collecting, "broken").trouble
    assert any(record.exc_info for record in caplog.records)
    caplog.clear()


def test_a_paused_source_is_let_go_of_and_goes_on_when_somebody_says_so(peers):
    collecting, peer = peers("peer")
    until(lambda: peer.acknowledged)
    collecting.serve([a_source(paused=True)])
    until(lambda: peer.closed == 1)
    assert standing(collecting).state is State.PAUSED
    assert standing(collecting).readings > 0, "what it gave in this sitting is still said"
    before = len(peer.acknowledged)
    collecting.serve([a_source()])
    until(lambda: len(peer.acknowledged) > before)


def test_a_source_that_is_the_same_goes_on_when_another_is_added(peers):
    collecting, peer = peers("peer")
    until(lambda: peer.acknowledged)
    collecting.serve([a_source(), a_source("late", paused=True)])
    assert peer.closed == 0
    collecting.renew()
    until(lambda: peer.closed == 1)
    before = len(peer.acknowledged)
    until(lambda: len(peer.acknowledged) > before)


def test_a_source_that_is_changed_is_never_served_twice_at_once(peers):
    collecting, peer = peers("peer")
    peer.hang.clear()
    assert peer.hanging.wait(20)
    peer.hanging.clear()
    collecting.serve([Source("peer", "peer", {"every": 2}, id="peer")])
    assert not peer.hanging.wait(0.05), "the old one still hangs: the new one waits for it"
    peer.hang.set()
    until(lambda: peer.closed == 1)
    before = len(peer.acknowledged)
    until(lambda: len(peer.acknowledged) > before)


def test_a_source_that_has_given_all_it_had_is_asked_no_more(peers):
    collecting, peer = peers("peer")
    peer.link = Link.ENDED
    until(lambda: standing(collecting).state is State.ENDED)
    until(lambda: peer.closed == 1)
    collecting.serve([a_source(paused=True)])
    assert standing(collecting).state is State.ENDED, "paused for it has ended, not by a person"


def test_of_two_desks_on_one_operation_one_asks_the_sources(river, clock):
    other = Store.open(river.folder, clock=clock, author="other")
    peer = Peer()
    assert other.feeds_here()
    line = Line(river, a_source(), lambda _source, _known: peer, 5.0, Watch())
    line.turn(0.0)
    assert (line.standing(0.0).state, peer.next) == (State.ELSEWHERE, 0)
    other.close()
    line.turn(1.0)
    assert (line.standing(1.0).state, len(peer.acknowledged)) == (State.CONNECTED, 1)


def test_a_desk_that_can_only_look_asks_no_source(river, clock):
    peer = Peer()
    river.read_only = "The disk failed."
    line = Line(river, a_source(), lambda _source, _known: peer, 5.0, Watch())
    line.turn(0.0)
    assert peer.next == 0


def test_it_rests_longer_while_it_fails_but_never_for_long(river):
    peer = Peer()
    peer.fails = UserError("gone")
    line = Line(river, a_source(), lambda _source, _known: peer, 5.0, Watch())
    rests = [line.turn(float(n)) for n in range(8)]
    assert rests[:4] == [5.0, 10.0, 20.0, 40.0]
    assert max(rests) == LONGEST_REST_S
    peer.fails = None
    assert line.turn(9.0) == 5.0
    peer.fails = UserError("gone")
    assert line.turn(10.0) == 5.0


def test_a_burst_is_taken_in_without_a_rest_and_counted_by_the_minute(river):
    peer = Peer()
    peer.per_poll = 6_000
    line = Line(river, a_source(), lambda _source, _known: peer, 5.0, Watch())
    assert line.turn(0.0) == 0.0
    peer.per_poll = 10
    assert line.turn(30.0) == 5.0
    assert line.standing(59.0).per_minute == 6_010
    assert line.standing(61.0).per_minute == 10
    assert line.standing(91.0).per_minute == 0
    assert line.standing(91.0).readings == 6_010
    assert len(stored(river)) == 6_010


def test_lines_that_are_none_are_counted(river):
    class Scribbler(Peer):
        def poll(self, until):
            return Batch((), (Reject("topic", 1, b"1_000", "no number"),))

    line = Line(river, a_source(), lambda _source, _known: Scribbler(), 5.0, Watch())
    line.turn(0.0)
    found = line.standing(0.0)
    assert (found.rejected, found.last_at) == (1, None)
    with river.reading() as query:
        assert query.rejected(limit=5)[0].raw == b"1_000"


EVENTS = ("give", "burst", "no answer", "disk fails", "disk fails in the burst", "restart")


@settings(max_examples=25)
@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_whatever_fails_in_whatever_order_what_is_told_kept_is_kept_once(tmp_path_factory, events):
    clock = ManualClock(SIX + timedelta(hours=2))
    folder = tmp_path_factory.mktemp("feeds") / "town.kentongan"
    store = Store.create(folder, Operation("Town", SIX), clock=clock, author="desk")
    with store.writing("Set up") as tx:
        sensors.register(tx, a_gauge(id="g1", key="KALI-1"))

    def fail() -> None:
        store.read_only = "The disk failed."

    peer = Peer()

    def a_line() -> Line:
        return Line(store, a_source(), lambda _source, _known: peer, 5.0, Watch())

    line = a_line()
    for n, event in enumerate(events):
        peer.fails = UserError("gone") if event == "no answer" else None
        peer.per_poll = 30 if "burst" in event else 1
        peer.meanwhile = fail if "disk fails" in event else None
        if event == "restart":
            line = a_line()
        told = len(peer.acknowledged)
        line.turn(float(n))
        if event == "no answer" or "disk fails" in event:
            assert line.standing(float(n)).state is State.FAILED
            assert len(peer.acknowledged) == told
        store.read_only = ""
    assert stored(store) == [reading.at for reading in peer.acknowledged]
    store.close()
