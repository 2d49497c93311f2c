"""Layers through GDAL. Imported in the worker process only, after `close_doors`."""

import os
import re
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange.vector.codepages import declared, with_page
from gis.exchange.vector.formats import Format
from gis.exchange.vector.staging import Staged
from gis.exchange.vector.table import Table
from gis.texts import _, ngettext

ALLOWED = frozenset(
    {"GPKG", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "TopoJSON", "LIBKML", "GPX", "FlatGeobuf", "MEM"}
    | {"MapInfo File", "DXF", "GML", "OSM", "OpenFileGDB"}
)
# Every other driver of GDAL 3.6 to 3.13: those that follow links, run SQL, read what another file names.
SKIPPED = (
    "ADBC,AIVector,AmigoCloud,Arrow,AVCBin,AVCE00,CAD,Carto,COG,CSV,CSW,DGN,DODS,DWG,EDIGEO,EEDA,"
    "Elasticsearch,ESRIJSON,FileGDB,FITS,GDALG,Geoconcept,GeoRSS,GMLAS,GPSBabel,GPSTrackMaker,"
    "GTFS,GTiff,HANA,HDF5,HTTP,IDB,Idrisi,Interlis 1,Interlis 2,JML,JP2Grok,JPEG2000,JSONFG,KML,"
    "LVBAG,MapML,MBTiles,MiraMonVector,MongoDBv3,MRF,MSSQLSpatial,MVT,MySQL,NAS,netCDF,"
    "NetCDF,NGW,OAPIF,OCI,ODBC,ODS,OGCAPI,OGR_GMT,OGR_OGDI,OGR_PDS,OGR_VRT,Parquet,"
    "PCIDSK,PDF,PDS4,PGDUMP,PGeo,PLSCENES,PMTiles,PostgreSQL,S57,SEGUKOOA,Selafin,SOSI,SQLite,STACIT,"
    "STACTA,SVG,SXF,Tiger,TIGER,UK .NTF,VDV,VFK,VICAR,VRT,Walk,WAsP,WFS,WMS,WMTS,XLS,XLSX,XODR,ZARR"
)
SETTINGS = {
    "GDAL_SKIP": SKIPPED,
    "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "LIBKML_READ_GROUND_OVERLAY": "NO",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "500",
    "PROJ_NETWORK": "OFF",
    "SHAPE_RESTORE_SHX": "YES",
    "SHAPE_2D_ISOLATED_POLYGONS": "NO",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "OSM_USE_CUSTOM_INDEXING": "NO",  # with it, a file that is not sorted ends the process
    "OSM_COMPRESS_NODES": "YES",
}
NOT_NEEDED = ("pandas", "geopandas", "pyarrow")
LATIN1 = "ISO-8859-1"  # every byte is a letter: bytes pass through unharmed


def close_doors() -> None:
    """Before GDAL is loaded: only the drivers that are needed, and nothing that reaches beyond the file."""
    os.environ.update(SETTINGS)
    for name in NOT_NEEDED:  # they take most of the time that importing pyogrio takes
        sys.modules[name] = None  # pyright: ignore[reportArgumentType]


def drivers() -> frozenset[str]:
    """What GDAL can open in this process."""
    import pyogrio

    return frozenset(pyogrio.list_drivers())


@dataclass(frozen=True, slots=True)
class Part:
    """One layer inside one staged file; `title` is what people call it."""

    staged: Staged
    layer: str
    kind: str | None
    title: str


def parts(staged: Staged) -> list[Part]:
    """The layers with shapes in one file. Raises UserError when GDAL cannot open it."""
    import pyogrio

    with plain_errors(staged):
        rows = [(str(name), kind) for name, kind in pyogrio.list_layers(str(staged.path))]
    if staged.format in (Format.GPX, Format.OSM):
        rows = _filled(staged, rows)
    single = staged.format in _OF_ONE_LAYER
    return [
        Part(staged, name, str(kind), staged.title if single and len(rows) == 1 else name)
        for name, kind in rows
        if kind is not None
    ]


_OF_ONE_LAYER = frozenset(
    {Format.SHAPEFILE, Format.GEOJSON, Format.GEOJSONSEQ, Format.MAPINFO, Format.DXF, Format.GML}
)


def _filled(staged: Staged, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The layers of a file of fixed layers that hold anything; points of GPX lines are in the lines."""
    whole = [row for row in rows if row[0] not in ("route_points", "track_points")]
    with plain_errors(staged):
        return [row for row in whole if _count(staged, row[0])] or whole[:1]


def count(part: Part) -> int:
    """How many features the file says that the layer has."""
    with plain_errors(part.staged):
        return _count(part.staged, part.layer)


def _count(staged: Staged, layer: str) -> int:
    from pyogrio import read_info

    return int(read_info(str(staged.path), layer=layer, force_feature_count=True)["features"])


def load(
    part: Part,
    *,
    encoding: str | None = None,
    bbox: tuple[float, ...] | None = None,
    most: int | None = None,
) -> Table:
    """The whole layer, or what touches `bbox` (in the CRS of the file), or the first `most` features of that.

    Raises UserError when any of it cannot be read: a half-read layer is never given.
    """
    with plain_errors(part.staged):
        table = _loaded(part, encoding, bbox, most)
        if bbox is None and most is None:
            _check_whole(part, len(table.ids))
    return table


def _loaded(part: Part, encoding: str | None, bbox: tuple[float, ...] | None, most: int | None) -> Table:
    if encoding is None and part.staged.format is not Format.SHAPEFILE:
        try:
            return _table(part, _raw(part, None, bbox, most), "utf-8")
        except UnicodeDecodeError:
            pass  # it says it is UTF-8 and is not: read the bytes and find out
    return with_page(_table(part, _raw(part, LATIN1, bbox, most), LATIN1), encoding, declared(part.staged))


def _check_whole(part: Part, count: int) -> None:
    """Two formats are cut off without a word from GDAL: there the features are counted."""
    staged, said = part.staged, count
    if staged.format is Format.FLATGEOBUF:
        said = _count(staged, part.layer)
    elif staged.format is Format.GEOJSONSEQ:
        said = _records(staged.path)
    if count < said:
        raise unreadable(
            staged.name,
            staged.format,
            ngettext(
                "only {count} of {said} feature can be made out.",
                "only {count} of {said} features can be made out.",
                said,
            ).format(count=count, said=said),
        )


def _records(path: Path) -> int:
    """How many texts a GeoJSON text sequence has: one per record separator (RFC 8142), or one per line."""
    with path.open("rb") as file:
        if file.read(1) == b"\x1e":
            return 1 + sum(block.count(b"\x1e") for block in iter(lambda: file.read(1 << 20), b""))
        file.seek(0)
        return sum(bool(line.strip()) for line in file)


def bounds(part: Part) -> tuple[float, ...] | None:
    """Where the file says that the layer lies, in its CRS; None where only reading it would tell."""
    from pyogrio import read_info

    with plain_errors(part.staged):
        found = read_info(str(part.staged.path), layer=part.layer, encoding=LATIN1)["total_bounds"]
    return tuple(map(float, found)) if found is not None and np.isfinite(found).all() else None


def source_crs(part: Part) -> str | None:
    """What the file says about its CRS, without reading it."""
    import pyogrio

    with plain_errors(part.staged):
        crs = pyogrio.read_info(str(part.staged.path), layer=part.layer, encoding=LATIN1)["crs"]
    return meant(crs)


def _raw(
    part: Part, encoding: str | None, bbox: tuple[float, ...] | None, most: int | None
) -> tuple[Any, Any, Any, Any]:
    from pyogrio.raw import read

    meta, ids, geometry, columns = read(
        str(part.staged.path),
        layer=part.layer,
        encoding=encoding,
        bbox=bbox,
        max_features=most,
        force_2d=True,
        return_fids=True,
        datetime_as_string=True,
    )
    return meta, ids, geometry, columns


def _table(part: Part, raw: tuple[Any, Any, Any, Any], encoding: str) -> Table:
    meta, ids, wkb, values = raw
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    present = np.array([each is not None for each in wkb], dtype=bool)
    columns = {str(name): _column(each) for name, each in zip(meta["fields"], values, strict=True)}
    return Table(
        name=part.title,
        kind=str(meta["geometry_type"] or "Unknown"),
        crs=meant(meta["crs"]),
        geometry=geometry,
        ids=np.asarray(ids, dtype=np.int64),
        columns={name: each for name, each in columns.items() if each is not None},
        encoding=encoding,
        unreadable=int((present & (geometry == None)).sum()),  # noqa: E711 - elementwise
    )


def _column(values: NDArray[Any]) -> NDArray[Any] | None:
    """Numbers as they are; everything else as text; None for columns of bytes, which nobody can read."""
    if values.dtype.kind in "biuf":
        return values
    if any(isinstance(each, bytes) for each in values[:100]):
        return None
    if values.dtype.kind != "O":
        values = values.astype(object)
    texts = [each if each is None or isinstance(each, str) else _as_text(each) for each in values]
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column


def _as_text(value: Any) -> str | None:
    if isinstance(value, float) and np.isnan(value):
        return None
    return ", ".join(str(each) for each in value) if isinstance(value, np.ndarray) else str(value)


def meant(crs: Any) -> str | None:
    """None also for the placeholders that GeoPackage and KML writers use for "not known"."""
    text = str(crs or "")
    return None if not text or "ndefined" in text[:60] or "Unknown engineering" in text else text


@contextmanager
def plain_errors(staged: Staged) -> Generator[None]:
    """GDAL's and GEOS's complaints become one sentence with the name of the layer."""
    from pyogrio import errors

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (
            errors.CRSError,
            errors.DataLayerError,
            errors.DataSourceError,
            errors.FeatureError,
            errors.FieldError,
            errors.GeometryError,
            shapely.errors.GEOSException,
            OSError,
            ValueError,
        ) as error:
            reason = str(error).replace(str(staged.path), staged.path.name)
            raise unreadable(staged.name, staged.format, reason) from error


def _plainly(reason: str) -> str:
    """What a reader complains of, without the statement it was busy with; a sentence."""
    last = re.sub(r"\w+\(.*\) failed: ", "", " ".join(reason.split()), flags=re.DOTALL)
    said = dict.fromkeys(part.strip() for part in last.split("; "))  # GDAL says some things twice
    return "; ".join(said)[:300].rstrip(". ") + "."


def unreadable(name: str, what: Format, reason: str) -> UserError:
    """The sentence for a file that its own format's reader gives up on."""
    return UserError(
        _("{name} cannot be read as {format}: {reason}").format(
            name=name, format=what.value, reason=_plainly(reason)
        ),
        hint=_(
            "Nothing of it was loaded and the file was not changed. Open it in the program it comes from and "
            "save it again."
        ),
    )
