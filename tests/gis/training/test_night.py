"""The sample night at 05:40: a desk in the middle of a flood."""

from datetime import datetime

import pytest

from gis.clock import ManualClock, ScenarioClock
from gis.model.incident import Incident, Note
from gis.model.record import Quality
from gis.model.sensor import Alarm, AlarmState, Sensor
from gis.store import questions
from gis.training.night import CITY, OFFICER, open_night
from tests.build import SIX
from tests.night import MINUTE

OPENED = datetime.fromisoformat("2026-02-11T05:40:00+08:00")


@pytest.fixture(scope="module")
def beat():
    return ManualClock(SIX)


@pytest.fixture(scope="module")
def night(sample_city, tmp_path_factory, beat):
    folder = tmp_path_factory.mktemp("night") / "sample.kentongan"
    clock = ScenarioClock(SIX, beat=beat, speed=60)
    player = open_night(sample_city.folder, folder, author="Trainee", clock=clock)
    yield player
    player.store.close()


def find(night, kind):
    with night.store.reading() as query:
        return query.find(kind)


def test_the_desk_opens_in_a_living_night(night):
    assert night.clock.now() == OPENED
    logged = find(night, Incident)
    assert 30 <= len(logged) <= 40
    assert sum(not incident.is_open for incident in logged) >= 5
    assert find(night, Note)
    assert all(incident.place is not None for incident in logged)


def test_alarms_stand_and_some_wait_for_a_name(night):
    with night.store.reading() as query:
        states = [ringing.alarm.state for ringing in questions.standing_alarms(query)]
    assert states.count(AlarmState.UNACK) >= 1
    assert states.count(AlarmState.ACKED) >= 10
    assert {a.acknowledged_by for a in find(night, Alarm)} == {"", OFFICER}


def test_the_faults_of_the_instruments_are_doubted_and_nothing_else_is(night):
    doubted = {}
    with night.store.reading() as query:
        for sensor in query.find(Sensor):
            flags = {Quality(q) for q in query.series(sensor.id).quality.tolist() if q}
            if flags:
                doubted[sensor.key] = flags
    assert doubted == {
        "KALI-2": {Quality.SPIKE},
        "ANYAR-1": {Quality.SPIKE},
        "KALI-5": {Quality.STUCK},
        "KANAL-1": {Quality.RANGE},
    }


def test_every_step_stands_in_the_night_and_the_journal_holds(night):
    with night.store.reading() as query:
        steps = query.steps(10_000)
        assert query.broken() is None
    assert steps[-1].at == night.scenario.starts_at
    assert steps[0].at <= OPENED


def test_the_operation_knows_where_its_city_is(night, sample_city):
    with night.store.reading() as query:
        city = query.kept(CITY)
    west, south, east, north = city["extent"]
    assert all(west < s.place.x < east and south < s.place.y < north for s in find(night, Sensor))
    assert city["geopackage"] == str(sample_city.geopackage)


def test_the_rest_of_the_night_is_played_to_its_end(night, beat):
    while not night.finished:
        beat.advance(MINUTE)
        night.tick()
    assert night.clock.now() >= night.scenario.ends_at
    assert len(find(night, Incident)) == 40
