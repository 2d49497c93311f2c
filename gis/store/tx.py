"""One unit of writing: all or nothing, with a label, an author and a time."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.model.record import Reading, Readings, Record, to_us
from gis.store import fold, geopackage, journal, rejects, schema
from gis.store.geometry import time_text
from gis.store.journal import Chain, Edit
from gis.store.operation import Operation
from gis.store.query import Query, R, Step
from gis.store.rejects import Rejected
from gis.store.rows import field_types, from_values, starting_values, to_row, to_values
from gis.store.series import Sight, as_readings
from gis.store.tail import NEVER


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above all edits of one step."""

    step: str
    label: str
    author: str
    at: datetime
    undoes: str = ""


@cache
def _put_row(kind: type[Record]) -> Insert:
    insert = upsert(schema.TABLE_OF[kind])
    return insert.on_conflict_do_update(["id"], set_={n: insert.excluded[n] for n in field_types(kind)})


class Tx(Query):
    """A look into the store that can also change it; made by `Store.writing`.

    What is put is seen at once by reads through the same `Tx`; the journal shows it after the commit.
    """

    def __init__(
        self, desk: Connection, readings: Sight, chain: Chain, operation: Operation, heading: Heading
    ) -> None:
        super().__init__(desk, readings, heading.at)
        self._chain, self._heading = chain, heading
        self.operation = operation
        self._written: list[Edit] = []
        self._heads: dict[str, dict[str, list[str]]] = {}
        self._shapes: dict[type[Record], list[BaseGeometry]] = {}
        self.kinds: set[type] = set()
        self.ids: set[str] = set()

    @property
    def author(self) -> str:
        return self._heading.author

    def take_back(self, step: Step, label: str) -> None:
        """Mark everything written from here on as taking `step` back."""
        self._heading = replace(self._heading, undoes=step.id, label=label)

    def put(self, record: R) -> R:
        """Make `record` the present state of its id: one edit for each field that differs.

        Returns the record as it will be read back (times to 1 ms, places to 7 decimals).
        """
        kind, values = type(record), to_values(record)
        record = from_values(kind, record.id, values)
        before = self.known(kind, record.id)
        present = starting_values(kind) if before is None else to_values(before)
        for field, value in values.items():
            if field not in present or present[field] != value:
                self._write(kind.__name__, record.id, field, value)
        self._show(record)
        return record

    def strike(self, record: R) -> R:
        """Strike a record out. It stays in the file and in the journal."""
        return self.put(replace(record, void=True))

    def settle(self, kind: type[R], record_id: str, field: str, value: Any) -> R:
        """Decide a disputed field: `value` (as the journal keeps it) replaces every standing edit."""
        self._write(kind.__name__, record_id, field, value)
        self._flush()
        self._project(kind.__name__, record_id)
        return self.get(kind, record_id)

    def receive(self, edits: Sequence[Edit]) -> list[Edit]:
        """Take in another desk's edits, in any order, any number of times. Returns those that were new.

        Edits of kinds and fields this version does not know are kept and passed on, not shown.
        """
        self._flush()
        new = journal.add(self._desk, edits, self.at)
        for kind, record_id in dict.fromkeys((edit.kind, edit.record) for edit in new):
            self._project(kind, record_id)
        return new

    def append(self, batch: Sequence[Reading] | Readings) -> int:
        """Add readings; those already there change nothing. Returns how many were new.

        Raises `UserError` when a value is not a finite number, and then adds nothing.
        """
        if not batch:
            return 0
        columns = batch if isinstance(batch, Readings) else Readings.of(batch)
        self.kinds.add(Reading)
        self.ids.update(columns.sensors)
        return self._readings.append(columns, self.at)

    def reject(self, source: str, line: int, raw: bytes, reason: str) -> None:
        """Keep a line that could not be taken as a reading, as it came; the same again changes nothing."""
        rejects.add(self._readings.connection, [rejects.Rejected(self.at, source, line, raw, reason)])

    def reject_all(self, lines: Sequence[Rejected]) -> None:
        """The same for many at once."""
        rejects.add(self._readings.connection, lines)

    def unjudged(self, sensor_ids: Iterable[str]) -> dict[str, list[Reading]]:
        """The readings of each of these sensors that no alarm rule has seen yet, oldest first."""
        table = schema.judged
        until = {row.sensor: row.until_us for row in self._desk.execute(select(table))}
        return self._later({sensor_id: until.get(sensor_id, NEVER) for sensor_id in sensor_ids})

    def tail(self, since: Mapping[str, datetime]) -> dict[str, list[Reading]]:
        """The readings of each of these sensors from its time on, oldest first."""
        return self._later({key: to_us(at) - 1 for key, at in since.items()})

    def _later(self, bounds: Mapping[str, int]) -> dict[str, list[Reading]]:
        found = self._readings.after(bounds)
        return {sensor_id: as_readings(sensor_id, series) for sensor_id, series in found.items()}

    def judge(self, until: Mapping[str, datetime]) -> None:
        """Note that the rules have seen these sensors' readings up to then, together with what they did."""
        rows = [{"sensor": sensor_id, "until_us": to_us(at)} for sensor_id, at in until.items()]
        insert = upsert(schema.judged)
        insert = insert.on_conflict_do_update(["sensor"], set_={"until_us": insert.excluded.until_us})
        if rows:
            self._desk.execute(insert, rows)

    def keep(self, name: str, value: Any) -> None:
        """Keep a JSON value beside the records: desk state, neither journaled nor undone."""
        row = {"name": name, "value": json.dumps(value, allow_nan=False)}
        self._desk.execute(upsert(schema.desk_state).values(row).on_conflict_do_update(["name"], set_=row))

    def finish(self) -> None:
        """Write the journal and the registers; called once, before the commit."""
        self._flush()
        for kind, shapes in self._shapes.items():
            geopackage.touch(self._desk, schema.TABLE_OF[kind].name, shapes)

    def _write(self, kind: str, record_id: str, field: str, value: Any) -> None:
        if record_id not in self._heads:
            self._heads[record_id] = journal.heads(self._desk, record_id)
        standing = self._heads[record_id]
        edit = self._chain.add(
            self._header(kind), record=record_id, field=field, value=value, over=standing.get(field, ())
        )
        standing[field] = [edit.id]
        self._written.append(edit)

    def _header(self, kind: str) -> dict[str, str]:
        heading = self._heading
        header = {"kind": kind, "step": heading.step, "label": heading.label, "who": heading.author}
        if heading.undoes:
            header["undoes"] = heading.undoes
        return header | {"at": time_text(heading.at)}

    def _flush(self) -> None:
        journal.add(self._desk, self._written, self.at)
        self._written.clear()
        self._heads.clear()

    def _project(self, kind: str, record_id: str) -> None:
        record = fold.record(kind, record_id, journal.head_edits(self._desk, record_id))
        if record is not None:
            self._show(record)

    def _show(self, record: Record) -> None:
        """Make the derived row agree with `record`."""
        kind, row = type(record), to_row(record)
        self._desk.execute(_put_row(kind), row)
        places = [value for value in row.values() if isinstance(value, BaseGeometry)]
        self._shapes.setdefault(kind, []).extend(places)
        self.kinds.add(kind)
        self.ids.add(record.id)
