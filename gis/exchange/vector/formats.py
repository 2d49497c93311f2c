"""What a file is, by its name and by its first bytes: only what both agree on is opened."""

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gis.errors import UserError
from gis.texts import _

HEAD_BYTES = 65_536


class Format(Enum):
    """The formats that are read; the value is the name people know."""

    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    GEOJSON = "GeoJSON"
    GEOJSONSEQ = "GeoJSON text sequence"
    TOPOJSON = "TopoJSON"
    KML = "KML"
    GPX = "GPX"
    FLATGEOBUF = "FlatGeobuf"
    CSV = "CSV"
    MAPINFO = "MapInfo"
    DXF = "DXF"
    GML = "GML"
    OSM = "OpenStreetMap"
    FILEGDB = "File Geodatabase"
    PARQUET = "GeoParquet"
    ZIP = "ZIP"
    MBTILES = "MBTiles"
    PMTILES = "PMTiles"
    GEOTIFF = "GeoTIFF"
    ASCII_GRID = "ASCII grid"


ENDINGS: dict[Format, frozenset[str]] = {
    Format.GEOPACKAGE: frozenset({".gpkg"}),
    Format.SHAPEFILE: frozenset({".shp"}),
    Format.GEOJSON: frozenset({".geojson", ".json"}),
    Format.GEOJSONSEQ: frozenset({".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl"}),
    Format.TOPOJSON: frozenset({".topojson", ".json", ".geojson"}),
    Format.KML: frozenset({".kml"}),
    Format.GPX: frozenset({".gpx"}),
    Format.FLATGEOBUF: frozenset({".fgb"}),
    Format.CSV: frozenset({".csv", ".tsv", ".txt"}),
    Format.MAPINFO: frozenset({".tab", ".mif"}),
    Format.DXF: frozenset({".dxf"}),
    Format.GML: frozenset({".gml"}),
    Format.OSM: frozenset({".pbf", ".osm"}),
    Format.FILEGDB: frozenset({".gdb"}),
    Format.PARQUET: frozenset({".parquet", ".geoparquet"}),
    Format.ZIP: frozenset({".zip", ".kmz"}),
    Format.MBTILES: frozenset({".mbtiles"}),
    Format.PMTILES: frozenset({".pmtiles"}),
    Format.GEOTIFF: frozenset({".tif", ".tiff"}),
    Format.ASCII_GRID: frozenset({".asc"}),
}
RASTERS = frozenset({Format.MBTILES, Format.PMTILES, Format.GEOTIFF, Format.ASCII_GRID})
READABLE = frozenset().union(*ENDINGS.values())
WHAT_IS_READ = _(
    "Read are GeoPackage, Shapefile, File Geodatabase (both also zipped), GeoJSON, TopoJSON, KML, KMZ, GPX, "
    "FlatGeobuf, GeoParquet, MapInfo TAB and MIF, DXF, GML, OpenStreetMap extracts, CSV with coordinates and "
    "MBTiles and PMTiles with pictures, GeoTIFF and ASCII grids. The file was not changed."
)


@dataclass(frozen=True, slots=True)
class _Known:
    """Something that is no layer of shapes, and what to say of it."""

    what: str
    hint: str = WHAT_IS_READ


def _rasters() -> _Known:
    return _Known(
        _("{name} is a raster of a kind that is not read."),
        _("The file was not changed. Save it as GeoTIFF and open that."),
    )


def _by_ending() -> dict[str, _Known]:
    part = _Known(
        _("{name} is one part of a Shapefile and holds no layer by itself."),
        _("Open the file of the same name that ends in .shp. The file was not changed."),
    )
    qgis = _Known(
        _("{name} is a file of QGIS with settings, not with shapes."),
        _("Open the layers that it speaks of. The file was not changed."),
    )
    page = _Known(_("{name} is a picture or a document, not a layer."))
    return {
        **dict.fromkeys((".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"), part),
        **dict.fromkeys((".qml", ".qgs", ".qgz", ".qlr", ".qpj"), qgis),
        **dict.fromkeys((".vrt", ".img", ".nc", ".grd"), _rasters()),
        **dict.fromkeys((".pdf", ".png", ".jpg", ".jpeg", ".gif", ".doc", ".docx", ".md"), page),
        **dict.fromkeys(
            (".xlsx", ".xls", ".ods"), _Known(_("{name} is a spreadsheet; save it as CSV first."))
        ),
        **dict.fromkeys((".gpkg-wal", ".gpkg-shm"), _Known(_("{name} is the log of a GeoPackage."))),
        **dict.fromkeys(
            (".dat", ".map", ".id", ".ind", ".mid"),
            _Known(
                _("{name} is one part of a MapInfo table and holds no layer by itself."),
                _("Open the file of the same name that ends in .tab or .mif. The file was not changed."),
            ),
        ),
        ".cap": _alert(),
    }


def _alert() -> _Known:
    return _Known(
        _("{name} is a public warning (CAP), not a layer."),
        _("Open it as a warning. The file was not changed."),
    )


def _by_first_bytes() -> tuple[tuple[bytes, _Known], ...]:
    page = _Known(_("{name} is a picture or a document, not a layer."))
    return (
        (b"\x89PNG", page),
        (b"\xff\xd8\xff", page),
        (b"GIF8", page),
        (b"%PDF", page),
        (b"\xd0\xcf\x11\xe0", page),
        (b"Rar!", _Known(_("{name} is a RAR archive; pack it as ZIP."))),
        (b"7z\xbc\xaf", _Known(_("{name} is a 7z archive; pack it as ZIP."))),
        (b"\x1f\x8b", _Known(_("{name} is packed with gzip; unpack it first."))),
    )


def recognise(path: Path, *, name: str = "") -> Format:
    """The format of a file on disk; `name` is what to call it when it lies here under another name.

    Raises UserError when it is not read, is not what its name says, or brings a document type.
    """
    called = name or path.name
    ending = Path(called).suffix.casefold()
    if path.is_dir():
        return _of_folder(path, called)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise UserError(
            _("{name} is empty: it has no bytes.").format(name=called),
            hint=_("Copy it again from where it came from."),
        )
    if known := next((each for start, each in _by_first_bytes() if head.startswith(start)), None):
        raise _refused(known, called)
    if ending not in READABLE and (known := _by_ending().get(ending)):
        raise _refused(known, called)
    found = _by_content(head, ending, called)
    if found is None or ending not in ENDINGS[found]:
        raise _not_what_it_says(called, found)
    return found


def _of_folder(path: Path, name: str) -> Format:
    """A File Geodatabase is a folder; its first table is the catalogue of the others."""
    if path.suffix.casefold() == ".gdb" and (path / "a00000001.gdbtable").is_file():
        return Format.FILEGDB
    raise UserError(
        _("{name} is a folder.").format(name=name),
        hint=_("Open one of the files in it, such as a .shp, .gpkg or .geojson."),
    )


def _refused(known: _Known, name: str) -> UserError:
    return UserError(known.what.format(name=name), hint=known.hint)


def _not_what_it_says(name: str, found: Format | None) -> UserError:
    if found is None:
        return UserError(
            _("{name} is none of the files with shapes that are read.").format(name=name), hint=WHAT_IS_READ
        )
    return UserError(
        _("{name} holds {format}, but its name says something else.").format(name=name, format=found.value),
        hint=_("It was not opened. If you trust where it came from, rename it to end in {ending}.").format(
            ending=sorted(ENDINGS[found])[0]
        ),
    )


def _by_content(head: bytes, ending: str, name: str) -> Format | None:
    if head.startswith(b"SQLite format 3\0"):
        return _of_database(head, ending, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Format.ZIP
    if head.startswith(b"\0\0\x27\x0a"):
        return Format.SHAPEFILE
    if head.startswith(b"fgb\x03"):
        return Format.FLATGEOBUF
    if head.startswith((b"II*\0", b"II+\0", b"MM\0*", b"MM\0+")):
        return Format.GEOTIFF
    if head.startswith((b"PAR1", b"PMTiles")):
        return Format.PARQUET if head[:4] == b"PAR1" else Format.PMTILES
    if head[4:15] == b"\x0a\x09OSMHeader":
        return Format.OSM
    text = _text(head)
    return None if text is None else _of_text(text, ending, name)


def _of_text(text: str, ending: str, name: str) -> Format | None:
    plain = text.lstrip("\ufeff \t\r\n\x1e")
    if plain.startswith("<"):
        return _of_xml(plain, name)
    if plain.startswith(("{", "[")) and ending not in ENDINGS[Format.CSV]:
        return _of_json(plain, ending, name)
    if _GRID.match(plain):
        return Format.ASCII_GRID
    if _MAPINFO.match(plain):
        return _of_mapinfo(text, name)
    if _DXF.match(plain):
        return Format.DXF
    return Format.CSV if ending in ENDINGS[Format.CSV] else None


_MAPINFO = re.compile(r"!table\b|version\s+\d+\s", re.IGNORECASE)
_GRID = re.compile(r"ncols\s+\d+\s+nrows\s+\d+\s", re.IGNORECASE)
_DXF = re.compile(r"(999\s*\n[^\n]*\n\s*)*0\s*\n\s*SECTION\b")


def _of_mapinfo(text: str, name: str) -> Format:
    """A table that only names other tables would be read from wherever they lie."""
    if re.search(r"^\s*(create\s+view|open\s+table|type\s+linked)\b|IsSeamless", text, re.I | re.M):
        raise UserError(
            _("{name} has no shapes itself, but names other files.").format(name=name),
            hint=_("It was not opened. Open the tables it speaks of one by one."),
        )
    return Format.MAPINFO


def _of_database(head: bytes, ending: str, name: str) -> Format:
    """A GeoPackage says so in `application_id` (OGC 12-128r19, 1.1.1.1.1); old ones only by their name."""
    if head[68:72] in (b"GPKG", b"GP10", b"GP11") or ending == ".gpkg":
        return Format.GEOPACKAGE
    if head[68:72] == b"MPBX" or ending == ".mbtiles":
        return Format.MBTILES
    raise UserError(_("{name} is an SQLite database, not a GeoPackage.").format(name=name), hint=WHAT_IS_READ)


def _text(head: bytes) -> str | None:
    """The head as text for looking at its signs; None when it is binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) & ~1].decode("utf-16", "replace")
    return None if b"\0" in head[:4096] else head.decode("utf-8", "replace")


_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")


def _of_xml(text: str, name: str) -> Format:
    """By the root element. A document type is never needed here and is how XML attacks begin."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UserError(
            _("{name} brings a document type of its own, as attacks do.").format(name=name),
            hint=_("It was not opened."),
        )
    root = _ROOT.search(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    word = root.group(1) if root else ""
    if word == "kml":
        return Format.KML
    if word == "gpx":
        return Format.GPX
    if word == "osm":
        return Format.OSM
    if "http://www.opengis.net/gml" in text:
        return Format.GML
    if word == "alert":
        raise _refused(_alert(), name)
    raise UserError(
        _("{name} is XML of another kind ({word}), not a layer.").format(name=name, word=word[:40]),
        hint=WHAT_IS_READ,
    )


_TYPE = re.compile(
    r'"type"\s*:\s*"(FeatureCollection|Feature|Topology|GeometryCollection|(?:Multi)?(?:Point|LineString|Polygon))"'
)


def _of_json(text: str, ending: str, name: str) -> Format:
    found = _TYPE.search(text)
    if found is None:
        raise UserError(
            _("{name} is JSON, but not GeoJSON or TopoJSON.").format(name=name), hint=WHAT_IS_READ
        )
    if found.group(1) == "Topology":
        return Format.TOPOJSON
    return Format.GEOJSONSEQ if ending in ENDINGS[Format.GEOJSONSEQ] else Format.GEOJSON
