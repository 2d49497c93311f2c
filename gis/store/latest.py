"""The newest reading of each instrument as a layer of its own, for programs that look on from outside."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.model.record import Quality, Reading
from gis.model.sensor import Sensor
from gis.store.query import Query
from gis.store.tables import geopackage, schema
from gis.store.tables.geometry import time_text

_TABLE = schema.latest_readings
_MOVING = ("value", "at", "quality")  # the others follow from the instrument
_GONE = "DELETE FROM latest_readings WHERE fid = ?"


def is_stale(query: Query, desk: Connection) -> bool:
    """True when the layer is not what the readings say."""
    return _rows(query) != _shown(desk)


def refresh(query: Query, desk: Connection) -> int:
    """Make the layer what the readings say. Returns how many rows that moved.

    Both look at one moment, `desk` in a transaction that writes; so what is shown never goes back in time.
    """
    wanted, shown = _rows(query), _shown(desk)
    gone = [(fid,) for fid in shown.keys() - wanted.keys()]
    moved = [row for fid, row in wanted.items() if shown.get(fid) != row]
    if gone:
        desk.exec_driver_sql(_GONE, gone)
    if moved:
        _put(desk, [row for row in moved if _still(row, shown.get(row["fid"]))], _MOVING)
        fresh = [row for row in moved if not _still(row, shown.get(row["fid"]))]
        _put(desk, fresh, [column.name for column in _TABLE.columns if column.name != "fid"])
        geopackage.touch(desk, _TABLE.name, [row["geom"] for row in fresh])
    return len(gone) + len(moved)


def _still(row: Mapping[str, Any], shown: Mapping[str, Any] | None) -> bool:
    """True when only the reading is another: the spatial index has no part in that."""
    return shown is not None and all(row[name] == shown[name] for name in row if name not in _MOVING)


def _put(desk: Connection, rows: list[dict[str, Any]], columns: Iterable[str]) -> None:
    if rows:
        insert = upsert(_TABLE)
        changed = {name: insert.excluded[name] for name in columns}
        desk.execute(insert.on_conflict_do_update(["fid"], set_=changed), rows)


def _shown(desk: Connection) -> dict[int, dict[str, Any]]:
    return {row["fid"]: dict(row) for row in desk.execute(select(_TABLE)).mappings()}


def _rows(query: Query) -> dict[int, dict[str, Any]]:
    latest = query.latest()
    return {fid: _row(fid, each, latest.get(each.id)) for fid, each in query.numbered(Sensor)}


def _row(fid: int, sensor: Sensor, reading: Reading | None) -> dict[str, Any]:
    return {
        "fid": fid,
        "sensor": sensor.id,
        "key": sensor.key,
        "name": sensor.name,
        "quantity": str(sensor.quantity),
        "unit": sensor.unit,
        "value": None if reading is None else reading.value,
        "at": None if reading is None else datetime.fromisoformat(time_text(reading.at)),
        "quality": "" if reading is None else in_words(reading.quality),
        "geom": sensor.place,
    }


def in_words(quality: Quality) -> str:
    """good, or what is doubtful: `range spike`."""
    return " ".join(str(flag.name).lower() for flag in quality) or "good"
