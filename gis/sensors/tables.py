"""Instruments and their limits from CSV tables: one wrong line refuses the whole table."""

import csv
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from shapely import Point

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Condition, Measure, Quantity, Response, Sensor
from gis.sensors.feeds.header import check_columns
from gis.sensors.feeds.strict import number, whole
from gis.sensors.narrowing import conditions_cell, read_conditions
from gis.texts import _

E = TypeVar("E", bound=StrEnum)
Row = dict[str, str]
SENSOR_COLUMNS = ("key", "name", "quantity", "unit", "lon", "lat", "expected_every_s", "low", "high")
SENSOR_MORE = ("step", "contact")
RULE_COLUMNS = ("key", "level", "severity", "raise_at", "clear_below", "hold_s")
RULE_MORE = (
    "measure", "window_s", "falling", "off_s", "count", "latch",
    "response", "meaning", "steps", "call", "escalate_s", "escalate_to", "conditions",
)  # fmt: skip
_YES, _NO = "yes", "no"


def read_sensors(
    path: Path, separator: str = ",", decimal: str = ".", known: Iterable[Sensor] = ()
) -> list[Sensor]:
    """Instruments: key, name, quantity, unit, lon, lat (WGS84), expected_every_s, low, high (may be empty),
    and where the table has them step and contact; where not, what is `known` of that key stays.

    Raises `UserError`, naming the line, when one of them is not whole or a key comes twice.
    """
    stood = {sensor.key: sensor for sensor in known}
    found: dict[str, Sensor] = {}
    for line, row in rows(path, SENSOR_COLUMNS, separator, SENSOR_MORE):
        with wrong_line(path, line):
            sensor = _sensor(row, decimal)
            if sensor.key in found:
                raise ValueError(_("The key {key} is used twice.").format(key=sensor.key))
            if (before := stood.get(sensor.key)) is not None:
                absent = {name: getattr(before, name) for name in SENSOR_MORE if name not in row}
                sensor = replace(sensor, id=before.id, **absent)
        found[sensor.key] = sensor
    return list(found.values())


Narrowed = tuple[AlarmRule, tuple[Condition, ...] | None]  # None: the table says nothing of its conditions


def read_rules(
    path: Path, sensors: Iterable[Sensor], separator: str = ",", decimal: str = "."
) -> list[AlarmRule]:
    """As `read_limits`, without what narrows them."""
    return [rule for rule, _conditions in read_limits(path, sensors, separator, decimal)]


def read_limits(
    path: Path,
    sensors: Iterable[Sensor],
    separator: str = ",",
    decimal: str = ".",
    known: Iterable[AlarmRule] = (),
) -> list[Narrowed]:
    """Limits: key (of the instrument), level, severity, raise_at, clear_below, hold_s (may be empty: 0), and
    as many of `RULE_MORE` as the table has (empty: as a limit is where nothing is said). What it has no
    column for stays as it is in the limit `known` of that instrument and level.

    Raises `UserError`, naming the line, when one of them is not whole or its instrument is unknown.
    """
    by_key = {sensor.key: sensor for sensor in sensors}
    stood: dict[tuple[str, str], list[AlarmRule]] = {}
    for rule in known:
        stood.setdefault((rule.sensor_id, rule.level), []).append(rule)
    found: list[Narrowed] = []
    for line, row in rows(path, RULE_COLUMNS, separator, RULE_MORE):
        with wrong_line(path, line):
            if row["key"] not in by_key:
                raise ValueError(_("There is no instrument {key}.").format(key=row["key"]))
            given = _limit(row, decimal)
            sensor_id = by_key[row["key"]].id
            same = stood.get((sensor_id, row["level"]))
            rule = replace(same.pop(0), **given) if same else AlarmRule(sensor_id, **given)
            cell = row.get("conditions")
            found.append((rule, None if cell is None else read_conditions(cell, rule.id, by_key, decimal)))
    return found


def write_sensors(path: Path, sensors: Iterable[Sensor], separator: str = ",", decimal: str = ".") -> None:
    """A table that `read_sensors` reads back to the same. Raises `UserError` when it cannot be written."""
    columns = (*SENSOR_COLUMNS, *SENSOR_MORE)

    def cells(sensor: Sensor) -> list[str]:
        at = {"lon": sensor.place.x, "lat": sensor.place.y}
        return [_cell(at[name] if name in at else getattr(sensor, name), decimal) for name in columns]

    _write(path, columns, [cells(each) for each in sensors], separator)


def write_limits(
    path: Path,
    limits: Iterable[tuple[AlarmRule, Sequence[Condition]]],
    sensors: Iterable[Sensor],
    separator: str = ",",
    decimal: str = ".",
) -> None:
    """A table that `read_limits` reads back to the same; limits of sensors that are not among these are left
    out. Raises `UserError` when it cannot be written."""
    fitted = {sensor.id: sensor for sensor in sensors}
    fields = (*RULE_COLUMNS[1:], *RULE_MORE[:-1])

    def cells(rule: AlarmRule, conditions: Sequence[Condition]) -> list[str]:
        own = [_cell(getattr(rule, name), decimal) for name in fields]
        narrowed = conditions_cell(conditions, fitted, lambda value: _cell(value, decimal))
        return [fitted[rule.sensor_id].key, *own, narrowed]

    lines = [cells(rule, conditions) for rule, conditions in limits if rule.sensor_id in fitted]
    _write(path, ("key", *fields, RULE_MORE[-1]), lines, separator)


def write_both(
    folder: Path,
    sensors: Sequence[Sensor],
    limits: Sequence[tuple[AlarmRule, Sequence[Condition]]],
    separator: str,
    decimal: str,
) -> None:
    """Both tables into a folder.

    Raises `UserError`, and writes nothing, when one of the two is there already.
    """
    first, second = folder / "instruments.csv", folder / "limits.csv"
    for path in (first, second):
        if path.exists():
            raise UserError(
                _("{file} is in this folder already.").format(file=path.name),
                hint=_("Nothing was written. Choose an empty folder."),
            )
    write_sensors(first, sensors, separator, decimal)
    write_limits(second, limits, sensors, separator, decimal)


def _write(path: Path, columns: Sequence[str], lines: Iterable[Sequence[str]], separator: str) -> None:
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:  # a spreadsheet needs the mark
            table = csv.writer(file, delimiter=separator)
            table.writerow(columns)
            table.writerows(lines)
    except OSError as error:
        raise UserError(
            _("{file} cannot be written.").format(file=path.name),
            hint=_("Choose another folder. Reason: {reason}").format(reason=error),
        ) from error


def _cell(value: object, decimal: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _YES if value else _NO
        case float():
            return repr(value).replace(".", decimal)
        case StrEnum():
            return str(value.value)
        case _:
            return str(value)


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
        low=_or_none(row["low"], decimal),
        high=_or_none(row["high"], decimal),
        step=_or_none(row.get("step", ""), decimal),
        contact=row.get("contact", ""),
    )


def _or_none(text: str, decimal: str) -> float | None:
    return number(text, decimal) if text else None


def _limit(row: Row, decimal: str) -> dict[str, Any]:
    """The fields of a limit that a line names."""
    read: dict[str, Callable[[str], Any]] = {
        "severity": lambda text: _word(Severity, text),
        "raise_at": lambda text: number(text, decimal),
        "clear_below": lambda text: number(text, decimal),
        "measure": lambda text: _word(Measure, text or Measure.VALUE.value),
        "response": lambda text: _word(Response, text or Response.NONE.value),
        "count": lambda text: whole(text or "1"),
        **dict.fromkeys(("falling", "latch"), _yes),
        **dict.fromkeys(("hold_s", "off_s", "window_s", "escalate_s"), lambda text: whole(text or "0")),
    }
    named = {name: text for name, text in row.items() if name not in ("key", "conditions")}
    return {name: read.get(name, str)(text) for name, text in named.items()}


def _yes(text: str) -> bool:
    if text not in (_YES, _NO, ""):
        raise ValueError(_("“{word}” is none of: {known}.").format(word=text, known=f"{_YES}, {_NO}"))
    return text == _YES


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


def rows(
    path: Path, columns: Sequence[str], separator: str = ",", more: Sequence[str] = ()
) -> Iterator[tuple[int, Row]]:
    """The lines of a UTF-8 table with their numbers: these `columns`, and as many of `more` as it has.

    Raises `UserError` when the file cannot be read, a column is missing or a line is cut short.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file, delimiter=separator, strict=True)
            found = table.fieldnames or ()
            check_columns(path.name, found, columns, separator)
            taken = [*columns, *(name for name in more if name in found)]
            for raw in table:
                row = {name: raw[name] for name in taken}
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
