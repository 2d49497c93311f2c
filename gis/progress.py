"""How a long function says where it is, and learns that it should stop."""

from collections.abc import Callable

from gis.errors import Cancelled


def _unheard(done: int, total: int, note: str) -> None:
    """Nobody is watching."""


class Progress:
    """Passed into long functions. `step` both reports and, once cancelled, stops them by raising."""

    def __init__(self, report: Callable[[int, int, str], None] = _unheard) -> None:
        self._report = report
        self.stop = bytearray(1)  # not zero once cancelled: what compiled code looks at

    def cancel(self) -> None:
        self.stop[0] = 1

    @property
    def cancelled(self) -> bool:
        return self.stop[0] != 0

    def check(self) -> None:
        """Raise `Cancelled` if the job was stopped; report nothing, for steps too small to be told."""
        if self.cancelled:
            raise Cancelled

    def step(self, done: int, total: int, note: str = "") -> None:
        """Report `done` of `total` (0 when unknown); raises `Cancelled` if the operator stopped the job."""
        self.check()
        self._report(done, total, note)
