"""Readings from one CSV file, as spreadsheets and loggers write them: declared per source, never guessed."""

import csv
import re
from codecs import lookup
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import IO, TypeAlias
from zoneinfo import ZoneInfo

from gis.errors import UserError
from gis.model.record import Quality, Reading
from gis.model.sensor import Sensor
from gis.sensors.feeds.feed import Batch, Reject
from gis.sensors.feeds.header import check_columns
from gis.sensors.feeds.strict import moment, number
from gis.sensors.units import converted
from gis.texts import _

READING_COLUMNS = ("time", "key", "value")
MOST_SKIPPED = 1_000
_LONGEST_LINE = 64 * 1024
_LARGEST_FILE = 200 * 1024 * 1024
_STRAY = re.compile("[\udc80-\udcff]")  # a byte that is no letter, as it is carried along
_AHEAD = timedelta(minutes=5)
Line: TypeAlias = tuple[int, str, list[str] | None]


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How one source writes its files: declared, never guessed.

    `key_column` names the instrument of each line; when it is "", the file is wide: every column beside
    the time belongs to the instrument whose key heads it, and an empty cell means no reading.
    `timezone` (IANA) holds for times without an offset; `time_pattern` is for strptime, "" for ISO 8601,
    `EXCEL` or `EXCEL_1904` for the day numbers of spreadsheets. Where the date has a column of its own,
    `date_column` names it and the pattern is of both with a space between. `skip` lines stand before the
    header. `names` pairs what the file calls an instrument with its key; `units` what it calls an
    instrument, or "" for all others, with the unit that its values are in.
    """

    separator: str = ","
    decimal: str = "."
    timezone: str = "UTC"
    time_pattern: str = ""
    time_column: str = READING_COLUMNS[0]
    key_column: str = READING_COLUMNS[1]
    value_column: str = READING_COLUMNS[2]
    encoding: str = "utf-8-sig"
    date_column: str = ""
    skip: int = 0
    names: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if len(self.separator) != 1 or len(self.decimal) != 1 or self.separator == self.decimal:
            raise UserError(
                _("A separator and a decimal sign are one character each, and not the same one."),
                hint=_("For example ; between columns and , in numbers."),
            )
        if not (self.wide or self.value_column):
            raise UserError(
                _("It is not said in which column the value stands."),
                hint=_("Give its name, as the first line of the table has it."),
            )
        try:
            lookup(self.encoding)
        except LookupError as error:
            raise UserError(
                _("There is no encoding {name}.").format(name=self.encoding),
                hint=_("Use a name such as utf-8, utf-16 or windows-1252."),
            ) from error
        if not 0 <= self.skip <= MOST_SKIPPED:
            raise UserError(
                _("So many lines cannot stand before the header: {number}.").format(number=self.skip),
                hint=_("Give 0 to {most}.").format(most=MOST_SKIPPED),
            )

    @property
    def wide(self) -> bool:
        """True where each instrument has a column of its own."""
        return not self.key_column


@dataclass(slots=True)
class Sheet:
    """One file on its way into a batch."""

    name: str
    form: CsvFormat
    zone: ZoneInfo
    sensors: Mapping[str, Sensor]  # by what the file calls them
    units: Mapping[str, str]
    header: list[str]
    until: datetime
    readings: list[Reading] = field(default_factory=list[Reading])
    rejected: list[Reject] = field(default_factory=list[Reject])

    def reject(self, line: int, raw: str, reason: str) -> None:
        encoding = _plain(self.form.encoding)
        self.rejected.append(
            Reject(self.name, line, raw.encode(encoding, _strays(encoding)), reason, encoding)
        )

    def take(self, line: int, raw: str, cells: list[str] | None) -> None:
        """What a line says; one that is no reading is rejected. Lines without a word are passed over."""
        if cells is None:
            self.reject(line, raw, _("The line cannot be split into columns."))
        elif any(cells):
            (_take_wide if self.form.wide else _take_long)(self, line, raw, cells)


def read_csv(path: Path, sensors: Iterable[Sensor], form: CsvFormat, until: datetime) -> Batch:
    """The readings in a file, and each line that is not one, with the reason.

    Times more than 5 minutes after `until` are refused: kept, they would stand beside the true
    readings of that time when it comes. Raises `UserError` when the file is no table in the declared
    format at all.
    """
    lines = lines_of(path, form)
    sheet = begun(path.name, sensors, form, header_of(lines, form), until)
    for line, raw, cells in lines:
        sheet.take(line, raw, cells)
    return Batch(tuple(sheet.readings), tuple(sheet.rejected))


def header_of(lines: Iterator[Line], form: CsvFormat) -> list[str]:
    """The names of the columns: the first line that is not empty, after those that are skipped."""
    return next((cells for line, _raw, cells in lines if cells and line > form.skip), [])


def begun(file: str, sensors: Iterable[Sensor], form: CsvFormat, header: list[str], until: datetime) -> Sheet:
    """A file of which the header was read. Raises `UserError` where it lacks a column that is declared."""
    columns = (form.date_column, form.time_column, form.key_column, "" if form.wide else form.value_column)
    check_columns(file, header, [name for name in columns if name], form.separator)
    called = {sensor.key: sensor for sensor in sensors}
    called |= {name: called[key] for name, key in form.names if key in called}
    return Sheet(file, form, _zone(form.timezone), called, dict(form.units), header, until + _AHEAD)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UserError(
            _("There is no time zone {name}.").format(name=name),
            hint=_("Use a name such as Asia/Makassar or UTC."),
        ) from error


def lines_of(path: Path, form: CsvFormat) -> Iterator[Line]:
    """Number, text and cells of each line; cells are None where quotes do not close.

    Each line is split on its own: a stray quote costs its line, never the rest of the file.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UserError(
                _("{file} is too large to read at once.").format(file=path.name),
                hint=_("Nothing was taken from it. Split it into parts of up to 200 MB."),
            )
        strays = _strays(form.encoding)
        with path.open(encoding=form.encoding, errors=strays, newline=None) as file:
            for line in count(1):
                text = file.readline(_LONGEST_LINE)
                if not text:
                    return
                yield line, text.rstrip("\n"), _cells(text, form.separator) if _whole(text, file) else None
    except (OSError, LookupError, UnicodeError) as error:
        raise UserError(
            _("{file} cannot be read.").format(file=path.name),
            hint=_("Nothing was taken from it. Reason: {reason}").format(reason=error),
        ) from error


def _plain(encoding: str) -> str:
    """Without the mark at the beginning of a file, which no line has."""
    return "utf-8" if lookup(encoding).name == "utf-8-sig" else encoding


def _strays(encoding: str) -> str:
    """How bytes that are no letter are carried along: single ones can be, halves of wide letters cannot."""
    return "replace" if lookup(encoding).name.startswith(("utf-16", "utf-32")) else "surrogateescape"


def _whole(text: str, file: IO[str]) -> bool:
    """False for a line too long to be a reading; the rest of it is skipped."""
    if len(text) < _LONGEST_LINE or text.endswith("\n"):
        return True
    while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
        pass
    return False


def _cells(text: str, separator: str) -> list[str] | None:
    try:
        shown = _STRAY.sub("\N{REPLACEMENT CHARACTER}", text)
        return [cell.strip() for cell in next(csv.reader([shown], delimiter=separator, strict=True), [])]
    except csv.Error:
        return None


def _take_long(sheet: Sheet, line: int, raw: str, cells: list[str]) -> None:
    if len(cells) != len(sheet.header):
        sheet.reject(line, raw, _miscounted(len(cells), len(sheet.header)))
        return
    row = dict(zip(sheet.header, cells, strict=True))
    form = sheet.form
    _take(sheet, line, raw, (row[form.key_column], _written(form, row), row[form.value_column]))


def _take_wide(sheet: Sheet, line: int, raw: str, cells: list[str]) -> None:
    form, row = sheet.form, dict(zip(sheet.header, cells, strict=False))
    if len(cells) > len(sheet.header) or form.time_column not in row or form.date_column not in {"", *row}:
        sheet.reject(line, raw, _miscounted(len(cells), len(sheet.header)))
        return
    when = _written(form, row)
    for name, cell in row.items():
        if cell and name not in (form.time_column, form.date_column):
            _take(sheet, line, raw, (name, when, cell))


def _miscounted(found: int, expected: int) -> str:
    words = _("The line has {found} columns instead of {expected}.")
    return words.format(found=found, expected=expected)


def _written(form: CsvFormat, row: Mapping[str, str]) -> str:
    """The time as it stands in the line, the date before it where that has a column of its own."""
    time = row[form.time_column]
    return f"{row[form.date_column]} {time}" if form.date_column else time


def _take(sheet: Sheet, line: int, raw: str, parts: tuple[str, str, str]) -> None:
    name, time, value = parts
    try:
        sensor = sheet.sensors.get(name)
        if sensor is None:
            raise ValueError(_("No instrument of this operation reports as {key}.").format(key=name or "?"))
        at = moment(time, sheet.zone, sheet.form.time_pattern)
        if at > sheet.until:
            raise ValueError(_("The time lies in the future: check the clock of this instrument."))
        unit = sheet.units.get(name, sheet.units.get("", ""))
        reading = measured(sensor, at, number(value, sheet.form.decimal), unit)
    except ValueError as error:
        sheet.reject(line, raw, str(error))
    else:
        sheet.readings.append(reading)


def measured(sensor: Sensor, at: datetime, value: float, unit: str) -> Reading:
    """The reading of a value that came in `unit` ("": the instrument's own).

    Where no exact way between the two is known the value stays as it came, and is marked. Raises `ValueError`
    for what is too large in the other unit.
    """
    if not unit:
        return Reading(sensor.id, at, value)
    try:
        same = converted(value, unit, sensor.unit)
    except OverflowError as error:
        raise ValueError(_("The number is too large to be a measurement.")) from error
    return Reading(sensor.id, at, value, Quality.UNIT) if same is None else Reading(sensor.id, at, same)
