"""From format 1 to format 2: what replaced what stands beside each edit, and readings are chunks, not rows.

What a caller was called stays in the bodies of the edits of format 1, because a body is hashed into its
chain; only what is said from format 2 on can be erased.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, inspect

from gis.progress import Progress
from gis.store import derive
from gis.store.migrate.arrived import RECORDS, SAID, unlike
from gis.store.operation import readings_file
from gis.store.readings import seal
from gis.store.readings.mirror import Mirror
from gis.store.readings.tail import Columns
from gis.store.tables import geopackage, schema
from gis.store.tables.engine import broken_pages, open_readers, open_writer, tidy
from gis.texts import _

SLICE = 200_000  # readings moved in one transaction
_OLD_READINGS = (
    "ALTER TABLE instrument RENAME TO instrument_1",
    "INSERT INTO instrument (no, sensor) SELECT no, sensor FROM instrument_1",
    "DROP TABLE instrument_1",
)
_NEXT = "SELECT no, at_us, value, quality FROM reading ORDER BY no, at_us, value LIMIT ?"
_MOVED = "DELETE FROM reading WHERE (no, at_us, value) <= (?, ?, ?)"
_COUNT = "SELECT (SELECT coalesce(sum(n), 0) FROM chunk) + (SELECT coalesce(sum(rows), 0) FROM pending)"
_OLD_JOURNAL = (
    "DROP INDEX journal_by_record",
    "DROP INDEX journal_by_actor",
    "DROP INDEX journal_by_step",
    "ALTER TABLE journal RENAME TO journal_1",
)
_NEW_JOURNAL = (
    f"INSERT INTO journal ({SAID}, opens) SELECT {SAID}, 0 FROM journal_1 ORDER BY n",
    "DROP TABLE journal_1",
    "DROP TABLE journal_over",
    "DROP TABLE journal_head",
)
# What was written here follows the desk's own newest edit; all else was brought.
_BROUGHT = (
    "SELECT n, edit, received_at FROM journal AS j WHERE NOT (actor = json_extract("
    " (SELECT value FROM desk_state WHERE name = 'actor'), '$') AND (seq = 1 OR EXISTS ("
    " SELECT 1 FROM journal AS b WHERE b.actor = j.actor AND b.seq = j.seq - 1 AND b.n < j.n"
    " AND b.edit = j.body ->> 'prev'))) ORDER BY n"
)


def _lay_out_readings(folder: Path, _desk: Connection, _progress: Progress) -> dict[str, Any]:
    """The new tables beside the old one; returns how many readings have to arrive in them."""
    writer = open_writer(readings_file(folder))
    try:
        with writer.begin() as readings:
            if not inspect(readings).has_table(schema.pending.name):
                begin, fill, end = _OLD_READINGS
                readings.exec_driver_sql(begin)
                schema.readings.create_all(readings)
                readings.exec_driver_sql(fill)
                readings.exec_driver_sql(end)
                readings.execute(insert(schema.generation).values(number=0))
            return {"readings": readings.exec_driver_sql("SELECT count(*) FROM reading").scalar_one()}
    finally:
        writer.dispose()


def _move_readings(folder: Path, _desk: Connection, progress: Progress) -> dict[str, Any]:
    """Slice by slice into blobs, and those at once into chunks, so that little waits in memory."""
    path = readings_file(folder)
    writer, views = open_writer(path), open_readers(path)
    try:
        with views.begin() as look:
            old = inspect(look).has_table("reading")
            left = look.exec_driver_sql("SELECT count(*) FROM reading").scalar_one() if old else 0
        total = left
        while left > 0:
            progress.step(total - left, total, _("Moving the readings"))
            with writer.begin() as readings:
                left -= _move_slice(readings)
            seal.seal(views.begin, writer.begin, Mirror(), progress)
        with writer.begin() as readings:
            readings.exec_driver_sql("DROP TABLE IF EXISTS reading")
    finally:
        views.dispose()
        writer.dispose()
    progress.step(total, total, _("Giving back the space of the old readings"))
    writer = open_writer(path)
    tidy(writer)
    writer.dispose()
    return {}


def _move_slice(readings: Connection) -> int:
    rows = readings.exec_driver_sql(_NEXT, (SLICE,)).all()
    no, at_us, value, quality = zip(*rows, strict=True)
    columns = Columns(
        np.array(no, np.int32), np.array(at_us, np.int64), np.array(value) + 0.0, np.array(quality, np.uint8)
    )
    row = {"at": max(at_us), "rows": len(rows), "data": columns.pack()}
    readings.execute(insert(schema.pending), row)
    readings.exec_driver_sql(_MOVED, tuple(rows[-1])[:3])
    return len(rows)


def _make_tables(_folder: Path, desk: Connection, progress: Progress) -> dict[str, Any]:
    """The journal with what stands beside its bodies, and every table that follows from it."""
    for statement in _OLD_JOURNAL:
        desk.exec_driver_sql(statement)
    schema.journal.create(desk)
    for statement in _NEW_JOURNAL:
        desk.exec_driver_sql(statement)
    for table in RECORDS:
        geopackage.drop(desk, schema.desk.tables[table])
    schema.arrival.create(desk)
    _note_arrivals(desk)
    geopackage.lay_out(desk)
    derive.rebuild(desk, progress)
    return {}


def _note_arrivals(desk: Connection) -> None:
    """What came in together came by one act; who took it in was not written down then."""
    runs = list(_runs(desk.exec_driver_sql(_BROUGHT)))
    for no, (first, last, edit, at) in enumerate(runs, start=1):
        desk.exec_driver_sql("UPDATE journal SET arrival = ? WHERE n BETWEEN ? AND ?", (no, first, last))
        desk.exec_driver_sql(
            "INSERT INTO arrival (no, step, at, who, label, first, edits) VALUES (?, ?, ?, '', ?, ?, ?)",
            (no, edit, at, _("Take in a package"), first, last - first + 1),
        )


def _runs(rows: Any) -> Iterator[tuple[int, int, str, str]]:
    """First number, last number, first edit and time of those that follow each other at one time."""
    run: tuple[int, int, str, str] | None = None
    for n, edit, at in rows:
        if run is not None and (n, at) == (run[1] + 1, run[3]):
            run = (run[0], n, run[2], at)
            continue
        if run is not None:
            yield run
        run = (n, n, edit, at)
    if run is not None:
        yield run


def wrong(folder: Path, copy: Path, desk: Connection, noted: Mapping[str, Any]) -> list[str]:
    """What is not as it was before, a sentence each; empty when all of it has arrived."""
    views = open_readers(readings_file(folder))
    try:
        with views.begin() as readings:
            count = readings.exec_driver_sql(_COUNT).scalar_one()
            lost = [] if count == noted["readings"] else [_("Not all readings have arrived.")]
            return [*unlike(copy, desk), *lost, *broken_pages(readings)]
    finally:
        views.dispose()


STEPS = (_lay_out_readings, _move_readings, _make_tables)
