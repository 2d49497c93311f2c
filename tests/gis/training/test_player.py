"""An exercise is a written night played through the real verbs, in a store marked for good."""

from dataclasses import replace

import pytest

from gis.clock import ManualClock, ScenarioClock
from gis.errors import UserError
from gis.geo.wards import Wards
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.model.reporting import PointKind
from gis.model.sensor import Alarm, AlarmState, Sensor
from gis.ops import alarms, incidents
from gis.ops.silence import waited_for
from gis.sensors.roster import Post
from gis.sensors.silence import silence
from gis.store import Store, questions
from gis.training.player import Player, open_exercise
from gis.training.scenario import Act, Answer, Inject
from tests.build import SIX, a_gauge
from tests.disk import no_room
from tests.night import MINUTE, a_night, after


@pytest.fixture
def beat():
    """Real time, in the hand of the test."""
    return ManualClock(SIX + 1_000_000 * MINUTE)


@pytest.fixture
def play(tmp_path, beat):
    """Opens the exercise, again if it is there; closes what it opened."""
    opened = []

    def start(at=180, scenario=None, speed=1.0):
        folder, clock = tmp_path / "night.kentongan", ScenarioClock(SIX, beat=beat, speed=speed)
        player = open_exercise(folder, scenario or a_night(), at=after(at), author="Trainee", clock=clock)
        opened.append(player.store)
        return player

    yield start
    for store in opened:
        store.close()


def found(store, kind):
    with store.reading() as query:
        return query.find(kind)


def test_the_desk_opens_in_the_middle_of_the_night(play):
    player = play(180)
    assert player.store.clock.now() == after(180)
    assert [i.text for i in found(player.store, Incident)] == ["Water in the market", "Tree across the road"]
    with player.store.reading() as query:
        assert [ringing.alarm.state for ringing in questions.standing_alarms(query)] == [AlarmState.UNACK]
        assert query.latest()[found(player.store, Sensor)[0].id].at == after(180)


def test_every_step_of_the_hurried_part_stands_at_its_time_in_the_journal(play):
    store = play(180).store
    with store.reading() as query:
        steps = query.steps()
    assert [step.at for step in steps] == sorted((step.at for step in steps), reverse=True)
    logged = {step.label: (step.at, step.author) for step in steps}
    assert logged["Amend incident"] == (after(95), "R. Sari")
    assert logged["Close incident"] == (after(140), "R. Sari")
    alarm = found(store, Alarm)[0]
    with store.reading() as query:
        began = query.steps(record_id=alarm.id)[-1]
    assert began.at == alarm.raised_at == after(150)


def test_the_officer_acknowledged_what_rang_before_he_was_called_away(play):
    alarm = found(play(300).store, Alarm)[0]
    assert alarm.acknowledged_by == "R. Sari"
    assert after(150) < alarm.acknowledged_at <= after(180)


def test_what_comes_due_happens_when_its_time_comes(play, beat):
    player = play(180, speed=60)
    assert player.tick() == []
    beat.advance(MINUTE / 2)
    player.tick()
    assert found(player.store, Alarm)[0].peak == 5.1
    assert len(found(player.store, Incident)) == 2
    beat.advance(MINUTE / 2)
    player.tick()
    (last,) = [i for i in found(player.store, Incident) if i.reported_at == after(215)]
    assert last.number == "I-0003"
    assert player.finished


def test_a_paused_night_stands_still(play, beat):
    player = play(180, speed=60)
    player.clock.pause()
    beat.advance(60 * MINUTE)
    player.tick()
    assert len(found(player.store, Incident)) == 2
    player.clock.resume()
    beat.advance(MINUTE)
    player.tick()
    assert len(found(player.store, Incident)) == 3


def test_the_night_goes_on_around_what_the_trainee_does(play, beat):
    player = play(125)
    with player.store.writing("Log incident") as tx:
        mine = incidents.log(tx, "fi", "Smoke at the harbour", found(player.store, Incident)[0].severity)
    beat.advance(10 * MINUTE)
    player.tick()
    (tree,) = [i for i in found(player.store, Incident) if "Tree" in i.text]
    assert (mine.number, tree.number) == ("I-0002", "I-0003")
    with player.store.writing("Close incident") as tx:
        incidents.close(tx, tree.id)
    beat.advance(20 * MINUTE)
    player.tick()
    (tree,) = [i for i in found(player.store, Incident) if "Tree" in i.text]
    assert tree.closed_at == after(135)


def test_a_night_interrupted_goes_on_where_it_was_and_repeats_nothing(play, beat):
    first = play(180)
    beat.advance(40 * MINUTE)
    first.tick()
    with first.store.writing("Acknowledge alarm") as tx:
        alarms.acknowledge(tx, found(first.store, Alarm)[0].id, "Trainee")
    before = [(i.number, i.text) for i in found(first.store, Incident)]
    first.store.close()
    again = play(180, scenario=replace(a_night()))
    assert again.store.clock.now() == after(220)
    assert [(i.number, i.text) for i in found(again.store, Incident)] == before
    beat.advance(30 * MINUTE)
    again.tick()
    assert len(found(again.store, Incident)) == 3
    assert len(found(again.store, Sensor)) == 1
    (alarm,) = found(again.store, Alarm)
    assert (alarm.acknowledged_by, alarm.peak) == ("Trainee", 5.4)


def test_time_goes_on_after_what_the_trainee_wrote_last(play, beat):
    player = play(120)
    beat.advance(7 * MINUTE)
    with player.store.writing("Log incident") as tx:
        incidents.log(tx, "fi", "Smoke at the harbour", found(player.store, Incident)[0].severity)
    player.store.close()
    assert play(120).store.clock.now() == after(127)


def test_instruments_read_anew_from_the_scenario_are_the_ones_set_up_before(play, beat):
    play(100).store.close()
    gauge = a_gauge()  # the same key under another id, as reading the tables again gives
    night = a_night()
    levels = tuple(Reading(gauge.id, r.at, r.value) for r in night.readings)
    player = play(100, scenario=replace(night, sensors=(gauge,), readings=levels))
    beat.advance(60 * MINUTE)
    player.tick()
    assert found(player.store, Alarm)[0].raised_at == after(150)


def test_nothing_is_played_into_a_real_operation(store, clock):
    with pytest.raises(UserError, match="real operation"):
        Player(store, a_night(), ScenarioClock(SIX, beat=clock))
    with pytest.raises(UserError, match="real operation"):
        open_exercise(store.folder, a_night(), at=after(60), author="Trainee")
    assert found(store, Sensor) == []
    with store.reading() as query:
        assert query.steps() == []


def test_the_mark_of_an_exercise_stays(play, clock):
    player = play(60)
    player.store.close()
    again = Store.open(player.store.folder, clock=clock, author="R. Sari")
    assert again.operation.exercise
    again.close()


def test_what_could_not_be_written_does_not_count_as_played(play, beat):
    player = play(0)
    before = player.played_until
    (player.store.folder / "desk.gpkg-wal").unlink()  # nothing can be committed any more
    beat.advance(180 * MINUTE)
    with pytest.raises(UserError, match="taken"):
        player.tick()
    assert player.played_until == before


def test_readings_that_met_a_full_disk_are_measured_again_once_there_is_room(play, beat):
    player = play(0)
    beat.advance(180 * MINUTE)
    with no_room(), pytest.raises(UserError, match="disk is full"):
        player.tick()
    player.tick()
    sensor = found(player.store, Sensor)[0]
    wanted = [reading for reading in player.scenario.readings if SIX < reading.at <= after(180)]
    with player.store.reading() as query:
        assert len(query.series(sensor.id).value) == len(wanted)


def test_a_second_window_does_not_play_the_night_until_the_first_is_closed(play, beat):
    first, second = play(0), play(0)
    beat.advance(180 * MINUTE)
    assert second.tick() == []
    assert found(second.store, Incident) == []
    first.tick()
    logged = found(first.store, Incident)
    assert logged
    first.store.close()
    second.tick()
    assert found(second.store, Incident) == logged


def test_the_rounds_of_the_night_are_called_and_who_does_not_answer_falls_silent(play):
    posts = (Post(PointKind.WARD, "North", every_s=3600), Post(PointKind.WARD, "South", every_s=3600))
    rounds = tuple(
        Inject(
            after(minutes),
            Act.HEARD,
            "",
            "R. Sari",
            calls=tuple(
                Answer(PointKind.WARD, name, answered=name == "North" or minutes < 60)
                for name in ("North", "South")
            ),
        )
        for minutes in (50, 110, 170)
    )
    night = a_night()
    injects = tuple(sorted([*night.injects, *rounds], key=lambda inject: inject.at))
    store = play(180, replace(night, posts=posts, injects=injects)).store
    with store.reading() as query:
        found = silence(waited_for(query, Wards([], [])), query.at)
    [south] = found.overdue
    assert (south.expected.name, south.expected.word.at) == ("South", after(50))
    assert (south.expected.tried.at, south.expected.tried.by) == (after(170), "R. Sari")
