"""What other programs made of rows, put aside before a step of ours writes over them: until a person decides.

It waits in the table of what was touched, as JSON in place of what was done to the row.
"""

import json
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection

from gis.model.record import Record
from gis.store import derive, outside
from gis.store.outside import Foreign, Kept
from gis.store.tables import watch
from gis.store.tables.rows import TABLES, personal

_OF_RECORDS = (
    "SELECT DISTINCT o.fid FROM outside AS o LEFT JOIN {table} AS t ON t.fid = o.fid"
    " LEFT JOIN journal AS j ON j.n = o.fid AND j.kind = ?"
    " WHERE o.seq > 0 AND o.tbl = '{table}' AND o.op NOT GLOB '{{*'"
    " AND (t.id IN (SELECT value FROM json_each(?)) OR j.record IN (SELECT value FROM json_each(?)))"
)
_FORGET = "DELETE FROM outside WHERE seq IN (SELECT value FROM json_each(?))"
_KEEP = "INSERT INTO outside (tbl, fid, op) VALUES (?, ?, ?)"


def rows_of(desk: Connection, kind: type[Record], ids: Sequence[str]) -> list[int]:
    """The touched rows that stand, or ought to stand, for one of these records."""
    wanted = json.dumps(ids)
    asked = _OF_RECORDS.format(table=TABLES[kind])
    return list(desk.exec_driver_sql(asked, (kind.__name__, wanted, wanted)).scalars())


def put_aside(desk: Connection, kind: type[Record], fids: Collection[int]) -> None:
    """Remember what stands in these touched rows, and make them what the journal says. In a step of ours."""
    found = [each for fid in fids if (each := outside.compared(desk, kind, fid)) is not None]
    earlier = {kept.matter: kept for kept in outside.put_aside_before(desk)}
    watch.forget(desk, TABLES[kind], fids)
    for foreign in found:
        _keep(desk, earlier.get(foreign.matter), foreign)
    _make_true(desk, kind, found)


def put_all_aside(desk: Connection) -> None:
    """The same for every touched row: before all tables are made again."""
    for kind, table in TABLES.items():
        put_aside(desk, kind, watch.touched(desk, table))


def _keep(desk: Connection, earlier: Kept | None, foreign: Foreign) -> None:
    kept = Kept.of(foreign)
    if earlier is not None:
        kept = earlier.followed_by(kept)
        _forget(desk, [earlier])
    _write(desk, kept)


def _write(desk: Connection, kept: Kept) -> None:
    desk.exec_driver_sql(_KEEP, (TABLES[kept.kind], kept.fid, kept.note))


def _forget(desk: Connection, gone: Iterable[Kept]) -> None:
    desk.exec_driver_sql(_FORGET, (json.dumps([kept.seq for kept in gone]),))


def _make_true(desk: Connection, kind: type[Record], found: Sequence[Foreign]) -> None:
    """Whatever these rows say, they are what the journal says, and rows that it does not know are gone."""
    watch.ours(desk)
    table = TABLES[kind]
    for foreign in found:
        if foreign.is_new or foreign.problem:
            desk.exec_driver_sql(f"DELETE FROM {table} WHERE fid = ?", (foreign.fid,))
        if foreign.problem:
            desk.exec_driver_sql(f"DELETE FROM {table} WHERE id = ?", (foreign.record_id,))
    ids = [*dict.fromkeys(foreign.record_id for foreign in found)]
    derive.show(desk, kind, derive.folded(desk, kind, ids))


def decide(desk: Connection, decided: Collection[Foreign]) -> None:
    """A person has decided about these: their rows are what the journal says, and nobody is asked again.

    Rows that were touched and are what the journal says are forgotten with them.
    """
    for kind, table in TABLES.items():
        mine = [foreign for foreign in decided if foreign.kind is kind]
        fids = {foreign.fid for foreign in mine} | {
            *rows_of(desk, kind, [foreign.record_id for foreign in mine])
        }
        put_aside(desk, kind, fids)
        idle = [fid for fid in watch.touched(desk, table) if outside.compared(desk, kind, fid) is None]
        watch.forget(desk, table, idle)
    matters = {foreign.matter for foreign in decided}
    _forget(desk, [kept for kept in outside.put_aside_before(desk) if kept.matter in matters])


def drop_agreed(desk: Connection, ids: Collection[str]) -> None:
    """What the journal says of these records by now needs no decision any more."""
    for kept in outside.put_aside_before(desk):
        if kept.record_id in ids:
            left = outside.against_journal(desk, kept)
            _rewrite(desk, kept, () if left is None else [said.field for said in left.fields])


def erase(desk: Connection, kind: type[Record], record_id: str) -> None:
    """What another program said of a private person goes with what the record said."""
    for kept in outside.put_aside_before(desk):
        if (kept.kind, kept.record_id) == (kind, record_id):
            _rewrite(desk, kept, kept.fields.keys() - personal(kind))


def _rewrite(desk: Connection, kept: Kept, fields: Collection[str]) -> None:
    if len(kept.fields) == len(fields):
        return
    _forget(desk, [kept])
    if fields or kept.problem:
        _write(desk, kept.only(fields))
