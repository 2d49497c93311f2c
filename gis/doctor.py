"""Is this computer fit to run the desk? Versions, room, and what is missing."""

import platform
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import pyproj
import shapely

from gis import prerequisites, settings
from gis.errors import UserError
from gis.exchange.vector import versions
from gis.paint import raster
from gis.settings import Home
from gis.store.tables.engine import SQLITE_VERSION
from gis.texts import _

_SAFE_SQLITE = (3, 51, 3)
_ROOM_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `fit` is False when the desk should not be trusted to it as it is."""

    fit: bool
    text: str


def examine(home: Home) -> list[Finding]:
    """Everything that matters on this computer, one finding each."""
    return [
        *_versions(),
        *_screen(prerequisites.missing()),
        painter(raster.available),
        *_data_folder(home),
        _settings(home),
    ]


def _versions() -> list[Finding]:
    return [
        Finding(True, f"Kentongan {_installed('kentongan') or _('from its source folder')}"),
        Finding(True, f"Python {platform.python_version()}, {platform.platform()}"),
        sqlite(SQLITE_VERSION),
        Finding(True, f"GDAL {versions.gdal()}, PROJ {pyproj.proj_version_str}"),
        Finding(True, f"GEOS {shapely.geos_version_string}"),
        _parquet(_installed("pyarrow")),
        _qt(_installed("PySide6-Essentials")),
    ]


def sqlite(found: str) -> Finding:
    """Before 3.51.3 it can, rarely, damage a file that two programs write (the WAL-reset fault)."""
    if tuple(int(part) for part in found.split(".")[:3]) >= _SAFE_SQLITE:
        return Finding(True, f"SQLite {found}")
    text = _("SQLite {version} has a fault that can damage a file two programs write. Install pysqlite3.")
    return Finding(False, text.format(version=found))


def _parquet(found: str) -> Finding:
    """GeoParquet is an extra: a desk without it is fit."""
    return Finding(
        True, f"pyarrow {found}" if found else _("pyarrow is not installed: no GeoParquet is read.")
    )


def _qt(found: str) -> Finding:
    if found:
        return Finding(True, f"Qt for Python {found}")
    return Finding(
        False, _("Qt for Python is missing: the window cannot open. These commands work without it.")
    )


def painter(compiled: bool) -> Finding:
    """Without a compiler the desk is as fit, and its map slower."""
    if compiled:
        return Finding(True, _("The painter of the map is compiled."))
    text = _(
        "The painter of the map is not compiled, for want of a C compiler; maps are drawn through Qt alone."
    )
    return Finding(True, text)


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _screen(missing: Iterable[prerequisites.Missing]) -> list[Finding]:
    text = _("The window needs {thing}. On Debian and Ubuntu: sudo apt-get install {package}")
    lacking = [Finding(False, text.format(thing=each.what, package=each.package)) for each in missing]
    return lacking or [Finding(True, _("The window has the system libraries and fonts it needs."))]


def _data_folder(home: Home) -> list[Finding]:
    folder = home.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"kentongan")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        text = _("Nothing can be written to {folder}: {reason}.")
        return [Finding(False, text.format(folder=folder, reason=error.strerror))]
    room = _("{size:.1f} GB free in {folder}.").format(size=free / 1e9, folder=folder)
    return [Finding(free >= _ROOM_BYTES, room)]


def _settings(home: Home) -> Finding:
    try:
        settings.read(home.settings_file)
    except UserError as error:
        return Finding(False, f"{error} {error.hint}")
    return Finding(True, _("Settings: {file}").format(file=home.settings_file))
