"""The morning after: somebody moves the desk back to an earlier instant of the sample night."""

from datetime import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gis.clock import ManualClock, ScenarioClock
from gis.store.questions import open_incidents, standing_alarms
from gis.training.night import open_night
from tests.build import SIX

EARLIER, LATER = time(22, 30), time(23, 30)


@pytest.fixture
def night(sample_city, tmp_path):
    """The night played to 23:30, and what was true of it when it was 22:30."""
    clock = ScenarioClock(sample_city.start, beat=ManualClock(SIX))
    clock.pause()
    folder = tmp_path / "night.kentongan"
    player = open_night(sample_city.folder, folder, author="A. Putri", at=EARLIER, clock=clock)
    instant = player.clock.now()
    with player.store.reading() as query:
        truth = {
            "incidents": {each.number for each in open_incidents(query)},
            "placed": {each.id for each in open_incidents(query) if each.place is not None},
            "alarms": {each.alarm.id: each.alarm.state for each in standing_alarms(query)},
            "values": {key: each.value for key, each in query.latest().items()},
        }
    player.clock.jump(player.scenario.when(LATER))
    player.tick()
    return player.store, instant, truth


def test_the_table_the_map_and_the_values_are_those_of_then(night, sit_down):
    store, instant, truth = night
    sitting = sit_down(store)
    outlook, time_bar = sitting.desk.ground.model.outlook, sitting.window.regions.time
    sitting.wait(lambda: time_bar.slider.until == store.clock.now())
    assert time_bar.slider.since < instant < time_bar.slider.until
    live = numbers(sitting)
    assert live != truth["incidents"]

    sitting.press("Ctrl+T")
    sitting.type("22:30")
    sitting.press("Return")
    assert outlook.at == instant
    sitting.wait(lambda: not outlook.busy and numbers(sitting) == truth["incidents"])
    lines = sitting.panels.alarms.table.records.records
    assert {line.alarm.id: line.alarm.state for line in lines} == truth["alarms"]
    badges = the_map(sitting)
    assert ids(badges["incidents"]) == truth["placed"]
    assert ids(badges["alarms"]) == set(truth["alarms"])
    told = [line.value for line in lines if line.value is not None and line.alarm.returned_at is None]
    assert told
    assert set(told) <= set(truth["values"].values())

    sitting.press("Escape")
    sitting.wait(lambda: outlook.live)
    assert numbers(sitting) == live
    with store.reading() as query:
        assert ids(the_map(sitting)["incidents"]) == {i.id for i in open_incidents(query) if i.place}


def test_scenario_time_is_walked_through_by_hand(night, sit_down):
    store, instant, _truth = night
    sitting = sit_down(store)
    outlook, slider = sitting.desk.ground.model.outlook, sitting.window.regions.time.slider
    sitting.wait(lambda: slider.until == store.clock.now())
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert outlook.at == instant
    QTest.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    with store.reading() as query:
        before = query.came_in(before=instant)
    sitting.wait(lambda: outlook.at == before)
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert outlook.live


def numbers(sitting):
    return {each.number for each in sitting.panels.incidents.table.records.records}


def the_map(sitting):
    sitting.wait(lambda: not sitting.canvas.composer.busy)
    return sitting.canvas.renderer.badges


def ids(badges):
    return {badges.hit(n).id for n in range(len(badges.xy))}
