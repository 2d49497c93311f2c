"""Layers in files on disk, read whole once per map CRS and kept, or by extent where they are too large."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gis.errors import UserError
from gis.exchange.vector.answers import Read, Wanted
from gis.exchange.vector.reader import Reader
from gis.geo.features import Features
from gis.progress import Progress
from gis.texts import _
from layers.sources.base import Arrived, Extent, Found
from layers.sources.vast import Vast

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
        self._kept: dict[int, Read | Vast] = {}

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
        kept = [each for each in self._kept.values() if isinstance(each, Read)]
        return kept[-1].problems if kept else ()

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        """All features of the layer, the very same ones until the file changes.

        Raises UserError when it is more than there is room for, and when the file does not say where on earth
        it lies.
        """
        held = self._held(crs, progress, _unheard)
        if isinstance(held, Vast):
            raise held.refusal()
        return held.features

    def around(self, extent: Extent, crs: int, progress: Progress, /) -> Found:
        """All of it where there is room for that. Else what lies inside `extent`, or where that is too much
        an overview of the whole: entries with `counts`, nothing as long as there is none; `notes` say so."""
        return self._around(extent, crs, progress, _unheard)

    def grow(self, extent: Extent, crs: int, progress: Progress, arrived: Arrived, /) -> None:
        """Read what `around` will give, and hear of every piece."""
        self._around(extent, crs, progress, arrived)

    def lacks(self, extent: Extent, crs: int, /) -> bool:
        held = self._kept.get(crs)
        return held is None or (isinstance(held, Vast) and held.lacks(extent))

    def is_vast(self, crs: int, /) -> bool:
        return isinstance(self._kept.get(crs), Vast)

    def lacks_overview(self, crs: int) -> bool:
        """True when it is vast and there is no overview of it yet."""
        held = self._kept.get(crs)
        return isinstance(held, Vast) and held.lacks_overview

    def survey(self, crs: int, progress: Progress) -> None:
        """Make the overview of a vast layer, in one pass over its file. Raises UserError or Cancelled."""
        held = self._held(crs, progress, _unheard)
        if isinstance(held, Vast):
            held.survey(progress)

    def bounds(self, crs: int, progress: Progress) -> Extent | None:
        """Where a vast layer lies, as its file says; None for others, whose features tell."""
        held = self._held(crs, progress, _unheard)
        return held.size.extent if isinstance(held, Vast) else None

    def _around(self, extent: Extent, crs: int, progress: Progress, arrived: Arrived) -> Found:
        held = self._held(crs, progress, arrived)
        return held.around(extent, progress, arrived) if isinstance(held, Vast) else Found(held.features)

    def _held(self, crs: int, progress: Progress, arrived: Arrived) -> Read | Vast:
        while not self._lock.acquire(timeout=LOOK_EVERY_S):  # another thread is reading it: wait for that
            progress.step(0, 0)
        try:
            self._forget_if_changed()
            if crs not in self._kept:
                held = self._load(crs, progress, arrived)
                while len(self._kept) >= CRS_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[crs] = held
                self._tell_room()
            return self._kept[crs]
        finally:
            self._lock.release()

    def _load(self, crs: int, progress: Progress, arrived: Arrived) -> Read | Vast:
        chosen = self._chosen
        wanted = Wanted(crs, chosen.layer, chosen.encoding, assume_crs=chosen.assume_crs)
        room = replace(wanted, most_bytes=self._reader.room.for_layer)
        read = self._reader.grow(chosen.path, room, progress, arrived)
        if read.needs_crs:
            raise UserError(
                read.problems[-1],
                hint=_("The file was not changed. Remove the layer and add the file again: the form asks."),
            )
        return read if read.beyond is None else Vast(self._reader, chosen.path, wanted, read.beyond)

    def _tell_room(self) -> None:
        whole = (each.bytes for each in self._kept.values() if isinstance(each, Read))
        self._reader.room.take(self, sum(whole))

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
            self._tell_room()


def _unheard(_piece: Features | None) -> None:
    """Nobody paints the pieces."""


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
