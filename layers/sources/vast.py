"""A layer that is too large for memory: read by extent, and seen from afar in an overview."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gis.errors import Cancelled, UserError
from gis.exchange.vector.answers import Size, Wanted
from gis.exchange.vector.reader import Reader
from gis.geo.features import Features
from gis.progress import Progress
from gis.texts import _, ngettext
from layers.index import Indexes
from layers.sources.base import EVERYWHERE, Arrived, Extent, Found

MARGIN = 0.25  # so much more is read on each side, of the width, if there is room for it
GRID = 512  # squares on each side in which features are counted
KNOWN = 8  # extents with too much in them that are remembered


class Vast:
    """One layer of one file on one plane, of which nothing more is held than there is room for.

    `size` is what the file says of it. Usable from any thread.
    """

    def __init__(self, reader: Reader, path: Path, wanted: Wanted, size: Size) -> None:
        self._reader, self._path, self._wanted, self.size = reader, path, wanted, size
        self._full: tuple[Extent, ...] = ()  # extents with more in them than there is room for
        self._overview: Found | None = None
        self._spread: Spread | None = None
        self._hopeless = self._stopped = False

    def refusal(self) -> UserError:
        """What to say to whoever asks for all of it."""
        return UserError(
            ngettext(
                "{name} has {count} feature, more than is held in memory at once.",
                "{name} has {count} features, more than are held in memory at once.",
                self.size.count,
            ).format(name=self._path.name, count=f"{self.size.count:,}"),
            hint=_(
                "Nothing was done with a part of it alone. The map and the table show what is in view; for "
                "more, cut out the part that matters in a GIS."
            ),
        )

    def lacks(self, extent: Extent) -> bool:
        """True when an extent can be read and has not been."""
        return not self._is_full(extent) and self._kept(extent) is None

    def around(self, extent: Extent, progress: Progress, arrived: Arrived) -> Found:
        """All that lies in an extent, read if need be; where there is no room for that, the overview."""
        return self._kept(extent) or self._read(extent, progress, arrived) or self._from_afar()

    @property
    def lacks_overview(self) -> bool:
        return self._overview is None and not self._hopeless

    def survey(self, progress: Progress) -> None:
        """Make the overview, unless there is one. Raises UserError or Cancelled."""
        if not self.lacks_overview:
            return
        room, self._stopped = self._reader.room, False
        try:
            found = self._reader.survey(self._path, self._wanted, room.for_overview, progress)
        except Cancelled:
            self._stopped = True
            raise
        if found is None:
            self._hopeless = True
            return
        room.take(self, sum(_bytes(features) for features in found))
        words = ngettext(
            "Overview of {count} feature. Zoom in to see it.",
            "Overview of {count} features: a mark stands for all that are near it. Zoom in to see each.",
            self.size.count,
        )
        note = words.format(count=f"{self.size.count:,}")
        self._spread = Spread.of(found)
        self._overview = Found(found, EVERYWHERE, (note,), Indexes(room=len(found)))

    def _kept(self, extent: Extent) -> Found | None:
        return self._reader.room.find(self, self._wanted.crs, extent)

    def _read(self, extent: Extent, progress: Progress, arrived: Arrived) -> Found | None:
        if self._is_full(extent):
            return None
        room, box = self._reader.room, extent
        if np.isfinite(extent).all() and self._weight(_grown(extent)) < room.for_view / 2:
            box = _grown(extent)
        bbox = box if np.isfinite(box).all() else None
        wanted = replace(self._wanted, bbox=bbox, most_bytes=room.for_view)
        read = self._reader.grow(self._path, wanted, progress, arrived)
        if read.beyond is not None:
            self._full = (*self._full, extent)[-KNOWN:]
            return None
        found = Found(read.features, box, (), Indexes(room=max(len(read.features), 1)))
        room.keep(self, self._wanted.crs, box, found, read.bytes)
        return found

    def _is_full(self, extent: Extent) -> bool:
        known = any(_within(full, extent) for full in self._full)
        return known or self._weight(extent) > self._reader.room.for_view

    def _weight(self, extent: Extent) -> float:
        """About how many bytes there are in an extent: by the overview, else as if spread evenly."""
        if self._spread is not None:
            return self.size.bytes * self._spread.share(extent)
        return self.size.bytes * _share(extent, self.size.extent) if self.size.extent else 0.0

    def _from_afar(self) -> Found:
        if self._overview is not None:
            return self._overview
        if self._hopeless:
            why = _("No overview can be made of such shapes. Zoom in to see them.")
        elif self._stopped:
            why = _("Making an overview was stopped. Zoom in to see them.")
        else:
            why = _("An overview is being made.")
        words = ngettext(
            "{count} feature is too much to be shown at once.",
            "{count} features are too many to be shown at once.",
            self.size.count,
        )
        return Found((), EVERYWHERE, (f"{words.format(count=f'{self.size.count:,}')} {why}",))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How features are spread over an extent: `sums` (r + 1, c + 1) says which share of all lies west and
    south of each corner of a grid."""

    extent: Extent
    sums: NDArray[np.float64]

    @classmethod
    def of(cls, found: Sequence[Features]) -> "Spread":
        """Of the marks of an overview, each with all that it stands for at its first vertex."""
        xy = np.concatenate([each.xy[each.rings[each.parts[:-1]]] for each in found])
        counts = np.concatenate([each.counts for each in found if each.counts is not None])
        (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
        sides = ((south, north + 1e-9), (west, east + 1e-9))
        held, _rows, _columns = np.histogram2d(xy[:, 1], xy[:, 0], GRID, sides, weights=counts)
        sums = np.pad(held.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        return cls((west, south, east, north), sums / max(float(sums[-1, -1]), 1.0))

    def share(self, extent: Extent) -> float:
        """About which share of all lies in `extent`."""
        west, south, east, north = extent
        at = self._upto
        return at(east, north) - at(west, north) - at(east, south) + at(west, south)

    def _upto(self, x: float, y: float) -> float:
        west, south, east, north = self.extent
        column = float(np.clip((x - west) / max(east - west, 1e-9), 0.0, 1.0)) * GRID
        row = float(np.clip((y - south) / max(north - south, 1e-9), 0.0, 1.0)) * GRID
        i, j = min(int(row), GRID - 1), min(int(column), GRID - 1)
        across = self.sums[i : i + 2, j] + (column - j) * (
            self.sums[i : i + 2, j + 1] - self.sums[i : i + 2, j]
        )
        return float(across[0] + (row - i) * (across[1] - across[0]))


def _grown(extent: Extent) -> Extent:
    west, south, east, north = extent
    x, y = MARGIN * (east - west), MARGIN * (north - south)
    return west - x, south - y, east + x, north + y


def _within(a: Extent, b: Extent) -> bool:
    return b[0] <= a[0] and b[1] <= a[1] and b[2] >= a[2] and b[3] >= a[3]


def _share(part: Extent, whole: Extent) -> float:
    """How much of `whole` lies in `part`, by area."""
    low, high = np.maximum(part[:2], whole[:2]), np.minimum(part[2:], whole[2:])
    size = np.maximum(np.subtract(whole[2:], whole[:2]), 1e-12)
    return float((np.clip(high - low, 0.0, None) / size).prod())


def _bytes(features: Features) -> int:
    """In use, without texts."""
    arrays = (features.xy, features.rings, features.parts, features.ids)
    return 2 * sum(array.nbytes for array in arrays)
