"""What makes the desk's file a GeoPackage 1.4 (OGC 12-128r19): its registers, spatial index and extents."""

from collections.abc import Iterable

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Table, text

from gis.geo.features import WGS84
from gis.store.tables import schema, watch
from gis.store.tables.geometry import Geometry

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10400

_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],'
    'AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_REGISTERS = (
    """CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
    description TEXT)""",
    """CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
    identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
    definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
)
_SYSTEMS = (
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    ("WGS 84 geodetic", WGS84, "EPSG", WGS84, _WGS84_WKT),
)
_BOX = "ST_MinX(NEW.{c}), ST_MaxX(NEW.{c}), ST_MinY(NEW.{c}), ST_MaxY(NEW.{c})"
_FULL = "NEW.{c} NOT NULL AND NOT ST_IsEmpty(NEW.{c})"
_NONE = "(NEW.{c} IS NULL OR ST_IsEmpty(NEW.{c}))"
_HAD = "OLD.{c} NOT NULL AND NOT ST_IsEmpty(OLD.{c})"
_HAD_NONE = "(OLD.{c} IS NULL OR ST_IsEmpty(OLD.{c}))"
# No program changes what was said; what is derived beside it (`until`, `opens`) moves.
_GROWS_ONLY = (
    "CREATE TRIGGER IF NOT EXISTS journal_stays BEFORE DELETE ON journal BEGIN"
    " SELECT raise(ABORT, 'the journal only grows'); END",
    "CREATE TRIGGER IF NOT EXISTS journal_stands BEFORE UPDATE OF n, edit, actor, seq, step, at, who, label,"
    " kind, record, field, body, received_at, arrival ON journal BEGIN"
    " SELECT raise(ABORT, 'the journal only grows'); END",
)
# The set of triggers of version 1.4: the earlier update1 and update3 break with UPSERT.
_TRIGGERS = {
    "insert": f"AFTER INSERT ON {{t}} WHEN ({_FULL}) BEGIN"
    f" INSERT OR REPLACE INTO {{r}} VALUES (NEW.fid, {_BOX}); END",
    "update2": f"AFTER UPDATE OF {{c}} ON {{t}} WHEN OLD.fid = NEW.fid AND {_NONE} BEGIN"
    " DELETE FROM {r} WHERE id = OLD.fid; END",
    "update4": f"AFTER UPDATE ON {{t}} WHEN OLD.fid != NEW.fid AND {_NONE} BEGIN"
    " DELETE FROM {r} WHERE id IN (OLD.fid, NEW.fid); END",
    "update5": f"AFTER UPDATE ON {{t}} WHEN OLD.fid != NEW.fid AND ({_FULL}) BEGIN"
    f" DELETE FROM {{r}} WHERE id = OLD.fid; INSERT OR REPLACE INTO {{r}} VALUES (NEW.fid, {_BOX}); END",
    "update6": f"AFTER UPDATE OF {{c}} ON {{t}} WHEN OLD.fid = NEW.fid AND ({_FULL}) AND ({_HAD}) BEGIN"
    " UPDATE {r} SET minx = ST_MinX(NEW.{c}), maxx = ST_MaxX(NEW.{c}),"
    " miny = ST_MinY(NEW.{c}), maxy = ST_MaxY(NEW.{c}) WHERE id = NEW.fid; END",
    "update7": f"AFTER UPDATE OF {{c}} ON {{t}} WHEN OLD.fid = NEW.fid AND ({_FULL}) AND {_HAD_NONE} BEGIN"
    f" INSERT INTO {{r}} VALUES (NEW.fid, {_BOX}); END",
    "delete": "AFTER DELETE ON {t} WHEN OLD.{c} NOT NULL BEGIN DELETE FROM {r} WHERE id = OLD.fid; END",
}


def create(connection: Connection) -> None:
    """Make an empty file a GeoPackage holding all our tables.

    Must run in rollback mode: in WAL mode the application id would not be in the file's header yet,
    and other programs would refuse it.
    """
    connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
    connection.execute(text(f"PRAGMA user_version = {USER_VERSION}"))
    for statement in _REGISTERS:
        connection.execute(text(statement))
    for system in _SYSTEMS:
        connection.exec_driver_sql(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", (*system,)
        )
    lay_out(connection)


def lay_out(connection: Connection) -> None:
    """Our tables, and their places in the registers, wherever they are missing."""
    schema.desk.create_all(connection)
    for statement in _GROWS_ONLY:
        connection.execute(text(statement))
    for statement in watch.TRIGGERS:
        connection.exec_driver_sql(statement)
    for table in (*schema.TABLE_OF.values(), schema.latest_readings):
        register(connection, table)
    _contents(connection, schema.journal, "attributes", None)


def drop(connection: Connection, table: Table) -> None:
    """Take a record table away, with its spatial index; its places in the registers stay."""
    for column in table.columns:
        if isinstance(column.type, Geometry):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS rtree_{table.name}_{column.name}")
    connection.exec_driver_sql(f"DROP TABLE {table.name}")


def register(connection: Connection, table: Table) -> None:
    """Make a table that exists known to other programs, as features where it has a place."""
    geometry = next((c for c in table.columns if isinstance(c.type, Geometry)), None)
    if geometry is None or not isinstance(geometry.type, Geometry):
        _contents(connection, table, "attributes", None)
        return
    _contents(connection, table, "features", WGS84)
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
        (table.name, geometry.name, geometry.type.name, WGS84),
    )
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', ?, 'write-only')",
        (table.name, geometry.name, "http://www.geopackage.org/spec120/#extension_rtree"),
    )
    names = {"t": table.name, "c": geometry.name, "r": f"rtree_{table.name}_{geometry.name}"}
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS {r} USING rtree(id, minx, maxx, miny, maxy)".format(**names)
    )
    for trigger, rest in _TRIGGERS.items():
        connection.exec_driver_sql(
            f"CREATE TRIGGER IF NOT EXISTS {names['r']}_{trigger} " + rest.format(**names)
        )


def _contents(connection: Connection, table: Table, data_type: str, srs_id: int | None) -> None:
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
        (table.name, data_type, table.name, srs_id),
    )


def forget_extent(connection: Connection, table: str) -> None:
    """Before a table is filled again: its extent grows anew with `touch`."""
    connection.exec_driver_sql(
        "UPDATE gpkg_contents SET min_x = NULL, min_y = NULL, max_x = NULL, max_y = NULL"
        " WHERE table_name = ?",
        (table,),
    )


def touch(connection: Connection, table: str, shapes: Iterable[BaseGeometry]) -> None:
    """Keep the register true after a write: the time of change, and an extent that holds `shapes`."""
    boxes = [shape.bounds for shape in shapes if not shape.is_empty]
    connection.exec_driver_sql(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?",
        (table,),
    )
    if boxes:
        low_x, low_y, high_x, high_y = zip(*boxes, strict=True)
        connection.exec_driver_sql(
            "UPDATE gpkg_contents SET"
            " min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2),"
            " max_x = max(coalesce(max_x, ?3), ?3), max_y = max(coalesce(max_y, ?4), ?4)"
            " WHERE table_name = ?5",
            (min(low_x), min(low_y), max(high_x), max(high_y), table),
        )
