import pytest

from gis.errors import Cancelled
from gis.progress import Progress


def test_a_step_is_reported_and_a_check_is_not():
    heard = []
    progress = Progress(lambda *step: heard.append(step))
    progress.step(1, 2, "half")
    progress.check()
    assert heard == [(1, 2, "half")]


def test_a_stopped_job_ends_at_its_next_step_or_check():
    progress = Progress()
    progress.cancel()
    for way in (progress.check, lambda: progress.step(1, 2)):
        with pytest.raises(Cancelled):
            way()
