"""The window goes first: who paints in the background waits while a frame is being drawn."""

import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from gis.paint import raster

PATIENCE_S = 0.1  # a frame that takes longer has its own troubles
_offer = getattr(os, "sched_yield", lambda: time.sleep(0))  # on Windows that is the same


class RightOfWay:
    """Threads share one interpreter, and painting never lets go of it by itself.

    Without this, each frame would be handed to and fro dozens of times with every worker.
    """

    def __init__(self) -> None:
        self._free = threading.Event()
        self._free.set()

    @property
    def is_free(self) -> bool:
        return self._free.is_set()

    def ask(self) -> None:
        """A frame is wanted: until it is drawn, workers wait."""
        self._free.clear()
        raster.step_aside(True)

    @contextmanager
    def taken(self) -> Generator[None]:
        """Held by the window's thread for the length of a frame."""
        self.ask()
        try:
            yield
        finally:
            self._go_on()

    def give(self) -> None:
        """Called by workers between two short steps. A frame that does not come is waited for only once."""
        if not self._free.wait(PATIENCE_S):
            self._go_on()

    def _go_on(self) -> None:
        raster.step_aside(False)
        self._free.set()

    def offer(self) -> None:
        """Give way, and the processor as well: for who was woken by the window's thread and may run on its
        processor, while others are idle."""
        self.give()
        _offer()
