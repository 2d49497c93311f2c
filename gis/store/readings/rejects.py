"""Lines that could not be taken as readings, kept as they came so that a person can judge them.

The newest `KEPT` of all sources stay, each to its first `LONGEST` bytes; what each source gave is counted on.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.model.record import from_us, to_us
from gis.store.tables import schema
from gis.store.tables.rows import whole_text

KEPT = 10_000
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Rejected:
    """One line set aside: when (UTC), from where, its number (0: the whole source), its bytes, and why."""

    at: datetime
    source: str
    line: int
    raw: bytes
    reason: str


def add(connection: Connection, lines: Sequence[Rejected]) -> None:
    """Keep lines; one that is kept already, from the same source and place, changes nothing."""
    known = _known(connection, {whole_text(each.source) for each in lines})
    fresh: dict[tuple[str, int, bytes], Rejected] = {}
    for each in lines:
        key = (whole_text(each.source), each.line, each.raw[:LONGEST])
        if key not in known:
            fresh.setdefault(key, each)
    if not fresh:
        return
    rows = [
        {"source": source, "line": line, "raw": raw, "at": to_us(each.at), "reason": whole_text(each.reason)}
        for (source, line, raw), each in [*fresh.items()][-KEPT:]
    ]
    connection.execute(insert(schema.reject), rows)
    _count(connection, Counter(source for source, _line, _raw in fresh))
    _forget(connection)


def _known(connection: Connection, sources: set[str]) -> set[tuple[str, int, bytes]]:
    table = schema.reject
    wanted = select(table.c.source, table.c.line, table.c.raw)
    found = (connection.execute(wanted.where(table.c.source == source)) for source in sorted(sources))
    return {(row.source, row.line, row.raw) for rows in found for row in rows}


def _count(connection: Connection, counts: Counter[str]) -> None:
    statement = upsert(schema.reject_count)
    more = schema.reject_count.c.count + statement.excluded.count
    statement = statement.on_conflict_do_update(["source"], set_={"count": more})
    connection.execute(statement, [{"source": source, "count": count} for source, count in counts.items()])


def _forget(connection: Connection) -> None:
    table = schema.reject
    last = select(table.c.n).order_by(table.c.n.desc()).offset(KEPT).limit(1).scalar_subquery()
    connection.execute(delete(table).where(table.c.n <= func.coalesce(last, 0)))


def newest(connection: Connection, source: str | None, limit: int) -> list[Rejected]:
    """The lines kept, newest first; of one source when it is named."""
    table = schema.reject
    wanted = select(table).order_by(table.c.n.desc()).limit(limit)
    if source is not None:
        wanted = wanted.where(table.c.source == source)
    return [
        Rejected(from_us(row.at), row.source, row.line, row.raw, row.reason)
        for row in connection.execute(wanted)
    ]


def counts(connection: Connection) -> dict[str, int]:
    """How many lines of each source were ever set aside, by its name."""
    table = schema.reject_count
    return {row[0]: row[1] for row in connection.execute(select(table.c.source, table.c["count"]))}
