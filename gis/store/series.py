"""Readings: facts appended once, in a file of their own beside the records.

One row a reading, clustered by instrument and time; the newest of each instrument is kept at hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.model.record import Quality, Reading
from gis.store import schema

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
    table = schema.instrument
    newest: dict[int, dict[str, Any]] = {}
    ahead = int(Quality.CLOCK)  # a time from the future would stay the newest for ever
    for row in (row for row in rows if not row["quality"] & ahead):
        if row["no"] not in newest or row["at_us"] >= newest[row["no"]]["at_us"]:
            newest[row["no"]] = row
    for number, row in newest.items():
        connection.execute(
            table.update()
            .where(table.c.no == number, func.coalesce(table.c.last_us, row["at_us"]) <= row["at_us"])
            .values(last_us=row["at_us"], last_value=row["value"], last_quality=row["quality"])
        )


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


def after(connection: Connection, sensor: str, at_us: int) -> list[Reading]:
    """The readings of one sensor later than `at_us`, oldest first."""
    series = read(connection, sensor, since=from_us(at_us + 1))
    columns = zip(series.at_us.tolist(), series.value.tolist(), series.quality.tolist(), strict=True)
    return [Reading(sensor, from_us(at), value, Quality(quality)) for at, value, quality in columns]


def latest(connection: Connection) -> dict[str, Reading]:
    """The newest reading of each sensor that ever reported."""
    table = schema.instrument
    rows = connection.execute(select(table).where(table.c.last_us.is_not(None)))
    return {
        row.sensor: Reading(row.sensor, from_us(row.last_us), row.last_value, Quality(row.last_quality))
        for row in rows
    }
