"""What is opened, and what time it is there."""

from datetime import UTC, datetime

from desktop.opening import open_folder
from desktop.session import go_on
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


def test_where_another_operation_cannot_be_opened_the_one_before_comes_back_with_the_reason(qtbot, tmp_path):
    here = tmp_path / "tonight.kentongan"
    chosen = Settings(author="R. Sari")
    open_folder(here, chosen).store.close()
    (tmp_path / "papers").mkdir()
    opening, problem = go_on(tmp_path / "papers", here, chosen)
    assert opening.store.folder == here
    assert "papers" in str(problem)
    opening.store.close()
    opening, problem = go_on(tmp_path / "new.kentongan", here, chosen)
    assert (opening.store.operation.city, problem) == ("new", None)
    opening.store.close()
