"""What a chart marks: the parts of an alarm touch, and nobody's withholding is lost."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.charts.episodes import Kind, episodes
from gis.model.incident import Severity
from gis.model.sensor import Alarm, Suppression, Withholding
from tests.build import SIX, a_gauge, a_rule

GAUGE = a_gauge()
RULE = a_rule(GAUGE)
NOW = SIX + timedelta(hours=5)


def after(minutes):
    return SIX + timedelta(minutes=minutes)


def an_alarm(**but):
    return Alarm(RULE.id, GAUGE.id, Severity.EXTREME, SIX, 4.9, **but)


def told(alarm, *withheld):
    found = episodes([alarm], [RULE], withheld, NOW)
    return [(each.kind, each.start, each.end) for each in found]


def test_an_alarm_is_pending_then_rings_then_is_acknowledged():
    alarm = an_alarm(
        raised_at=after(5), acknowledged_at=after(12), acknowledged_by="RS {x}", returned_at=after(60)
    )
    assert told(alarm) == [
        (Kind.PENDING, SIX, after(5)),
        (Kind.RUNG, after(5), after(12)),
        (Kind.ACKNOWLEDGED, after(12), after(60)),
    ]
    labels = [each.label for each in episodes([alarm], [RULE], (), NOW)]
    assert labels[-1] == "Siaga 1 at 4.50: acknowledged by RS {x}"


def test_what_stands_reaches_to_now_and_what_is_latched_until_somebody_resets_it():
    assert told(an_alarm(raised_at=SIX)) == [(Kind.RUNG, SIX, NOW)]
    latched = an_alarm(raised_at=SIX, returned_at=after(30), latch=True)
    assert told(latched) == [(Kind.RUNG, SIX, NOW)]
    reset = an_alarm(raised_at=SIX, returned_at=after(30), latch=True, reset_at=after(90))
    assert told(reset) == [(Kind.RUNG, SIX, after(90))]


def test_an_acknowledgement_after_the_return_does_not_lengthen_the_alarm():
    late = an_alarm(raised_at=SIX, returned_at=after(30), acknowledged_at=after(90), acknowledged_by="RS")
    assert told(late) == [(Kind.RUNG, SIX, after(30))]


def test_what_was_suppressed_did_not_ring():
    assert told(an_alarm(raised_at=after(5), suppressed=True))[1:] == [(Kind.SUPPRESSED, after(5), NOW)]


def test_shelving_ends_where_somebody_ended_it_or_where_it_will():
    shelved = Suppression(
        Withholding.SHELVED, after(10), "noise", "RS", rule_id=RULE.id, until=after(70), ended_at=after(40)
    )
    out = Suppression(Withholding.OUT_OF_SERVICE, after(20), "cleaning", "RS", sensor_id=GAUGE.id)
    found = episodes([], [RULE], (shelved, out), NOW)
    assert [(each.kind, each.end) for each in found] == [
        (Kind.SHELVED, after(40)),
        (Kind.OUT_OF_SERVICE, NOW),
    ]
    assert found[0].label == "Siaga 1 at 4.50: shelved by RS: noise"


minutes = st.none() | st.integers(-30, 400).map(after)


@given(raised=minutes, acked=minutes, returned=minutes, reset=minutes, latch=st.booleans())
def test_the_parts_of_an_alarm_touch_and_never_overlap_whatever_its_times(
    raised, acked, returned, reset, latch
):
    alarm = an_alarm(
        raised_at=raised, acknowledged_at=acked, returned_at=returned, reset_at=reset, latch=latch
    )
    found = episodes([alarm], [RULE], (), NOW)
    assert all(each.start < each.end for each in found)
    assert all(before.end == later.start for before, later in pairwise(found))
    if found:
        assert found[0].start == SIX
