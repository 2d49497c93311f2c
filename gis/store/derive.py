"""The tables that follow from the journal: made row by row as edits come in, or all of them again."""

from collections.abc import Collection, Sequence
from functools import cache

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, text
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from gis.model.record import Record
from gis.progress import Progress
from gis.store import journal
from gis.store.journal import fold
from gis.store.journal.edit import EDIT_FORMAT
from gis.store.tables import geopackage, schema, watch
from gis.store.tables.rows import KINDS, field_types, to_row
from gis.texts import _

_BATCH = 2000
_JOURNAL_AGAIN = (
    "CREATE TEMP TABLE named AS SELECT o.value AS edit, j.n AS by, j.kind, j.record, j.field"
    f" FROM journal AS j, json_each(j.body, '$.over') AS o WHERE j.body ->> 'v' <= {EDIT_FORMAT}",
    "CREATE INDEX temp.named_edit ON named (edit)",
    f"UPDATE journal SET until = CASE WHEN body ->> 'v' > {EDIT_FORMAT} THEN n ELSE"
    " (SELECT min(m.by) FROM named AS m WHERE m.edit = journal.edit AND m.kind = journal.kind"
    " AND m.record = journal.record AND m.field = journal.field) END,"
    " opens = n = (SELECT min(s.n) FROM journal AS s WHERE s.step = journal.step)",
    "DELETE FROM journal_awaited",
    "INSERT INTO journal_awaited (edit, by) SELECT DISTINCT m.edit, m.by FROM named AS m"
    " WHERE NOT EXISTS (SELECT 1 FROM journal AS j WHERE j.edit = m.edit)",
    "DROP TABLE temp.named",
    "DELETE FROM journal_dispute",
    "INSERT INTO journal_dispute (kind, record, field) SELECT kind, record, field FROM journal"
    " WHERE until IS NULL GROUP BY kind, record, field HAVING count(*) > 1",
    "DELETE FROM journal_chain",
    "INSERT INTO journal_chain (actor, top, held, forked)"
    " SELECT actor, max(seq), count(*), min(CASE WHEN twins > 1 THEN seq END)"
    " FROM (SELECT actor, seq, count(*) AS twins FROM journal GROUP BY actor, seq) GROUP BY actor",
)
_RECORDS = text("SELECT record FROM journal WHERE kind = :kind GROUP BY record ORDER BY min(n)")


_FAR = 2**50  # numbers that no journal reaches


def _make_room(connection: Connection, kind: type[Record], records: Collection[tuple[int, Record]]) -> None:
    """Rows that another program put where one of these records belongs move out of the way."""
    table = schema.TABLE_OF[kind].name
    free = connection.exec_driver_sql(f"SELECT max(fid) FROM {table}").scalar_one()
    free = max(free, _FAR)
    for fid, record in records:
        taken = f"UPDATE {table} SET fid = ? WHERE fid = ? AND id IS NOT ?"
        if connection.exec_driver_sql(taken, (free + 1, fid, record.id)).rowcount:
            free += 1
            watch.moved(connection, table, fid, free)


@cache
def _put_row(kind: type[Record]) -> Insert:
    insert = upsert(schema.TABLE_OF[kind])
    return insert.on_conflict_do_update(["id"], set_={n: insert.excluded[n] for n in field_types(kind)})


def show(
    connection: Connection, kind: type[Record], records: Collection[tuple[int, Record]]
) -> list[BaseGeometry]:
    """Make the rows of these records agree with them, each with the number of its first edit.

    Returns their places.
    """
    rows = [{"fid": fid} | to_row(record) for fid, record in records]
    if rows:
        watch.ours(connection)
        try:
            connection.execute(_put_row(kind), rows)
        except IntegrityError:
            _make_room(connection, kind, records)
            connection.execute(_put_row(kind), rows)
    return [value for row in rows for value in row.values() if isinstance(value, BaseGeometry)]


def folded(connection: Connection, kind: type[Record], ids: Sequence[str]) -> list[tuple[int, Record]]:
    """Those of these records that are whole, each with the number of its first edit."""
    heads = journal.head_edits(connection, kind.__name__, ids)
    first = journal.first_numbers(connection, kind.__name__, ids)
    made = (fold.record(kind.__name__, record_id, heads.get(record_id, {})) for record_id in ids)
    return [(first[record.id], record) for record in made if record is not None]


def rebuild(connection: Connection, progress: Progress) -> None:
    """Make every derived table again from the edits: what it gives is what stood there, byte for byte.

    All of it in the caller's transaction. Raises `Cancelled`.
    """
    for number, statement in enumerate(_JOURNAL_AGAIN):
        progress.step(number, len(_JOURNAL_AGAIN), _("Reading the journal"))
        connection.execute(text(statement))
    for kind in KINDS.values():
        make_again(connection, kind, progress)


def make_again(connection: Connection, kind: type[Record], progress: Progress) -> None:
    """The table of one kind from its standing edits, in the caller's transaction. Raises `Cancelled`."""
    table = schema.TABLE_OF[kind]
    watch.ours(connection)
    connection.execute(table.delete())
    ids = list(connection.scalars(_RECORDS, {"kind": kind.__name__}))
    places: list[BaseGeometry] = []
    for start in range(0, len(ids), _BATCH):
        progress.step(start, len(ids), _("Making {table} again").format(table=table.name))
        places += show(connection, kind, folded(connection, kind, ids[start : start + _BATCH]))
    geopackage.forget_extent(connection, table.name)
    geopackage.touch(connection, table.name, places)
    watch.no_longer_ours(connection)
