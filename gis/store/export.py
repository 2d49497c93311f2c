"""One file that leaves the desk: records, journal and readings as tables any program can read."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Column, Connection, Double, Integer, MetaData, Table, Text, insert, update
from sqlalchemy.exc import DatabaseError

from gis.errors import UserError
from gis.lasting import put_in_place
from gis.model.record import Quality
from gis.model.sensor import Sensor
from gis.progress import Progress
from gis.store.operation import desk_file, is_inside
from gis.store.readings.series import Series
from gis.store.store import Store
from gis.store.tables import geopackage, schema, watch
from gis.store.tables.engine import SQLITE_ERROR, attended, open_blank
from gis.store.tables.geometry import GpkgType
from gis.store.tables.rows import defaults
from gis.store.tables.rows import personal as personal_fields
from gis.texts import _

_SLICE = 20_000
_PERSONAL = "personal"

readings = Table(
    "readings",
    MetaData(),
    Column("fid", Integer, primary_key=True),
    Column("sensor", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("at", GpkgType("DATETIME"), nullable=False),
    Column("value", Double, nullable=False),
    Column("unit", Text, nullable=False),
    Column("quality", Text, nullable=False),
    sqlite_autoincrement=True,
)


def export(store: Store, path: Path, progress: Progress, *, personal: bool = False) -> Path:
    """Write the operation as one GeoPackage at `path`, readings as rows, nothing that was removed left in it.

    `personal` values go along only when asked for. The file appears whole or not at all; an earlier one
    stays until then. Raises `UserError` when it cannot be written there, `Cancelled`.
    """
    _refuse_inside(path)
    part = path.with_name(f".{path.name}.part")
    _clear(part)
    try:
        _take_out(store, part, progress)
        with _opened(part) as made:
            _strip(made, progress, personal=personal)
            _write_readings(made, store, progress)
        progress.check()
        put_in_place(part, path)
    except (OSError, DatabaseError, SQLITE_ERROR) as error:
        reason = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
        raise UserError(
            _("{name} could not be written: {reason}.").format(name=path.name, reason=reason),
            hint=_(
                "The operation is unharmed, and so is an earlier file of this name. Choose another place."
            ),
        ) from error
    finally:
        _clear(part)
    return path


def _refuse_inside(path: Path) -> None:
    if is_inside(path) or not path.parent.is_dir():
        raise UserError(
            _("{name} cannot be written there.").format(name=path.name),
            hint=_("Choose a folder that exists, outside of operations and second copies."),
        )


def _clear(part: Path) -> None:
    for path in (part, part.with_name(part.name + "-journal")):
        path.unlink(missing_ok=True)


def _take_out(store: Store, part: Path, progress: Progress) -> None:
    """All of the desk's file as of now, without free pages, in rollback mode. Holds no writer up."""
    progress.step(0, 0, _("Copying the records"))
    live = open_blank(desk_file(store.folder))
    try:
        with live.connect() as desk, attended(desk.connection, progress.check):
            _raw(desk).execute("VACUUM INTO ?", (str(part.absolute()),))
    finally:
        live.dispose()


@contextmanager
def _opened(part: Path) -> Generator[Connection]:
    """The new file, which nobody else knows of: it is synced once, when it is whole."""
    made = open_blank(part)
    try:
        with made.connect() as connection:
            _raw(connection).execute("PRAGMA synchronous = OFF")
            yield connection
            connection.commit()
    finally:
        made.dispose()


def _strip(made: Connection, progress: Progress, *, personal: bool) -> None:
    """Take out what is not registered for other programs: it is the desk's own. No byte of it remains."""
    progress.step(0, 0, _("Taking out what stays at the desk"))
    watch.lift(made)
    stays = {_PERSONAL} if personal else set[str]()
    for name in made.exec_driver_sql(_UNREGISTERED).scalars().all():
        if name not in stays:
            made.exec_driver_sql(f'DROP TABLE "{name}"')
    if not personal:
        _blank_personal(made)
    made.commit()
    with attended(made.connection, progress.check):
        _raw(made).execute("VACUUM")


def _blank_personal(made: Connection) -> None:
    """What is said about private persons stands in their table, which is gone, once in the records, and in
    the edits that an earlier version wrote."""
    made.exec_driver_sql("DROP TRIGGER journal_stands")
    for kind, table in schema.TABLE_OF.items():
        fields = personal_fields(kind)
        if fields:
            made.execute(update(table).values({name: defaults(kind)[name] for name in fields}))
        for name in fields:
            made.exec_driver_sql(_WITHOUT, (kind.__name__, name))


def _raw(connection: Connection) -> Any:
    """The library's own connection, outside of any transaction."""
    return connection.connection.driver_connection


_WITHOUT = (
    "UPDATE journal SET body = json_remove(body, '$.value')"
    " WHERE kind = ? AND field = ? AND json_type(body, '$.value') <> 'object'"
)
_UNREGISTERED = (
    "SELECT name FROM sqlite_schema WHERE type = 'table'"
    " AND name NOT IN (SELECT table_name FROM gpkg_contents)"
    " AND name NOT GLOB 'gpkg_*' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'rtree_*'"
)


def _write_readings(made: Connection, store: Store, progress: Progress) -> None:
    """Every reading as a row, sensor by sensor, so that no more than one sensor's are in memory."""
    readings.create(made)
    geopackage.register(made, readings)
    with store.reading() as query:
        sensors = {sensor.id: sensor for sensor in query.find(Sensor, void=None)}
        wanted = sorted(sensors.keys() | query.latest().keys())
    for done, sensor_id in enumerate(wanted):
        progress.step(done, len(wanted), _("Writing the readings as rows"))
        with store.reading() as query:
            series = query.series(sensor_id)
        for rows in _rows(series, sensor_id, sensors.get(sensor_id)):
            progress.check()
            made.execute(insert(readings), rows)
    made.commit()


def _rows(series: Series, sensor_id: str, sensor: Sensor | None) -> Generator[list[dict[str, Any]]]:
    same = {"sensor": sensor_id, "key": sensor.key if sensor else "", "unit": sensor.unit if sensor else ""}
    for start in range(0, len(series), _SLICE):
        part = slice(start, start + _SLICE)
        moments = series.at_us[part].astype("datetime64[us]")
        columns = (
            np.char.add(np.datetime_as_string(moments, unit="ms"), "Z").tolist(),
            series.value[part].tolist(),
            map(_words, series.quality[part].tolist()),
        )
        yield [same | {"at": a, "value": v, "quality": q} for a, v, q in zip(*columns, strict=True)]


@cache
def _words(quality: int) -> str:
    """ "good", or what is doubtful: "range stuck"."""
    return " ".join(str(flag.name).lower() for flag in Quality(quality)) or "good"
