"""No news is not good news: who is overdue, and in which order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gis.model.reporting import Hazard, PointKind
from gis.sensors.silence import MOST_HOURS, Expected, Word, for_how_long, score, silence, usual_people
from tests.build import SIX

HOUR = timedelta(hours=1)
HAZARDS = [Hazard.LOW, Hazard.MODERATE, Hazard.HIGH, Hazard.EXTREME]
spans = st.timedeltas(timedelta(0), timedelta(days=10))
crowds = st.integers(0, 20_000_000)
hazards = st.sampled_from(HAZARDS)


def a_ward(name="Sukamaju", **but):
    given = {"kind": str(PointKind.WARD), "every": 6 * HOUR, "since": SIX - 12 * HOUR, "people": 1000}
    return Expected(**{"id": name, "name": name} | given | but)


@st.composite
def waited_for(draw):
    n = draw(st.integers(0, 12))
    found = []
    for number in range(n):
        heard = draw(st.none() | spans)
        found.append(
            a_ward(
                f"W{number}",
                every=draw(st.timedeltas(timedelta(minutes=1), timedelta(days=2))),
                since=SIX - draw(spans),
                people=draw(st.none() | crowds),
                hazard=draw(hazards),
                missed=draw(st.integers(1, 3)),
                word=None if heard is None else Word(SIX - heard, "reading"),
            )
        )
    return found


def test_a_ward_that_kept_its_rhythm_is_not_silent_and_one_minute_later_it_is():
    ward = a_ward(word=Word(SIX - 6 * HOUR, "I-0001"))
    assert not silence([ward], SIX).overdue
    [late] = silence([ward], SIX + timedelta(minutes=1)).overdue
    assert late.silent == 6 * HOUR + timedelta(minutes=1)


def test_hours_people_and_hazard_are_multiplied():
    [late] = silence([a_ward(people=8_000, hazard=Hazard.HIGH)], SIX).overdue
    assert late.score == 12 * 8_000 * 0.75


def test_a_gauge_may_miss_three_reports():
    gauge = a_ward("Kali 3", kind="gauge", every=timedelta(minutes=10), missed=3, since=SIX)
    assert not silence([gauge], SIX + timedelta(minutes=30)).overdue
    assert silence([gauge], SIX + timedelta(minutes=31)).overdue


def test_a_rhythm_that_began_an_hour_ago_counts_from_there():
    ward = a_ward(since=SIX - HOUR, every=2 * HOUR, word=Word(SIX - 9 * HOUR, "R. Sari"))
    assert not silence([ward], SIX).overdue
    [late] = silence([ward], SIX + 2 * HOUR).overdue
    assert late.silent == 3 * HOUR


def test_uncounted_people_are_the_median_of_the_wards_and_said_to_be():
    wards = [a_ward("A", people=100), a_ward("B", people=300), a_ward("C", people=5_000)]
    team = a_ward("Team B", kind="team", people=None)
    found = {late.expected.name: late for late in silence([*wards, team], SIX).overdue}
    assert (found["Team B"].people, found["Team B"].assumed) == (300, True)
    assert not found["A"].assumed
    assert usual_people([team]) == 1, "nobody was counted anywhere"


def test_people_who_live_in_a_silent_ward_are_counted_once():
    found = silence([a_ward(people=4_000), a_ward("Kali 3", kind="gauge", people=4_000)], SIX)
    assert (len(found.overdue), found.people) == (2, 4_000)


def test_a_silence_is_said_in_the_unit_that_says_enough():
    said = [for_how_long(timedelta(minutes=each)) for each in (0, 45, 60, 320, 26 * 60 + 5, 73 * 60)]
    assert said == ["0 min", "45 min", "1 h", "5 h 20 min", "26 h", "over 72 h"]


@given(spans, spans, crowds, crowds, hazards, hazards)
def test_more_of_anything_never_makes_it_less_urgent(short, more, few, further, one, other):
    low, high = sorted((one, other), key=HAZARDS.index)
    assert score(short, few, low) <= score(short + more, few, low)
    assert score(short, few, low) <= score(short, few + further, low)
    assert score(short, few, low) <= score(short, few, high)


@given(spans, crowds, hazards)
def test_a_score_is_bounded(silent, people, hazard):
    assert 0 <= score(silent, people, hazard) <= MOST_HOURS * 10_000_000


@given(waited_for(), spans)
def test_nobody_within_their_rhythm_is_ever_listed_and_nobody_overdue_is_left_out(everyone, later):
    now = SIX + later
    listed = {late.expected.id for late in silence(everyone, now).overdue}
    for each in everyone:
        heard = max([each.since, *([each.word.at] if each.word else [])])
        assert (each.id in listed) == (now - heard > each.missed * each.every)


@given(waited_for(), st.randoms())
def test_the_order_does_not_depend_on_who_was_entered_first(everyone, lots):
    shuffled = everyone[:]
    lots.shuffle(shuffled)
    order = [late.expected.id for late in silence(everyone, SIX).overdue]
    assert order == [late.expected.id for late in silence(shuffled, SIX).overdue]


@given(waited_for())
def test_being_heard_takes_one_off_the_list_and_moves_nobody_else_ahead_of_another(everyone):
    before = [late.expected.id for late in silence(everyone, SIX).overdue]
    for heard in before:
        now = [replace(e, word=Word(SIX, "R. Sari")) if e.id == heard else e for e in everyone]
        after = [late.expected.id for late in silence(now, SIX).overdue]
        assert after == [each for each in before if each != heard]
