"""Keeping other programs' libraries away from our own live store."""

from pathlib import Path

from gis.errors import UserError
from gis.store.operation import SUFFIX
from gis.texts import _

DATABASES = frozenset({".gpkg", ".sqlite", ".sqlite3", ".db", ".mbtiles"})


def refuse_store(path: Path) -> None:
    """Raises UserError when `path` lies in an operation folder or may be a second name of a file in one.

    A second SQLite library that opens a live store drops its locks and removes its write-ahead log, and
    with it what was already acknowledged (sqlite.org/howtocorrupt.html, 2.2 and 2.5). The file itself is
    not opened here: closing it would drop our own locks.
    """
    real = path.resolve()
    if any(each.suffix.casefold() == SUFFIX for each in (path.absolute(), real, *real.parents)):
        raise _refused(
            _("{name} belongs to an operation of this program and is not opened as a layer.").format(
                name=path.name
            )
        )
    if real.suffix.casefold() in DATABASES and real.exists() and real.stat().st_nlink > 1:
        raise _refused(
            _("{name} has a second name on this disk (a hard link) and is not opened as a layer.").format(
                name=path.name
            )
        )


def _refused(message: str) -> UserError:
    hint = _(
        "Opening a database that another part of the program writes can lose what was saved. "
        "Nothing was opened. Its situation reports hold the entries in a GeoPackage you can add."
    )
    return UserError(message, hint=hint)
