"""What is heard of the alarms: what each sounds like, and when it is heard."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from desktop.rhythms import RATE_HZ, RHYTHMS, wave
from desktop.sounding import BREATH_S, QUIET_S, Rounds, Source, next_higher
from gis.model.incident import Severity

URGENT = list(Severity)[:4]


def source(severity: Severity, *alarms: str) -> Source:
    return Source(severity, frozenset(alarms))


def heard(rounds: Rounds, sources, begin: float, end: float, step: float = 0.5):
    """What is heard between two seconds, and when."""
    times = np.arange(begin, end, step).tolist()
    return [(at, found) for at in times if (found := rounds.next(sources, at)) is not None]


def pitch_hz(samples) -> float:
    """The strongest frequency of a sound."""
    loud = np.abs(np.fft.rfft(samples))
    return float(np.fft.rfftfreq(len(samples), 1 / RATE_HZ)[np.argmax(loud)])


def strokes(samples) -> int:
    """How often it sets in: how many times the loudness leaps up."""
    frame = RATE_HZ // 100
    level = np.abs(samples[: len(samples) // frame * frame]).reshape(-1, frame).max(axis=1)
    return int(((level[1:] > 2 * level[:-1]) & (level[1:] > 0.3)).sum()) + int(level[0] > 0.3)


def test_each_priority_has_a_rhythm_and_a_pitch_of_its_own():
    counts = [strokes(wave(severity)) for severity in URGENT]
    assert counts == [len(RHYTHMS[severity].at_s) for severity in URGENT]
    assert counts == sorted(set(counts), reverse=True), "the more urgent, the more strokes"
    pitches = [pitch_hz(wave(severity)) for severity in URGENT]
    assert all(high > 1.15 * low for high, low in pairwise(pitches))
    assert all(150 <= pitch <= 1_000 for pitch in pitches)


def test_every_rhythm_is_as_loud_as_can_be_and_begins_and_ends_without_a_click():
    for severity in Severity:
        samples = wave(severity)
        assert np.abs(samples).max() == 1.0
        assert np.abs(samples[[0, -1]]).max() < 0.05
        assert np.isfinite(samples).all()


def test_an_alarm_is_repeated_until_it_is_gone():
    rounds, alarm = Rounds(), source(Severity.EXTREME, "a")
    every = RHYTHMS[Severity.EXTREME].every_s
    assert [at for at, _s in heard(rounds, [alarm], 0, 20)] == [0, every, 2 * every, 3 * every, 4 * every]
    assert heard(rounds, [], 20, 60) == []


def test_what_stands_when_the_desk_begins_sounds_as_one():
    standing = [source(severity, str(n)) for n, severity in enumerate(URGENT)]
    assert [found.severity for _at, found in heard(Rounds(), standing, 0, 3.5)] == [Severity.EXTREME]


def test_of_alarms_that_come_later_each_is_heard_once_and_then_the_worst():
    rounds, first = Rounds(), source(Severity.SEVERE, "a")
    rounds.next([first], 0)
    minor, moderate = source(Severity.MINOR, "b"), source(Severity.MODERATE, "c")
    told = [found for _at, found in heard(rounds, [first, minor, moderate], 3, 30)]
    assert told[:3] == [moderate, minor, first]
    assert set(told[3:]) == {first}


def test_a_group_sounds_once_however_many_join_it_and_again_when_it_becomes_worse():
    rounds = Rounds()
    rounds.next([source(Severity.MODERATE, "a")], 0)
    grown = source(Severity.MODERATE, "a", "b", "c")
    assert rounds.next([grown], 3) is None
    worse = source(Severity.EXTREME, "a", "b", "c", "d")
    assert rounds.next([worse], 4) is worse
    assert rounds.next([worse], 6) is None


def test_what_was_heard_alone_is_not_heard_anew_as_a_group_or_when_the_flood_is_over():
    rounds, alone = Rounds(), [source(Severity.MINOR, "a"), source(Severity.MINOR, "b")]
    rounds.next(alone, 0)
    assert rounds.next([source(Severity.MINOR, "a", "b", "c")], 5) is None
    assert rounds.next([*alone, source(Severity.MINOR, "c")], 10) is None


def test_silence_lasts_two_minutes_and_what_is_new_is_heard_in_it():
    rounds, old = Rounds(), source(Severity.EXTREME, "a")
    rounds.next([old], 0)
    rounds.silence([old], 1)
    assert rounds.silent_s(61) == 60
    assert heard(rounds, [old], 1, 1 + QUIET_S) == []
    new = source(Severity.MINOR, "b")
    assert rounds.next([old, new], 20) is new
    assert heard(rounds, [old, new], 21, 1 + QUIET_S) == []
    assert rounds.next([old, new], 1 + QUIET_S) is old


def test_silence_can_be_ended():
    rounds, old = Rounds(), source(Severity.EXTREME, "a")
    rounds.next([old], 0)
    rounds.silence([old], 1)
    rounds.end_silence()
    assert rounds.next([old], 5) is old


def test_what_nobody_took_sounds_as_the_next_higher():
    assert [next_higher(severity) for severity in URGENT] == [
        Severity.EXTREME,
        Severity.EXTREME,
        Severity.SEVERE,
        Severity.MODERATE,
    ]


SOURCES = st.lists(
    st.builds(source, st.sampled_from(Severity), st.sampled_from("abcdefgh")),
    max_size=6,
    unique_by=lambda s: s.alarms,
)


@given(st.lists(st.tuples(SOURCES, st.integers(1, 40)), min_size=1, max_size=12))
def test_while_somebody_must_act_it_is_never_quiet_for_long_and_no_two_sounds_overlap(night):
    rounds, now, last_end = Rounds(), 0.0, float("-inf")
    waiting = 0.0  # since when something has been there and nothing heard
    for sources, seconds in night:
        for _tick in range(seconds * 2):
            found = rounds.next(sources, now)
            if found is not None:
                assert found in sources
                assert now >= last_end + BREATH_S
                last_end, waiting = now + RHYTHMS[found.severity].length_s, now
            elif not sources:
                waiting = now
            longest = max((RHYTHMS[each.severity].every_s for each in sources), default=0.0)
            assert now - waiting <= longest + 1
            now += 0.5


@given(SOURCES, SOURCES)
def test_every_alarm_that_comes_is_heard_by_itself(before, after):
    rounds = Rounds()
    rounds.next(before, 0)
    here = {alarm for each in before for alarm in each.alarms}
    new = [each for each in after if not each.alarms & here]
    told = [found for _at, found in heard(rounds, [*before, *new], 3, 40)]
    assert set(new) <= set(told)
