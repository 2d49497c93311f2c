"""Layers in files on disk, read whole once per map CRS and kept."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gis.errors import UserError
from gis.exchange.vector.answers import Read, Wanted
from gis.exchange.vector.reader import Reader
from gis.geo.features import Features
from gis.progress import Progress
from gis.texts import _
from layers.sources.base import Arrived, Extent

CRS_KEPT = 2
LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which layer of a file, and what a person said about it where the file does not."""

    path: Path
    layer: str | None = None
    encoding: str | None = None
    assume_crs: int | None = None


class VectorSource:
    """One layer of one file. Reads it again when the file on disk has changed.

    When the disk is pulled out, what was read stays on the map.
    """

    kinds: frozenset[type] = frozenset()

    def __init__(self, reader: Reader, chosen: Chosen) -> None:
        self._reader, self._chosen = reader, chosen
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._kept: dict[int, Read] = {}

    @property
    def origin(self) -> Mapping[str, str]:
        chosen = self._chosen
        said = {
            "kind": "vector",
            "path": str(chosen.path),
            "layer": chosen.layer or "",
            "encoding": chosen.encoding or "",
            "crs": str(chosen.assume_crs or ""),
        }
        return {name: each for name, each in said.items() if each}

    @property
    def problems(self) -> tuple[str, ...]:
        """What the last read said a person should know; empty before the first."""
        kept = tuple(self._kept.values())
        return kept[-1].problems if kept else ()

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        """All features of the layer, the very same ones until the file changes.

        Raises UserError, also when the file does not say where on earth it lies.
        """
        return self._whole(crs, progress, lambda _piece: None)

    def grow(self, crs: int, progress: Progress, arrived: Arrived, /) -> None:
        """Read it, and hear of every piece."""
        self._whole(crs, progress, arrived)

    def _whole(self, crs: int, progress: Progress, arrived: Arrived) -> tuple[Features, ...]:
        while not self._lock.acquire(timeout=LOOK_EVERY_S):  # another thread is reading it: wait for that
            progress.step(0, 0)
        try:
            self._forget_if_changed()
            if crs not in self._kept:
                read = self._load(crs, progress, arrived)
                while len(self._kept) >= CRS_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[crs] = read
            return self._kept[crs].features
        finally:
            self._lock.release()

    def _load(self, crs: int, progress: Progress, arrived: Arrived) -> Read:
        chosen = self._chosen
        wanted = Wanted(crs, chosen.layer, chosen.encoding, assume_crs=chosen.assume_crs)
        read = self._reader.grow(chosen.path, wanted, progress, arrived)
        if read.needs_crs:
            raise UserError(
                read.problems[-1], hint=_("The file was not changed. Choose it in the layer's settings.")
            )
        return read

    def _forget_if_changed(self) -> None:
        """A file saved anew is another file; one that is not there is left as it was."""
        path = self._chosen.path
        if not path.exists():
            return
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._stamp:
            self._kept.clear()
            self._stamp = stamp


def opened(reader: Reader, origin: Mapping[str, str]) -> VectorSource:
    """The source that an `origin` speaks of."""
    return VectorSource(
        reader,
        Chosen(
            Path(origin["path"]),
            origin.get("layer"),
            origin.get("encoding"),
            int(origin["crs"]) if "crs" in origin else None,
        ),
    )
