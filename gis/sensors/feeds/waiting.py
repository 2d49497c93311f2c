"""Messages between the broker and the store: few in memory, the rest on the disk, none forgotten."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic

from gis.sensors.feeds.message import Message
from gis.sensors.feeds.spill import Spill

MOST_NEAR, MOST_NEAR_BYTES = 20_000, 32 * 1024**2
_CHUNK, _CHUNK_BYTES = 1_000, 64 * 1024


@dataclass(slots=True, eq=False)
class _Held:
    """A message in memory: its number on the wire (0: nobody waits for word), whether it is out to be taken
    in, and whether it lasts."""

    message: Message
    lane: str
    mid: int
    out: bool = False
    safe: bool = False


class Waiting:
    """Bounded memory first. Whoever says more than `most_per_s` a second waits on the disk behind the others,
    and once memory is full all do; a lane (who speaks; `lane_of` a topic) with messages there stays behind
    them, so its messages keep their order.

    A message lasts when the store has it (`kept`) or when the disk has it (`sync`); `word` tells for which
    the broker may hear so, always in the order in which they came. From any thread. Opening raises `OSError`.
    """

    def __init__(self, path: Path, lane_of: Callable[[str], str], most_per_s: int) -> None:
        self._most_per_s = most_per_s
        self._lock = Lock()
        self._near, self._near_bytes = deque[_Held](), 0
        self._out: list[_Held] = []
        self._setting_down: list[_Held] = []
        self._ledger = deque[_Held]()
        self._pace: dict[str, tuple[int, int]] = {}
        self._spill, self._disk_fails = Spill(path), False
        self._behind = {lane_of(message.topic) for message in self._spill.messages()}
        self.overflow = 0  # messages of this sitting that had to wait on the disk

    @property
    def torn(self) -> bytes:
        """The end of what lay on the disk before, where it was not whole."""
        return self._spill.torn

    @property
    def set_down(self) -> int:
        """How many messages wait on the disk."""
        with self._lock:
            return self._spill.count

    @property
    def has_room(self) -> bool:
        """Half of the memory is free, and the disk takes something."""
        with self._lock:
            near = len(self._near) <= MOST_NEAR // 2 and self._near_bytes <= MOST_NEAR_BYTES // 2
            return near and not self._spill.full

    def new_wire(self) -> None:
        """Nobody waits for word of what came before: what was not told of is sent again."""
        with self._lock:
            self._ledger.clear()
            self._disk_fails = False

    def came(self, message: Message, lane: str, mid: int) -> bool:
        """Take a message; False when there is no room for it, neither here nor on the disk."""
        with self._lock:
            held = _Held(message, lane, mid)
            crowded = len(self._near) >= MOST_NEAR or self._near_bytes >= MOST_NEAR_BYTES
            down = lane in self._behind or self._hasty(lane)
            if (down or crowded) and (self._disk_fails or self._spill.full):
                return False
            if mid:
                self._ledger.append(held)
            if down:
                self._put_down(held)
            else:
                self._near.append(held)
                self._near_bytes += len(message.payload)
                if crowded:
                    self._put_all_down()
            return True

    def _hasty(self, lane: str) -> bool:
        second = int(monotonic())
        since, count = self._pace.get(lane, (second, 0))
        count = count + 1 if since == second else 1
        self._pace[lane] = (second, count)
        return count > self._most_per_s

    def _put_down(self, held: _Held) -> None:
        self._behind.add(held.lane)
        self._spill.add(held.message)
        self._setting_down.append(held)
        self.overflow += 1

    def _put_all_down(self) -> None:
        """What is out goes down as well: the broker is to hear of it even if the store takes its time."""
        for held in (*self._out, *self._near):
            if not held.safe:
                self._put_down(held)
        self._near.clear()
        self._near_bytes = 0

    def sync(self) -> bool:
        """What was put down lasts; False when there was nothing. Raises `OSError`; then it is in memory
        again, and no more comes in."""
        with self._lock:
            if not self._setting_down:
                return False
            try:
                self._spill.sync()
            except OSError:
                self._disk_fails = True
                back = [held for held in self._setting_down if not held.out]
                self._near.extendleft(reversed(back))
                self._near_bytes += sum(len(held.message.payload) for held in back)
                self._setting_down.clear()
                raise
            for held in self._setting_down:
                held.safe = True
            self._setting_down.clear()
            return True

    def word(self) -> list[int]:
        """The numbers of the messages that last now, and of which the broker has not heard so."""
        with self._lock:
            numbers: list[int] = []
            while self._ledger and self._ledger[0].safe:
                numbers.append(self._ledger.popleft().mid)
            return numbers

    def take(self) -> list[Message]:
        """Some more messages, those in memory first; none when there are none."""
        with self._lock:
            taken: list[Message] = []
            size = 0
            while self._near and len(taken) < _CHUNK and size < _CHUNK_BYTES:
                held = self._near.popleft()
                held.out = True
                self._out.append(held)
                taken.append(held.message)
                size += len(held.message.payload)
            self._near_bytes -= size
            return taken or self._spill.take(_CHUNK, _CHUNK_BYTES)

    def kept(self) -> None:
        """All that was taken is in the store."""
        with self._lock:
            for held in self._out:
                held.safe = True
            self._out.clear()
            self._spill.kept()
            if self._spill.empty:
                self._behind.clear()

    def reread(self) -> None:
        """What was taken is to be taken again."""
        with self._lock:
            back = [held for held in self._out if not held.safe]
            for held in back:
                held.out = False
            self._near.extendleft(reversed(back))
            self._near_bytes += sum(len(held.message.payload) for held in back)
            self._out.clear()
            self._spill.reread()

    def close(self) -> None:
        """What is in memory alone is sent again by the broker; what is on the disk stays there."""
        with suppress(OSError):  # the broker has had no word of what fails here
            self.sync()
        with self._lock:
            self._spill.close()
