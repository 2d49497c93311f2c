"""Whether everything came through a migration as it was: asked of the copy and of what became of it."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from gis.store.tables.engine import broken_pages, open_looking
from gis.texts import _

SAID = "n, edit, actor, seq, step, at, who, label, kind, record, field, body, received_at"
RECORDS = ("incidents", "notes", "sensors", "alarm_rules", "alarms", "sitreps")  # of formats 1 and 2


def unlike(copy: Path, desk: Connection, columns: str = SAID, tables: Iterable[str] = ()) -> list[str]:
    """What of the desk's file is not as the copy of it says, a sentence each; empty when all has arrived.

    Compared are these `columns` of the journal, and all of these `tables`.
    """
    kept = open_looking(copy, frozen=True)
    found: list[str] = []
    try:
        with kept.begin() as before:
            if not _same(before, desk, f"SELECT {columns} FROM journal ORDER BY n"):
                found.append(_("The journal is not the one there was."))
            found += [
                _("The table {table} is not the one there was.").format(table=table)
                for table in tables
                if not _same(before, desk, f"SELECT * FROM {table} ORDER BY 1")
            ]
    finally:
        kept.dispose()
    return [*found, *broken_pages(desk)]


def _same(before: Connection, now: Connection, asked: str) -> bool:
    return _digest(before, asked) == _digest(now, asked)


def _digest(desk: Connection, asked: str) -> str:
    every = sha256()
    for row in desk.exec_driver_sql(asked):
        every.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return every.hexdigest()
