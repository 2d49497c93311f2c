"""What is opened, and what time it is there."""

from datetime import UTC, datetime

from desktop.opening import open_folder
from gis.clock import ManualClock, ScenarioClock
from gis.settings import Settings
from gis.training.player import open_exercise
from tests.build import SIX
from tests.night import a_night, after


def test_an_exercise_opened_by_its_folder_goes_on_at_the_hour_of_its_night(tmp_path):
    folder = tmp_path / "night.kentongan"
    clock = ScenarioClock(SIX, beat=ManualClock(SIX))
    open_exercise(folder, a_night(), at=after(180), author="Trainee", clock=clock).store.close()
    store = open_folder(folder, Settings(author="Trainee")).store
    assert after(180) <= store.clock.now() < after(181)
    store.close()


def test_a_real_operation_keeps_real_time(tmp_path):
    folder = tmp_path / "tonight.kentongan"
    open_folder(folder, Settings(author="R. Sari")).store.close()
    store = open_folder(folder, Settings(author="R. Sari")).store
    assert abs((store.clock.now() - datetime.now(UTC)).total_seconds()) < 60
    store.close()
