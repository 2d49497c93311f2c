"""Is everything in an operation's folder as it was written? Looks, and changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from gis.errors import UserError
from gis.model.record import Quality
from gis.model.sensor import Sensor
from gis.store import journal
from gis.store.guards import passport
from gis.store.journal import fold, proof
from gis.store.journal.edit import Edit
from gis.store.operation import desk_file, readings_file
from gis.store.readings.chunks import Damaged, Series, decoded, header, repeats
from gis.store.readings.series import hour
from gis.store.readings.tail import unpack
from gis.store.tables import schema
from gis.store.tables.engine import broken_pages, open_looking
from gis.store.tables.geopackage import APPLICATION_ID
from gis.store.tables.rows import KINDS, from_row, to_values
from gis.texts import _, ngettext

_BATCH = 2_000  # records compared at once


def faults(folder: Path) -> list[str]:
    """What is wrong with an operation's files, a sentence each; empty when all is well.

    Looks at both databases page by page, at the mark that makes the desk's file a GeoPackage, at the hash
    chains of the journal, at whether every record is what the journal says it is, and at every chunk of
    readings; of one that is damaged the sensor and the hours are named.
    """
    found: list[str] = []
    names: dict[str, str] = {}
    frozen = passport.is_frozen(folder)
    looks = ((desk_file(folder), partial(_desk, names)), (readings_file(folder), partial(_readings, names)))
    for path, look in looks:
        if not path.is_file():  # looking at it would make one
            found.append(_("{file} is missing.").format(file=path.name))
            continue
        views = open_looking(path, frozen=frozen)
        try:
            with views.begin() as connection:
                found += [f"{path.name}: {fault}" for fault in look(connection)]
        except DatabaseError as error:
            found.append(_("{file} cannot be read: {reason}").format(file=path.name, reason=error.orig))
        except UnicodeDecodeError as error:  # SQLite names what is damaged, and the name is part of it
            found.append(_("{file} cannot be read: {reason}").format(file=path.name, reason=error.reason))
        finally:
            views.dispose()
    return found or _not_opened(folder)


def _not_opened(folder: Path) -> list[str]:
    """What keeps a folder shut whose pages are whole."""
    try:
        passport.read(folder)
    except UserError as refused:
        return [str(refused)]
    return []


def _readings(names: Mapping[str, str], connection: Connection) -> list[str]:
    return [*broken_pages(connection), *_lost_blobs(connection), *_lost_chunks(names, connection)]


def _lost_blobs(connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(schema.pending)):
        try:
            unpack(row.data)
        except Damaged:
            said = ngettext(
                "{count} reading that came in at {at} (UTC) is lost.",
                "{count} readings that came in at {at} (UTC) are lost.",
                row.rows,
            )
            yield said.format(count=row.rows, at=hour(row.at))


def _lost_chunks(names: Mapping[str, str], connection: Connection) -> Iterator[str]:
    table = schema.chunk
    instruments = connection.execute(select(schema.instrument)).all()
    ids = {row.no: row.sensor for row in instruments}
    before: tuple[int, int] = (0, 0)
    newest, seen = dict[int, tuple[int, float]](), set[int]()
    for row in connection.execute(select(table).order_by(table.c.no, table.c.t0)).mappings():
        sensor = ids.get(abs(row["no"]), "?")
        overlap = row["no"] == before[0] and row["t0"] <= before[1]
        before = (row["no"], row["t1"])
        seen.add(row["no"])
        series = _whole(row)
        if row["no"] < 0 or overlap or series is None:  # below zero: set aside when it was found so
            said = _("Readings of {sensor} from {since} to {until} (UTC) are lost: {count}.")
            yield said.format(
                sensor=names.get(sensor, sensor),
                since=hour(row["t0"]),
                until=hour(row["t1"]),
                count=row["n"],
            )
        elif len(sound := np.flatnonzero(series.quality & int(Quality.CLOCK) == 0)):
            newest[row["no"]] = int(series.at_us[sound[-1]]), float(series.value[sound[-1]])
    for row in instruments:  # the newest of a chunk that was lost may still be known, and is the newer
        if row.no in newest and not _is_newest(row, newest[row.no], lost=-row.no in seen):
            said = _("The newest reading of {sensor} that is shown is not the newest of its readings.")
            yield said.format(sensor=names.get(row.sensor, row.sensor))


def _is_newest(row: Any, newest: tuple[int, float], *, lost: bool) -> bool:
    return (row.last_us, row.last_value) == newest or (lost and (row.last_us or 0) > newest[0])


def _whole(row: Mapping[Any, Any]) -> Series | None:
    """A chunk, if it decodes, in order and without repetition, into what its header says."""
    try:
        series = decoded(row)
    except Damaged:
        return None
    order, again = repeats(series.at_us, series.value)
    in_order = bool((order == np.arange(len(series))).all())
    return series if in_order and not again.any() and header(series).items() <= dict(row).items() else None


def _desk(names: dict[str, str], connection: Connection) -> list[str]:
    sensor = schema.TABLE_OF[Sensor]
    names |= {row.id: row.name for row in connection.execute(select(sensor.c.id, sensor.c.name))}
    found = broken_pages(connection)
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
        found.append(_("The file does not carry the mark of a GeoPackage."))
    altered = proof.broken(connection)
    if altered is not None:
        found.append(_("The journal was altered at the edit {name}.").format(name=altered[:12]))
        return found  # what follows from it proves nothing
    strays = sum(_strays(connection, kind) for kind in KINDS)
    if strays:
        said = ngettext(
            "{count} record is not what the journal says.",
            "{count} records are not what the journal says.",
            strays,
        )
        found.append(said.format(count=strays))
    return found


def _strays(connection: Connection, kind: str) -> int:
    """How many records of a kind are not what follows from their edits, or are missing, or have none."""
    table = schema.TABLE_OF[KINDS[kind]]
    wanted = f"SELECT id FROM {table.name} UNION SELECT record FROM journal WHERE kind = ?"
    ids = [row[0] for row in connection.exec_driver_sql(wanted, (kind,))]
    return sum(
        _strays_among(connection, kind, ids[start : start + _BATCH]) for start in range(0, len(ids), _BATCH)
    )


def _strays_among(connection: Connection, kind: str, ids: Sequence[str]) -> int:
    table = schema.TABLE_OF[KINDS[kind]]
    heads = journal.head_edits(connection, kind, ids)
    rows = connection.execute(select(table).where(table.c.id.in_(ids))).mappings()
    try:
        stand = {row["id"]: to_values(from_row(KINDS[kind], row)) for row in rows}
    except ValueError:  # one of them cannot even be read
        return 1
    return sum(stand.get(key) != _said(kind, key, heads.get(key, {})) for key in ids)


def _said(kind: str, record_id: str, heads: Mapping[str, Sequence[Edit]]) -> Any:
    """What its edits make of a record; None while they do not make one."""
    made = fold.record(kind, record_id, heads)
    return None if made is None else to_values(made)
