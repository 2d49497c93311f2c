"""Instruments and their limits from CSV tables: one wrong line refuses the whole table."""

import csv
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from shapely import Point

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Quantity, Sensor
from gis.sensors.feeds.header import check_columns
from gis.sensors.feeds.strict import number, whole
from gis.texts import _

E = TypeVar("E", bound=StrEnum)
Row = dict[str, str]
SENSOR_COLUMNS = ("key", "name", "quantity", "unit", "lon", "lat", "expected_every_s", "low", "high")
RULE_COLUMNS = ("key", "level", "severity", "raise_at", "clear_below", "hold_s")


def read_sensors(path: Path, separator: str = ",", decimal: str = ".") -> list[Sensor]:
    """Instruments: key, name, quantity, unit, lon, lat (WGS84), expected_every_s, low, high (may be empty).

    Raises `UserError`, naming the line, when one of them is not whole or a key comes twice.
    """
    found: dict[str, Sensor] = {}
    for line, row in rows(path, SENSOR_COLUMNS, separator):
        with wrong_line(path, line):
            sensor = _sensor(row, decimal)
            if sensor.key in found:
                raise ValueError(_("The key {key} is used twice.").format(key=sensor.key))
        found[sensor.key] = sensor
    return list(found.values())


def read_rules(
    path: Path, sensors: Iterable[Sensor], separator: str = ",", decimal: str = "."
) -> list[AlarmRule]:
    """Limits: key (of the instrument), level, severity, raise_at, clear_below, hold_s (may be empty: 0).

    Raises `UserError`, naming the line, when one of them is not whole or its instrument is unknown.
    """
    by_key = {sensor.key: sensor for sensor in sensors}
    found: list[AlarmRule] = []
    for line, row in rows(path, RULE_COLUMNS, separator):
        with wrong_line(path, line):
            if row["key"] not in by_key:
                raise ValueError(_("There is no instrument {key}.").format(key=row["key"]))
            found.append(
                AlarmRule(
                    sensor_id=by_key[row["key"]].id,
                    level=row["level"],
                    severity=_word(Severity, row["severity"]),
                    raise_at=number(row["raise_at"], decimal),
                    clear_below=number(row["clear_below"], decimal),
                    hold_s=whole(row["hold_s"] or "0"),
                )
            )
    return found


def _sensor(row: Row, decimal: str) -> Sensor:
    if not row["key"]:
        raise ValueError(_("An instrument needs a key."))
    every_s = whole(row["expected_every_s"])
    if every_s < 1:
        raise ValueError(_("An instrument reports every 1 second or more."))
    return Sensor(
        key=row["key"],
        name=row["name"] or row["key"],
        quantity=_word(Quantity, row["quantity"]),
        unit=row["unit"],
        place=place(row, decimal),
        expected_every_s=every_s,
        low=number(row["low"], decimal) if row["low"] else None,
        high=number(row["high"], decimal) if row["high"] else None,
    )


def _word(kind: type[E], text: str) -> E:
    """The member of `kind` that is written so. Raises `ValueError`, naming all of them, when none is."""
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(str(each.value) for each in kind)
        raise ValueError(_("“{word}” is none of: {known}.").format(word=text, known=known)) from None


def place(row: Row, decimal: str = ".") -> Point:
    """The point that the columns lon and lat name. Raises `ValueError` when it is nowhere on earth."""
    lon, lat = number(row["lon"], decimal), number(row["lat"], decimal)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(_("The place is not on the earth: lon and lat are degrees."))
    return Point(lon, lat)


def rows(path: Path, columns: Sequence[str], separator: str = ",") -> Iterator[tuple[int, Row]]:
    """The lines of a UTF-8 table with their numbers; further columns are left out.

    Raises `UserError` when the file cannot be read, a column is missing or a line is cut short.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, delimiter=separator, strict=True)
            check_columns(path.name, table.fieldnames or (), columns, separator)
            for raw in table:
                row = {name: raw[name] for name in columns}
                if None in row.values():
                    raise UserError(
                        _("{file}, line {line}: The line is cut short.").format(
                            file=path.name, line=table.line_num
                        )
                    )
                yield table.line_num, {name: text.strip() for name, text in row.items()}
    except (OSError, UnicodeError, csv.Error) as error:
        raise UserError(
            _("{file} cannot be read.").format(file=path.name),
            hint=_("Nothing was taken from it. Reason: {reason}").format(reason=error),
        ) from error


@contextmanager
def wrong_line(path: Path, line: int) -> Generator[None]:
    """Says which line of a table the `ValueError` raised inside is about."""
    try:
        yield
    except ValueError as error:
        raise UserError(
            _("{file}, line {line}: {reason}").format(file=path.name, line=line, reason=error),
            hint=_("Nothing was taken from this table. Correct the line and try again."),
        ) from error
