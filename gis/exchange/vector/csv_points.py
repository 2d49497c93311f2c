"""Tables with coordinates in their columns: delimiter, encoding and columns are found out."""

import csv
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange.vector.encoding import decoded, guess
from gis.exchange.vector.staging import Staged
from gis.exchange.vector.table import Table
from gis.texts import _, ngettext

DELIMITERS = ",;\t|"
TEXT_BYTES = 1 << 30


def _key(name: str) -> str:
    """A column name without case, accents, spaces and signs."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    kept = "".join(each for each in plain if not "\u0300" <= each <= "\u036f")
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", kept))


def _keys(names: str) -> tuple[str, ...]:
    return tuple(_key(each) for each in names.split(";"))


LONGITUDE = _keys(
    "lon;lng;long;longitude;longitud;londd;lon wgs84;wgs84 lon;gps lon;gps longitude;bujur;kinh độ;"
    "ลองจิจูด;ลองติจูด;経度;经度;經度;경도;долгота"
)
LATITUDE = _keys(
    "lat;latitude;latitud;latdd;lat wgs84;wgs84 lat;gps lat;gps latitude;lintang;vĩ độ;"
    "ละติจูด;緯度;纬度;위도;широта"
)
EAST = LONGITUDE + _keys("x;x coord;x coordinate;coord x;point x;easting;east")
NORTH = LATITUDE + _keys("y;y coord;y coordinate;coord y;point y;northing;north")
SHAPES = _keys("wkt;geom;geometry;the geom;wkt geom;geom wkt;shape")


def load_csv(staged: Staged, *, encoding: str | None = None) -> Table:
    """Every row as a feature; rows without coordinates have no shape.

    Raises UserError when no columns with coordinates are found.
    """
    text, page, problems = _text(staged, encoding)
    rows = _rows(text, staged)
    if len(rows) < 2:
        raise _no_places(staged, rows[0] if rows else [])
    header, body = _named(rows[0]), rows[1:]
    problems += _ragged(body, len(header))
    columns = {
        name: [row[index] if index < len(row) else "" for row in body] for index, name in enumerate(header)
    }
    geometry, crs, shape = _places(columns, staged)
    return Table(
        name=staged.title,
        kind="Unknown",
        crs=crs,
        geometry=geometry,
        ids=np.arange(1, len(body) + 1, dtype=np.int64),
        columns={name: _typed(values) for name, values in columns.items() if name != shape},
        encoding=page,
        problems=problems,
    )


def _text(staged: Staged, encoding: str | None) -> tuple[str, str, list[str]]:
    """The text, the encoding it was read in, and what is to be said of it."""
    if staged.path.stat().st_size > TEXT_BYTES:
        raise UserError(
            _("{name} is too large for a table of text.").format(name=staged.name),
            hint=_("Make a GeoPackage of it in a GIS and open that."),
        )
    raw = staged.path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), "utf-16", []
    page = encoding or guess(raw.splitlines())
    words, broken = decoded([raw], "utf-8-sig" if page in ("utf-8", "ascii") else page)
    problems: list[str] = []
    if encoding is None and page not in ("utf-8", "ascii"):
        problems.append(
            _("The file does not say how its texts are written; they were read as {encoding}.").format(
                encoding=page
            )
        )
    if broken:
        problems.append(_("Some texts have bytes that are no letter in {encoding}.").format(encoding=page))
    return words[0], page, problems


def _rows(text: str, staged: Staged) -> list[list[str]]:
    """All rows that hold anything, split at the delimiter that gives the most columns most evenly."""
    csv.field_size_limit(TEXT_BYTES)
    sample = text[:20_000].splitlines()[:20]
    delimiter = max(DELIMITERS, key=lambda each: _evenness(sample, each))
    try:
        return [row for row in csv.reader(_lines(text), delimiter=delimiter) if any(map(str.strip, row))]
    except csv.Error as error:
        raise _not_a_table(staged, str(error)) from error


def _lines(text: str) -> Iterable[str]:
    return re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)


def _evenness(sample: list[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    if not widths or widths[0] < 2:
        return 0, 0
    return sum(width == widths[0] for width in widths), widths[0]


def _named(header: list[str]) -> list[str]:
    """Column names, each different and none empty."""
    names: list[str] = []
    for index, cell in enumerate(header):
        name = cell.strip() or f"column {index + 1}"
        while name in names:
            name += "_"
        names.append(name)
    return names


def _ragged(rows: list[list[str]], width: int) -> list[str]:
    odd = sum(len(row) != width for row in rows)
    if not odd:
        return []
    return [
        ngettext(
            "{count} row has more or fewer cells than the heading.",
            "{count} rows have more or fewer cells than the heading.",
            odd,
        ).format(count=odd)
    ]


def _find(keys: dict[str, str], wanted: Iterable[str]) -> str | None:
    return next((keys[each] for each in wanted if each in keys), None)


def _places(columns: dict[str, list[str]], staged: Staged) -> tuple[NDArray[Any], str | None, str | None]:
    """The shapes, the CRS that the names of their columns speak of, and the column that is all shape."""
    keys = {_key(name): name for name in reversed(columns)}
    shape, east, north = _find(keys, SHAPES), _find(keys, EAST), _find(keys, NORTH)
    geometry = np.full(len(next(iter(columns.values()))), None, dtype=object)
    degrees = False
    if east is not None and north is not None:
        geometry = _points(columns[east], columns[north])
        degrees = _key(east) in LONGITUDE and _key(north) in LATITUDE
    elif shape is None:
        raise _no_places(staged, list(columns))
    if shape is not None:
        written = shapely.from_wkt(
            np.array([_wkt(each) for each in columns[shape]], dtype=object), on_invalid="ignore"
        )
        geometry = np.where(shapely.is_missing(written), geometry, shapely.force_2d(written))
    return geometry, "EPSG:4326" if degrees else None, shape


def _wkt(text: str) -> str | None:
    """WKT without the SRID that EWKT puts in front."""
    return re.sub(r"^\s*SRID=\d+;", "", text, flags=re.IGNORECASE) or None


def _points(east: list[str], north: list[str]) -> NDArray[Any]:
    x, y = _numbers(east), _numbers(north)
    known = np.isfinite(x) & np.isfinite(y)
    points = np.full(len(x), None, dtype=object)
    points[known] = shapely.points(x[known], y[known])
    return points


def _numbers(cells: list[str]) -> NDArray[np.float64]:
    """NaN where a cell is no number; a decimal comma is a point."""
    try:
        return np.array([each or "nan" for each in cells], dtype=np.float64)
    except ValueError:
        return np.array([_number(each) for each in cells], dtype=np.float64)


def _number(cell: str) -> float:
    try:
        return float(cell.strip().rstrip("°").replace(",", "."))
    except ValueError:
        return np.nan


_CODE = re.compile(r"^\s*[+-]?0\d")


def _typed(cells: list[str]) -> NDArray[Any]:
    """Numbers if every filled cell is one and none is a code with a leading zero; else texts."""
    filled = [each for each in cells if each.strip()]
    if filled and not any(map(_CODE.match, filled)):
        try:
            return np.array([each.strip() or "nan" for each in cells], dtype=np.float64)
        except ValueError:
            pass  # a column of texts
    column = np.empty(len(cells), dtype=object)
    column[:] = [each or None for each in cells]
    return column


def _not_a_table(staged: Staged, reason: str) -> UserError:
    return UserError(
        _("{name} cannot be read as a table: {reason}").format(name=staged.name, reason=reason),
        hint=_("The file was not changed."),
    )


def _no_places(staged: Staged, names: list[str]) -> UserError:
    return UserError(
        _("{name} has no columns with coordinates. Its columns: {columns}.").format(
            name=staged.name, columns=", ".join(names)[:200] or "-"
        ),
        hint=_(
            "Name two columns lon and lat (or x and y), or one column WKT, in the first row. "
            "The file was not changed."
        ),
    )
