"""A heart in the window's thread: whoever holds that thread up makes it miss a beat."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer

BEAT_MS = 5


class Heart:
    """Beats every few milliseconds, and keeps the longest gap between two beats."""

    def __init__(self) -> None:
        self.worst, self._last = 0.0, time.perf_counter()
        self.timer = QTimer(interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._beat)
        self.timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.worst, self._last = max(self.worst, now - self._last), now

    def taken(self) -> float:
        """The worst gap since the last time this was asked, in milliseconds."""
        worst, self.worst = self.worst * 1e3, 0.0
        return worst


def wait(milliseconds: int) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def settled(busy: Callable[[], bool]) -> float:
    """Let the window work until nothing is under way; how many milliseconds that took."""
    begun = time.perf_counter()
    while busy():
        wait(5)
    return (time.perf_counter() - begun) * 1e3
