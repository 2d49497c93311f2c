"""One look into the store: everything read through it is of one moment."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, func, or_, select

from gis.errors import UserError
from gis.model.record import Record
from gis.store import journal, schema
from gis.store.journal import Edit
from gis.store.recorded import Recorded
from gis.store.rows import KINDS, from_row
from gis.store.series import Sight
from gis.texts import _

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Step:
    """What one person did in one go: a label, and one edit per field it changed."""

    id: str
    label: str
    author: str
    at: datetime
    edits: tuple[Edit, ...]
    undoes: str = ""

    def touches(self, *kinds: type[Record]) -> bool:
        return any(KINDS.get(edit.kind) in kinds for edit in self.edits)


class Query(Recorded):
    """Reads records, readings and history. `at` is when the look was taken, in UTC."""

    def __init__(self, desk: Connection, readings: Sight, at: datetime) -> None:
        super().__init__(readings)
        self._desk, self.at = desk, at

    def get(self, kind: type[R], record_id: str) -> R:
        """The record with this id, struck out or not. Raises `UserError` when there is none."""
        found = self.known(kind, record_id)
        if found is None:
            raise UserError(
                _("This entry is not in the operation."), hint=_("It may belong to another operation.")
            )
        return found

    def known(self, kind: type[R], record_id: str) -> R | None:
        """The record with this id, struck out or not; None when there is none."""
        row = self._desk.execute(_by_id(kind), {"wanted": record_id}).mappings().first()
        return None if row is None else from_row(kind, row)

    def find(self, kind: type[R], *, void: bool | None = False, **equals: Any) -> list[R]:
        """Records whose fields equal the given values, oldest first; struck-out ones only if asked.

        `void=None` gives both.
        """
        table = schema.TABLE_OF[kind]
        query = select(table).where(*_conditions(table, void, equals)).order_by(table.c.fid)
        return [from_row(kind, row) for row in self._desk.execute(query).mappings()]

    def first(self, kind: type[R], *, void: bool | None = False, **equals: Any) -> R | None:
        table = schema.TABLE_OF[kind]
        query = select(table).where(*_conditions(table, void, equals)).order_by(table.c.fid).limit(1)
        row = self._desk.execute(query).mappings().first()
        return None if row is None else from_row(kind, row)

    def column(self, kind: type[Record], field: str) -> list[Any]:
        """One field of every record of a kind, struck-out ones too."""
        return list(self._desk.scalars(select(schema.TABLE_OF[kind].c[field])))

    def steps(
        self, limit: int = 200, *, record_id: str | None = None, after: tuple[datetime, int] | None = None
    ) -> list[Step]:
        """What was done here, newest first: at most `limit` steps; of one record; received after a time or
        under a greater number (either will do: clocks are put back, and stand still in an exercise)."""
        table = schema.journal
        chosen = select(table.c.step).group_by(table.c.step).order_by(table.c.n.desc()).limit(limit)
        if record_id is not None:
            chosen = chosen.where(table.c.record == record_id)
        if after is not None:
            chosen = chosen.where(or_(table.c.received_at > after[0], table.c.n > after[1]))
        rows = select(table.c.body).where(table.c.step.in_(chosen)).order_by(table.c.n)
        if record_id is not None:
            rows = rows.where(table.c.record == record_id)
        return _grouped(map(journal.read, self._desk.scalars(rows)))

    def step(self, step_id: str) -> Step:
        """One step, whole. Raises `UserError` when it is not in the journal."""
        rows = (
            select(schema.journal.c.body).where(schema.journal.c.step == step_id).order_by(schema.journal.c.n)
        )
        steps = _grouped(map(journal.read, self._desk.scalars(rows)))
        if not steps:
            raise UserError(_("This step is not in the journal."))
        return steps[0]

    def edit(self, edit_id: str) -> Edit:
        """One edit by its name. Raises `UserError` when it has not arrived here."""
        body = self._desk.scalar(select(schema.journal.c.body).where(schema.journal.c.edit == edit_id))
        if body is None:
            raise UserError(_("An earlier edit this depends on has not arrived here yet."))
        return journal.read(body)

    def number_of(self, record_id: str) -> int:
        """The journal number under which the newest edit of a record came in here; 0 when none did."""
        table = schema.journal
        return self._desk.scalar(select(func.max(table.c.n)).where(table.c.record == record_id)) or 0

    def arrived(self, edits: Sequence[str]) -> set[str]:
        """Which of these edits, by name, are here."""
        return journal.known(self._desk, edits)

    def missing(self) -> int:
        """How many edits are known to exist, by the numbers of their desks' chains, but have not arrived."""
        seq = schema.journal.c.seq
        per_desk = select((func.max(seq) - func.count(seq.distinct())).label("gap"))
        gaps = per_desk.group_by(schema.journal.c.actor).subquery()
        return self._desk.scalar(select(func.coalesce(func.sum(gaps.c.gap), 0))) or 0

    def edits_after(self, number: int) -> list[tuple[int, Edit]]:
        """Edits in the order they came in here, each with its number, after `number`."""
        table = schema.journal
        rows = self._desk.execute(
            select(table.c.n, table.c.body).where(table.c.n > number).order_by(table.c.n)
        )
        return [(row.n, journal.read(row.body)) for row in rows]

    def standing(self, record_id: str) -> dict[str, list[Edit]]:
        """The heads of each field of a record, the one that is shown first."""
        return journal.head_edits(self._desk, record_id)

    def disputed(self) -> list[str]:
        """The records with a field that has more than one head."""
        table = schema.journal_head
        twice = select(table.c.record).group_by(table.c.record, table.c.field).having(func.count() > 1)
        return sorted(set(self._desk.scalars(twice)))

    def broken(self) -> str | None:
        """The name of the first altered edit; None while every chain of the journal holds."""
        return journal.broken(self._desk)

    def kept(self, name: str) -> Any | None:
        """What the desk keeps beside the records under this name (layers, views), or None."""
        table = schema.desk_state
        value = self._desk.scalar(select(table.c.value).where(table.c.name == name))
        return None if value is None else json.loads(value)


@cache
def _by_id(kind: type[Record]) -> Select[Any]:
    table = schema.TABLE_OF[kind]
    return select(table).where(table.c.id == bindparam("wanted"))


def _conditions(table: Table, void: bool | None, equals: dict[str, Any]) -> list[Any]:
    conditions = [table.c[name].is_(None) if v is None else table.c[name] == v for name, v in equals.items()]
    return conditions if void is None else [*conditions, table.c.void == void]


def _grouped(edits: Any) -> list[Step]:
    by_step: dict[str, list[Edit]] = {}
    for edit in edits:
        by_step.setdefault(edit.step, []).append(edit)
    steps = [
        Step(step, first.label, first.who, first.at, tuple(group), first.undoes)
        for step, group in by_step.items()
        for first in group[:1]
    ]
    return steps[::-1]
