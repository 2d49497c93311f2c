"""The spool of a second copy: what was committed since its base, one frame after each look.

A frame is a mark, its length, the digest of the frame before it, its own digest (SHA-256 over both) and its
content. It counts when all of it is there: a torn end is what a power cut leaves, and costs that frame only.
"""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from struct import Struct
from struct import error as StructError
from typing import Any, Self

SPOOL_SUFFIX = ".spool"
_MARK = b"KTSP"
_HEAD = Struct("<4sQ32s32s")
_START = bytes(32)
_JSON = Struct("<Q")
_MOST_BYTES = 1 << 32  # a longer frame is a damaged length


@dataclass(frozen=True, slots=True)
class Entry:
    """An edit with what only this desk knows of it: its number, when and by which act it came in."""

    n: int
    body: str
    received_at: str
    arrival: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a copy reaches: the newest edit by number and name, and the newest number of what only grows.

    `pending`, `chunk`, `reject` and `sensors` are numbers of the readings' file; `personal` that of
    the last value kept apart.
    """

    upto: int = 0
    tip: str = ""
    pending: int = 0
    chunk: int = 0
    reject: int = 0
    sensors: int = 0
    personal: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What was committed between two looks, ending where a step ended.

    `tables` holds new and changed rows of what is local to the desk, by table; `readings` is packed.
    """

    at: str
    cursor: Cursor
    entries: tuple[Entry, ...] = ()
    tables: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    readings: bytes = b""

    def to_bytes(self) -> bytes:
        values = {
            "at": self.at,
            "cursor": asdict(self.cursor),
            "entries": [[e.n, e.body, e.received_at, e.arrival] for e in self.entries],
            "tables": self.tables,
        }
        text = json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        packed = zlib.compress(text, 1)
        return b"".join((_JSON.pack(len(packed)), packed, self.readings))

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Raises `ValueError`, `KeyError` or `TypeError` for what no spool wrote."""
        (length,) = _JSON.unpack_from(content)
        stop = _JSON.size + length
        values = json.loads(zlib.decompress(content[_JSON.size : stop]))
        entries = tuple(Entry(*each) for each in values["entries"])
        return cls(values["at"], Cursor(**values["cursor"]), entries, values["tables"], content[stop:])


class Spool:
    """A file of frames, made new by whoever writes it and never continued by anybody else.

    Every method raises `OSError` when the medium is full or gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("xb", buffering=0)
        self._last, self.size = _START, 0

    def append(self, frame: Frame) -> None:
        """When this returns, the frame is on the medium."""
        self.look()
        content = frame.to_bytes()
        digest = sha256(self._last + content).digest()
        whole = memoryview(_HEAD.pack(_MARK, len(content), self._last, digest) + content)
        try:
            written = 0
            while written < len(whole):  # a raw write may take a part only, on a medium that is nearly full
                written += self._file.write(whole[written:])
            os.fsync(self._file.fileno())
        except OSError:
            os.ftruncate(self._file.fileno(), self.size)
            self._file.seek(self.size)
            raise
        self._last, self.size = digest, self.size + len(whole)

    def look(self) -> None:
        """Raises `OSError` when the file is no longer where it was: an open file outlives its stick."""
        here, there = os.fstat(self._file.fileno()), self.path.stat()
        if (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino):
            raise FileNotFoundError(2, os.strerror(2), str(self.path))

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class Spooled:
    """What a spool holds that can be read: `torn` is an unfinished end, `damaged` counts what was altered."""

    frames: tuple[Frame, ...]
    torn: bool = False
    damaged: int = 0


def read_spool(path: Path) -> Spooled:
    """Every frame that is whole, also behind a damaged one. Raises `OSError` when nothing can be read."""
    content = path.read_bytes()
    frames: list[Frame] = []
    damaged, start, last = 0, 0, _START
    while start < len(content):
        found = _frame(content, start)
        if found is None:
            ahead = _next(content, start + 1)
            if ahead is None:
                return Spooled(tuple(frames), True, damaged + _is_complete(content, start))
            damaged, start = damaged + 1, ahead
            last = b""
            continue
        frame, digest, before, start = found
        damaged += last not in (b"", before)
        last = digest
        frames.append(frame)
    return Spooled(tuple(frames), False, damaged)


def _is_complete(content: bytes, start: int) -> bool:
    """Whether what begins here once had its full length: then it was not cut off, it was altered."""
    if len(content) - start < _HEAD.size:
        return False
    mark, length, _before, _digest = _HEAD.unpack_from(content, start)
    return mark == _MARK and length <= len(content) - start - _HEAD.size


def _next(content: bytes, start: int) -> int | None:
    """Where the next whole frame begins; None when none does."""
    while (start := content.find(_MARK, start)) >= 0:
        if _frame(content, start) is not None:
            return start
        start += 1
    return None


def _frame(content: bytes, start: int) -> tuple[Frame, bytes, bytes, int] | None:
    """The frame that begins here, its digest, that of the one before, and where it ends; None when none."""
    if len(content) - start < _HEAD.size:
        return None
    mark, length, before, digest = _HEAD.unpack_from(content, start)
    begin = start + _HEAD.size
    if mark != _MARK or length > min(_MOST_BYTES, len(content) - begin):
        return None
    inside = content[begin : begin + length]
    if sha256(before + inside).digest() != digest:
        return None
    try:
        return Frame.from_bytes(inside), digest, before, begin + length
    except (
        ValueError,
        KeyError,
        TypeError,
        StructError,
        zlib.error,
    ):  # the digest holds: a newer version wrote it
        return None
