"""How much of the contents of files is in memory at once: one budget for all layers of a desk."""

import threading
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psutil

SHARE, MOST_BYTES = 4, 4 << 30  # a quarter of the computer's memory, and no more than this
FOR_LAYERS = 3 / 4  # of it whole layers may take; the rest is for extents of larger ones
FOR_VIEW = 8  # an extent may take one part in so many
ALWAYS = 64  # a layer that takes less than one part in so many is read whole in any case
FOR_OVERVIEW = 16
MARK_BYTES = 256  # of one entry of an overview


@dataclass(slots=True)
class _Part:
    crs: int
    extent: tuple[float, float, float, float]
    held: Any
    bytes: int
    used: int


class Room:
    """Who holds how many of `most` bytes. Of extents those go that were not asked for longest; what else is
    held is held. What an owner held is given back when nobody knows the owner any more. A picture on screen
    may know an extent for a while after it has gone from here.

    Safe from several threads.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock, self._clock = threading.Lock(), count()
        self._taken: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._parts: WeakKeyDictionary[object, list[_Part]] = WeakKeyDictionary()

    @property
    def held(self) -> int:
        """How many bytes are held now."""
        with self._lock:
            return self._held()

    @property
    def for_layer(self) -> int:
        """How large a layer may be to be read whole now."""
        with self._lock:
            return max(int(self.most * FOR_LAYERS) - sum(self._taken.values()), self.most // ALWAYS)

    @property
    def for_view(self) -> int:
        """How large an extent of a larger layer may be."""
        return self.most // FOR_VIEW

    @property
    def for_overview(self) -> int:
        """How many entries an overview may have."""
        return self.most // FOR_OVERVIEW // MARK_BYTES

    def take(self, owner: object, taken: int) -> None:
        """`owner` holds so many bytes from now on, for as long as it likes."""
        with self._lock:
            self._taken[owner] = taken
            self._make_room()

    def keep(
        self, owner: object, crs: int, extent: tuple[float, float, float, float], held: Any, taken: int
    ) -> None:
        """Hold what lies in an extent until the room is needed."""
        with self._lock:
            self._parts.setdefault(owner, []).append(_Part(crs, extent, held, taken, next(self._clock)))
            self._make_room()

    def find(self, owner: object, crs: int, extent: tuple[float, float, float, float]) -> Any:
        """What is held of an extent or a larger one; None when there is nothing."""
        west, south, east, north = extent
        with self._lock:
            for part in self._parts.get(owner, ()):
                w, s, e, n = part.extent
                if part.crs == crs and w <= west and s <= south and e >= east and n >= north:
                    part.used = next(self._clock)
                    return part.held
        return None

    def _held(self) -> int:
        parts = (part.bytes for kept in self._parts.values() for part in kept)
        return sum(self._taken.values()) + sum(parts)

    def _make_room(self) -> None:
        while self._held() > self.most:
            parts = [(part.used, kept, part) for kept in self._parts.values() for part in kept]
            if len(parts) <= 1:  # what was asked for last is being looked at
                return
            _used, kept, oldest = min(parts, key=lambda each: each[0])
            kept.remove(oldest)


def usual_room() -> Room:
    """The room that this computer has."""
    return Room(min(psutil.virtual_memory().total // SHARE, MOST_BYTES))
