"""The two kinds of data: a record has an id and a history, a reading is written once."""

import os
import time
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntFlag
from uuid import UUID


def new_id() -> str:
    """An id no other desk will ever choose, sorting by the time it was made (UUIDv7, RFC 9562 5.7)."""
    stamp = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    raw = bytearray(stamp + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(raw)))


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
    CLOCK = 8  # from the future


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value. A fact: written once, never changed, safe to receive twice.

    `sensor_id` is a `Sensor.id`, `at` aware UTC, `value` finite, in the sensor's unit.
    """

    sensor_id: str
    at: datetime
    value: float
    quality: Quality = Quality.GOOD
