"""Readings from CSV files: one file, or a folder that a logger writes into."""

import csv
import re
from codecs import lookup
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from gis.errors import UserError
from gis.model.record import Reading
from gis.model.sensor import Sensor
from gis.sensors.feeds.feed import Batch, Link, Reject
from gis.sensors.feeds.header import check_columns
from gis.sensors.feeds.strict import moment, number
from gis.texts import _

READING_COLUMNS = ("time", "key", "value")
_LONGEST_LINE = 64 * 1024
_LARGEST_FILE = 200 * 1024 * 1024
_STRAY = re.compile("[\udc80-\udcff]")  # a byte that is no letter, as it is carried along
_AHEAD = timedelta(minutes=5)
_BATCH = 50_000  # readings and rejects of one poll, to the end of the file they came with
TABLES = frozenset({".csv", ".txt", ".tsv"})


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How one source writes its files: declared, never guessed.

    `key_column` names the instrument of each line; when it is "", the file is wide: every column beside
    the time belongs to the instrument whose key heads it, and an empty cell means no reading.
    `timezone` (IANA) holds for times without an offset; `time_pattern` is for strptime, "" for ISO 8601.
    """

    separator: str = ","
    decimal: str = "."
    timezone: str = "UTC"
    time_pattern: str = ""
    time_column: str = READING_COLUMNS[0]
    key_column: str = READING_COLUMNS[1]
    value_column: str = READING_COLUMNS[2]
    encoding: str = "utf-8-sig"

    def __post_init__(self) -> None:
        if len(self.separator) != 1 or len(self.decimal) != 1 or self.separator == self.decimal:
            raise UserError(
                _("A separator and a decimal sign are one character each, and not the same one."),
                hint=_("For example ; between columns and , in numbers."),
            )


@dataclass(slots=True)
class _Sheet:
    """One file on its way into a batch."""

    name: str
    form: CsvFormat
    zone: ZoneInfo
    sensors: Mapping[str, Sensor]
    header: list[str]
    until: datetime
    readings: list[Reading] = field(default_factory=list[Reading])
    rejected: list[Reject] = field(default_factory=list[Reject])

    def reject(self, line: int, raw: str, reason: str) -> None:
        encoding = _plain(self.form.encoding)
        self.rejected.append(
            Reject(self.name, line, raw.encode(encoding, _strays(encoding)), reason, encoding)
        )


def read_csv(path: Path, sensors: Iterable[Sensor], form: CsvFormat, until: datetime) -> Batch:
    """The readings in a file, and each line that is not one, with the reason.

    Times more than 5 minutes after `until` are refused: kept, they would stand beside the true
    readings of that time when it comes. Raises `UserError` when the file is no table in the declared
    format at all.
    """
    lines = _lines(path, form)
    header = next((cells for _n, _raw, cells in lines if cells), [])
    _check_header(path.name, form, header)
    by_key = {sensor.key: sensor for sensor in sensors}
    sheet = _Sheet(path.name, form, _zone(form.timezone), by_key, header, until + _AHEAD)
    take = _take_long if form.key_column else _take_wide
    for line, raw, cells in lines:
        if cells is None:
            sheet.reject(line, raw, _("The line cannot be split into columns."))
        elif any(cells):
            take(sheet, line, raw, cells)
    return Batch(tuple(sheet.readings), tuple(sheet.rejected))


def _check_header(file: str, form: CsvFormat, header: list[str]) -> None:
    needed = [form.time_column, *([form.key_column, form.value_column] if form.key_column else [])]
    check_columns(file, header, needed, form.separator)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UserError(
            _("There is no time zone {name}.").format(name=name),
            hint=_("Use a name such as Asia/Makassar or UTC."),
        ) from error


def _lines(path: Path, form: CsvFormat) -> Iterator[tuple[int, str, list[str] | None]]:
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


def _take_long(sheet: _Sheet, line: int, raw: str, cells: list[str]) -> None:
    if len(cells) != len(sheet.header):
        reason = _("The line has {found} columns instead of {expected}.")
        reason = reason.format(found=len(cells), expected=len(sheet.header))
        sheet.reject(line, raw, reason)
        return
    row = dict(zip(sheet.header, cells, strict=True))
    form = sheet.form
    _take(sheet, line, raw, (row[form.key_column], row[form.time_column], row[form.value_column]))


def _take_wide(sheet: _Sheet, line: int, raw: str, cells: list[str]) -> None:
    at = sheet.header.index(sheet.form.time_column)
    if len(cells) > len(sheet.header) or at >= len(cells):
        reason = _("The line has {found} columns instead of {expected}.")
        reason = reason.format(found=len(cells), expected=len(sheet.header))
        sheet.reject(line, raw, reason)
        return
    for column, (key, cell) in enumerate(zip(sheet.header, cells, strict=False)):
        if column != at and cell:
            _take(sheet, line, raw, (key, cells[at], cell))


def _take(sheet: _Sheet, line: int, raw: str, parts: tuple[str, str, str]) -> None:
    key, time, value = parts
    try:
        sensor = sheet.sensors.get(key)
        if sensor is None:
            raise ValueError(_("No instrument of this operation reports as {key}.").format(key=key or "?"))
        at = moment(time, sheet.zone, sheet.form.time_pattern)
        if at > sheet.until:
            raise ValueError(_("The time lies in the future: check the clock of this instrument."))
        reading = Reading(sensor.id, at, number(value, sheet.form.decimal))
    except ValueError as error:
        sheet.reject(line, raw, str(error))
    else:
        sheet.readings.append(reading)


class Folder:
    """The CSV files of a folder that a logger writes into; or one file, where `path` is none (a `Feed`).

    A file is read when two polls in a row found it unchanged, so a line still being written is never
    taken for a smaller number. A file that cannot be read becomes one reject and does not stop the others.
    Read `once`, it has ended when all that was there is on the disk.
    """

    def __init__(self, path: Path, sensors: Iterable[Sensor], form: CsvFormat, *, once: bool = False) -> None:
        self._once = once
        self._path, self._sensors, self._form = path, tuple(sensors), form
        self._seen: dict[Path, tuple[int, int]] = {}
        self._read: dict[Path, tuple[int, int]] = {}
        self._told: set[Reject] = set()
        self._given: list[tuple[Path, frozenset[Reject]]] = []  # since the last word that it was kept
        self._link, self._trouble, self._broken = Link.CONNECTING, "", ""

    def poll(self, until: datetime) -> Batch:
        """The readings of the files that changed: of as many as make up a batch, the others next time.

        Raises `UserError` while the folder cannot be seen.
        """
        try:
            settled = self._settled()
        except UserError as error:
            self._link, self._trouble = Link.FAILED, f"{error} {error.hint}"
            raise
        found, self._broken = Batch(), ""
        for path, stamp in settled.items():
            if len(found.readings) + len(found.rejected) >= _BATCH:
                break
            found += self._take(path, stamp, until)
        self._link, self._trouble = Link.CONNECTED, self._broken
        return found

    def _take(self, path: Path, stamp: tuple[int, int], until: datetime) -> Batch:
        try:
            batch = read_csv(path, self._sensors, self._form, until)
            self._read[path] = stamp
        except UserError as error:  # perhaps only held by another program: it is tried again
            batch = Batch(rejected=(Reject(path.name, 0, b"", str(error)),))
            self._broken = f"{error} {error.hint}"
        fresh = tuple(reject for reject in batch.rejected if reject not in self._told)
        self._told.update(fresh)
        self._given.append((path, frozenset(fresh)))
        return Batch(batch.readings, fresh)

    def kept(self) -> None:
        """What was given is on the disk."""
        self._given.clear()
        if self._once and self._read and self._read.keys() == self._seen.keys():
            self._link = Link.ENDED

    def reread(self) -> None:
        """What the last polls gave could not be kept: the next ones give it again."""
        for path, told in self._given:
            self._read.pop(path, None)
            self._told -= told
        self._given.clear()

    def close(self) -> None:
        """A folder is not held."""

    @property
    def link(self) -> Link:
        return self._link

    @property
    def trouble(self) -> str:
        return self._trouble

    def _settled(self) -> dict[Path, tuple[int, int]]:
        """Files to read now: the same at the last poll, and changed since they were read."""
        stamps = self._stamps()
        still = {path: stamp for path, stamp in stamps.items() if self._seen.get(path) == stamp}
        self._seen = stamps
        return {path: stamp for path, stamp in still.items() if self._read.get(path) != stamp}

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        try:
            if self._path.is_file():
                files = [self._path]
            else:
                files = sorted(path for path in self._path.iterdir() if path.suffix.lower() in TABLES)
            states = [(path, path.stat()) for path in files]
        except OSError as error:
            raise UserError(
                _("{file} cannot be read.").format(file=self._path.name),
                hint=_("Its readings are missing until it is back. Reason: {reason}").format(reason=error),
            ) from error
        return {path: (state.st_mtime_ns, state.st_size) for path, state in states}
