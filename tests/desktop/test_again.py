"""The sample night is there every day: it goes on where it was left, and begins anew when it is over."""

from datetime import timedelta

import pytest

from desktop.opening import night_folder, open_sample
from desktop.session import Play
from desktop.work import zone_of
from gis import settings
from gis.model.sensor import Alarm, AlarmState
from gis.progress import Progress
from gis.training.night import OFFICER
from layers.city import kept_city
from tests.desktop.conftest import Sitting


@pytest.fixture
def open_night(monkeypatch, sample_city, tmp_path):
    monkeypatch.setenv(settings.HOME_VARIABLE, str(tmp_path))
    (tmp_path / "sample-city").symlink_to(sample_city.folder)
    opened = []

    def sit_down(*, again=False):
        opening = open_sample(settings.Settings(author="A. Putri"), Progress(), again=again)
        opened.append(opening.store)
        return opening

    yield sit_down
    for store in opened:
        store.close()


def test_the_night_opens_in_its_small_hours_with_most_alarms_taken_note_of(open_night):
    opening = open_night()
    local = opening.player.clock.now().astimezone(zone_of(opening.store))
    with opening.store.reading() as query:
        standing = [alarm for alarm in query.find(Alarm) if alarm.state is not AlarmState.NORMAL]
    assert (local.hour, local.minute) == (5, 40)
    assert sum(alarm.acknowledged_by == OFFICER for alarm in standing) >= 10
    assert 1 <= sum(alarm.needs_attention for alarm in standing) <= 5


def test_a_night_that_was_left_goes_on_and_still_knows_the_names_of_its_city(open_night):
    first = open_night()
    first.player.clock.jump(first.player.clock.now() + timedelta(hours=1))
    first.player.tick()
    first.store.close()
    second = open_night()
    with second.store.reading() as query:
        city = kept_city(query)
    assert second.store.folder == first.store.folder
    assert second.player.played_until >= first.player.played_until
    assert city.names
    assert city.wards


def test_begun_again_the_night_has_a_folder_of_its_own_and_the_old_one_stays(open_night):
    first = open_night()
    first.store.close()
    second = open_night(again=True)
    second.store.close()
    third = open_night()
    assert first.store.folder.name == "Sample night.kentongan"
    assert second.store.folder.name == "Sample night 2.kentongan"
    assert third.store.folder == second.store.folder
    assert first.store.folder.is_dir()


def test_a_night_that_is_over_is_followed_by_the_next(open_night):
    first = open_night()
    first.player.clock.jump(first.player.scenario.ends_at)
    first.player.tick()
    assert first.player.finished
    first.store.close()
    second = open_night()
    assert second.store.folder != first.store.folder
    assert not second.player.finished


def test_nights_are_counted_by_their_numbers_and_other_exercises_are_let_be(tmp_path):
    for name in ("Sample night 2", "Sample night 10", "Sample night of the dams", "Other"):
        (tmp_path / f"{name}.kentongan").mkdir()
    assert night_folder(tmp_path, again=False).stem == "Sample night 10"
    assert night_folder(tmp_path, again=True).stem == "Sample night 11"


def test_beginning_again_is_asked_in_the_window_and_enter_agrees(open_night, qtbot, appearance):
    opening = open_night()
    sitting = Sitting(qtbot, opening.store, appearance)
    notices = sitting.desk.ground.notices
    assert sitting.window.perform("again")
    assert notices.isVisible()
    assert "Sample night.kentongan" in notices.words.text()
    sitting.press("Escape")
    assert not notices.isVisible()
    assert sitting.window.perform("again")
    with qtbot.waitSignal(sitting.window.again):
        sitting.press("Return")
    sitting.window.close()


def test_the_end_of_the_night_is_told_and_the_next_one_offered(open_night, qtbot, appearance):
    opening = open_night()
    sitting = Sitting(qtbot, opening.store, appearance)
    Play(sitting.desk, opening.player)
    opening.player.clock.jump(opening.player.scenario.ends_at)
    notices = sitting.desk.ground.notices
    sitting.wait(lambda: notices.answer.isVisible())
    assert "over" in notices.words.text()
    sitting.window.close()


def test_a_real_operation_has_no_night_to_begin_again(sitting):
    assert not sitting.window.actions_by_id["again"].isVisible()
    assert not sitting.window.perform("again")
