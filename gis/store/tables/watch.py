"""A watch over the record tables: whose change is it? Rows that other programs touch are written down."""

import json
from collections.abc import Collection

from sqlalchemy import Connection

from gis.store.tables.rows import TABLES

TRIGGERS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {table}_outside_{op} AFTER {op} ON {table}"
    f" WHEN NOT EXISTS (SELECT 1 FROM outside WHERE seq = 0) BEGIN"
    f" INSERT INTO outside (tbl, fid, op) VALUES {rows}; END"
    for table in TABLES.values()
    for op, rows in {
        "insert": f"('{table}', NEW.fid, 'insert')",
        "update": f"('{table}', OLD.fid, 'update'), ('{table}', NEW.fid, 'update')",
        "delete": f"('{table}', OLD.fid, 'delete')",
    }.items()
)


def lift(desk: Connection) -> None:
    """Watch no longer: for a file that leaves the desk."""
    watching = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '*_outside_*'"
    for name in desk.exec_driver_sql(watching).scalars().all():
        desk.exec_driver_sql(f'DROP TRIGGER "{name}"')


def ours(desk: Connection) -> None:
    """From here to `no_longer_ours` a step of ours touches rows. Nobody else ever sees the mark."""
    desk.exec_driver_sql("INSERT OR IGNORE INTO outside (seq, tbl, fid, op) VALUES (0, '', 0, '')")


def no_longer_ours(desk: Connection) -> None:
    """Before the commit, in every transaction that called `ours`."""
    desk.exec_driver_sql("DELETE FROM outside WHERE seq = 0")


def any_touched(desk: Connection) -> bool:
    """True while something was touched that nobody has decided about. Small enough to ask at any time."""
    asked = "SELECT EXISTS (SELECT 1 FROM outside WHERE seq > 0)"
    return bool(desk.exec_driver_sql(asked).scalar_one())


def touched(desk: Connection, table: str) -> list[int]:
    """The rows of a table that were touched since somebody looked at them last."""
    asked = "SELECT DISTINCT fid FROM outside WHERE seq > 0 AND tbl = ? AND op NOT GLOB '{*'"
    return list(desk.exec_driver_sql(asked, (table,)).scalars())


def forget(desk: Connection, table: str, fids: Collection[int]) -> None:
    """These rows have been looked at."""
    gone = "DELETE FROM outside WHERE seq > 0 AND tbl = ? AND op NOT GLOB '{*'"
    gone += " AND fid IN (SELECT value FROM json_each(?))"
    desk.exec_driver_sql(gone, (table, json.dumps([*fids])))


def moved(desk: Connection, table: str, fid: int, to: int) -> None:
    """A touched row has got another number."""
    desk.exec_driver_sql("UPDATE outside SET fid = ? WHERE tbl = ? AND fid = ?", (to, table, fid))
