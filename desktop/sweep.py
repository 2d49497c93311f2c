"""Unreachable objects are cleared away in the window's thread, in steps too short to be noticed."""

import gc

from PySide6.QtCore import QObject, QTimer

OFTEN_MS, SELDOM_MS = 300, 60_000


class Sweep(QObject):
    """Left to itself, Python sweeps whenever any thread makes objects: it then stops all threads for as
    long as it takes, and may destroy a widget outside the window's thread, which Qt does not survive.

    What is there at the start stays, and is looked at no more.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._often = self._every(OFTEN_MS, 1)
        self._seldom = self._every(SELDOM_MS, 2)

    def _every(self, milliseconds: int, generation: int) -> QTimer:
        timer = QTimer(self, interval=milliseconds)
        timer.timeout.connect(lambda: gc.collect(generation))
        timer.start()
        return timer

    def end(self) -> None:
        """Leave it to Python again."""
        self._often.stop()
        self._seldom.stop()
        gc.unfreeze()
        gc.enable()
