"""Readings: facts appended once, in a file of their own beside the records.

One row a reading, clustered by instrument and time; the newest of each instrument is kept at hand.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.model.record import Quality, Reading
from gis.store import schema

_NEWEST = text(
    "UPDATE instrument SET last_us = :at_us, last_value = :value, last_quality = :quality"
    " WHERE no = :no AND coalesce(last_us, :at_us) <= :at_us"
)
_AFTER = text(
    "SELECT i.sensor, r.at_us, r.value, r.quality FROM json_each(:bounds) AS b"
    " JOIN instrument AS i ON i.sensor = b.value ->> 0"
    " JOIN reading AS r ON r.no = i.no AND r.at_us > b.value ->> 1 ORDER BY r.no, r.at_us"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(at: datetime) -> int:
    """Microseconds since 1970 UTC: how times are kept in columns of numbers."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(at_us: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at_us)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One sensor's readings in order of time: microseconds UTC, values in its unit, quality flags."""

    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.at_us)


def append(connection: Connection, batch: Sequence[Reading]) -> int:
    """Add readings; those already there change nothing. Returns how many were new."""
    numbers = _numbers(connection, {reading.sensor_id for reading in batch})
    before = _count_changes(connection)
    rows = [
        {"no": numbers[r.sensor_id], "at_us": to_us(r.at), "value": r.value, "quality": int(r.quality)}
        for r in batch
    ]
    connection.execute(upsert(schema.reading).on_conflict_do_nothing(), rows)
    added = _count_changes(connection) - before
    _keep_newest(connection, rows)
    return added


def _count_changes(connection: Connection) -> int:
    return connection.exec_driver_sql("SELECT total_changes()").scalar_one()


def _numbers(connection: Connection, sensors: Iterable[str]) -> dict[str, int]:
    table = schema.instrument
    wanted = sorted(sensors)
    connection.execute(upsert(table).on_conflict_do_nothing(), [{"sensor": sensor} for sensor in wanted])
    found = connection.execute(select(table.c.sensor, table.c.no))
    return {row.sensor: row.no for row in found}


def _keep_newest(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    newest: dict[int, dict[str, Any]] = {}
    ahead = int(Quality.CLOCK)  # a time from the future would stay the newest for ever
    for row in (row for row in rows if not row["quality"] & ahead):
        if row["no"] not in newest or row["at_us"] >= newest[row["no"]]["at_us"]:
            newest[row["no"]] = row
    if newest:
        connection.execute(_NEWEST, list(newest.values()))


def read(
    connection: Connection, sensor: str, since: datetime | None = None, until: datetime | None = None
) -> Series:
    """The readings of one sensor in [since, until], oldest first."""
    table, instrument = schema.reading, schema.instrument
    number = select(instrument.c.no).where(instrument.c.sensor == sensor).scalar_subquery()
    query = select(table.c.at_us, table.c.value, table.c.quality).where(table.c.no == number)
    if since is not None:
        query = query.where(table.c.at_us >= to_us(since))
    if until is not None:
        query = query.where(table.c.at_us <= to_us(until))
    rows = connection.execute(query.order_by(table.c.at_us)).all()
    at_us, value, quality = zip(*rows, strict=True) if rows else ((), (), ())
    return Series(np.array(at_us, np.int64), np.array(value, np.float64), np.array(quality, np.uint8))


def after(connection: Connection, bounds: Mapping[str, int]) -> dict[str, list[Reading]]:
    """The readings of each of these sensors later than its bound (microseconds UTC), oldest first."""
    found: dict[str, list[Reading]] = {sensor: [] for sensor in bounds}
    pairs = json.dumps([*bounds.items()])
    for sensor, at_us, value, quality in connection.execute(_AFTER, {"bounds": pairs}).all():
        found[sensor].append(Reading(sensor, from_us(at_us), value, Quality(quality)))
    return found


def latest(connection: Connection) -> dict[str, Reading]:
    """The newest reading of each sensor that ever reported."""
    table = schema.instrument
    rows = connection.execute(select(table).where(table.c.last_us.is_not(None)))
    return {
        row.sensor: Reading(row.sensor, from_us(row.last_us), row.last_value, Quality(row.last_quality))
        for row in rows
    }
