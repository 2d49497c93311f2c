"""What the journal tells: steps, single edits, what is disputed, what is still to come."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, LargeBinary, cast, func, or_, select, text

from gis.errors import UserError
from gis.model.record import Record
from gis.store import journal
from gis.store.journal import proof
from gis.store.journal.edit import Edit, known
from gis.store.journal.personal import Personal, find, revealed
from gis.store.journal.proof import Altered
from gis.store.tables import schema
from gis.store.tables.geometry import UtcTime
from gis.store.tables.rows import KINDS
from gis.texts import _

_ALL = 2**62
_STEPS = (
    "SELECT j.n, CAST(j.body AS BLOB) AS body, j.received_at FROM ({first}) AS first"
    " CROSS JOIN journal AS j ON j.n BETWEEN first.n AND min(first.n + 39, :upto) AND j.step = first.step"
    " ORDER BY j.n"
)
_TOLD = {"n": Integer, "body": LargeBinary, "received_at": UtcTime}
_OPENED = "SELECT n, step, who, arrival FROM journal WHERE opens AND n <= :upto ORDER BY n DESC LIMIT :limit"
_NEWEST = text(_STEPS.format(first=_OPENED)).columns(**_TOLD)
_THESE = text(
    _STEPS.format(first="SELECT n, step FROM journal WHERE n IN (SELECT value FROM json_each(:begun))")
).columns(**_TOLD)
_OF = text(f"SELECT n FROM ({_OPENED}) WHERE who = :author AND arrival IS NULL ORDER BY n DESC")


@dataclass(frozen=True, slots=True)
class Step:
    """What one person did in one go: a label, and one edit per field it changed."""

    id: str
    label: str
    author: str
    at: datetime
    edits: tuple[Edit, ...]
    undoes: str = ""
    number: int = 0  # of its first edit to come in here
    received_at: datetime | None = None  # when that was, by the clock of this desk

    def touches(self, *kinds: type[Record]) -> bool:
        return any(KINDS.get(edit.kind) in kinds for edit in self.edits)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The act by which edits of other desks came in: their numbers begin at `number`."""

    id: str
    label: str
    author: str
    at: datetime
    number: int
    edits: int


class Ledger:
    """Reads the journal as it stood when its edit `number` had come in; all of it by default."""

    def __init__(self, desk: Connection, number: int = _ALL) -> None:
        self._desk, self._number = desk, number

    def steps(
        self,
        limit: int = 200,
        *,
        record_id: str | None = None,
        after: tuple[datetime, int] | None = None,
        begun: Collection[int] | None = None,
    ) -> list[Step]:
        """What was done here, newest first: at most `limit` steps; of one record; received after a time or
        under a greater number (either will do: clocks are put back, and stand still in an exercise); those
        that began with the edits of these numbers.

        Asked for neither record nor time, a step comes with its first 40 edits: the list of what was done
        does not read every entry of a large import. `step` gives it whole.
        """
        if begun is not None:
            bounds = {"upto": self._number, "begun": json.dumps([*begun])}
            return self._grouped(self._desk.execute(_THESE, bounds).all())
        if record_id is None and after is None:
            return self._grouped(self._desk.execute(_NEWEST, {"upto": self._number, "limit": limit}).all())
        table = schema.journal
        chosen = select(table.c.step).where(table.c.n <= self._number).order_by(table.c.n.desc()).limit(limit)
        chosen = chosen.group_by(table.c.step)
        if record_id is not None:
            chosen = chosen.where(table.c.record == record_id)
        if after is not None:
            chosen = chosen.where(or_(table.c.received_at > after[0], table.c.n > after[1]))
        told = select(table.c.n, cast(table.c.body, LargeBinary), table.c.received_at)
        rows = told.where(table.c.step.in_(chosen), table.c.n <= self._number)
        if record_id is not None:
            rows = rows.where(table.c.record == record_id)
        return self._grouped(self._desk.execute(rows.order_by(table.c.n)).all())

    def begun(self, author: str, limit: int) -> list[int]:
        """The numbers of the first edits of what a person did and no package brought, newest first, as far
        back as the newest `limit` steps of all."""
        bounds = {"upto": self._number, "limit": limit, "author": author}
        return list(self._desk.scalars(_OF, bounds))

    def step(self, step_id: str) -> Step:
        """One step, whole. Raises `UserError` when it is not in the journal."""
        table = schema.journal
        told = select(table.c.n, cast(table.c.body, LargeBinary), table.c.received_at)
        rows = told.where(table.c.step == step_id).order_by(table.c.n)
        steps = self._grouped(self._desk.execute(rows).all())
        if not steps:
            raise UserError(_("This step is not in the journal."))
        return steps[0]

    def edit(self, edit_id: str) -> Edit:
        """One edit by its name. Raises `UserError` when it has not arrived here."""
        body = self._desk.scalar(select(schema.journal.c.body).where(schema.journal.c.edit == edit_id))
        if body is None:
            raise UserError(_("An earlier edit this depends on has not arrived here yet."))
        return self._edits([body])[0]

    def _edits(self, bodies: Iterable[str]) -> Sequence[Edit]:
        return revealed(self._desk, [known(body) for body in bodies])

    def _grouped(self, rows: Sequence[Any]) -> list[Step]:
        numbers, bodies, times = zip(*rows, strict=True) if rows else ((), (), ())
        by_step: dict[str, list[Edit]] = {}
        first: dict[str, tuple[int, datetime]] = {}
        read = [self._readable(number, body) for number, body in zip(numbers, bodies, strict=True)]
        for number, edit, came in zip(numbers, revealed(self._desk, read), times, strict=True):
            by_step.setdefault(edit.step, []).append(edit)
            first.setdefault(edit.step, (number, came))
        return [
            Step(step, top.label, top.who, top.at, tuple(edits), top.undoes, *first[step])
            for step, edits in reversed(by_step.items())
            for top in edits[:1]
        ]

    def _readable(self, number: int, raw: bytes) -> Edit:
        """The edit; of one that was damaged what stands beside its body, so that the list goes on."""
        body = raw.decode("utf-8", "replace")
        try:
            return known(body)
        except UserError:
            beside = [column for column in schema.journal.c if column.name != "body"]
            row = self._desk.execute(select(*beside).where(schema.journal.c.n == number)).one()
            return Edit(
                id=row.edit, body=body, actor=row.actor, seq=row.seq, prev="", step=row.step, at=row.at,
                label=row.label, who=row.who, kind=row.kind, record=row.record, field=row.field,
                value=None, over=(),
            )  # fmt: skip

    def brought(self, arrival: Arrival) -> list[Edit]:
        """The edits that one act brought in from other desks."""
        table = schema.journal
        span = table.c.n.between(arrival.number, arrival.number + arrival.edits - 1)
        bodies = self._desk.scalars(select(table.c.body).where(span).order_by(table.c.n))
        return [*self._edits(bodies)]

    def upto(self) -> int:
        """The number of the newest edit here; 0 while there is none."""
        return min(journal.upto(self._desk), self._number)

    def number_of(self, record_id: str) -> int:
        """The journal number under which the newest edit of a record came in here; 0 when none did."""
        table = schema.journal
        return self._desk.scalar(select(func.max(table.c.n)).where(table.c.record == record_id)) or 0

    def number_at(self, at: datetime) -> int:
        """The number of the last edit that had come in at this instant; 0 when none had.

        In the order of the clock that stood at each arrival: a clock that was put back tells the
        instants after it twice, and the later arrival counts.
        """
        table = schema.journal
        last = select(table.c.n).where(table.c.received_at <= at)
        return self._desk.scalar(last.order_by(table.c.received_at.desc(), table.c.n.desc()).limit(1)) or 0

    def came_in(self, *, before: datetime | None = None, after: datetime | None = None) -> datetime | None:
        """When the last edit before an instant came in here, or the first one after it; of both, the first
        one between; None when none did."""
        column = schema.journal.c.received_at
        bounds = [column < before] if before is not None else []
        bounds += [column > after] if after is not None else []
        backwards = before is not None and after is None
        order = column.desc() if backwards else column
        return self._desk.scalar(select(column).where(*bounds).order_by(order).limit(1))

    def edits_after(self, number: int) -> list[tuple[int, Edit]]:
        """Edits in the order they came in here, each with its number, after `number`.

        As they stand in the journal: personal values are still names.
        """
        table = schema.journal
        rows = select(table.c.n, table.c.body).where(table.c.n > number, table.c.n <= self._number)
        return [(row.n, known(row.body)) for row in self._desk.execute(rows.order_by(table.c.n))]

    def personal(self, edits: Sequence[Edit]) -> list[Personal]:
        """What stands behind the names in these edits, except what was erased or never came."""
        return find(self._desk, edits)

    def arrivals(self, limit: int = 50) -> list[Arrival]:
        """The acts that brought in edits of other desks, newest first."""
        table = schema.arrival
        rows = self._desk.execute(select(table).order_by(table.c.no.desc()).limit(limit))
        return [Arrival(r.step, r.label, r.who, r.at, r.first, r.edits) for r in rows]

    def arrived(self, edits: Sequence[str], *, unbrought: bool = False) -> set[str]:
        """Which of these edits, by name, are here; `unbrought` those that no package brought."""
        return (journal.written_here if unbrought else journal.arrived)(self._desk, edits)

    def missing(self) -> int:
        """How many edits are known to exist, by the numbers of their desks' chains, but have not arrived."""
        table = schema.journal_chain
        return self._desk.scalar(select(func.coalesce(func.sum(table.c.top - table.c.held), 0))) or 0

    def forks(self) -> dict[str, int]:
        """The desks of whose chain two branches are here, each with the number where they part.

        It happens when an operation's folder was copied and both copies were worked in. Nothing is lost.
        """
        table = schema.journal_chain
        rows = self._desk.execute(select(table.c.actor, table.c.forked).where(table.c.forked.is_not(None)))
        return {row.actor: row.forked for row in rows}

    def standing(self, kind: str, record_id: str) -> dict[str, list[Edit]]:
        """The heads of each field of a record, the one that is shown first. `kind` as edits name it."""
        table = schema.journal
        stands = or_(table.c.until.is_(None), table.c.until > self._number)
        rows = select(table.c.body).where(table.c.record == record_id, table.c.kind == kind, stands)
        bodies = self._desk.scalars(rows.where(table.c.n <= self._number))
        return journal.by_field(self._edits(bodies)).get(record_id, {})

    def disputed(self) -> list[tuple[str, str]]:
        """The records with a field that has more than one head: kind, as edits name it, and id."""
        table = schema.journal_dispute
        rows = self._desk.execute(select(table.c.kind, table.c.record).distinct())
        return sorted((row.kind, row.record) for row in rows)

    def touched(self, since: int, until: int) -> dict[str, list[str]]:
        """The records that edits numbered (since, until] speak of, by kind, first touched first."""
        table = schema.journal
        rows = select(table.c.kind, table.c.record).where(table.c.n > since, table.c.n <= until)
        found: dict[str, list[str]] = {}
        for row in self._desk.execute(
            rows.group_by(table.c.kind, table.c.record).order_by(func.min(table.c.n))
        ):
            found.setdefault(row.kind, []).append(row.record)
        return found

    def altered(self, after: int = 0) -> Altered | None:
        """The first altered entry of the next `proof.SLICE` after this number."""
        return proof.altered(self._desk, after)

    def broken(self) -> str | None:
        """The name of the first altered edit; None while every chain of the journal holds."""
        return proof.broken(self._desk)
