"""The second copy of an open operation, in a folder on another disk: seconds behind, checked, and rotating.

A *base* is both files as they were at one moment; a *spool* beside it receives after each look what was
committed since. A new base is made when the spool has grown large or old, while the spool goes on.
"""

import errno
import os
import shutil
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from gis.clock import Clock, SystemClock
from gis.errors import UserError
from gis.lasting import sync_folder
from gis.progress import Progress
from gis.store.operation import COPY_SUFFIX, desk_file, is_inside, readings_file
from gis.store.second import base as second_base
from gis.store.second import look as second_look
from gis.store.second.base import Generation, Unsound
from gis.store.second.look import Shipped
from gis.store.second.spool import SPOOL_SUFFIX, Cursor, Spool, read_spool
from gis.store.store import Store
from gis.store.tables.engine import open_readers
from gis.texts import _

_SPARE = 8  # of a new base's size, this part is left free for its spool
_TICK = timedelta(milliseconds=1)
_EVERY_S = 1.0  # while a base is made
_SPOOL_PART = 4  # a spool may grow to this part of a large operation before a new base is worth its time


@dataclass(frozen=True, slots=True)
class CopyState:
    """How a second copy stands. `saved_at` is when it last held everything (UTC, this computer's clock).

    `behind` counts entries of the journal that are not in it yet; `problem` is "" or says in words why it
    does not go on; `same_disk` is true where one broken disk would take both.
    """

    folder: Path
    saved_at: datetime | None = None
    behind: int = 0
    problem: str = ""
    same_disk: bool = False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a new base is due, and how long to wait after one could not be made."""

    spool_bytes: int = 64 << 20
    base_every: timedelta = timedelta(days=1)
    retry_s: float = 600.0


class SecondCopy:
    """Keeps a copy of `store` in a folder of its own inside `folder`; goes on by itself when that is back.

    `step` is called again and again from one job at a time; `state` may be read from any thread.
    """

    def __init__(
        self, store: Store, folder: Path, *, clock: Clock | None = None, rhythm: Rhythm | None = None
    ) -> None:
        """Raises `UserError` when `folder` lies in an operation, or in a copy."""
        _refuse_inside(folder)
        self.folder = folder / f"{store.folder.stem}{COPY_SUFFIX}"
        self._store, self._clock, self._rhythm = store, clock or SystemClock(), rhythm or Rhythm()
        self._files = desk_file(store.folder), readings_file(store.folder)
        self._views = [open_readers(path) for path in self._files]
        self._newest: Generation | None = None
        self._spool: Spool | None = None
        self._shipped: Shipped | None = None
        self._device: int | None = None
        self._reached = 0  # the newest entry that is on the medium, in whichever spool
        self._not_before = -1.0
        self._state = CopyState(self.folder)

    @property
    def state(self) -> CopyState:
        """How the copy stands now."""
        with self._views[0].begin() as desk:
            upto = second_look.upto(desk)
        return replace(self._state, behind=max(upto - self._reached, 0))

    def step(self, progress: Progress) -> CopyState:
        """Bring the copy up to date. What is wrong with the medium is said in the state, never raised.

        Raises `Cancelled`; what was copied before counts.
        """
        progress.check()
        try:
            self._find()
            self._ship(progress)
            if self._is_due():
                self._renew(progress)
            self._tell("")
        except Unsound as error:
            said = _("The new copy was not accepted: {fault} The earlier ones are kept. Check the operation.")
            self._tell(said.format(fault=error))
        except OSError as error:
            self._leave()
            self._tell(_words(self.folder, error))
        return self.state

    def _tell(self, problem: str) -> None:
        self._state = replace(self._state, problem=problem)

    def close(self) -> None:
        """Leave the copy as it is."""
        self._leave()
        for view in self._views:
            view.dispose()

    def _find(self) -> None:
        """Find the medium, and how far the copy on it reaches. Raises `OSError`."""
        device = self.folder.parent.stat().st_dev
        if self._device not in (None, device):  # what lies there now is the empty place of the medium
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.folder.parent))
        if self._newest is not None and self._newest.folder.is_dir():
            return
        self._leave()
        self.folder.mkdir(exist_ok=True)
        second_base.sweep(self.folder)
        found = second_base.generations(self.folder)
        if any(each.operation != self._store.operation.to_json() for each in found):
            raise _Foreign(errno.EEXIST, os.strerror(errno.EEXIST), str(self.folder))
        self._device = device
        same = device == self._store.folder.stat().st_dev
        self._state = replace(self._state, same_disk=same)
        self._newest = found[-1] if found else None
        self._shipped = self._continued(self._newest) if self._newest else None
        self._reached = self._shipped.cursor.upto if self._shipped else 0

    def _continued(self, newest: Generation) -> Shipped | None:
        """How far the copy reaches; None when it does not lead up to what this operation is now."""
        reached = newest.cursor
        for path in newest.spools:
            for frame in read_spool(path).frames:
                reached = max(reached, frame.cursor, key=_reach)
        with self._look() as (desk, readings):
            return Shipped(reached) if second_look.leads_here(desk, readings, reached) else None

    @contextmanager
    def _look(self) -> Generator[tuple[Connection, Connection]]:
        """One moment of both files: the readings' is never before the records' that follow from them."""
        with ExitStack() as stack:
            desk, readings = (stack.enter_context(view.begin()) for view in self._views)
            yield desk, readings

    def _ship(self, progress: Progress) -> None:
        """Write to the spool what was committed since. Raises `OSError`, `Cancelled`."""
        if self._newest is None or self._shipped is None:
            return
        now = self._clock.now()
        with self._look() as (desk, readings):
            for frame, shipped in second_look.frames(desk, readings, self._shipped, now):
                progress.check()
                if self._spool is None:
                    name = second_look.name_for(now) + SPOOL_SUFFIX
                    self._spool = Spool(self._newest.folder / name)
                    sync_folder(self._newest.folder)
                self._spool.append(frame)
                self._shipped = shipped
        self._reached = self._shipped.cursor.upto
        if self._spool:
            self._spool.look()
        self._state = replace(self._state, saved_at=now)

    def _is_due(self) -> bool:
        if time.monotonic() < self._not_before:
            return False
        if self._newest is None or self._shipped is None:
            return True
        old = self._clock.now() - self._newest.made_at > self._rhythm.base_every
        most = max(self._rhythm.spool_bytes, second_base.sizes(self._files) // _SPOOL_PART)
        return old or second_base.sizes(self._newest.spools) > most

    def _renew(self, progress: Progress) -> None:
        """Make a new base; the spool of the one before goes on meanwhile. Raises `OSError`, `Cancelled`."""
        self._not_before = time.monotonic() + self._rhythm.retry_s
        progress.step(0, 0, _("A new base of the second copy"))
        _require_room(self.folder, second_base.sizes(self._files))

        shipped_at = time.monotonic()

        def pulse() -> None:
            nonlocal shipped_at
            progress.check()
            if time.monotonic() - shipped_at >= _EVERY_S:
                self._ship(progress)
                shipped_at = time.monotonic()

        now = self._dated()
        planned = self.folder / second_look.name_for(now)
        with self._look() as (desk, readings):
            wanted = second_look.generation(desk, readings, planned, now, self._store.operation.to_json())
            made = second_base.make(desk, readings, self.folder, wanted, pulse)
        self._ship(progress)  # the earlier spool reaches beyond the new base: it can stand in for it
        self._leave()
        self._newest, self._shipped = made, Shipped(made.cursor)
        self._not_before = -1.0
        self._ship(progress)
        second_base.rotate(self.folder)

    def _dated(self) -> datetime:
        """The date of a new base. The newest is known by it, also where the clock was put back meanwhile."""
        now = self._clock.now()
        return max(now, self._newest.made_at + _TICK) if self._newest else now

    def _leave(self) -> None:
        if self._spool:
            self._spool.close()
        self._newest = self._spool = self._shipped = None


def _reach(cursor: Cursor) -> tuple[int, int, int]:
    return cursor.upto, cursor.pending, cursor.chunk


class _Foreign(OSError):
    """The folder on the medium holds another operation's copy."""


def _refuse_inside(folder: Path) -> None:
    """A copy in the folder of what it copies goes where that goes."""
    if is_inside(folder):
        raise UserError(
            _("{name} cannot hold a second copy: it belongs to an operation or to a copy.").format(
                name=folder.name
            ),
            hint=_("Nothing was changed. Choose a folder on another disk or on a stick."),
        )


def _require_room(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed + needed // _SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _words(folder: Path, error: OSError) -> str:
    """What is wrong with the medium, and that the desk goes on."""
    place = folder.parent
    if isinstance(error, _Foreign):
        said = _("{folder} holds the copy of another operation. Choose another folder for the second copy.")
    elif error.errno == errno.ENOSPC or "full" in str(error.strerror):
        said = _("There is no room in {place} for the second copy. It goes on once there is.")
    elif not place.is_dir() or error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ESTALE):
        said = _("{place} is not there. The second copy goes on by itself when it is back.")
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) or "readonly" in str(error.strerror):
        said = _("{place} may not be written to. The second copy goes on once it may.")
    else:
        said = _("The second copy could not be written to {place}: {reason}. It will be tried again.")
    return said.format(folder=folder.name, place=place, reason=error.strerror or error)
