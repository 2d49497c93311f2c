"""A desk that is heard: what plays, when, and what the strip says while nothing does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from shiboken6 import delete

from desktop.alarmsound import Loudness
from desktop.entries import log_entries
from desktop.rhythms import RHYTHMS, wave
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, Suppression, Withholding
from gis.ops import alarms, readings

MINUTE = timedelta(minutes=1)


class Ear:
    """Hears what is played and spoken, where a loudspeaker would be."""

    def __init__(self) -> None:
        self.heard: list[Severity] = []
        self.volumes: list[float] = []
        self.said: list[str] = []
        self.trouble = ""

    def play(self, sound, volume: float) -> None:
        self.heard += [severity for severity in Severity if wave(severity) is sound]
        self.volumes.append(volume)

    def say(self, text: str, volume: float) -> None:
        self.said.append(text)

    def rest(self) -> None:
        pass


class Watch:
    """The seconds that sounds go by, turned by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def isValid(self) -> bool:
        return True

    def start(self) -> None:
        pass

    def elapsed(self) -> float:
        return self.now_s * 1_000


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def watch(sitting) -> Watch:
    made = Watch()
    sitting.desk.hearing.sounds._time = made
    sitting.desk.hearing.ringing._beat.stop()  # time goes on when a test says so
    return made


@pytest.fixture
def sounds(sitting, ear, watch):
    sitting.kept = []
    sitting.desk.hearing.sounds.begin(ear, lambda: ear, Loudness(), sitting.kept.append)
    return sitting.desk.hearing.sounds


def go_on(sitting, watch, seconds: float) -> None:
    for _second in range(round(seconds)):
        watch.now_s += 1
        sitting.desk.hearing.ringing.tick()


def write(sitting, verb) -> None:
    """A step of the store, shown in the window."""
    with sitting.desk.store.writing("Test") as tx:
        verb(tx)
    sitting.desk.hearing.ringing.look()


def rise(sitting, gauge: str, value: float) -> None:
    at = sitting.desk.store.clock.now()
    write(sitting, lambda tx: readings.ingest(tx, [Reading(gauge, at, value)]))


def take_all(sitting) -> None:
    waiting = [each.alarm.id for each in sitting.desk.hearing.ringing.waiting]
    write(sitting, lambda tx: [alarms.acknowledge(tx, each, "R. Sari") for each in waiting])


def test_alarms_that_stand_unacknowledged_sound_when_the_desk_begins(sounds, ear):
    assert ear.heard == [Severity.EXTREME]
    assert ear.volumes == [0.8]
    assert sounds.mark.said == "Sound on"


def test_the_worst_sounds_again_and_again_until_it_is_acknowledged(sitting, sounds, ear, watch):
    go_on(sitting, watch, 4 * RHYTHMS[Severity.EXTREME].every_s)
    assert ear.heard == [Severity.EXTREME] * 5
    take_all(sitting)
    go_on(sitting, watch, 60)
    assert len(ear.heard) == 5


def test_a_new_alarm_sounds_at_once_in_a_rhythm_of_its_own(sitting, sounds, ear, watch):
    take_all(sitting)
    go_on(sitting, watch, 3)
    rise(sitting, "g3", 4.0)
    assert ear.heard == [Severity.EXTREME, Severity.SEVERE]


def test_one_key_silences_for_two_minutes_and_the_strip_counts_them_down(sitting, sounds, ear, watch):
    sitting.press("F5")
    assert sounds.mark.said == "Silenced 2:00"
    go_on(sitting, watch, 15)
    assert sounds.mark.said == "Silenced 1:45"
    assert len(ear.heard) == 1
    rise(sitting, "g3", 4.0)
    assert len(ear.heard) == 2, "what is new is heard"
    go_on(sitting, watch, 104)
    heard = len(ear.heard)
    go_on(sitting, watch, 2)
    assert len(ear.heard) == heard + 1
    assert sounds.mark.said == "Sound on"


def test_the_same_key_ends_the_silence(sitting, sounds, ear, watch):
    sitting.press("F5")
    go_on(sitting, watch, 10)
    sitting.press("F5")
    assert len(ear.heard) == 2
    assert sounds.mark.said == "Sound on"


def test_the_sound_is_turned_off_at_this_desk_and_the_strip_says_so(sitting, sounds, ear, watch):
    sitting.press("Ctrl+H", "O")
    assert sounds.mark.said == "Sound off"
    assert "turned off" in sounds.mark.toolTip()
    go_on(sitting, watch, 30)
    assert len(ear.heard) == 1
    assert sitting.kept == [Loudness(0, False)]
    sitting.press("Ctrl+H", "O")
    go_on(sitting, watch, 5)
    assert len(ear.heard) == 2


def test_a_device_that_goes_is_said_while_it_is_gone(sitting, sounds, ear, watch):
    ear.trouble = "This computer has no device that plays sound."
    go_on(sitting, watch, 1)
    assert (sounds.mark.said, sounds.mark.toolTip()) == ("Sound off", ear.trouble)
    assert sounds.mark.accessibleName() == ear.trouble
    ear.trouble = ""
    go_on(sitting, watch, 1)
    assert sounds.mark.said == "Sound on"


def test_louder_and_quieter_stay_within_bounds_and_are_kept(sitting, sounds, ear):
    for _press in range(4):
        sitting.press("Ctrl+H", "L")
    assert sounds.loudness.volume == 100
    sitting.press("Ctrl+H", "Q")
    assert sitting.kept[-1] == Loudness(90, False)


def test_the_test_lets_every_rhythm_be_heard(sitting, sounds, ear):
    take_all(sitting)
    before = len(ear.heard)
    sitting.press("Ctrl+H", "T")
    sitting.wait(lambda: len(ear.heard) == before + 4)
    assert ear.heard[before:] == [Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME]


def test_the_past_makes_no_sound_and_silences_none(sitting, sounds, ear, watch):
    sitting.desk.ground.model.outlook.go(sitting.desk.store.clock.now() - timedelta(hours=3))
    go_on(sitting, watch, 5)
    assert ear.heard == [Severity.EXTREME] * 2, "what rings now rings on"


def test_what_is_shelved_or_suppressed_makes_no_sound(sitting, sounds, ear, watch):
    now = sitting.desk.store.clock.now()

    def quieten(tx) -> None:
        for rule in tx.find(AlarmRule):
            tx.put(
                Suppression(Withholding.SHELVED, now, "works", "R", rule_id=rule.id, until=now + 20 * MINUTE)
            )

    write(sitting, quieten)
    go_on(sitting, watch, 30)
    assert len(ear.heard) == 1
    sitting.desk.store.clock.advance(21 * MINUTE)
    sitting.desk.hearing.ringing.look()
    assert len(ear.heard) == 2, "a shelf that ends lets its alarms ring again"
    write(sitting, lambda tx: tx.put_all([replace(each, suppressed=True) for each in tx.find(Alarm)]))
    go_on(sitting, watch, 30)
    assert len(ear.heard) == 2


def test_speech_is_off_until_it_is_turned_on_and_tells_the_worst_once(sitting, sounds, ear, watch):
    go_on(sitting, watch, 10)
    assert ear.said == []
    sitting.press("Ctrl+H", "V")
    go_on(sitting, watch, 4)
    sitting.wait(lambda: ear.said)
    go_on(sitting, watch, 40)
    sitting.qtbot.wait(50)
    assert ear.said == ["Siaga 1, Kali 1, 4 point 8 metres"]
    assert sitting.kept[-1].voice


def test_the_worst_alarm_is_spoken_of_on_demand(sitting, sounds, ear):
    rise(sitting, "g1", 4.9)
    sitting.press("Ctrl+H", "A")
    assert ear.said == ["Siaga 1, Kali 1, 4 point 9 metres"]


def test_without_anything_to_speak_with_the_act_says_so(sitting):
    told: list[str] = []
    sitting.desk.ground.notices.told.connect(told.append)
    sitting.press("Ctrl+H", "A")
    assert told == ["Siaga 1, Kali 1, 4 point 8 metres  Nothing is heard at this desk."]


def flood(sitting, count: int) -> None:
    """So many alarms more in this minute, all of the four gauges that stand close together."""
    rules = sitting.records(AlarmRule)
    at = sitting.desk.store.clock.now()

    def ring(tx) -> None:
        for n in range(count):
            rule = rules[n % len(rules)]
            tx.put(Alarm(rule.id, rule.sensor_id, rule.severity, at, 4.9, raised_at=at))

    write(sitting, ring)


def test_in_a_flood_a_group_sounds_once_and_the_strip_counts_the_alarms(sitting, sounds, ear, watch):
    take_all(sitting)
    go_on(sitting, watch, 5)
    sitting.desk.store.clock.advance(11 * MINUTE)
    sitting.desk.hearing.ringing.tick()
    before = len(ear.heard)
    flood(sitting, 34)
    ringing = sitting.desk.hearing.ringing
    assert ringing.mark.said == "Flood of alarms: 34 in 10 min, grouped"
    go_on(sitting, watch, 3)
    flood(sitting, 6)
    go_on(sitting, watch, 0)
    assert ear.heard[before:] == [Severity.EXTREME], "one group, one sound"
    sitting.press("Ctrl+Shift+F4")
    assert ringing.mark.said == "Flood of alarms: 40 in 10 min, one by one"
    sitting.press("Ctrl+Shift+F4")
    sitting.desk.store.clock.advance(11 * MINUTE)
    ringing.tick()
    assert (ringing.grouped, ringing.mark.said) == (False, "")


def test_who_turned_the_groups_round_finds_them_in_the_next_flood_again(sitting, watch):
    ringing = sitting.desk.hearing.ringing
    ringing.turn()
    assert ringing.mark.said == "Alarms in groups"
    ringing.turn()
    flood(sitting, 12)
    ringing.turn()
    assert not ringing.grouped
    sitting.desk.store.clock.advance(11 * MINUTE)
    ringing.tick()
    flood(sitting, 12)
    assert ringing.grouped


def passed_on(sitting) -> list[Alarm]:
    return [each for each in sitting.alarms() if each.escalated_at is not None]


def pass_on_after(sitting, minutes: int) -> None:
    def change(tx) -> None:
        for rule in tx.find(AlarmRule):
            tx.put(replace(rule, escalate_s=minutes * 60, escalate_to="Duty officer"))

    write(sitting, change)


def test_what_nobody_takes_is_passed_on_sounds_higher_and_stands_in_the_log(sitting, sounds, ear, watch):
    pass_on_after(sitting, 90)
    assert passed_on(sitting) == []
    worst = [
        each.alarm.id
        for each in sitting.desk.hearing.ringing.waiting
        if each.alarm.severity is Severity.EXTREME
    ]
    write(sitting, lambda tx: [alarms.acknowledge(tx, each, "R. Sari") for each in worst])
    go_on(sitting, watch, 5)
    assert ear.heard[-1] is Severity.SEVERE or len(ear.heard) == 1
    sitting.desk.store.clock.advance(90 * MINUTE)
    sitting.desk.hearing.ringing.tick()
    sitting.wait(lambda: len(passed_on(sitting)) == 2)
    sitting.wait(lambda: all(each.alarm.escalated_at for each in sitting.desk.hearing.ringing.waiting))
    go_on(sitting, watch, 5)
    assert ear.heard[-1] is Severity.EXTREME, "a severe one that nobody took"
    with sitting.desk.store.reading() as query:
        newest = log_entries(query)[0]
    assert newest.what.startswith("Alarm escalated to Duty officer: Kali")
    assert newest.who == "Instruments"


def test_the_list_and_the_strip_say_to_whom_until_somebody_takes_note(sitting, watch):
    pass_on_after(sitting, 1)
    sitting.desk.hearing.ringing.tick()
    strip, table = sitting.window.regions.strip, sitting.panels.alarms.table
    sitting.wait(lambda: "escalated to Duty officer" in strip.alarm.accessibleName())
    sitting.wait(lambda: {line.state for line in table.records.records} == {"ESCALATED"})
    sitting.press("F4", "F8")
    sitting.wait(lambda: [line.state for line in table.records.records].count("ESCALATED") == 2)
    assert "ack RS" in {line.state for line in table.records.records}


def test_nothing_is_passed_on_twice(sitting, watch):
    pass_on_after(sitting, 1)
    sitting.desk.hearing.ringing.tick()
    sitting.wait(lambda: len(passed_on(sitting)) == 3)
    for _beat in range(5):
        sitting.desk.hearing.ringing.look()
    with sitting.desk.store.reading() as query:
        steps = [step for step in query.steps(50) if "escalated" in step.label]
    assert len(steps) == 1


def test_the_beat_outlives_a_mark_that_is_gone(qtbot, sitting):
    sitting.desk.hearing.ringing.rest()
    delete(sitting.desk.hearing.sounds.mark)
    qtbot.wait(5)
