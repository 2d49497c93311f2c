"""The base of a second copy: both files as they were at one moment, checked after they were written.

A base lies with its spools in a folder of its own, a generation. The folder appears under its name only
when everything in it was read back and found sound.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from gis.clock import SystemClock
from gis.lasting import put_in_place, sync_folder
from gis.store.journal import proof
from gis.store.second.spool import SPOOL_SUFFIX, Cursor
from gis.store.tables import schema
from gis.store.tables.engine import SQLITE_ERROR, Pulse, attended, broken_pages, open_blank, open_readers
from gis.store.tables.geometry import time_text
from gis.texts import _

DESK, READINGS, MANIFEST = "desk.copy.gpkg", "readings.copy.sqlite", "manifest.json"
FORMAT = 1
_PART, _GONE = ".part", ".gone"
_STALE_S = 300.0  # an unfinished base nobody has touched for so long is abandoned
_PAGES, _PAUSE_S = 256, 0.002
_SLICE = 1 << 20
_KEPT, KEPT_DAYS = 3, 7


class Unsound(Exception):
    """A copy that was written is not what it should be; the words say how."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A base that was verified when it was made, and what its manifest says about it."""

    folder: Path
    made_at: datetime
    operation: dict[str, Any]
    cursor: Cursor
    entries: int
    digests: dict[str, str]

    @property
    def spools(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{SPOOL_SUFFIX}"))


def generations(copy: Path) -> list[Generation]:
    """Every finished generation in a copy's folder, the oldest first. Raises `OSError`."""
    found = [_read(folder) for folder in copy.iterdir() if folder.is_dir()]
    return sorted((each for each in found if each), key=lambda each: (each.made_at, each.folder.name))


def _read(folder: Path) -> Generation | None:
    """None for a folder that is unfinished, going, of a newer version, or none of ours."""
    if folder.suffix in (_PART, _GONE):
        return None
    try:
        values = json.loads((folder / MANIFEST).read_text("utf-8"))
        if values.pop("format") != FORMAT:
            return None
        made_at = datetime.fromisoformat(values.pop("made_at")).astimezone(UTC)
        return Generation(folder, made_at, cursor=Cursor(**values.pop("cursor")), **values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def make(
    desk: Connection, readings: Connection, copy: Path, generation: Generation, pulse: Pulse
) -> Generation:
    """Copy what these two looks see into `copy`, read it back, and only then give it its name.

    The looks stay at their moment however much is written meanwhile, and hold no writer up.
    Raises `OSError` when the medium is full or gone, `Unsound` when what was written is not sound.
    """
    part = generation.folder.with_name(generation.folder.name + _PART)
    pulse = _beating(part, pulse)
    part.mkdir()
    try:
        digests: dict[str, str] = {}
        for name, source in ((DESK, desk), (READINGS, readings)):
            _copy(source, part / name, pulse)
            digests[name] = digest_of(part / name, pulse)
        made = _with(generation, part, digests)
        write_whole(part / MANIFEST, json.dumps(_manifest(made), indent=1).encode())
        _check(made, pulse)
        sync_folder(part)
        part.rename(generation.folder)
        sync_folder(copy)
    except BaseException:  # whatever it was, a stop or a full medium: half a base must not keep its room
        shutil.rmtree(part, ignore_errors=True)
        raise
    return _with(generation, generation.folder, digests)


def _with(generation: Generation, folder: Path, digests: dict[str, str]) -> Generation:
    g = generation
    return Generation(folder, g.made_at, g.operation, g.cursor, g.entries, digests)


def _manifest(made: Generation) -> dict[str, Any]:
    values = asdict(made) | {"format": FORMAT, "made_at": time_text(made.made_at)}
    del values["folder"]
    return values


def _beating(part: Path, pulse: Pulse) -> Pulse:
    """Also show, once a second, that somebody is still at it."""
    last = time.monotonic()

    def beat() -> None:
        nonlocal last
        pulse()
        if time.monotonic() - last >= 1:
            os.utime(part)
            last = time.monotonic()

    return beat


def _copy(source: Connection, target: Path, pulse: Pulse) -> None:
    blank = open_blank(target)
    try:
        with closing(blank.raw_connection()) as made:
            raw: Any = made.driver_connection
            live: Any = source.connection.driver_connection
            raw.execute("PRAGMA synchronous = OFF")  # the whole file is synced below, before it counts
            live.backup(raw, pages=_PAGES, progress=_after_each(pulse), sleep=_PAUSE_S)
            raw.execute("PRAGMA journal_mode = DELETE").fetchall()  # the backup brings the log's mode along
    except SQLITE_ERROR as error:
        raise OSError(None, str(error), str(target)) from error
    finally:
        blank.dispose()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # what is read back comes from the medium, not from memory
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _after_each(pulse: Pulse) -> Callable[[int, int, int], None]:
    def told(_status: int, _left: int, _pages: int) -> None:
        pulse()

    return told


def verify(generation: Generation, pulse: Pulse) -> None:
    """Raises `Unsound` unless every byte, page, chain and count is what it was when the base was made."""
    for name, digest in generation.digests.items():
        if digest_of(generation.folder / name, pulse) != digest:
            raise Unsound(_("{file} is not as it was written.").format(file=name))
    _check(generation, pulse)


def _check(generation: Generation, pulse: Pulse) -> None:
    for name in (DESK, READINGS):
        with _looking(generation.folder / name, pulse) as base:
            if broken := broken_pages(base, 3):
                raise Unsound(_("{file} is damaged: {fault}").format(file=name, fault=broken[0]))
            if name == DESK:
                _check_journal(base, generation, pulse)


def _check_journal(base: Connection, generation: Generation, pulse: Pulse) -> None:
    for after in proof.slices(0, generation.cursor.upto):
        pulse()
        altered = proof.broken_in(base, after)
        if altered is not None:
            raise Unsound(_("The journal was altered at the edit {name}.").format(name=altered[:12]))
    table = schema.journal
    if base.scalar(select(func.count()).select_from(table)) != generation.entries:
        raise Unsound(_("Some entries of the journal are missing."))


@contextmanager
def _looking(path: Path, pulse: Pulse) -> Generator[Connection]:
    views = open_readers(path)
    try:
        with views.begin() as connection, attended(connection.connection, pulse):
            yield connection
    except DatabaseError as error:
        raise Unsound(_("{file} cannot be read: {fault}").format(file=path.name, fault=error.orig)) from error
    finally:
        views.dispose()


def digest_of(path: Path, pulse: Pulse) -> str:
    """The SHA-256 of a file that no database has open. Raises `OSError`."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(_SLICE):
            digest.update(part)
            pulse()
    return digest.hexdigest()


def sweep(copy: Path) -> None:
    """Take away what an interrupted base or clean-up left. Raises `OSError` when the medium is gone."""
    now = SystemClock().now().timestamp()
    for folder in copy.iterdir():
        with suppress(FileNotFoundError):  # another desk on this computer may be sweeping too
            quiet_s = now - folder.stat().st_mtime
            if folder.suffix == _GONE or (folder.suffix == _PART and quiet_s > _STALE_S):
                shutil.rmtree(folder, ignore_errors=True)


def rotate(copy: Path) -> None:
    """Keep the newest three generations and the last of each of seven days. Raises `OSError`.

    To be called only after a base was verified: the newest is never the one that goes.
    """
    found = generations(copy)
    if not found:
        return
    oldest = found[-1].made_at - timedelta(days=KEPT_DAYS)
    last_of_day = {each.made_at.date(): each.folder for each in found if each.made_at > oldest}
    kept = {*last_of_day.values(), *(each.folder for each in found[-_KEPT:])}
    for each in found:
        if each.folder not in kept:
            gone = each.folder.with_name(each.folder.name + _GONE)
            each.folder.rename(gone)  # never half there under its own name
            shutil.rmtree(gone, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all. Raises `OSError`."""
    part = path.with_name(path.name + _PART)
    part.write_bytes(content)
    put_in_place(part, path)


def sizes(paths: Iterable[Path]) -> int:
    """Bytes of those of these files that are there."""
    return sum(path.stat().st_size for path in paths if path.exists())
