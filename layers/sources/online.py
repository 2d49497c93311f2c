"""Pictures of the ground that others serve: what is kept of them is shown, what is missing is sent for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gis.exchange.online.courier import Courier
from gis.exchange.online.kept import Slip, Tile
from gis.exchange.online.service import TileService, from_origin, to_origin
from gis.exchange.raster.answers import Look
from gis.exchange.vector.reader import Reader
from gis.geo.features import Features
from gis.geo.mesh import Box, Frame, mesh
from gis.geo.tiles import MOST_TILES, Tiles, fitting
from gis.progress import Progress
from layers.sources.base import Extent


@dataclass(slots=True)
class Shown:
    """Since when what was shown last is kept, the oldest and the newest of it; None when nothing was."""

    kept: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class OnlineSource:
    """One service. A look never waits for a network: `courier` is told what is wanted."""

    service: TileService
    reader: Reader
    courier: Courier
    shown: Shown = field(default_factory=Shown, compare=False)
    kinds: frozenset[type] = frozenset()

    @property
    def origin(self) -> Mapping[str, str]:
        return to_origin(self.service)

    @property
    def credit(self) -> str:
        return self.service.credit

    @property
    def extent(self) -> Extent | None:
        """In WGS84 degrees; None when it is everywhere."""
        return self.service.extent

    def read(self, _extent: Extent, _crs: int, _progress: Progress, /) -> tuple[Features, ...]:
        """Pictures have no features."""
        return ()

    def look(self, frame: Frame, progress: Progress, /, *, smooth: bool) -> Look:  # noqa: ARG002
        """What is kept of the frame. Raises UserError."""
        progress.check()
        service = self.service
        tiles = fitting(mesh(frame, service.crs), service.levels, MOST_TILES)
        if tiles is not None:
            self._send_for(tiles)
        seen = self.reader.piece(self.courier.kept.of(service.key), service.levels, service.crs, frame)
        progress.check()
        return seen

    def _send_for(self, tiles: Tiles) -> None:
        """Tell the courier what is missing, from the middle outwards, then what is stale."""
        now, key, find = self.courier.now(), self.service.key, self.courier.kept.find
        there: dict[Tile, Slip | None] = {
            (tiles.level, x, y): find(key, (tiles.level, x, y), now) for x, y in self._on_it(tiles)
        }
        slips = [slip.fetched_at for slip in there.values() if slip is not None]
        self.shown.kept = (min(slips), max(slips)) if slips else None
        x, y = (tiles.left + tiles.right - 1) / 2, (tiles.top + tiles.bottom - 1) / 2
        wanted = [at for at, slip in there.items() if slip is None or slip.stale_at <= now]
        wanted.sort(key=lambda at: (there[at] is not None, (at[1] - x) ** 2 + (at[2] - y) ** 2))
        self.courier.want(self.service, wanted)

    def _on_it(self, tiles: Tiles) -> list[tuple[int, int]]:
        """The tiles that the service can have."""
        reach = self.service.reach
        return [at for at in tiles if reach is None or _meet(tiles.matrix.box(*at), reach)]


def opened(reader: Reader, courier: Courier, origin: Mapping[str, str]) -> OnlineSource:
    """The source that an `origin` speaks of. Raises UserError."""
    return OnlineSource(from_origin(origin), reader, courier)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
