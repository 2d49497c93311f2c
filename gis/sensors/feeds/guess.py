"""How a table seems to be written: a guess that is offered to a person, and never taken silently."""

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from gis.errors import UserError
from gis.model.sensor import Sensor
from gis.sensors.feeds.csvtable import CsvFormat
from gis.sensors.feeds.preview import table_in
from gis.sensors.feeds.strict import EXCEL, EXCEL_1904, moment, number
from gis.texts import _

_LINES = 20
PATTERNS = (
    "",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M",
    EXCEL,
    EXCEL_1904,
)
ENCODINGS = ("utf-8-sig", "utf-16", "windows-1252", "windows-1250", "windows-1251", "windows-1254",
             "windows-1258", "shift_jis", "gb18030", "big5", "euc-kr", "tis-620")  # fmt: skip
SEPARATORS = (";", "\t", ",", "|")
_LOOKED_AT = 64 * 1024  # bytes from which a guess is made
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))
_TIMES = ("time", "date", "datetime", "timestamp", "waktu", "tanggal", "fecha", "hora", "data", "datum",
          "zeit", "heure", "fecha hora", "date time")  # fmt: skip
_KEYS = ("key", "station", "sensor", "id", "gauge", "site", "pos", "code")
_VALUES = ("value", "nilai", "valor", "valeur", "wert", "reading", "level", "result")


def suggested(path: Path, sensors: Sequence[Sensor], form: CsvFormat) -> CsvFormat:
    """How the file seems to be written: a guess to be offered to a person, who looks and decides.

    What cannot be told from the file (its time zone, its units) stays as it is declared in `form`. Raises
    `UserError` as `table_in` does.
    """
    path = table_in(path)
    try:
        with path.open("rb") as file:
            raw = file.read(_LOOKED_AT)
    except OSError as error:
        raise UserError(_("{file} cannot be read.").format(file=path.name)) from error
    encoding = _encoding(raw)
    text = raw.decode(encoding, "replace")
    rows = [line for line in text.splitlines()[: _LINES + 1] if line.strip()]
    if not rows:
        return replace(form, encoding=encoding)
    separator = _separator(rows)
    header = [cell.strip().strip('"') for cell in rows[0].split(separator)]
    cells = [[cell.strip().strip('"') for cell in row.split(separator)] for row in rows[1:]]
    whole = [dict(zip(header, row, strict=True)) for row in cells if len(row) == len(header)]
    time, date, key, value = _columns(header, {sensor.key for sensor in sensors})
    times = [" ".join(row[name] for name in (date, time) if name) for row in whole]
    among = {value} if key else {*header} - {time, date}
    measures = [row[name] for row in whole for name in among if row.get(name)]
    return replace(
        form,
        encoding=encoding,
        separator=separator,
        decimal=_decimal(measures, separator),
        skip=0,
        time_column=time,
        date_column=date,
        key_column=key,
        value_column=value,
        time_pattern=_pattern(times),
    )


def _encoding(raw: bytes) -> str:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeError:
        return "windows-1252"
    return "utf-8-sig"


def _separator(rows: Sequence[str]) -> str:
    """The sign that splits most lines into the same, largest number of columns."""

    def share(sign: str) -> tuple[int, int]:
        counts = Counter(row.count(sign) for row in rows)
        count, lines = max(counts.items(), key=lambda pair: (pair[0] > 0, pair[1], pair[0]))
        return (lines if count else 0, count)

    return max(SEPARATORS, key=share)


def _decimal(cells: Sequence[str], separator: str) -> str:
    """A comma where more of the values are numbers with it than with a point."""

    def fits(sign: str) -> int:
        return sum(1 for cell in cells if _is_number(cell, sign))

    return "," if separator != "," and fits(",") > fits(".") else "."


def _is_number(text: str, decimal: str) -> bool:
    try:
        number(text, decimal)
    except ValueError:
        return False
    return True


def _pattern(times: Sequence[str]) -> str:
    """The first that reads every time; ISO 8601 where none does."""

    def fits(pattern: str) -> bool:
        try:
            return bool(times) and all(moment(time, UTC, pattern) for time in times)
        except ValueError:
            return False

    return next((pattern for pattern in PATTERNS if fits(pattern)), "")


def _columns(header: Sequence[str], keys: set[str]) -> tuple[str, str, str, str]:
    """Time, date ("": none of its own), key ("": wide) and value, by their usual names."""
    words = {name: re.sub(r"[^a-z]+", " ", name.lower()).strip() for name in header}

    def named(wanted: Sequence[str]) -> str:
        return next((name for want in wanted for name in header if words[name] == want), "")

    date, time = (
        named(("date", "tanggal", "fecha", "data", "datum")),
        named(("time", "hora", "zeit", "heure", "jam")),
    )
    if not (date and time):
        date, time = "", named(_TIMES) or (header[0] if header else "")
    rest = [name for name in header if name not in (date, time)]
    key = "" if keys & set(rest) else named(_KEYS)
    value = named(_VALUES) or (rest[-1] if rest else "") if key else "value"
    return time, date, key, value
