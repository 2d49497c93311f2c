"""What would become of a table, before anything of it is taken in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from gis.errors import UserError
from gis.model.record import Reading
from gis.model.sensor import Sensor
from gis.sensors.feeds.csvtable import CsvFormat, begun, header_of, lines_of
from gis.sensors.feeds.folder import TABLES
from gis.texts import _

LINES = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """One line as it was split, and what would become of it: readings in UTC, or why there are none."""

    line: int
    raw: str
    cells: tuple[str, ...]
    readings: tuple[Reading, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The first lines of a file as they would be taken; nothing was. `trouble` says why none could be."""

    file: str
    header: tuple[str, ...] = ()
    lines: tuple[Looked, ...] = ()
    trouble: str = ""


def previewed(path: Path, sensors: Iterable[Sensor], form: CsvFormat, until: datetime) -> Preview:
    """The first `LINES` lines with words in them, by the same steps that would take them in.

    Of a folder its newest table. Raises `UserError` when there is no such file, or it cannot be read.
    """
    path = table_in(path)
    lines = lines_of(path, form)
    header = header_of(lines, form)
    try:
        sheet = begun(path.name, sensors, form, header, until)
    except UserError as error:
        again = _split(lines_of(path, form))
        return Preview(path.name, tuple(header), tuple(again), f"{error} {error.hint}".strip())
    found = list[Looked]()
    for line, raw, cells in lines:
        if len(found) == LINES:
            break
        sheet.readings, sheet.rejected = [], []
        sheet.take(line, raw, cells)
        if sheet.readings or sheet.rejected:
            reasons = tuple(each.reason for each in sheet.rejected)
            found.append(Looked(line, raw, tuple(cells or ()), tuple(sheet.readings), reasons))
    return Preview(path.name, tuple(header), tuple(found))


def _split(lines: Iterator[tuple[int, str, list[str] | None]]) -> Iterator[Looked]:
    for line, raw, cells in islice(lines, LINES):
        yield Looked(line, raw, tuple(cells or ()))


def table_in(path: Path) -> Path:
    """The file itself, or the newest table of a folder. Raises `UserError` where there is none."""
    try:
        if not path.is_dir():
            path.stat()
            return path
        tables = [each for each in path.iterdir() if each.suffix.lower() in TABLES]
        newest = max(tables, key=lambda each: each.stat().st_mtime_ns, default=None)
    except OSError as error:
        raise UserError(
            _("{file} cannot be read.").format(file=path.name or str(path)),
            hint=_("Nothing was taken from it. Reason: {reason}").format(reason=error),
        ) from error
    if newest is None:
        raise UserError(
            _("There is no table in {folder} yet.").format(folder=path.name),
            hint=_("Try it again when something was written there."),
        )
    return newest
