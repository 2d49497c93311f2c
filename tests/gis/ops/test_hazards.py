"""What others warn of: an update replaces, a cancellation ends, in whatever order they come."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from gis.exchange.cap_feed import listing
from gis.exchange.cap_hazards import Listening, message
from gis.model.hazard import HazardAlert
from gis.model.incident import Severity
from gis.ops import hazards, readings
from gis.ops.hazards import concerns, standing
from gis.progress import Progress
from gis.sensors.feeds.feed import Batch
from gis.sensors.feeds.quakes import Wanted, quakes
from gis.sensors.feeds.station import Sheet
from gis.store import Operation, Store
from tests.build import SIX
from tests.stations import cap_alert, collected, reference, usgs_quake

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def cap(minutes: int, name: str, **said):
    """A message sent so many minutes before six."""
    alert = listing(cap_alert(SIX - minutes * MINUTE, name, **said).encode()).alerts[0]
    return message(alert, Listening(), SIX)


def after(minutes: int, name: str) -> str:
    return reference(SIX - minutes * MINUTE, name)


def quake(minutes: int, name="us1", **said):
    sheet = Sheet("quakes", SIX)
    written = {key: value if isinstance(value, str) else repr(value) for key, value in said.items()}
    feature = usgs_quake(SIX - 30 * MINUTE, name, **written)
    ms = str(int((SIX - minutes * MINUTE).timestamp() * 1000))
    feature["properties"] |= {"updated": ms, "time": str(feature["properties"]["time"]), "tsunami": "0"}
    feature["properties"]["mag"] = written.get("mag", "6.1")
    feature["geometry"]["coordinates"] = ["119.2", "-5.4", "33.0"]
    quakes(collected(feature), Wanted(least_magnitude=4.0), sheet)
    assert not sheet.rejected
    return sheet.hazards[0]


@pytest.fixture
def desk(store):
    """Hears messages, and says which warnings hold."""

    def hear(*messages, at=SIX):
        if messages:
            hazards.take_in(store, messages, "feed")
        with store.reading() as query:
            return standing(query, at)

    return hear


def names(alerts) -> list[str]:
    return [alert.names.splitlines()[0].removeprefix("bmkg@example.org,") for alert in alerts]


def test_a_warning_holds_until_it_expires(desk):
    assert names(desk(cap(10, "a", hours=2))) == ["a"]
    assert names(desk(at=SIX + 109 * MINUTE)) == ["a"]
    assert desk(at=SIX + 110 * MINUTE) == []


def test_hearing_it_again_changes_nothing(desk, store):
    desk(cap(10, "a"))
    with store.reading() as query:
        before = len(query.steps(100))
    assert hazards.take_in(store, [cap(10, "a"), cap(10, "a")], "feed") == 0
    with store.reading() as query:
        assert len(query.steps(100)) == before


def test_an_update_replaces_what_it_names(desk):
    first = desk(cap(30, "a"))
    (now,) = desk(cap(10, "b", kind="Update", follows=after(30, "a"), severity="Extreme"))
    assert now.severity is Severity.EXTREME
    assert now.id == first[0].id
    assert desk(cap(30, "a")) == [now]  # the old one, heard again


def test_a_cancellation_ends_it_with_and_without_words(desk):
    desk(cap(30, "a"), cap(30, "b"))
    assert names(desk(cap(10, "c", kind="Cancel", follows=after(30, "a")))) == ["b"]
    assert desk(cap(9, "d", kind="Cancel", follows=after(30, "b"), info="")) == []


def test_a_cancellation_that_comes_first_counts(desk):
    assert desk(cap(10, "b", kind="Cancel", follows=after(30, "a"))) == []
    assert desk(cap(30, "a")) == []


def test_an_all_clear_ends_it(desk):
    desk(cap(30, "a"))
    assert desk(cap(10, "b", kind="Update", follows=after(30, "a"), response="AllClear")) == []


def test_two_updates_of_one_warning_both_stand(desk):
    """As weather services do that split a warning into two areas."""
    desk(cap(30, "a"))
    follows = after(30, "a")
    found = desk(cap(10, "b", kind="Update", follows=follows), cap(10, "c", kind="Update", follows=follows))
    assert sorted(names(found)) == ["b", "c"]
    assert names(desk(cap(5, "d", kind="Cancel", follows=after(10, "b")))) == ["c"]


def test_one_update_of_two_warnings_replaces_both(desk):
    desk(cap(30, "a"), cap(29, "b"))
    both = f"{after(30, 'a')} {after(29, 'b')}"
    assert names(desk(cap(10, "c", kind="Update", follows=both))) == ["c"]


def test_an_update_that_names_itself_is_only_a_newer_one(desk):
    desk(cap(30, "a"))
    (now,) = desk(cap(10, "a", kind="Update", follows=after(10, "a"), headline="Higher"))
    assert now.headline == "Higher"


def test_an_exercise_is_never_taken_for_real(desk):
    (told, real) = sorted(desk(cap(10, "a", status="Exercise"), cap(9, "b")), key=lambda a: a.is_real)
    assert (told.is_real, real.is_real) == (False, True)
    assert names(desk()) == ["b", "a"]  # real ones first


@pytest.mark.parametrize(
    "said", [{"kind": "Ack"}, {"kind": "Error"}, {"status": "System"}, {"status": "Draft"}]
)
def test_what_warns_of_nothing_is_no_warning(said):
    assert cap(10, "a", **said) is None


def test_what_has_expired_when_it_comes_is_not_kept(desk, store):
    desk(cap(300, "a", hours=1))
    with store.reading() as query:
        assert query.find(HazardAlert) == []


def test_a_quake_keeps_its_place_when_its_name_changes(desk):
    (first,) = desk(quake(20, "us1", ids=",us1,", mag=6.1))
    (now,) = desk(quake(10, "ci2", ids=",us1,ci2,", mag=6.4))
    assert (now.id, now.magnitude) == (first.id, 6.4)
    assert desk(quake(20, "us1", ids=",us1,", mag=6.1)) == [now]


def test_a_quake_that_never_was_leaves_the_map(desk):
    desk(quake(20))
    assert desk(quake(10, status="deleted")) == []
    (again,) = desk(quake(5, mag=5.0))  # and may come back
    assert again.magnitude == 5.0


def test_a_quake_that_was_weaker_than_thought_leaves_the_map(desk):
    desk(quake(20))
    assert desk(quake(10, mag=3.2)) == []


def test_two_desks_that_hear_the_same_have_it_once(store, tmp_path, clock):
    other = Store.create(
        tmp_path / "other.kentongan", Operation("Other", clock.now()), clock=clock, author="B"
    )
    ids = set()
    for each in (store, other):
        hazards.take_in(each, [cap(10, "a")], "feed")
        with each.reading() as query:
            ids |= {alert.id for alert in query.find(HazardAlert)}
    other.close()
    assert len(ids) == 1


def test_warnings_come_in_with_the_readings_of_a_feed(store):
    readings.take_in(store, Batch(hazards=(cap(10, "a"),)), "feed", Progress())
    with store.reading() as query:
        assert len(standing(query, SIX)) == 1


ALL = [
    cap(50, "a"),
    cap(40, "b", kind="Update", follows=after(50, "a"), severity="Extreme"),
    cap(30, "c", kind="Update", follows=f"{after(50, 'a')} {after(40, 'b')}"),
    cap(45, "x"),
    cap(25, "y", kind="Cancel", follows=after(45, "x")),
    quake(20),
    quake(15, mag=6.5),
]


@given(st.permutations(ALL), st.lists(st.sampled_from(ALL), max_size=4), st.integers(1, 7))
def test_in_whatever_order_and_however_often_messages_come_the_end_is_the_same(
    tmp_path_factory, order, twice, by
):
    known: dict[str, HazardAlert] = {}
    told = [*order, *twice]
    for start in range(0, len(told), by):
        changed = hazards.heard(known.values(), told[start : start + by], SIX)
        known |= {alert.id: alert for alert in changed}
    held = [alert for alert in known.values() if alert.holds(SIX)]
    assert {(alert.names, alert.severity, alert.magnitude) for alert in held} == {
        ("bmkg@example.org,c", Severity.SEVERE, None),
        ("usgs:us1", Severity.SEVERE, 6.5),
    }
    assert len(held) == 2


CITY = (119.3, -5.3, 119.6, -5.0)


@pytest.mark.parametrize(
    ("place", "magnitude", "told"),
    [
        (box(119.5, -5.1, 120, -5), None, True),
        (box(121, -5.1, 122, -5), None, False),
        (None, None, False),
        (Point(119.4, -5.1), 3.0, True),
        (Point(121.0, -5.1), 4.0, False),
        (Point(121.0, -5.1), 7.0, True),
    ],
)
def test_a_warning_concerns_the_city_where_it_reaches_it(place, magnitude, told):
    alert = replace(cap(10, "a").alerts[0], place=place, magnitude=magnitude)
    assert concerns(alert, CITY) is told
