"""Who is waited for, and what counts as having been heard."""

from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import Point, box

from gis.errors import UserError
from gis.geo.wards import Wards
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.reporting import Call, Hazard, PointKind, ReportingPoint
from gis.model.sensor import Suppression, Withholding
from gis.ops import incidents, readings, reporting, sensors
from gis.ops.silence import waited_for
from gis.sensors.roster import Post
from gis.sensors.silence import silence
from gis.store import Store
from gis.store.past import Past
from gis.sync.exchange import receive
from gis.sync.package import pack, unpack
from tests.build import a_gauge, a_rule

HOUR = timedelta(hours=1)
WARDS = Wards(["North", "South"], [box(116.7, -8.2, 116.8, -8.1), box(116.7, -8.3, 116.8, -8.2)])
NORTH, SOUTH = Point(116.75, -8.15), Point(116.75, -8.25)
HALL = Point(116.72, -8.22)
POSTS = (
    Post(PointKind.WARD, "North", NORTH, 4_000),
    Post(PointKind.WARD, "South", SOUTH, 9_000),
    Post(PointKind.SHELTER, "Hall", HALL, 300),
)


@pytest.fixture
def posted(store):
    """Two wards and a shelter, every six hours."""
    with store.writing("Expect reports") as tx:
        reporting.expect(tx, POSTS, 6 * 3600)
    return store


def found(store, at=None):
    with store.reading() as query:
        look = query if at is None else Past(query, at)
        return {each.name: each for each in waited_for(look, WARDS)}


def late(store):
    with store.reading() as query:
        return [each.expected.name for each in silence(waited_for(query, WARDS), query.at).overdue]


def log(store, place):
    with store.writing("Log incident") as tx:
        return incidents.log(tx, "fl", "water", Severity.MINOR, place=place)


def point(store, name):
    with store.reading() as query:
        return query.first(ReportingPoint, name=name)


def test_after_six_hours_without_a_word_the_most_people_are_the_most_urgent(posted, clock):
    clock.advance(6 * HOUR)
    assert late(posted) == []
    clock.advance(timedelta(minutes=1))
    assert late(posted) == ["South", "North", "Hall"]


def test_an_incident_is_word_from_the_ward_it_lies_in_and_from_the_shelter_beside_it(posted, clock):
    clock.advance(7 * HOUR)
    log(posted, Point(HALL.x + 0.002, HALL.y))  # some 220 m away
    assert late(posted) == ["North"]
    assert found(posted)["Hall"].word.source == "incident I-0001"
    assert found(posted)["South"].word.at == clock.now()


def test_an_incident_four_hundred_metres_away_is_no_word_from_a_shelter(posted, clock):
    clock.advance(7 * HOUR)
    log(posted, Point(HALL.x + 0.0037, HALL.y))
    assert late(posted) == ["North", "Hall"]


def test_one_key_says_that_they_were_heard_and_who_heard_them(posted, clock):
    clock.advance(7 * HOUR)
    with posted.writing("Heard") as tx:
        reporting.heard(tx, point(posted, "South").id, "all  dry")
    assert late(posted) == ["North", "Hall"]
    assert found(posted)["South"].word.source == "R. Sari: all dry"


def test_a_call_without_an_answer_is_kept_and_leaves_them_silent(posted, clock):
    clock.advance(7 * HOUR)
    with posted.writing("No answer") as tx:
        reporting.no_answer(tx, point(posted, "South").id)
    assert late(posted)[0] == "South"
    tried = found(posted)["South"].tried
    assert (tried.at, tried.by, tried.answered) == (clock.now(), "R. Sari", False)
    clock.advance(HOUR)
    with posted.writing("Heard") as tx:
        reporting.heard(tx, point(posted, "South").id)
    assert found(posted)["South"].tried is None, "what came after it is what counts"


def test_the_package_of_a_team_is_word_from_it(posted, clock, tmp_path):
    with posted.writing("Expect reports") as tx:
        reporting.expect(tx, [Post(PointKind.TEAM, "Team B", every_s=3600)], 3600)
    other = Store.create(
        tmp_path / "team.kentongan",
        replace(posted.operation, desk="T"),
        clock=clock,
        author="team b",
    )
    clock.advance(2 * HOUR)
    log(other, NORTH)
    pack(other, tmp_path / "b.kentongan-package")
    other.close()
    clock.advance(HOUR)
    assert "Team B" in late(posted)
    with posted.writing("Take in package") as tx:
        receive(tx, unpack(tmp_path / "b.kentongan-package"))
    word = found(posted)["Team B"].word
    assert word.at == clock.now() - HOUR, "when they wrote, not when it came"
    assert "North" not in late(posted), "and what they wrote is word from the ward"


def test_a_gauge_concerns_the_people_of_its_ward_and_is_word_itself(posted, clock):
    gauge = a_gauge(place=SOUTH, contact="Pak Agus 0813")
    with posted.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge))
    with posted.writing("Readings") as tx:
        readings.ingest(tx, [Reading(gauge.id, clock.now(), 4.8)])
    clock.advance(timedelta(minutes=31))
    kali = found(posted)["Kali 3"]
    assert (kali.people, kali.hazard, kali.contact) == (9_000, Hazard.EXTREME, "Pak Agus 0813")
    assert late(posted) == ["Kali 3"], "it was over its worst limit when it fell silent"
    with posted.writing("Readings") as tx:
        readings.ingest(tx, [Reading(gauge.id, clock.now(), 2.0)])
    assert late(posted) == []


def test_a_gauge_that_falls_silent_climbs_the_list(posted, clock):
    gauge = a_gauge(place=SOUTH)
    with posted.writing("Set up") as tx:
        sensors.register(tx, gauge)
    clock.advance(6 * HOUR + timedelta(minutes=2))
    with posted.writing("Readings") as tx:
        readings.ingest(tx, [Reading(gauge.id, clock.now() - HOUR, 2.0)])
    assert late(posted) == ["South", "North", "Kali 3", "Hall"]
    clock.advance(4 * HOUR)
    with posted.writing("Heard") as tx:
        reporting.heard(tx, point(posted, "South").id)
    assert late(posted) == ["Kali 3", "North", "Hall"]


def test_a_gauge_out_of_service_and_what_is_suspended_are_not_waited_for(posted, clock):
    gauge = a_gauge(place=SOUTH)
    with posted.writing("Set up") as tx:
        sensors.register(tx, gauge)
        out = Suppression(Withholding.OUT_OF_SERVICE, tx.at, "repair", "R. Sari", sensor_id=gauge.id)
        tx.put(out)
        reporting.suspend(tx, [point(posted, "South").id])
    clock.advance(7 * HOUR)
    assert late(posted) == ["North", "Hall"]
    with posted.writing("Resume") as tx:
        reporting.resume(tx, [point(posted, "South").id])
    assert late(posted) == ["North", "Hall"], "it is waited for from now on"
    clock.advance(7 * HOUR)
    assert late(posted)[0] == "South"


def test_a_gauge_that_never_spoke_is_waited_for_since_it_was_set_up(store, clock):
    clock.advance(10 * HOUR)
    with store.writing("Set up") as tx:
        sensors.register(tx, a_gauge())
    clock.advance(2 * HOUR)
    assert found(store)["Kali 3"].silent_for(clock.now()) == 2 * HOUR


def test_a_rhythm_of_the_night_alone_ends_in_the_morning(posted, clock):
    with posted.writing("Only tonight") as tx:
        until = clock.now() + 8 * HOUR
        reporting.change(tx, [point(posted, "South").id], until=until, hazard=Hazard.EXTREME)
    clock.advance(7 * HOUR)
    assert late(posted)[0] == "South"
    clock.advance(HOUR)
    assert "South" not in found(posted)


def test_expecting_again_brings_up_to_date_and_keeps_what_people_said(posted):
    with posted.writing("Who to call") as tx:
        reporting.change(tx, [point(posted, "South").id], contact="Bu Ani 0811", hazard=Hazard.HIGH)
    with posted.writing("Expect reports") as tx:
        outcome = reporting.expect(
            tx, [Post(PointKind.WARD, "SOUTH", SOUTH, 9_500), Post(PointKind.WARD, "East")], 3600
        )
    assert (outcome.new, outcome.known) == (1, 1)
    south = point(posted, "South")
    assert (south.people, south.expected_every_s, south.contact) == (9_500, 3600, "Bu Ani 0811")
    assert south.hazard is Hazard.HIGH


def test_the_same_list_at_an_earlier_moment(posted, clock):
    clock.advance(7 * HOUR)
    then = clock.now()
    clock.advance(HOUR)
    with posted.writing("Heard") as tx:
        reporting.heard(tx, point(posted, "South").id)
    assert found(posted)["South"].word is not None
    past = found(posted, then)
    assert past["South"].word is None
    assert silence([*past.values()], then).overdue[0].expected.name == "South"


def test_a_number_to_call_can_be_erased_from_the_whole_history(posted):
    south = point(posted, "South")
    with posted.writing("Who to call") as tx:
        reporting.change(tx, [south.id], contact="Bu Ani 0811")
    posted.erase(ReportingPoint, south.id, lambda tx, each: None)
    assert point(posted, "South").contact == ""


@pytest.mark.parametrize(
    "fields", [{"name": " "}, {"expected_every_s": 5}, {"people": -1}, {"until": "before"}]
)
def test_what_cannot_be_is_refused_and_changes_nothing(posted, clock, fields):
    before = point(posted, "South")
    if "until" in fields:
        fields = {"until": before.since - HOUR}
    with pytest.raises(UserError), posted.writing("Wrong") as tx:
        reporting.change(tx, [before.id], **fields)
    assert point(posted, "South") == before


def test_two_desks_that_both_heard_from_a_ward_do_not_disagree(posted, clock):
    for by in ("R. Sari", "D. Putra"):
        with posted.writing("Heard", by) as tx:
            reporting.heard(tx, point(posted, "South").id)
    with posted.reading() as query:
        assert len(query.find(Call)) == 2
        assert query.disputed() == []
