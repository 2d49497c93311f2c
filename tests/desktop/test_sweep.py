import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from desktop.sweep import Sweep


@pytest.fixture
def swept(qtbot):
    window = QObject()
    sweep = Sweep(window)
    yield sweep
    sweep.end()
    assert gc.isenabled()


class Knot:
    """Something that only a sweep can clear away."""

    def __init__(self, gone: list[str]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: gone.append(threading.current_thread().name))


def test_a_busy_thread_never_sweeps_and_the_window_does(qtbot, swept):
    gone: list[str] = []

    def toil() -> None:
        Knot(gone)
        _many = [[] for _each in range(50_000)]

    worker = threading.Thread(target=toil)
    worker.start()
    worker.join()
    assert gone == []
    qtbot.waitUntil(lambda: gone == [threading.main_thread().name], timeout=60_000)
