"""One unit of writing: all or nothing, with a label, an author and a time."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.model.record import Reading, Readings, Record
from gis.progress import Progress
from gis.store import aside, derive, journal
from gis.store.guards import identity
from gis.store.guards.sitting import Sitting
from gis.store.journal import Chain, Heading, personal
from gis.store.journal.edit import Edit, known
from gis.store.journal.personal import Personal
from gis.store.operation import Operation
from gis.store.outside import Foreign
from gis.store.query import Query, R
from gis.store.readings import rejects
from gis.store.readings.rejects import Rejected
from gis.store.readings.series import Sight
from gis.store.tables import desk_state, geopackage, schema, watch
from gis.store.tables.rows import KINDS, from_values, starting_values, to_values
from gis.store.tables.rows import personal as personal_fields


class Tx(Query):
    """A look into the store that can also change it; made by `Store.writing`.

    What is put is seen at once by reads through the same `Tx`; the journal shows it after the commit.
    """

    def __init__(
        self,
        desk: Connection,
        readings: Sight,
        chain: Chain,
        operation: Operation,
        heading: Heading,
        sitting: Sitting,
    ) -> None:
        super().__init__(desk, readings, heading.at)
        self.chain, self._heading = chain, heading
        self.operation, self.sitting = operation, sitting
        self._written: list[Edit] = []
        self._apart: list[Personal] = []
        self._heads: dict[type[Record], dict[str, dict[str, list[str]]]] = {}
        self._newest = journal.upto(desk)
        self._outsiders = watch.any_touched(desk)
        self._shapes: dict[type[Record], list[BaseGeometry]] = {}
        self._afterwards: list[Callable[[], object]] = []
        self.kinds: set[type] = set()
        self.ids: set[str] = set()

    @property
    def author(self) -> str:
        return self._heading.author

    def take_back(self, step_id: str, label: str) -> None:
        """Mark everything written from here on as taking this step back."""
        self._heading = replace(self._heading, undoes=step_id, label=label)

    def known(self, kind: type[R], record_id: str) -> R | None:
        """As the journal says: what another program made of the row is put aside."""
        if self._outsiders and journal.first_numbers(self._desk, kind.__name__, [record_id]):
            self._put_aside(kind, [record_id])
        return super().known(kind, record_id)

    def put(self, record: R) -> R:
        """Make `record` the present state of its id: one edit for each field that differs.

        Returns the record as it will be read back (times to 1 ms, places to 7 decimals). What another program
        wrote and `record` only passes on is no change: it stays to be decided about. Where edits of it had
        come that made no record yet, what they say of its other fields stands.
        """
        return self.put_all([record])[0]

    def put_all(self, records: Sequence[R]) -> list[R]:
        """As `put`, for many records of one kind at once."""
        if not records:
            return []
        kind, ids = type(records[0]), [record.id for record in records]
        stood = self._rows_of(kind, ids)
        present = self._rows_of(kind, ids) if self._put_aside(kind, ids) else stood
        heads = self._standing_names(kind, ids)
        begun = [key for key in dict.fromkeys(ids) if heads[key] and key not in present]
        put: list[R] = []
        for record in records:
            values = to_values(record)
            fid, before = present.get(record.id) or (self._first_number(kind, record.id, heads), None)
            was = starting_values(kind) if before is None else to_values(before)
            if stood is not present and before is not None:
                values = _without_passed_on(values, stood.get(record.id), was)
            for field, value in values.items():
                if field not in was or was[field] != value:
                    self._write(kind, record.id, field, value, heads[record.id])
            made = from_values(kind, record.id, values)
            present[record.id] = fid, made
            put.append(made)
        if begun:
            self._flush()
            whole = derive.folded(self._desk, kind, begun)
            present |= {made.id: (fid, made) for fid, made in whole if isinstance(made, kind)}
            put = [present[made.id][1] for made in put]
        self._show(kind, {key: present[key] for key in dict.fromkeys(ids)}.values())
        return put

    def _put_aside(self, kind: type[Record], ids: Sequence[str]) -> bool:
        """What other programs made of these records' rows waits for a decision, and we may write over them.
        True when there was something."""
        fids = aside.rows_of(self._desk, kind, ids) if self._outsiders else []
        if fids:
            self._flush()
            aside.put_aside(self._desk, kind, fids)
            self.kinds.add(kind)
            self.ids.update(ids)
        return bool(fids)

    def _standing_names(self, kind: type[Record], ids: Sequence[str]) -> dict[str, dict[str, list[str]]]:
        """The heads of these records, those not yet flushed among them."""
        known = self._heads.setdefault(kind, {})
        fresh = [key for key in ids if key not in known]
        if fresh:
            known.update(journal.heads(self._desk, kind.__name__, fresh))
        return known

    def _first_number(self, kind: type[Record], record_id: str, heads: Mapping[str, Any]) -> int:
        """The number of a record's first edit, which may be the next to be written."""
        if not heads[record_id]:
            return self._newest + len(self._written) + 1
        return journal.first_numbers(self._desk, kind.__name__, [record_id])[record_id]

    def strike(self, record: R) -> R:
        """Strike a record out. It stays in the file and in the journal."""
        return self.put(replace(record, void=True))

    def settle(self, kind: type[R], record_id: str, field: str, *values: Any) -> R:
        """Decide a disputed field: the value (as the journal keeps it) replaces every standing edit.

        Several values leave it open between them, the first of them shown.
        """
        self._put_aside(kind, [record_id])
        standing, heading = self._standing_names(kind, [record_id])[record_id], self._heading
        over, rivals = [*standing.get(field, ())], list[str]()
        for later, value in enumerate(reversed(values), start=1 - len(values)):
            self._heading = replace(heading, at=self.at + timedelta(milliseconds=later))
            standing[field] = over
            self._write(kind, record_id, field, value, standing)
            rivals += standing[field]
        standing[field] = rivals
        self._flush()
        self._project([(kind.__name__, record_id)])
        return self.get(kind, record_id)

    @property
    def reach(self) -> int:
        """The number of the newest edit, those written here among them."""
        return self._newest + len(self._written)

    def receive(self, edits: Sequence[Edit], personal_values: Sequence[Personal] = ()) -> list[Edit]:
        """Take in another desk's edits, in any order, any number of times. Returns those that were new.

        Edits of kinds and fields this version does not know are kept and passed on, not shown. The act
        itself is noted, so that it can be undone as one. Where they prove that another folder writes under
        this one's name, this one goes on under another.
        """
        self._flush()
        for kind, ids in _by_kind((edit.kind, edit.record) for edit in edits).items():
            self._put_aside(kind, ids)
        personal.keep(self._desk, (each for each in personal_values if each.is_true))
        number = (self._desk.scalar(select(func.max(schema.arrival.c.no))) or 0) + 1
        new = journal.add(self._desk, edits, self.at, arrival=number)
        self._newest += len(new)
        if new:
            head = self._heading
            row = {"no": number, "step": head.step, "at": head.at, "who": head.author, "label": head.label}
            row |= {"first": self._newest - len(new) + 1, "edits": len(new)}
            self._desk.execute(insert(schema.arrival), row)
            actor = identity.part_from_twin(self._desk)
            if actor != self.chain.actor:
                self.chain = Chain(self._desk, actor)
        self._project([*dict.fromkeys((edit.kind, edit.record) for edit in new)])
        return new

    def erase(self, kind: type[R], record_id: str) -> R:
        """Erase what the record says about a private person, from its whole history here. It stays erased
        when a package brings its edits again."""
        self._put_aside(kind, [record_id])
        aside.erase(self._desk, kind, record_id)
        rows = select(schema.journal.c.body).where(schema.journal.c.record == record_id)
        personal.erase(self._desk, [known(body) for body in self._desk.scalars(rows)])
        self._project([(kind.__name__, record_id)])
        return self.get(kind, record_id)

    def append(self, batch: Sequence[Reading] | Readings) -> Readings:
        """Add readings; those already there change nothing. Returns those that were new.

        Raises `UserError` when a value is not a finite number, and then adds nothing.
        """
        columns = batch if isinstance(batch, Readings) else Readings.of(batch)
        if not len(columns):
            return columns
        self.kinds.add(Reading)
        self.ids.update(columns.sensors)
        return columns.take(self.sight.append(columns, self.at))

    def reject(self, source: str, line: int, raw: bytes, reason: str) -> None:
        """Keep a line that could not be taken as a reading, as it came; the same again changes nothing."""
        rejects.add(self.sight.connection, [rejects.Rejected(self.at, source, line, raw, reason)])

    def reject_all(self, lines: Sequence[Rejected]) -> None:
        """The same for many at once."""
        rejects.add(self.sight.connection, lines)

    def judge(self, until_us: Mapping[str, int]) -> None:
        """Note that the rules have seen these sensors' readings up to then, together with what they did."""
        rows = [{"sensor": sensor_id, "until_us": at_us} for sensor_id, at_us in until_us.items()]
        put = upsert(schema.judged)
        put = put.on_conflict_do_update(["sensor"], set_={"until_us": put.excluded.until_us})
        if rows:
            self._desk.execute(put, rows)

    def afterwards(self, act: Callable[[], object]) -> None:
        """Have this done once the step is on the disk, before anybody else writes: for what is remembered
        of it in memory. Not done when the step fails."""
        self._afterwards.append(act)

    def committed(self) -> None:
        """The step is on the disk; called once."""
        for act in self._afterwards:
            act()

    def keep(self, name: str, value: Any) -> None:
        """Keep a JSON value beside the records: desk state, neither journaled nor undone."""
        desk_state.keep(self._desk, name, value)

    def finish(self) -> None:
        """Write the journal and the registers; called once, before the commit."""
        self._flush()
        if self._outsiders:
            aside.drop_agreed(self._desk, self.ids)
        for kind, shapes in self._shapes.items():
            geopackage.touch(self._desk, schema.TABLE_OF[kind].name, shapes)
        watch.no_longer_ours(self._desk)

    def _write(
        self, kind: type[Record], record_id: str, field: str, value: Any, standing: dict[str, list[str]]
    ) -> None:
        if value and field in personal_fields(kind):
            apart, value = personal.detached(value)
            self._apart.append(apart)
        place = kind.__name__, record_id, field
        edit = self.chain.add(self._heading, place, value, standing.get(field, ()))
        standing[field] = [edit.id]
        self._written.append(edit)

    def _flush(self) -> None:
        if self._written:
            personal.keep(self._desk, self._apart)
            journal.add(self._desk, self._written, self.at)
            self._newest += len(self._written)
            self._apart.clear()
            self._written.clear()
        self._heads.clear()

    def _project(self, touched: Sequence[tuple[str, str]]) -> None:
        """Fold these records anew: kinds and ids, as edits name them."""
        for kind, ids in _by_kind(touched).items():
            self._show(kind, derive.folded(self._desk, kind, ids))

    def _show(self, kind: type[Record], records: Collection[tuple[int, Record]]) -> None:
        """Make the derived rows agree with `records`, each with the number of its first edit."""
        if records:
            self._shapes.setdefault(kind, []).extend(derive.show(self._desk, kind, records))
            self.kinds.add(kind)
            self.ids.update(record.id for _fid, record in records)

    def settle_outside(self, decided: Collection[Foreign]) -> None:
        """A person has decided about these: their rows are what the journal says."""
        self._flush()
        aside.decide(self._desk, decided)
        self.kinds.update(foreign.kind for foreign in decided)
        self.ids.update(foreign.record_id for foreign in decided)

    def rebuild(self, progress: Progress) -> None:
        """Make every derived table again from the journal. Raises `Cancelled`."""
        self._flush()
        aside.put_all_aside(self._desk)
        derive.rebuild(self._desk, progress)
        self.kinds.update(KINDS.values())


def _by_kind(touched: Iterable[tuple[str, str]]) -> dict[type[Record], list[str]]:
    """The records that edits speak of, by kind; without kinds of a newer version."""
    found: dict[type[Record], list[str]] = {}
    for name, record_id in dict.fromkeys(touched):
        if name in KINDS:
            found.setdefault(KINDS[name], []).append(record_id)
    return found


def _without_passed_on(
    values: dict[str, Any], stood: tuple[int, Record] | None, was: Mapping[str, Any]
) -> dict[str, Any]:
    """What a caller says, without what it only read in the row that another program had changed."""
    read = {} if stood is None else to_values(stood[1])
    return {
        name: was[name] if name in read and value == read[name] else value for name, value in values.items()
    }
