"""What other programs changed in the record tables: noticed by triggers, compared with what the journal says.

Triggers write down which row of which table was touched, unless it was by a step of ours (`watch`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Connection, RowMapping, Select, select
from sqlalchemy.types import TypeDecorator

from gis.model.record import Record
from gis.store import derive, journal
from gis.store.journal import fold
from gis.store.tables import schema, watch
from gis.store.tables.rows import (
    TABLES,
    UNREADABLE,
    R,
    defaults,
    from_json,
    from_row,
    from_values,
    starting_values,
    to_json,
    to_values,
)
from gis.texts import _

_KIND_OF = {table: kind for kind, table in TABLES.items()}
_TOUCHED = "SELECT tbl, fid, max(seq) AS seq FROM outside WHERE seq > 0 GROUP BY tbl, fid ORDER BY seq"
_OWNER = "SELECT kind, record FROM journal WHERE n = ?"
MALFORMED = (*UNREADABLE, IndexError, AttributeError)


@dataclass(frozen=True, slots=True)
class Said:
    """One field: what the journal says and what stands in the table, as the journal would keep it."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Foreign:
    """A row that another program made, changed or took away. `problem` says why it cannot be taken over."""

    kind: type[Record]
    record_id: str
    fid: int
    fields: tuple[Said, ...]
    is_new: bool = False
    is_gone: bool = False
    problem: str = ""


def differences(desk: Connection) -> list[Foreign]:
    """The touched rows that are not what the journal says, in the order in which they were touched."""
    rows = desk.exec_driver_sql(_TOUCHED).all()
    found = [_compared(desk, _KIND_OF[tbl], fid) for tbl, fid, _seq in rows if tbl in _KIND_OF]
    return [foreign for foreign in found if foreign is not None]


def _compared(desk: Connection, kind: type[Record], fid: int) -> Foreign | None:
    table = schema.TABLE_OF[kind].name
    row = desk.exec_driver_sql(f"SELECT * FROM {table} WHERE fid = ?", (fid,)).mappings().first()
    owner = _owner(desk, kind, fid)
    if row is None:
        return _gone(desk, kind, fid, owner)
    record_id = row["id"]
    if owner is not None and record_id != owner:
        return Foreign(kind, owner, fid, (), problem=_("Its id was changed."))
    if not isinstance(record_id, str) or not record_id:
        return Foreign(kind, "", fid, (), is_new=True, problem=_("It has no id."))
    said = _said(desk, kind, record_id)
    if owner is None and said is not None:
        return Foreign(kind, record_id, fid, (), problem=_("Another entry has the same id."))
    return _against(said, kind, fid, row)


def _owner(desk: Connection, kind: type[Record], fid: int) -> str | None:
    """The record of a kind whose row this number belongs to, by the journal."""
    found = desk.exec_driver_sql(_OWNER, (fid,)).first()
    if found is None or found.kind != kind.__name__ or _said(desk, kind, found.record) is None:
        return None
    first = journal.first_numbers(desk, kind.__name__, [found.record])[found.record]
    return found.record if first == fid else None


def _said(desk: Connection, kind: type[Record], record_id: str) -> dict[str, Any] | None:
    heads = journal.head_edits(desk, kind.__name__, [record_id])
    record = fold.record(kind.__name__, record_id, heads.get(record_id, {}))
    return None if record is None else to_values(record)


def _gone(desk: Connection, kind: type[Record], fid: int, owner: str | None) -> Foreign | None:
    moved = (
        owner is None
        or desk.exec_driver_sql(f"SELECT 1 FROM {schema.TABLE_OF[kind].name} WHERE id = ?", (owner,)).first()
    )
    if owner is None:
        return None
    if moved:
        return Foreign(kind, owner, fid, (), problem=_("Its number in the table was changed."))
    return Foreign(kind, owner, fid, (Said("void", False, True),), is_gone=True)


def _against(said: dict[str, Any] | None, kind: type[Record], fid: int, row: RowMapping) -> Foreign | None:
    before = starting_values(kind) if said is None else said
    fields: list[Said] = []
    problem = ""
    for column in schema.TABLE_OF[kind].columns:
        if column.name in ("fid", "id"):
            continue
        try:
            after = _value(kind, column, row[column.name])
        except MALFORMED:
            after, problem = str(row[column.name])[:80], problem or _("A value is not one of its field.")
        if column.name not in before or before[column.name] != after:
            fields.append(Said(column.name, before.get(column.name), after))
    if not fields:
        return None
    return Foreign(kind, row["id"], fid, tuple(fields), is_new=said is None, problem=problem)


def _value(kind: type[Record], column: "Column[Any]", raw: Any) -> Any:
    """A column's raw value as the journal would keep it. Raises one of `MALFORMED` when it is none."""
    if raw is None and defaults(kind).get(column.name, 0) is not None:
        raise ValueError("a field that is never empty")
    value = raw
    if isinstance(column.type, TypeDecorator):
        value = column.type.process_result_value(raw, None)  # type: ignore[reportArgumentType]
    elif isinstance(column.type, Boolean) and raw in (0, 1):
        value = bool(raw)
    said = to_json(value)
    from_json(kind, column.name, said)
    return said


def settled(desk: Connection, foreign: Foreign) -> None:
    """Make a row what the journal says, and forget that it was touched. Called in a step of ours."""
    watch.ours(desk)
    table = schema.TABLE_OF[foreign.kind].name
    if foreign.fid and (foreign.is_new or foreign.problem):
        desk.exec_driver_sql(f"DELETE FROM {table} WHERE fid = ?", (foreign.fid,))
    if foreign.problem:
        desk.exec_driver_sql(f"DELETE FROM {table} WHERE id = ?", (foreign.record_id,))
    derive.show(desk, foreign.kind, derive.folded(desk, foreign.kind, [foreign.record_id]))


def forget(desk: Connection, kept: list[Foreign]) -> None:
    """Everything that was touched is decided about, except these."""
    rows = [(schema.TABLE_OF[each.kind].name, each.fid) for each in kept]
    desk.exec_driver_sql(
        "DELETE FROM outside WHERE seq > 0 AND (tbl, fid) NOT IN"
        " (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
        (json.dumps(rows),),
    )


def sound(
    desk: Connection, kind: type[R], asked: Select[Any], values: Mapping[str, Any] | None = None
) -> list[tuple[int, R]]:
    """The records that `asked` finds, with their numbers, although a value of some row is none: of such a row
    the journal tells the record, and one that it does not know is left out."""
    table = schema.TABLE_OF[kind].c
    found: list[tuple[int, R]] = []
    for fid, record_id in desk.execute(asked.with_only_columns(table.fid, table.id), values or {}).all():
        try:
            row = desk.execute(select(schema.TABLE_OF[kind]).where(table.fid == fid)).mappings().one()
            found.append((fid, from_row(kind, row)))
        except MALFORMED:
            said = _said(desk, kind, str(record_id))
            if said is not None:
                found.append((fid, from_values(kind, record_id, said)))
    return found
