"""Messages on their way: bounded in memory, in order on the disk, and acknowledged once they last."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.sensors.feeds import spill, waiting
from gis.sensors.feeds.arrears import Arrears
from gis.sensors.feeds.message import Message
from gis.sensors.feeds.spill import Spill
from gis.sensors.feeds.waiting import Waiting
from tests.build import SIX
from tests.disk import no_room

MESSAGES = [
    Message(f"gauge/{n}/level", bytes([n % 256]) * n, SIX + timedelta(microseconds=n), n % 2 == 0, n % 3 == 0)
    for n in range(400)
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "gauges.spill"


def put(path, messages=MESSAGES):
    made = Spill(path)
    for each in messages:
        made.add(each)
    made.sync()
    return made


def crash(made):
    made._file.close()
    made._claim.close()


def test_one_file_has_one_owner(path):
    made = put(path)
    with pytest.raises(BlockingIOError):
        Spill(path)
    made.close()
    Spill(path).close()


def test_what_is_put_down_comes_back_as_it_was_and_in_order(path):
    made = put(path)
    assert made.count == len(MESSAGES)
    got = []
    while chunk := made.take(7, 2_000):
        got += chunk
    assert got == MESSAGES
    made.kept()
    assert made.empty
    assert made.count == 0
    assert path.stat().st_size == 0
    made.add(MESSAGES[5])
    made.sync()
    assert made.take(10, 10_000) == [MESSAGES[5]]
    made.close()


def test_a_message_larger_than_a_piece_of_the_file_is_whole(path):
    large = [Message("t", bytes(200_000), SIX), Message("t", b"\1" * 262_144, SIX), MESSAGES[3]]
    made = put(path, large)
    assert [made.take(1, 1)[0] for _each in large] == large
    made.close()


def test_what_was_not_kept_is_there_after_a_crash_and_after_a_failure(path):
    made = put(path)
    first = made.take(10, 10_000)
    made.kept()
    second = made.take(10, 10_000)
    made.reread()
    assert made.take(10, 10_000) == second
    crash(made)  # what was kept from there is perhaps given again
    again = Spill(path)
    assert again.take(20, 100_000) == first + second
    assert again.count == len(MESSAGES)
    again.close()


@pytest.mark.parametrize("lost", [1, 5, 18, 30, 400])
def test_a_torn_end_costs_the_messages_that_are_not_whole_and_stays_beside(path, lost):
    crash(put(path))
    content = path.read_bytes()
    path.write_bytes(content[:-lost])
    again = Spill(path)
    got = again.take(1_000, 10**9)
    assert got == MESSAGES[: len(got)]
    assert len(MESSAGES) - 3 <= len(got) < len(MESSAGES)
    assert path.with_suffix(".torn").read_bytes() == again.torn
    again.add(MESSAGES[0])
    again.sync()
    assert again.take(1, 1) == [MESSAGES[0]]
    again.close()


@given(st.integers(0, 5_000), st.integers(1, 255))
@settings(max_examples=40)
def test_damage_never_makes_another_message(place, change):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gauges.spill"
        crash(put(path, MESSAGES[:60]))
        content = bytearray(path.read_bytes())
        place %= len(content)
        content[place] ^= change
        path.write_bytes(content)
        again = Spill(path)
        got = again.take(1_000, 10**9)
        assert got == MESSAGES[: len(got)]
        assert len(got) < 60
        assert path.with_suffix(".torn").read_bytes() == content[len(content) - len(again.torn) :]
        again.close()


def test_a_full_disk_takes_nothing_or_all(path):
    made = put(path, MESSAGES[:200])
    with no_room():
        for each in MESSAGES[200:]:
            made.add(each)
        with pytest.raises(OSError, match="large"):
            made.sync()
    assert made.count == 200
    made.add(MESSAGES[399])
    made.sync()
    assert made.take(1_000, 10**9) == [*MESSAGES[:200], MESSAGES[399]]
    made.close()


def lane(topic):
    return topic.split("/")[0]


def a_message(who, n):
    return Message(f"{who}/{n}", b"1", SIX + timedelta(seconds=n))


def numbers(messages, who):
    return [int(each.topic.split("/")[1]) for each in messages if each.topic.startswith(who)]


def test_word_is_given_in_the_order_in_which_messages_came(path):
    made = Waiting(path, lane, 2)
    for n in range(6):
        assert made.came(a_message("a", n), "a", n + 1)  # 2 in memory, 4 put down
    assert made.sync()
    assert made.word() == []  # what came first lasts nowhere yet
    assert numbers(made.take(), "a") == [0, 1]
    made.kept()
    assert made.word() == [1, 2, 3, 4, 5, 6]
    assert numbers(made.take(), "a") == [2, 3, 4, 5]
    made.close()


def test_the_numbers_of_one_wire_are_not_told_on_another(path):
    made = Waiting(path, lane, 10)
    made.came(a_message("a", 0), "a", 7)
    made.new_wire()
    made.take()
    made.kept()
    assert made.word() == []
    made.close()


def test_one_that_hurries_waits_behind_the_others_and_keeps_its_order(path):
    made = Waiting(path, lane, 3)
    for n in range(10):
        made.came(a_message("a", n), "a", 0)
    made.came(a_message("b", 0), "b", 0)
    made.sync()
    got = [*made.take()]
    assert (numbers(got, "a"), numbers(got, "b")) == ([0, 1, 2], [0])
    made.came(a_message("a", 10), "a", 0)  # calm again, and still behind what it said before
    made.sync()
    got += made.take()
    assert numbers(got, "a") == list(range(11))
    assert made.overflow == 8
    made.kept()
    assert made.set_down == 0
    made.close()


def test_when_memory_is_full_all_goes_to_the_disk_even_what_is_being_stored(path, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_NEAR", 20)
    made = Waiting(path, lane, 1_000)
    for n in range(10):
        made.came(a_message("a", n), "a", n + 1)
    out = made.take()
    for n in range(10, 60):
        made.came(a_message("a", n), "a", n + 1)
    made.sync()
    assert made.word() == list(range(1, 61))  # the store has said nothing yet
    made.reread()  # and could not keep it
    got = []
    while chunk := made.take():
        got += chunk
    assert sorted({*numbers(got, "a")}) == list(range(60))
    assert len(out) == 10
    made.close()


def test_what_the_disk_does_not_take_stays_in_memory_and_no_more_comes_in(path, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_NEAR", 100)
    made = Waiting(path, lane, 1_000)
    with no_room():
        for n in range(400):
            made.came(a_message("a", n), "a", n + 1)
        with pytest.raises(OSError, match="large"):
            made.sync()
        assert made.word() == []
        assert not made.came(a_message("a", 400), "a", 401)
        assert not made.has_room
    got = []
    while chunk := made.take():
        got += chunk
    assert numbers(got, "a") == list(range(400))
    made.kept()
    assert made.word() == list(range(1, 401))
    made.new_wire()
    assert made.has_room
    assert made.came(a_message("a", 400), "a", 1)
    made.close()


def test_a_spill_that_is_full_takes_no_more(path, monkeypatch):
    monkeypatch.setattr(spill, "LARGEST", 1_000)
    made = Waiting(path, lane, 1)
    taken = [made.came(a_message("a", n), "a", n + 1) for n in range(100)]
    assert taken[0]
    assert not taken[-1]
    assert taken == sorted(taken, reverse=True)
    made.close()


class Night:
    """Beside a model: the store has what was taken before `kept`, the broker what it got no word for."""

    def __init__(self, path):
        self.path, self.made = path, Waiting(path, lane, 4)
        self.sent, self.stored, self.out, self.at_broker = [], set(), [], {}

    def came(self, who):
        self.sent.append(a_message(who, len(self.sent)))
        self.at_broker[len(self.sent)] = self.sent[-1]
        assert self.made.came(self.sent[-1], who, len(self.sent))

    def take(self, _who):
        self.out += self.made.take()

    def kept(self, _who):
        self.made.kept()
        self.stored.update(self.out)
        self.out = []

    def reread(self, _who):
        self.made.reread()
        self.out = []

    def sync(self, _who):
        self.made.sync()

    def word(self, _who):
        word = self.made.word()
        assert word == sorted(word)
        for number in word:
            del self.at_broker[number]

    def wire(self, _who):
        self.made.new_wire()
        for number, message in self.at_broker.items():
            assert self.made.came(message, lane(message.topic), number)

    def crash(self, who):
        crash(self.made._spill)
        self.made, self.out = Waiting(self.path, lane, 4), []
        self.wire(who)


ACTS = st.sampled_from(["take", "kept", "reread", "sync", "word", "wire", "crash"])
STEPS = st.lists(
    st.tuples(st.just("came"), st.sampled_from("abc")) | st.tuples(ACTS, st.just("")), max_size=80
)


@given(STEPS)
@settings(max_examples=150)
def test_whatever_happens_nothing_of_which_word_was_given_is_lost(steps):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "MOST_NEAR", 6)
        night = Night(Path(folder) / "gauges.spill")
        for step, who in steps:
            getattr(night, step)(who)
        night.reread("")
        night.sync("")
        while chunk := night.made.take():
            night.stored.update(chunk)
        assert night.stored == set(night.sent)
        night.made.close()


def test_what_comes_at_once_after_an_absence_is_late_until_there_is_a_pause():
    arrears = Arrears(away_s=7_200, now_s=0.0)
    assert [arrears.late("a", 600, at) for at in (0.1, 0.2, 0.3)] == [True] * 3
    assert not arrears.late("a", 600, 1.0)
    assert not arrears.late("b", 600, 1.1)  # the whole broker paused


def test_one_that_pauses_is_live_while_others_still_catch_up():
    arrears = Arrears(away_s=7_200, now_s=0.0)
    late = [arrears.late("a" if n in (1, 9) else "b", 600, n / 10) for n in range(20)]
    assert not late[9]
    assert all(late[n] for n in range(20) if n != 9)


@pytest.mark.parametrize("away_s", [0.0, 30.0, 600.0])
def test_an_absence_shorter_than_the_rhythm_of_a_gauge_makes_nothing_late(away_s):
    assert not Arrears(away_s, 0.0).late("a", 600, 0.1)
