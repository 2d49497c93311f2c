"""Messages that wait on the disk because they came faster than they can be taken in."""

import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from struct import Struct

from gis.lasting import sync_file, sync_folder
from gis.model.record import from_us, to_us
from gis.sensors.feeds.message import Message
from gis.store.guards.turn import Claim
from gis.texts import _

LARGEST = 1024**3  # bytes: some ten million messages
_HEAD = Struct("<IIqBH")  # checksum of the rest; bytes of payload; when it came; what it is; bytes of topic
_PIECE = 128 * 1024
_LARGEST_MESSAGE = 2 * 1024**2
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change the ends of lines
_RETAINED, _LATE, _CUT = 1, 2, 4


class Spill:
    """A file that grows at its end and is read from its beginning; empty again, it begins anew.

    `count` messages last here. What is added lasts once `sync` has returned. What is taken is gone once it is
    `kept`; after `reread`, or after a crash, it is given again. Opening raises `OSError` (`BlockingIOError`
    while another has it open), and takes of a file what is whole of it; the rest (`torn`) is kept beside it.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._waiting = path, bytearray()
        self._claim = Claim(path.with_suffix(".claim"))
        if not self._claim.take():
            self._claim.close()
            raise BlockingIOError(_("another source has it open"))
        fresh = not path.exists()
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | _BINARY), "r+b", buffering=0)
        if fresh:
            sync_folder(path.parent)
        self._end = self._first = self._next = 0
        size = os.fstat(self._file.fileno()).st_size
        self._fresh = self._taken = self.count = 0
        for _message, end in self._from(0, size):
            self._end, self.count = end, self.count + 1
        self.torn = self._bytes(self._end, size - self._end)
        if self.torn:  # cut off by a crash, and never acknowledged; or damaged: nothing is thrown away
            torn = path.with_suffix(".torn")
            torn.write_bytes(self.torn)
            sync_file(torn)
            self._file.truncate(self._end)

    @property
    def empty(self) -> bool:
        return not self._waiting and self._first == self._end

    @property
    def size(self) -> int:
        """How many bytes wait here."""
        return self._end - self._first + len(self._waiting)

    @property
    def full(self) -> bool:
        return self._end + len(self._waiting) > LARGEST

    def messages(self) -> Iterator[Message]:
        """All that last here and are not kept elsewhere, oldest first."""
        return (message for message, _end in self._from(self._first, self._end))

    def add(self, message: Message) -> None:
        flags = message.retained * _RETAINED | message.late * _LATE | message.cut * _CUT
        topic = message.topic.encode("utf-8", "surrogateescape")
        rest = _HEAD.pack(0, len(message.payload), to_us(message.came), flags, len(topic))[4:]
        rest += topic + message.payload
        self._fresh += 1
        self._waiting += zlib.crc32(rest).to_bytes(4, "little") + rest

    def sync(self) -> None:
        """What was added lasts. Raises `OSError`, and then nothing of it was added."""
        fresh, self._waiting = self._waiting, bytearray()
        count, self._fresh = self._fresh, 0
        try:
            self._file.seek(self._end)
            left = memoryview(fresh)
            while left:
                left = left[self._file.write(left) :]
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(self._end)
            raise
        self._end += len(fresh)
        self.count += count

    def take(self, most: int, most_bytes: int) -> list[Message]:
        """The next messages in order, of those that last already; one at least where there is one."""
        taken: list[Message] = []
        size = 0
        for message, end in self._from(self._next, self._end):
            taken.append(message)
            self._next, size = end, size + len(message.payload)
            if len(taken) >= most or size >= most_bytes:
                break
        self._taken += len(taken)
        return taken

    def kept(self) -> None:
        """What was taken is safe elsewhere."""
        self._first = self._next
        self.count, self._taken = self.count - self._taken, 0
        if self._first == self._end and self._end:
            with suppress(OSError):  # then it is read again another time, and known already
                self._file.truncate(0)
                self._end = self._first = self._next = 0

    def reread(self) -> None:
        self._next, self._taken = self._first, 0

    def close(self) -> None:
        """An empty file goes; one that holds something stays for the next time."""
        self._file.close()
        if self.empty:
            self._path.unlink(missing_ok=True)
        self._claim.close()

    def _bytes(self, start: int, count: int) -> bytes:
        self._file.seek(start)
        return self._file.read(count) or b""

    def _from(self, start: int, end: int) -> Iterator[tuple[Message, int]]:
        """The messages between two places, and where each ends; up to the first that is not whole."""
        piece, at = b"", start
        while at < end:
            more = self._bytes(at + len(piece), min(_PIECE, end - at - len(piece)))
            if not more:
                return
            piece, place = piece + more, 0
            while (size := _length(piece, place)) <= len(piece) - place:
                frame = piece[place : place + size]
                if zlib.crc32(frame[4:]) != int.from_bytes(frame[:4], "little"):
                    return
                place, at = place + size, at + size
                yield _message(frame), at
            if size > _LARGEST_MESSAGE:
                return
            piece = piece[place:]


def _length(piece: bytes, at: int) -> int:
    """How many bytes the message there has; as many as its head where that is not all there."""
    if len(piece) - at < _HEAD.size:
        return _HEAD.size
    _crc, payload, _came, _flags, topic = _HEAD.unpack_from(piece, at)
    return _HEAD.size + topic + payload


def _message(frame: bytes) -> Message:
    _crc, _size, came, flags, topic = _HEAD.unpack_from(frame)
    middle = _HEAD.size + topic
    return Message(
        frame[_HEAD.size : middle].decode("utf-8", "surrogateescape"),
        frame[middle:],
        from_us(came),
        bool(flags & _RETAINED),
        bool(flags & _LATE),
        bool(flags & _CUT),
    )
