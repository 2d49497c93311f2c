"""The two kinds of data: a record has an id and a history, a reading is written once."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntFlag
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def new_id() -> str:
    """An id no other desk will ever choose, sorting by the time it was made (UUIDv7, RFC 9562 5.7)."""
    stamp = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    raw = bytearray(stamp + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(raw)))


# metadata of a field that says something about a private person: kept apart, so that it can be erased
PERSONAL = {"personal": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Something that can be changed, undone, merged and audited. Changed only by being replaced.

    `void` strikes the record out: it stays in the file and in its history, and is shown nowhere else.
    """

    id: str = field(default_factory=new_id)
    void: bool = False


class Quality(IntFlag):
    """What is doubtful about a reading; 0 is good."""

    GOOD = 0
    RANGE = 1  # outside what the instrument can measure
    STUCK = 2  # the same value for too long
    SPIKE = 4  # a jump no river makes
    CLOCK = 8  # from the future, or from long before it could have been measured
    STEP = 16  # a change from the last report that the instrument cannot truly make
    UNIT = 32  # came in another unit than the instrument's


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value. A fact: written once, never changed, safe to receive twice.

    `sensor_id` is a `Sensor.id`, `at` aware UTC, `value` finite, in the sensor's unit.
    """

    sensor_id: str
    at: datetime
    value: float
    quality: Quality = Quality.GOOD


def to_us(at: datetime) -> int:
    """Microseconds since 1970 UTC: how times are kept in columns of numbers."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(at_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at_us)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Many readings as columns of one length: what a bulk path hands over.

    `which` (int32) points into `sensors`, ids of `Sensor`; `at_us` (int64) is microseconds since 1970 UTC,
    `value` (float64) in the sensor's unit, `quality` (uint8) the bits of `Quality`.
    """

    sensors: tuple[str, ...]
    which: NDArray[np.int32]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    def __post_init__(self) -> None:
        lengths = {len(each) for each in (self.which, self.at_us, self.value, self.quality)}
        if len(lengths) > 1:
            raise ValueError(f"columns of different lengths: {sorted(lengths)}")
        if len(self.which) and not (self.which.min() >= 0 and self.which.max() < len(self.sensors)):
            raise ValueError("a reading points at no sensor")

    def __len__(self) -> int:
        return len(self.which)

    def take(self, which: Any) -> "Readings":
        """Those readings, of the same sensors, that an index or a mask of numpy points at."""
        return Readings(
            self.sensors, self.which[which], self.at_us[which], self.value[which], self.quality[which]
        )

    def __add__(self, other: "Readings") -> "Readings":
        """These and others of the same sensors."""
        pairs = zip(self._columns(), other._columns(), strict=True)
        return Readings(self.sensors, *(np.concatenate(pair) for pair in pairs))

    def _columns(self) -> tuple[NDArray[Any], ...]:
        return self.which, self.at_us, self.value, self.quality

    @staticmethod
    def of(batch: Sequence[Reading]) -> "Readings":
        """The same readings as columns, in the same order."""
        numbers: dict[str, int] = {}
        count = len(batch)
        which = (numbers.setdefault(reading.sensor_id, len(numbers)) for reading in batch)
        return Readings(
            which=np.fromiter(which, np.int32, count),
            sensors=tuple(numbers),
            at_us=np.fromiter((to_us(reading.at) for reading in batch), np.int64, count),
            value=np.fromiter((reading.value for reading in batch), np.float64, count),
            quality=np.fromiter((reading.quality for reading in batch), np.uint8, count),
        )
