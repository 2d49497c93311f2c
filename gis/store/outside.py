"""What other programs changed in the record tables: noticed by triggers, compared with what the journal says.

Triggers write down which row of which table was touched, unless it was by a step of ours (`watch`). What a
step of ours had to write over was put `aside`, and waits beside for the same decision.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Boolean, Column, Connection, RowMapping, Select, select
from sqlalchemy.types import TypeDecorator

from gis.model.record import Record
from gis.store import journal
from gis.store.journal import fold
from gis.store.tables import schema
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
_TOUCHED = (
    "SELECT tbl, fid, max(seq) AS seq FROM outside WHERE seq > 0 AND op NOT GLOB '{*'"
    " GROUP BY tbl, fid ORDER BY seq"
)
_ASIDE = "SELECT seq, tbl, fid, op FROM outside WHERE seq > 0 AND op GLOB '{*' ORDER BY seq"
Matter = tuple[type[Record], str, int]
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

    @property
    def matter(self) -> Matter:
        """What is decided about in one: a record, or a row that cannot be taken over."""
        return self.kind, self.record_id, self.fid if self.problem else 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What had stood in a row before a step of ours wrote over it; values as the journal would keep them."""

    kind: type[Record]
    fid: int
    record_id: str
    fields: Mapping[str, Any]
    is_gone: bool
    problem: str
    seq: int = 0

    @staticmethod
    def of(foreign: Foreign) -> "Kept":
        fields = {said.field: said.after for said in foreign.fields}
        return Kept(foreign.kind, foreign.fid, foreign.record_id, fields, foreign.is_gone, foreign.problem)

    @staticmethod
    def read(seq: int, table: str, fid: int, note: str) -> "Kept":
        values = json.loads(note)
        return Kept(
            _KIND_OF[table], fid, values["id"], values["fields"], values["gone"], values["problem"], seq
        )

    @property
    def note(self) -> str:
        return json.dumps(
            {"id": self.record_id, "fields": {**self.fields}, "gone": self.is_gone, "problem": self.problem}
        )

    @property
    def matter(self) -> Matter:
        return self.kind, self.record_id, self.fid if self.problem else 0

    def followed_by(self, later: "Kept") -> "Kept":
        """What both say; of one field what was written later."""
        return replace(later, fields={**self.fields, **later.fields}, is_gone=self.is_gone and later.is_gone)

    def only(self, fields: Collection[str]) -> "Kept":
        return replace(self, fields={name: value for name, value in self.fields.items() if name in fields})


def differences(desk: Connection) -> list[Foreign]:
    """What other programs made of the records and nobody has decided about, the oldest first."""
    aside = {kept.matter: kept for kept in put_aside_before(desk)}
    found = {matter: against_journal(desk, kept) for matter, kept in aside.items()}
    rows = desk.exec_driver_sql(_TOUCHED).all()
    for foreign in [compared(desk, _KIND_OF[tbl], fid) for tbl, fid, _seq in rows if tbl in _KIND_OF]:
        if foreign is not None:
            earlier = aside.get(foreign.matter)
            both = earlier and against_journal(desk, earlier.followed_by(Kept.of(foreign)))
            found[foreign.matter] = both or foreign
    return [foreign for foreign in found.values() if foreign is not None]


def put_aside_before(desk: Connection) -> list[Kept]:
    """What steps of ours had to write over, and nobody has decided about."""
    return [Kept.read(*row) for row in desk.exec_driver_sql(_ASIDE)]


def against_journal(desk: Connection, kept: Kept) -> Foreign | None:
    """What is left to decide about; None when the journal says the same by now."""
    said = _said(desk, kept.kind, kept.record_id)
    now = {"id": kept.record_id, **(starting_values(kept.kind) if said is None else said)}
    fields = tuple(
        Said(name, now.get(name), after)
        for name, after in kept.fields.items()
        if name not in now or now[name] != after
    )
    if not (fields or kept.problem):
        return None
    is_gone = kept.is_gone and [each.field for each in fields] == ["void"]
    return Foreign(kept.kind, kept.record_id, kept.fid, fields, said is None, is_gone, kept.problem)


def compared(desk: Connection, kind: type[Record], fid: int) -> Foreign | None:
    """A touched row beside what the journal says; None when it is the same."""
    row = desk.exec_driver_sql(f"SELECT * FROM {TABLES[kind]} WHERE fid = ?", (fid,)).mappings().first()
    owner = _owner(desk, kind, fid)
    if row is None:
        return _gone(desk, kind, fid, owner)
    record_id = row["id"]
    if owner is not None and record_id != owner:
        moved = Said("id", owner, str(record_id))
        found = _against(_said(desk, kind, owner), (kind, owner, fid), row, _("Its id was changed."))
        return None if found is None else replace(found, fields=(moved, *found.fields))
    if not isinstance(record_id, str) or not record_id:
        return _against(None, (kind, "", fid), row, _("It has no id."))
    said = _said(desk, kind, record_id)
    if owner is None and said is not None:
        return _against(said, (kind, record_id, fid), row, _("Another entry has the same id."))
    return _against(said, (kind, record_id, fid), row)


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


def _against(
    said: dict[str, Any] | None, which: tuple[type[Record], str, int], row: RowMapping, problem: str = ""
) -> Foreign | None:
    kind, record_id, fid = which
    before = starting_values(kind) if said is None else said
    fields: list[Said] = []
    for column in schema.TABLE_OF[kind].columns:
        if column.name in ("fid", "id"):
            continue
        try:
            after = _value(kind, column, row[column.name])
        except MALFORMED:
            after, problem = str(row[column.name]), problem or _("A value is not one of its field.")
        if column.name not in before or before[column.name] != after:
            fields.append(Said(column.name, before.get(column.name), after))
    if not (fields or problem):
        return None
    return Foreign(kind, record_id, fid, tuple(fields), is_new=said is None, problem=problem)


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
