"""What a spool brought, put into the files of an operation that is being restored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, text

from gis.progress import Progress
from gis.store import journal
from gis.store.journal import personal
from gis.store.journal.edit import read
from gis.store.journal.personal import Personal
from gis.store.second import look as second_look
from gis.store.second import readings as second_readings
from gis.store.second.look import ERASED, LOCAL, PERSONAL
from gis.store.second.spool import Entry, Frame
from gis.store.tables import schema
from gis.texts import _


def frames(desk: Connection, readings: Connection, found: Sequence[Frame], progress: Progress) -> list[Entry]:
    """Everything the frames say, however often and in whatever order they say it.

    Returns the entries behind a gap in the numbers: they are not what this desk went on from.
    """
    entries = {entry.n: entry for frame in found for entry in frame.entries}
    last = second_look.upto(desk)
    ahead = [entries[n] for n in sorted(entries) if n > last]
    on = [entry for place, entry in enumerate(ahead) if entry.n == last + 1 + place]
    _add(desk, on)
    for done, frame in enumerate(found):
        progress.step(done, len(found), _("Taking in what came after the base"))
        for table in LOCAL:
            _put(desk, table, frame.tables.get(table.name, ()))
    _keep_apart(desk, found)
    second_readings.set_aside(readings, found)
    return ahead[len(on) :]


def _add(desk: Connection, entries: Sequence[Entry]) -> None:
    for (received, arrival), group in groupby(entries, key=lambda e: (e.received_at, e.arrival)):
        edits = [read(entry.body) for entry in group]
        journal.add(desk, edits, datetime.fromisoformat(received), arrival)


def _keep_apart(desk: Connection, found: Sequence[Frame]) -> None:
    """Personal values; what was erased later stays erased."""
    kept = [row for frame in found for row in frame.tables.get(PERSONAL, ())]
    personal.keep(desk, [Personal(**row) for row in kept])
    erased = [row | {"salt": None, "value": None} for frame in found for row in frame.tables.get(ERASED, ())]
    _put(desk, schema.personal, erased)


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as they lay in the table they came from; one that is there already is made like it."""
    names, keys = [*table.c.keys()], [column.name for column in table.primary_key]
    known = [{name: row[name] for name in names} for row in rows if row.keys() >= {*names}]
    if known:
        values, rest = ", ".join(f":{n}" for n in names), ", ".join(f"{n} = excluded.{n}" for n in names)
        connection.execute(
            text(
                f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})"
                f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"
            ),
            known,
        )
