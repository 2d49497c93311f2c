"""A flood of alarms: when it is one, and what belongs together in it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from gis.geo.measure import distance_m
from gis.model.incident import Severity
from gis.model.sensor import Alarm, AlarmRule, Measure, Quantity, Sensor
from gis.sensors.flood import REACH_M, Flood, areas, flood, grouped
from tests.build import a_gauge, a_rule

MIDNIGHT = datetime(2026, 2, 11, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def rung(at: datetime, **but) -> Alarm:
    return Alarm(rule_id="r", sensor_id="s", severity=Severity.MINOR, since=at, peak=1.0, raised_at=at, **but)


def at_seconds(*seconds: int) -> list[Alarm]:
    return [rung(MIDNIGHT + n * SECOND) for n in seconds]


def test_a_silent_desk_has_no_flood():
    assert flood([], MIDNIGHT) == Flood(0, False)


def test_ten_in_ten_minutes_are_none_and_the_eleventh_makes_it_one():
    ten = at_seconds(*range(0, 300, 30))
    assert flood(ten, MIDNIGHT + 5 * MINUTE) == Flood(10, False)
    assert flood([*ten, *at_seconds(300)], MIDNIGHT + 5 * MINUTE) == Flood(11, True)


def test_a_flood_goes_on_until_fewer_than_five_rang_in_ten_minutes():
    alarms = at_seconds(*range(0, 330, 30))
    assert flood(alarms, MIDNIGHT + 13 * MINUTE - SECOND) == Flood(5, True)
    assert flood(alarms, MIDNIGHT + 13 * MINUTE) == Flood(4, False)


def test_what_is_suppressed_or_still_to_come_makes_no_flood():
    quiet = [replace(alarm, suppressed=True) for alarm in at_seconds(*range(11))]
    assert flood(quiet, MIDNIGHT + MINUTE) == Flood(0, False)
    assert flood(at_seconds(*range(11)), MIDNIGHT - SECOND) == Flood(0, False)


def by_the_second(seconds: list[int], until: int) -> Flood:
    """One second after the other, as a clerk with a tally would."""
    going_on, count = False, 0
    for now in range(min([*seconds, until]), until + 1):
        count = sum(now - 600 < at <= now for at in seconds)
        going_on = count > 10 or (going_on and count >= 5)
    return Flood(count, going_on)


@given(st.lists(st.integers(0, 1_500), max_size=50), st.integers(0, 2_400))
def test_it_is_a_flood_when_a_clerk_with_a_tally_says_so(seconds, until):
    assert flood(at_seconds(*seconds), MIDNIGHT + until * SECOND) == by_the_second(seconds, until)


@dataclass(frozen=True)
class Rung:
    alarm: Alarm
    sensor: Sensor
    rule: AlarmRule

    @property
    def waits(self) -> bool:
        return self.alarm.needs_attention


def ringing(sensor: Sensor, severity: Severity = Severity.SEVERE, **rule) -> Rung:
    limit = a_rule(sensor, severity=severity, **rule)
    at = MIDNIGHT
    alarm = Alarm(rule_id=limit.id, sensor_id=sensor.id, severity=severity, since=at, peak=5.0, raised_at=at)
    return Rung(alarm, sensor, limit)


def gauge(n: int, km: float, **but) -> Sensor:
    """East of a place on the equator by so many kilometres."""
    return a_gauge(id=f"g{n}", key=f"K{n:03}", name=f"Kali {n}", place=Point(km / 111.32, 0.0), **but)


def test_gauges_close_together_are_one_area_and_rain_beside_them_another():
    river = [gauge(n, n * 1.2) for n in range(6)]
    rain = gauge(9, 0.1, quantity=Quantity.RAIN)
    groups = grouped([ringing(each) for each in (rain, *river)], areas([*river, rain]))
    assert [(g.quantity, g.around.name, len(g.members)) for g in groups] == [
        (Quantity.LEVEL, "Kali 0", 3),
        (Quantity.LEVEL, "Kali 3", 3),
        (Quantity.RAIN, "Kali 9", 1),
    ]


def test_trouble_with_instruments_is_a_cause_of_its_own_and_comes_last():
    one, two = gauge(1, 0.0), gauge(2, 0.5)
    silent = ringing(one, measure=Measure.SILENCE)
    groups = grouped([silent, ringing(two), ringing(one)], areas([one, two]))
    assert [(g.trouble, len(g.members)) for g in groups] == [(False, 2), (True, 1)]


def test_the_worst_of_a_group_is_the_worst_that_nobody_has_taken():
    one, two = gauge(1, 0.0), gauge(2, 0.5)
    worse, lesser = ringing(one, Severity.EXTREME), ringing(two)
    (group,) = grouped([lesser, worse], areas([one, two]))
    assert group.worst is worse
    taken = replace(worse, alarm=replace(worse.alarm, acknowledged_at=MIDNIGHT, acknowledged_by="R"))
    (group,) = grouped([lesser, taken], areas([one, two]))
    assert (group.worst, group.waiting) == (lesser, (lesser,))


CITY = st.lists(st.tuples(st.floats(0, 30), st.sampled_from(Quantity)), min_size=1, max_size=20).map(
    lambda places: [gauge(n, km, quantity=quantity) for n, (km, quantity) in enumerate(places)]
)


@st.composite
def nights(draw):
    """A city, and two moments of its night: who rings, how badly, and whether it is the instrument."""
    city = draw(CITY)
    one = st.builds(
        lambda sensor, severity, measure: ringing(sensor, severity, measure=measure),
        st.sampled_from(city),
        st.sampled_from(Severity),
        st.sampled_from(Measure),
    )
    return city, draw(st.lists(one, max_size=25)), draw(st.lists(one, max_size=25))


@given(nights())
def test_every_alarm_is_in_exactly_one_group_with_what_is_like_it(night):
    city, before, _after = night
    groups = grouped(before, areas(city))
    assert sorted(each.alarm.id for g in groups for each in g.members) == sorted(
        each.alarm.id for each in before
    )
    assert len({group.key for group in groups}) == len(groups)
    for group in groups:
        here = (group.around.place.x, group.around.place.y)
        for each in group.members:
            assert each.sensor.quantity is group.quantity
            assert each.rule.measure.of_trouble is group.trouble
            assert distance_m(here, (each.sensor.place.x, each.sensor.place.y))[0] <= REACH_M


@given(nights())
def test_groups_keep_their_order_whoever_comes_or_goes(night):
    city, before, after = night
    first, then = grouped(before, areas(city)), grouped([*before, *after], areas(reversed(city)))
    keys = [group.key for group in first]
    assert [group.key for group in then if group.key in keys] == keys
    assert {g.key: g.around.id for g in then}.items() >= {g.key: g.around.id for g in first}.items()
