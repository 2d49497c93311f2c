"""Some features of a layer as a file for other programs: a table, GeoJSON or a GeoPackage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange import geojson, sheet
from gis.geo.crs import transform
from gis.geo.features import WGS84, Features
from gis.geo.shapes import to_shapely
from gis.lasting import whole
from gis.progress import Progress
from gis.store.operation import is_inside
from gis.texts import _

CSV, GEOJSON, GPKG = ".csv", ".geojson", ".gpkg"
SUFFIXES = (GPKG, GEOJSON, CSV)
BLOCK = 5_000  # rows between two looks at who wants to stop


def write(path: Path, found: Sequence[Features], progress: Progress, *, columns: Sequence[str]) -> Path:
    """Write these features with these of their columns, in their order, in the format that the name ends in.

    Places are in WGS84 degrees: in a table two columns of numbers for points, and WKT for all else. The file
    appears whole or not at all. Raises `UserError` when it cannot be written there, `Cancelled`.
    """
    kinds: Mapping[str, Callable[[Path, list[Features], Sequence[str], Progress], None]]
    kinds = {CSV: _as_sheet, GEOJSON: _as_geojson, GPKG: _as_gpkg}
    kind = kinds.get(path.suffix.casefold())
    if kind is None:
        raise UserError(
            _("{name} does not say what kind of file it is to be.").format(name=path.name),
            hint=_("Let the name end in one of: {suffixes}.").format(suffixes=", ".join(SUFFIXES)),
        )
    if is_inside(path) or not path.parent.is_dir():
        raise UserError(
            _("{name} cannot be written there.").format(name=path.name),
            hint=_("Choose a folder that exists, outside of operations and second copies."),
        )
    try:
        with whole(path) as part:
            kind(part, [_on_earth(each) for each in found], columns, progress)
            progress.check()
    except OSError as error:
        raise UserError(
            _("{name} could not be written: {reason}.").format(
                name=path.name, reason=error.strerror or error
            ),
            hint=_("What was there before is unchanged. Free space or choose another folder."),
        ) from error
    return path


def _on_earth(features: Features) -> Features:
    xy = transform(features.xy, features.crs, WGS84)
    return Features(features.shape, xy, features.rings, features.parts, features.ids, features.columns, WGS84)


def _as_sheet(path: Path, found: list[Features], columns: Sequence[str], progress: Progress) -> None:
    places = [to_shapely(each) for each in found]
    dots = all(bool((shapely.get_type_id(place) <= 0).all()) for place in places)  # -1 is no place at all
    head = [*columns, *(("lon", "lat") if dots else ("wkt",))]

    def rows() -> Iterator[list[object]]:
        for features, place in zip(found, places, strict=True):
            said = zip(*_said(features, columns), *_where(place, dots), strict=True)
            yield from map(list, _told(said, len(features), progress))

    path.write_bytes(sheet.write(head, rows()))


def _said(features: Features, columns: Sequence[str]) -> list[list[Any]]:
    """The columns as Python's own values; None where nothing stands."""
    whole = (_column(features, name).tolist() for name in columns)
    return [[value if value == value else None for value in column] for column in whole]


def _where(place: NDArray[np.object_], dots: bool) -> list[list[Any]]:
    if not dots:
        return [[None if each is None or each.is_empty else each.wkt for each in place]]
    xy = np.column_stack((shapely.get_x(place), shapely.get_y(place)))
    return [[value if value == value else None for value in side.tolist()] for side in np.round(xy, 7).T]


def _as_geojson(path: Path, found: list[Features], columns: Sequence[str], progress: Progress) -> None:
    def features() -> Iterator[geojson.Feature]:
        for each in found:
            rows = zip(each.ids.tolist(), to_shapely(each), *_said(each, columns), strict=True)
            for name, place, *values in _told(rows, len(each), progress):
                yield geojson.Feature(str(name), place, dict(zip(columns, values, strict=True)))

    path.write_bytes(geojson.write(features()))


def _as_gpkg(path: Path, found: list[Features], columns: Sequence[str], progress: Progress) -> None:
    """One layer of all of it; GDAL writes it in one go, so that it can be stopped only before."""
    from gis.exchange import gpkg  # loads GDAL and pandas: not while a window opens

    progress.step(0, 0)
    geometry = np.concatenate([np.zeros(0, object), *map(to_shapely, found)])
    said = {name: np.concatenate([_column(each, name) for each in found]) for name in columns if found}
    progress.check()
    name = path.stem.removeprefix(".").removesuffix(".part") or "features"
    gpkg.write_layers(path, {name: gpkg.Table(geometry, _apart(said))})


def _apart(columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Under names that a GeoPackage can hold beside its own: it tells no capitals apart."""
    taken = {"fid", "geom"}
    named: dict[str, NDArray[Any]] = {}
    for name, values in columns.items():
        free, n = name.strip() or "column", 2
        while free.casefold() in taken:
            free, n = f"{name.strip() or 'column'}_{n}", n + 1
        taken.add(free.casefold())
        named[free] = values
    return named


def _column(features: Features, name: str) -> NDArray[Any]:
    column = features.columns.get(name)
    return np.full(len(features), None, object) if column is None else column


def _told(rows: Iterator[Any], count: int, progress: Progress) -> Iterator[Any]:
    for n, row in enumerate(rows):
        if n % BLOCK == 0:
            progress.step(n, count)
        yield row
