"""Pictures and measurements of the ground in files on disk, looked at through the frame of the map."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gis.exchange.raster.answers import Look
from gis.exchange.vector.reader import Reader
from gis.geo.features import Features
from gis.geo.mesh import Frame
from gis.progress import Progress
from layers.sources.base import Extent


@dataclass(frozen=True, slots=True)
class RasterSource:
    """One raster file. Nothing of it is kept: every look reads what it shows.

    `assume_crs` stands in where the file does not say where it lies; `extent` (WGS84) is what it said when it
    was added.
    """

    reader: Reader
    path: Path
    credit: str = ""
    assume_crs: int | None = None
    extent: Extent | None = None
    kinds: frozenset[type] = frozenset()

    @property
    def origin(self) -> Mapping[str, str]:
        said = {
            "kind": "raster",
            "path": str(self.path),
            "credit": self.credit,
            "crs": str(self.assume_crs or ""),
            "extent": " ".join(map(repr, self.extent or ())),
        }
        return {name: each for name, each in said.items() if each}

    def read(self, _extent: Extent, _crs: int, _progress: Progress, /) -> tuple[Features, ...]:
        """A raster has no features."""
        return ()

    def look(self, frame: Frame, progress: Progress, /, *, smooth: bool) -> Look:
        """Raises UserError, also when the file does not say where on earth it lies."""
        progress.check()
        seen = self.reader.look(self.path, frame, smooth=smooth, assume_crs=self.assume_crs)
        progress.check()
        return seen


def opened(reader: Reader, origin: Mapping[str, str]) -> RasterSource:
    """The source that an `origin` speaks of."""
    return RasterSource(
        reader,
        Path(origin["path"]),
        origin.get("credit", ""),
        int(origin["crs"]) if origin.get("crs", "").isdigit() else None,
        _extent(origin.get("extent", "")),
    )


def _extent(text: str) -> Extent | None:
    try:
        west, south, east, north = map(float, text.split())
    except ValueError:
        return None
    return west, south, east, north
