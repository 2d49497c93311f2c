"""From format 3 to format 4: records say more, and there are more kinds of them."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.schema import CreateIndex

from gis.model.record import Record
from gis.progress import Progress
from gis.store import aside, derive
from gis.store.migrate.arrived import RECORDS, SAID, unlike
from gis.store.tables import geopackage, schema, watch
from gis.store.tables.rows import starting_values

_JOURNAL = f"{SAID}, arrival, until, opens"
_BESIDE = ("journal_awaited", "journal_dispute", "journal_chain", "arrival", "personal", "judged", "outside")
_UNWIDENED = {*RECORDS, "drawings"} - {"sensors", "alarm_rules", "alarms"}
_SAYING = (
    "SELECT DISTINCT record FROM journal WHERE kind = ? AND field IN (SELECT value FROM json_each(?))"
    " ORDER BY record"
)


def _widen(_folder: Path, desk: Connection, progress: Progress) -> dict[str, Any]:
    """The missing tables, columns and indices, and in them what newer desks have sent of them already.

    Rows stay where they are, with what other programs made of them.
    """
    there = set(desk.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars())
    widened = {
        kind: _add_columns(desk, kind, table)
        for kind, table in schema.TABLE_OF.items()
        if table.name in there
    }
    geopackage.lay_out(desk)
    _add_indices(desk)
    for kind, table in schema.TABLE_OF.items():
        if table.name not in there:
            derive.make_again(desk, kind, progress)
        elif widened[kind]:
            _show_what_was_sent(desk, kind, widened[kind])
    return {}


def _add_indices(desk: Connection) -> None:
    """Those of tables that were there before; of what is not acknowledged there was a wider one."""
    desk.exec_driver_sql("DROP INDEX IF EXISTS alarms_waiting")
    for index in (index for table in schema.desk.sorted_tables for index in table.indexes):
        desk.execute(CreateIndex(index, if_not_exists=True))


def _add_columns(desk: Connection, kind: type[Record], table: Table) -> list[str]:
    there = {row[1] for row in desk.exec_driver_sql(f"PRAGMA table_info({table.name})")}
    missing = [column for column in table.columns if column.name not in there]
    for column in missing:
        desk.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {_defined(desk, kind, column)}")
    return [column.name for column in missing]


def _defined(desk: Connection, kind: type[Record], column: "Column[Any]") -> str:
    """A column for rows that are there already: they hold what a record holds while nobody has said more."""
    said = f"{column.name} {column.type.compile(desk.dialect)}"
    if column.nullable:
        return said
    value = starting_values(kind)[column.name]
    return f"{said} NOT NULL DEFAULT {int(value) if isinstance(value, bool) else repr(value)}"


def _show_what_was_sent(desk: Connection, kind: type[Record], fields: Collection[str]) -> None:
    ids = list(desk.exec_driver_sql(_SAYING, (kind.__name__, json.dumps([*fields]))).scalars())
    fids = aside.rows_of(desk, kind, ids)
    aside.put_aside(desk, kind, fids)
    derive.show(desk, kind, derive.folded(desk, kind, ids))
    watch.no_longer_ours(desk)


def wrong(_folder: Path, copy: Path, desk: Connection, _noted: Mapping[str, Any]) -> list[str]:
    """What beside the widened tables is not as it was, a sentence each."""
    return unlike(copy, desk, _JOURNAL, (*sorted(_UNWIDENED), *_BESIDE))


STEPS = (_widen,)
