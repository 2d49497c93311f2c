"""Pending blobs become compressed chunks, beside everything else and in small steps.

What is to be written is made outside of any write; a write takes the time of putting down the chunks of some
fifty sensors. The blobs go with the last write, and merging readings again changes nothing, so a sealing that
is killed at any point leaves every reading where a look finds it once. A number in the file counts the
rewritings: whoever finds another than the one it started from begins again.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from gis.model.record import from_us
from gis.progress import Progress
from gis.store.readings import chunks
from gis.store.readings.chunks import EMPTY, USUAL, Damaged, Series, cuts, decoded, encoded, merged
from gis.store.readings.mirror import Mirror, stamp
from gis.store.readings.series import by_sensor
from gis.store.readings.tail import NEVER, Newest, damaged
from gis.store.tables import schema
from gis.texts import _

SLICE = 50  # sensors put down in one write
MOST_ROWS = 300_000  # waiting readings after which sealing is due
LONGEST_WAIT = timedelta(minutes=10)
_AGAIN = 5  # times to begin anew when another desk seals too

Look = Callable[[], AbstractContextManager[Connection]]

_HEADERS = (
    "SELECT id, t0, t1, n FROM chunk WHERE no = :no AND t0 <= :until AND t0 >="
    " coalesce((SELECT max(t0) FROM chunk WHERE no = :no AND t0 <= :since), :since) ORDER BY t0"
)
_FIRST = "SELECT id, t0, t1, n FROM chunk WHERE no = :no ORDER BY t0 LIMIT 1"
_IS_LAST = "SELECT max(t0) FROM chunk WHERE no = :no"
_BLOBS = "SELECT id, n, codec, crc, at, value, quality FROM chunk WHERE id = :id"
_REACH = "UPDATE instrument SET reach = max(coalesce(reach, :reach), :reach) WHERE no = :no"
_NEWEST = (
    "UPDATE instrument SET last_us = :at_us, last_value = :value, last_quality = :quality"
    " WHERE no = :no AND (last_us IS NULL OR (last_us, last_value) < (:at_us, :value))"
)
# a damaged chunk keeps its bytes under the sensor's number with a minus, out of every look (see checkup)
_ASIDE = "UPDATE chunk SET no = -no WHERE id = :id AND no > 0"


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits to be sealed: how many readings, since when."""

    rows: int
    since: datetime | None

    def is_due(self, now: datetime) -> bool:
        return self.rows >= MOST_ROWS or (self.since is not None and now - self.since >= LONGEST_WAIT)


def pending(connection: Connection) -> Pending:
    table = schema.pending
    rows, since = connection.execute(
        select(func.sum(table.c.rows), func.min(table.c.at)).where(table.c.n > 0)
    ).one()
    return Pending(rows or 0, None if since is None else from_us(since))


class Overtaken(Exception):
    """Another desk rewrote the chunks meanwhile."""


@dataclass(frozen=True, slots=True)
class _Work:
    """One sensor's fresh readings for one place: the chunk they belong into, if any, as it is on the disk."""

    no: int
    fresh: Series
    chunk: Mapping[Any, Any] | None
    last: bool


@dataclass(slots=True)
class _Outcome:
    """What a write puts down: rows, the ids of chunks they replace, and of chunks that were damaged."""

    rows: list[dict[str, Any]]
    gone: list[dict[str, int]]
    damaged: list[dict[str, int]]


def seal(look: Look, write: Look, mirror: Mirror, progress: Progress, codec: str = USUAL) -> int:
    """Put what waits into chunks. Returns how many readings that were.

    `look` and `write` open transactions on the readings' file. Raises `Cancelled` between two writes; what is
    done until then stays done.
    """
    for _attempt in range(_AGAIN):
        try:
            return _seal(look, write, mirror, progress, codec)
        except Overtaken:
            continue
    return 0  # the other one is sealing


def _seal(look: Look, write: Look, mirror: Mirror, progress: Progress, codec: str) -> int:
    with look() as connection:
        seen = stamp(connection)
        if seen.first is None or seen.last is None:
            return 0
        columns, newest = mirror.tail.seen(connection, seen.first, seen.last)
        lost = damaged(connection, seen.last)
    parts = sorted(by_sensor([columns]).items())
    generation = seen.generation
    for start in range(0, len(parts), SLICE):
        progress.step(start, len(parts), _("Compressing readings"))
        some = parts[start : start + SLICE]
        numbers = [no for no, _fresh in some]
        outcome = _compressed(_planned(look, some, generation), codec)
        with write() as connection:
            after = next_generation(connection, generation)
            _put(connection, outcome)
            _keep_newest(connection, numbers, newest)
            if start + SLICE >= len(parts):
                _clear(connection, seen.last, lost)
        mirror.sealed(generation, after, numbers, newest)
        generation = after
    if not parts:
        with write() as connection:
            next_generation(connection, generation)
            _clear(connection, seen.last, lost)
    mirror.tail.drop(seen.last)
    return len(columns)


def next_generation(connection: Connection, expected: int) -> int:
    """Count a rewriting of chunks. Raises `Overtaken` when they are not those that were read."""
    table = schema.generation
    counted = connection.execute(
        update(table).where(table.c.number == expected).values(number=expected + 1)
    ).rowcount
    if counted != 1:
        raise Overtaken
    return expected + 1


def _planned(look: Look, some: Sequence[tuple[int, Series]], generation: int) -> list[_Work]:
    with look() as connection:
        if stamp(connection).generation != generation:
            raise Overtaken
        return [work for no, fresh in some for work in _places(connection, no, merged(EMPTY, fresh))]


def _places(connection: Connection, no: int, fresh: Series) -> list[_Work]:
    """Part a sensor's readings, in order, by the chunk they fall into."""
    bounds = {"no": no, "since": int(fresh.at_us[0]), "until": int(fresh.at_us[-1])}
    headers: Sequence[Any] = connection.exec_driver_sql(_HEADERS, bounds).all()
    headers = headers or connection.exec_driver_sql(_FIRST, bounds).all()
    if not headers:
        return [_Work(no, fresh, None, last=True)]
    newest = connection.exec_driver_sql(_IS_LAST, bounds).scalar_one()
    place = np.searchsorted([header.t0 for header in headers], fresh.at_us, "right") - 1
    place = np.maximum(place, 0)
    works: list[_Work] = []
    for index in np.unique(place).tolist():
        header, part = headers[index], fresh.take(place == index)
        last = header.t0 == newest
        if last and header.n >= chunks.SIZE and part.at_us[0] > header.t1:
            works.append(_Work(no, part, None, last=True))
        else:
            row = connection.exec_driver_sql(_BLOBS, {"id": header.id}).mappings().one()
            works.append(_Work(no, part, row, last))
    return works


def _compressed(works: Sequence[_Work], codec: str) -> _Outcome:
    outcome = _Outcome([], [], [])
    for work in works:
        known, chunk = EMPTY, work.chunk
        if chunk is not None:
            try:
                known = decoded(chunk)
                outcome.gone.append({"id": chunk["id"]})
            except Damaged:
                outcome.damaged.append({"id": chunk["id"]})
        series = merged(known, work.fresh)
        for cut in cuts(series.at_us, last=work.last):
            outcome.rows.append({"no": work.no} | encoded(series.take(cut), codec))
    return outcome


def _put(connection: Connection, outcome: _Outcome) -> None:
    if outcome.gone:
        connection.exec_driver_sql("DELETE FROM chunk WHERE id = :id", outcome.gone)
    if outcome.damaged:
        connection.exec_driver_sql(_ASIDE, outcome.damaged)
    connection.execute(insert(schema.chunk), outcome.rows)


def _clear(connection: Connection, last: int, lost: Sequence[int]) -> None:
    """Take the blobs away; a damaged one keeps its bytes under its number with a minus."""
    table = schema.pending
    connection.execute(update(table).where(table.c.n.in_(lost)).values(n=-table.c.n))
    connection.execute(delete(table).where(table.c.n.between(1, last)))


def _keep_newest(connection: Connection, numbers: Sequence[int], newest: Newest) -> None:
    reach = [{"no": no, "reach": int(newest.reach[no])} for no in numbers]
    connection.exec_driver_sql(_REACH, reach)
    rows = [
        {
            "no": no,
            "at_us": int(newest.at_us[no]),
            "value": float(newest.value[no]),
            "quality": int(newest.quality[no]),
        }
        for no in numbers
        if newest.at_us[no] != NEVER
    ]
    if rows:
        connection.exec_driver_sql(_NEWEST, rows)
