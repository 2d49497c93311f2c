"""Tiles that were fetched, on this computer's disk: one small file each, the longest unused go first."""

import os
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gis.errors import UserError
from gis.exchange.raster.answers import MOST_BYTES
from gis.texts import _

_HEAD = struct.Struct("<4sddI")  # mark, fetched and stale from (seconds of Unix), length of what follows
_MARK = b"KTT1"
USED_EVERY_S = 3_600.0  # a tile's last use is noted no finer than this
ROOM_LEFT = 0.9  # of the room, when it was too little
LOOK_AFTER = 20  # a share of the room like this is written before all is counted again
Tile = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Slip:
    """What is known of a kept tile without looking at its picture."""

    fetched_at: datetime
    stale_at: datetime


class Kept:
    """At most about `most_bytes` under `folder`. From any thread, and beside other desks of this computer."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most = folder, most_bytes
        self._written: int | None = None  # since all was counted; None before
        self._lock = threading.Lock()

    def of(self, key: str) -> Path:
        """Where the tiles of one service lie."""
        return self._folder / key

    def find(self, key: str, tile: Tile, now: datetime) -> Slip | None:
        """The slip of a tile; None when it is not there, or not whole."""
        path = _path(self.of(key), tile)
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD.size)
                stat = os.fstat(file.fileno())
            slip = _slip(head, stat.st_size)
            if slip is not None and now.timestamp() - stat.st_mtime > USED_EVERY_S:
                os.utime(path, (now.timestamp(), now.timestamp()))
        except OSError:  # not there, or another desk has just cleared it away
            return None
        return slip

    def put(self, key: str, tile: Tile, content: bytes, fetched: datetime, stale: datetime) -> None:
        """Keep a tile; no content says that the service has none. Raises UserError when there is no room."""
        path = _path(self.of(key), tile)
        part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        head = _HEAD.pack(_MARK, fetched.timestamp(), stale.timestamp(), len(content))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(head + content)
            os.utime(part, (fetched.timestamp(), fetched.timestamp()))
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise UserError(
                _("Tiles cannot be kept on this computer: {reason}.").format(reason=error.strerror or error),
                hint=_("Make room on its disk. Everything else goes on."),
            ) from error
        self._count(len(head) + len(content))

    def _count(self, size: int) -> None:
        with self._lock:
            if self._written is not None and self._written + size < self._most // LOOK_AFTER:
                self._written += size
                return
            self._written = 0
        self.clear(self._most)

    def clear(self, most: int) -> None:
        """Make what is kept no larger than `most` bytes: what was not used for longest goes."""
        there = sorted(_files(self._folder))
        size = sum(each[1] for each in there)
        if size <= most:
            return
        for _used, length, path in there:
            if size <= most * ROOM_LEFT:
                break
            try:
                os.unlink(path)
            except OSError:  # another desk was quicker, or reads it: next time
                continue
            size -= length


def content_of(folder: Path, tile: Tile) -> bytes | None:
    """The picture of a kept tile as it was fetched; None when there is none. For the worker process."""
    try:
        with _path(folder, tile).open("rb") as file:
            head = file.read(_HEAD.size)
            if _slip(head, os.fstat(file.fileno()).st_size) is None:
                return None
            return file.read(MOST_BYTES + 1) or None
    except OSError:
        return None


def _slip(head: bytes, size: int) -> Slip | None:
    if len(head) < _HEAD.size:
        return None
    mark, fetched, stale, length = _HEAD.unpack(head)
    if mark != _MARK or size != _HEAD.size + length:
        return None
    try:
        return Slip(datetime.fromtimestamp(fetched, UTC), datetime.fromtimestamp(stale, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _path(folder: Path, tile: Tile) -> Path:
    level, x, y = tile
    return folder / str(level) / str(x) / f"{y}.tile"


def _files(folder: Path) -> Iterator[tuple[float, int, str]]:
    """Last use, size and path of each file below."""
    for where, _folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            try:
                stat = os.stat(path)
            except OSError:
                continue
            yield stat.st_mtime, stat.st_size, path
