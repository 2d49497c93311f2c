"""Proof that the journal is what was written: every body under its name, every chain unbroken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select, text

from gis.store.tables import schema

SLICE = 20_000


@dataclass(frozen=True, slots=True)
class Altered:
    """An entry that is not what it was when it was written, as its row now tells it."""

    edit: str
    step: str
    number: int
    label: str
    author: str
    at: datetime


# What stands beside a body must be what the body says; a newer format's body is not ours to read. Another
# desk may have written the same instant in another way.
_STRAYS = text(
    "SELECT n FROM journal WHERE n > :after AND n <= :upto AND NOT ("
    " json_valid(body) AND actor IS body ->> 'actor' AND seq IS body ->> 'seq'"
    " AND (body ->> 'v' > 1 OR (step IS body ->> 'step' AND who IS body ->> 'who'"
    " AND label IS body ->> 'label' AND kind IS body ->> 'kind' AND record IS body ->> 'record'"
    " AND field IS body ->> 'field' AND (at IS body ->> 'at' OR (body ->> 'at' NOT GLOB"
    " '????-??-??T??:??:??.???Z' AND coalesce(abs(julianday(at) - julianday(body ->> 'at')) < 1.1e-8,"
    " julianday(body ->> 'at') IS NULL))))))"
    " ORDER BY n LIMIT 1"
)
# What was written here names the edit before it, which must be here; another desk's may be on its way.
_LOOSE = text(
    "SELECT j.n, j.actor, j.seq FROM journal AS j WHERE j.n > :after AND j.n <= :upto"
    " AND j.arrival IS NULL AND j.seq > 1"
    " AND NOT EXISTS (SELECT 1 FROM journal AS b WHERE b.edit = j.body ->> 'prev'"
    " AND b.actor = j.actor AND b.seq = j.seq - 1) ORDER BY j.n LIMIT 1"
)
_BEFORE = text("SELECT n FROM journal WHERE actor = :actor AND seq = :seq ORDER BY n LIMIT 1")
_BODIES = (
    "SELECT n, CAST(edit AS BLOB), CAST(body AS BLOB), typeof(body) FROM journal"
    " WHERE n > ? AND n <= ? ORDER BY n"
)


def broken(connection: Connection) -> str | None:
    """The name of the first edit that is not what it was when it was written; None when all chains hold.

    Two edits of one desk under one number (a fork: the folder was copied) are no alteration, and neither
    is an edit of another desk whose predecessor has not arrived.
    """
    last = connection.exec_driver_sql("SELECT coalesce(max(n), 0) FROM journal").scalar_one()
    return next(filter(None, (broken_in(connection, n) for n in slices(0, last))), None)


def altered(connection: Connection, after: int) -> Altered | None:
    """The first altered entry among the `SLICE` edits after number `after`."""
    number = _broken_number(connection, after)
    if number is None:
        return None
    table = schema.journal
    told = select(table.c.step, table.c.n, table.c.label, table.c.who, table.c.received_at)
    row = connection.execute(told.where(table.c.n == number)).one()
    return Altered(_name(connection, number), row.step, row.n, row.label, row.who, row.received_at)


def slices(after: int, upto: int) -> Iterator[int]:
    """Where each slice of the journal in (after, upto] begins: a long proof is done in short looks."""
    return iter(range(after, upto, SLICE))


def broken_in(connection: Connection, after: int) -> str | None:
    """As `broken`, for the `SLICE` edits after number `after`."""
    number = _broken_number(connection, after)
    return None if number is None else _name(connection, number)


def _name(connection: Connection, number: int) -> str:
    """What an edit is called; "?" when that itself is damaged."""
    asked = "SELECT CAST(edit AS BLOB) FROM journal WHERE n = ?"
    name: bytes | None = connection.exec_driver_sql(asked, (number,)).scalar()
    return name.decode("utf-8", "replace") if name else "?"


def _broken_number(connection: Connection, after: int) -> int | None:
    bounds = {"after": after, "upto": after + SLICE}
    for number, name, body, kept_as in connection.exec_driver_sql(_BODIES, (after, after + SLICE)):
        if kept_as != "text" or sha256(body).hexdigest().encode() != name:
            return number
    stray: int | None = connection.scalar(_STRAYS, bounds)
    if stray is not None:
        return stray
    loose = connection.execute(_LOOSE, bounds).first()
    if loose is None:
        return None
    before: int | None = connection.scalar(_BEFORE, {"actor": loose.actor, "seq": loose.seq - 1})
    return before or loose.n  # the one in its predecessor's place was made up, or it was taken out
