"""One desk at one operation: its mark in the folder, its turn at writing, its room on the disk."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from uuid import uuid4

from gis.store.guards.reserve import Reserve
from gis.store.guards.tip import Tip
from gis.store.guards.turn import Claim, Turn

_MARK = "open-"


class Sitting:
    """Begins when an operation is opened to be written and ends when it is closed.

    `id` names it and no other, in a copy either. `closed_well` is False when the sitting before it, or one on
    the copied folder, never ended. `feeds` is held by the one desk that lets readings in.
    """

    def __init__(self, folder: Path) -> None:
        self._marks = folder / ".desk"
        self._marks.mkdir(exist_ok=True)
        self.turn, self.feeds = Turn(self._marks), Claim(self._marks / "feeds")
        self.reserve, self.tip = Reserve(folder), Tip(folder)
        self.id = uuid4().hex
        self._path = self._marks / f"{_MARK}{self.id}"
        self.closed_well = not [mark for mark in self._others() if _clear(mark)]
        self._mark = self._leave_mark()
        self.reserve.keep()

    def _leave_mark(self) -> Claim:
        """Again, where another desk took the new mark for one left behind."""
        while True:
            mark = Claim(self._path)
            if mark.take() and self._path.exists():
                return mark
            mark.close()
            sleep(0.001)

    @property
    def is_alone(self) -> bool:
        """False while another desk has the same operation open."""
        return self.living() == {self.id}

    def living(self) -> set[str]:
        """This sitting and the others on the same operation whose programs still run."""
        others = (mark for mark in self._others() if not _clear(mark) and mark.exists())
        return {self.id, *(mark.name.removeprefix(_MARK) for mark in others)}

    def _others(self) -> Iterator[Path]:
        return (path for path in self._marks.glob(f"{_MARK}*") if path != self._path)

    def end(self, *, well: bool) -> None:
        """Leave the folder; `well`: as one that was closed properly."""
        self._mark.close()
        if well:
            with suppress(OSError):  # the rights were taken from us meanwhile: the next start looks
                self._path.unlink()
        self.feeds.close()
        self.turn.close()


def _clear(mark: Path) -> bool:
    """Remove the mark of a sitting whose program is gone. True when it was one."""
    with suppress(OSError):
        claim = Claim(mark, make=False)
        try:
            if claim.take():
                _remove(claim, mark)
                return True
        finally:
            claim.close()
    return False


def _remove(claim: Claim, mark: Path) -> None:
    try:
        mark.unlink()
    except PermissionError:  # Windows removes no open file: not ours, and not one that its desk still holds
        claim.close()
        mark.unlink()
