"""Room kept back on the disk, so that a full one does not stop the desk at once."""

import errno
import os
import shutil
from pathlib import Path
from uuid import uuid4

RESERVE_BYTES = 8 * 1024 * 1024
_CHUNK = 1024 * 1024
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Reserve:
    """A file in the operation's folder that holds nothing but its place."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "reserve"

    @property
    def is_held(self) -> bool:
        return self._file.is_file()

    def keep(self) -> bool:
        """Set the room aside, where as much again stays free. True when it is there."""
        if self.is_held:
            return True
        draft = self._file.with_name(f".reserve-{uuid4().hex}")
        try:
            if shutil.disk_usage(self._file.parent).free < 2 * RESERVE_BYTES:
                return False
            _fill(draft)
            draft.replace(self._file)
        except OSError:  # no room after all, or a limit of this account: the desk works without it
            draft.unlink(missing_ok=True)
        return self.is_held

    def release(self) -> bool:
        """Give the room back. True when there was any."""
        try:
            self._file.unlink()
        except OSError:
            return False
        return True


def _fill(path: Path) -> None:
    """Really allocated: a hole in a file keeps no room."""
    with path.open("xb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
            return
        for _part in range(RESERVE_BYTES // _CHUNK):
            file.write(bytes(_CHUNK))
        file.flush()
        os.fsync(file.fileno())


def is_full(folder: Path, at_bytes: int) -> bool:
    """True when a file in `folder` cannot grow beyond `at_bytes`: the disk, a quota or a limit says no.

    SQLite names only a full disk; a quota comes from it as an I/O error. Tried on a file of our own.
    """
    trial = folder / f".trial-{uuid4().hex}"
    try:
        with trial.open("xb") as file:
            file.seek(at_bytes)
            file.write(os.urandom(_CHUNK // 4))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno in _NO_ROOM
    finally:
        trial.unlink(missing_ok=True)
    return False
