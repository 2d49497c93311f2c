"""What all looks into one store share of its readings, so that none of it is read twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Connection

from gis.model.record import Quality, Reading, from_us, to_us
from gis.store.readings.tail import NEVER, Newest, Tail

_STAMP = (
    "SELECT (SELECT number FROM generation), coalesce((SELECT max(no) FROM instrument), 0),"
    " (SELECT min(n) FROM pending WHERE n > 0), (SELECT max(n) FROM pending WHERE n > 0)"
)
_INSTRUMENTS = "SELECT no, sensor, reach, last_us, last_value, last_quality FROM instrument"
_FIRST_US, _LAST_US = to_us(datetime(1, 1, 1, tzinfo=UTC)), to_us(datetime(9999, 12, 31, tzinfo=UTC))
FLAGS = tuple(Quality(bits) for bits in range(256))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one moment of the readings' file from another."""

    generation: int
    most: int  # the greatest number of a sensor
    first: int | None  # the blobs that wait
    last: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """The sensors that ever reported, and the newest readings of each that are in chunks."""

    generation: int
    most: int
    numbers: dict[str, int]
    names: tuple[str, ...]  # by number; "" where none has it
    sealed: Newest


def stamp(connection: Connection) -> Stamp:
    return Stamp(*connection.exec_driver_sql(_STAMP).one())


class Mirror:
    """Kept by a `Store`, filled by its looks as they need it; safe in any thread."""

    def __init__(self) -> None:
        self.tail = Tail()
        self._lock = Lock()
        self._register: Register | None = None
        self._shown, self._made = Newest(), list[Reading | None]()

    def register(self, connection: Connection, seen: Stamp) -> Register:
        """The sensors as that moment has them."""
        with self._lock:
            kept = self._register
        if kept is not None and (kept.generation, kept.most) == (seen.generation, seen.most):
            return kept
        read = _read_register(connection, seen)
        with self._lock:
            if self._register is None or self._register.generation <= read.generation:
                self._register = read
        return read

    def sealed(self, before: int, after: int, numbers: Sequence[int], newest: Newest) -> None:
        """A rewriting made generation `after` of `before`, and told the file `newest` of these sensors.

        Without this each of a sealing's many writes would make every look read all sensors again.
        """
        with self._lock:
            kept = self._register
            if kept is not None and kept.generation == before:
                sealed = kept.sealed.copy(len(newest.reach))
                sealed.join(newest.only(numbers))
                self._register = replace(kept, generation=after, sealed=sealed)

    def readings(self, names: tuple[str, ...], newest: Newest) -> dict[str, Reading]:
        """The newest reading of each sensor as values; only those that moved since are made anew."""
        with self._lock:
            size = len(newest.at_us)
            if size > len(self._made):
                self._shown = self._shown.copy(size)
                self._made += [None] * (size - len(self._made))
            shown = self._shown
            moved = (newest.at_us != shown.at_us[:size]) | (newest.value != shown.value[:size])
            for no in np.flatnonzero(moved | (newest.quality != shown.quality[:size])).tolist():
                self._made[no] = reading_of(names[no], newest, no)
            for name in Newest.__slots__:
                getattr(shown, name)[:size] = getattr(newest, name)
            pairs = zip(names, self._made, strict=False)
            return {name: reading for name, reading in pairs if reading is not None}


def reading_of(name: str, newest: Newest, no: int) -> Reading | None:
    """The newest reading of the sensor with this number and name; None when there is none."""
    at_us = int(newest.at_us[no])
    if at_us == NEVER:
        return None
    return Reading(name, from_us(at_us), float(newest.value[no]), FLAGS[newest.quality[no]])


def _read_register(connection: Connection, seen: Stamp) -> Register:
    """A row that cannot be one, for it is damaged, is left out; a check of the folder names what is lost."""
    names, sealed = [""] * (seen.most + 1), Newest(seen.most + 1)
    for no, sensor, reach, *newest in connection.exec_driver_sql(_INSTRUMENTS).all():
        if not (isinstance(sensor, str) and 0 < no <= seen.most):
            continue
        names[no] = sensor
        if _is_time(reach):
            sealed.reach[no] = reach
        at_us, value, quality = newest
        if _is_time(at_us) and isinstance(value, float | int) and quality in range(len(FLAGS)):
            sealed.at_us[no], sealed.value[no], sealed.quality[no] = at_us, value, quality
    numbers = {name: no for no, name in enumerate(names) if name}
    return Register(seen.generation, seen.most, numbers, tuple(names), sealed)


def _is_time(at_us: Any) -> bool:
    return isinstance(at_us, int) and _FIRST_US <= at_us <= _LAST_US
