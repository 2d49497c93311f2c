"""Readings from CSV files: one file, or a folder that a logger writes into."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from gis.errors import UserError
from gis.model.sensor import Sensor
from gis.sensors.feeds.csvtable import CsvFormat, read_csv
from gis.sensors.feeds.feed import Batch, Link, Reject
from gis.texts import _

_BATCH = 50_000  # readings and rejects of one poll, to the end of the file they came with
TABLES = frozenset({".csv", ".txt", ".tsv"})


class Folder:
    """The CSV files of a folder that a logger writes into; or one file, where `path` is none (a `Feed`).

    A file is read when two polls in a row found it unchanged, so a line still being written is never
    taken for a smaller number. A file that cannot be read becomes one reject and does not stop the others.
    Read `once`, it has ended when all that was there is on the disk.
    """

    def __init__(self, path: Path, sensors: Iterable[Sensor], form: CsvFormat, *, once: bool = False) -> None:
        self._once = once
        self._path, self._sensors, self._form = path, tuple(sensors), form
        self._seen: dict[Path, tuple[int, int]] = {}
        self._read: dict[Path, tuple[int, int]] = {}
        self._told: set[Reject] = set()
        self._given: list[tuple[Path, frozenset[Reject]]] = []  # since the last word that it was kept
        self._link, self._trouble, self._broken = Link.CONNECTING, "", ""

    def poll(self, until: datetime) -> Batch:
        """The readings of the files that changed: of as many as make up a batch, the others next time.

        Raises `UserError` while the folder cannot be seen.
        """
        try:
            settled = self._settled()
        except UserError as error:
            self._link, self._trouble = Link.FAILED, f"{error} {error.hint}"
            raise
        found, self._broken = Batch(), ""
        for path, stamp in settled.items():
            if len(found.readings) + len(found.rejected) >= _BATCH:
                break
            found += self._take(path, stamp, until)
        self._link, self._trouble = Link.CONNECTED, self._broken
        return found

    def _take(self, path: Path, stamp: tuple[int, int], until: datetime) -> Batch:
        try:
            batch = read_csv(path, self._sensors, self._form, until)
            self._read[path] = stamp
        except UserError as error:  # perhaps only held by another program: it is tried again
            batch = Batch(rejected=(Reject(path.name, 0, b"", str(error)),))
            self._broken = f"{error} {error.hint}"
        fresh = tuple(reject for reject in batch.rejected if reject not in self._told)
        self._told.update(fresh)
        self._given.append((path, frozenset(fresh)))
        return Batch(batch.readings, fresh)

    def kept(self) -> None:
        """What was given is on the disk."""
        self._given.clear()
        if self._once and self._read and self._read.keys() == self._seen.keys():
            self._link = Link.ENDED

    def reread(self) -> None:
        """What the last polls gave could not be kept: the next ones give it again."""
        for path, told in self._given:
            self._read.pop(path, None)
            self._told -= told
        self._given.clear()

    def close(self) -> None:
        """A folder is not held."""

    @property
    def link(self) -> Link:
        return self._link

    @property
    def trouble(self) -> str:
        return self._trouble

    def _settled(self) -> dict[Path, tuple[int, int]]:
        """Files to read now: the same at the last poll, and changed since they were read."""
        stamps = self._stamps()
        still = {path: stamp for path, stamp in stamps.items() if self._seen.get(path) == stamp}
        self._seen = stamps
        return {path: stamp for path, stamp in still.items() if self._read.get(path) != stamp}

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        try:
            if self._path.is_file():
                files = [self._path]
            else:
                files = sorted(path for path in self._path.iterdir() if path.suffix.lower() in TABLES)
            states = [(path, path.stat()) for path in files]
        except OSError as error:
            raise UserError(
                _("{file} cannot be read.").format(file=self._path.name),
                hint=_("Its readings are missing until it is back. Reason: {reason}").format(reason=error),
            ) from error
        return {path: (state.st_mtime_ns, state.st_size) for path, state in states}
