"""What the map asks of everything that holds features."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gis.errors import UserError
from gis.exchange.raster.answers import Look
from gis.geo.features import Features
from gis.geo.mesh import Frame
from gis.progress import Progress
from layers.index import Indexes

Extent = tuple[float, float, float, float]  # west, south, east, north
Arrived = Callable[[Features | None], None]
EVERYWHERE: Extent = (-float("inf"), -float("inf"), float("inf"), float("inf"))


class Source(Protocol):
    """Answers one question: what lies inside this extent?"""

    @property
    def kinds(self) -> frozenset[type]:
        """The kinds of record this source shows; empty for files on disk."""
        ...

    @property
    def origin(self) -> Mapping[str, str]:
        """What is needed to open it again ({"kind": "vector", "path": ...}); empty when it is not saved."""
        ...

    def read(self, extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        """The features that touch `extent`, both in `crs` (EPSG); one `Features` per shape. May give more.

        Called in worker threads, possibly two at once. Answering with the very same `Features` again
        lets the map keep what it knows about them, so a source that holds everything should do so.
        Raises UserError when it cannot be read.
        """
        ...


@runtime_checkable
class GrowingSource(Protocol):
    """A source that takes a while to read and can show what it has of it meanwhile."""

    def lacks(self, extent: Extent, crs: int, /) -> bool:
        """True when it has to be read before what lies inside `extent` can be shown. Told at once."""
        ...

    def is_vast(self, crs: int, /) -> bool:
        """True once it is known that it is read by extent, being too large to be held. Told at once."""
        ...

    def grow(self, extent: Extent, crs: int, progress: Progress, arrived: Arrived, /) -> None:
        """Read all of it, or what lies inside `extent` where it is vast, unless that has been done. `arrived`
        is given each piece of it that comes, in `crs` (EPSG), and None when the pieces so far are void.

        Called in worker threads, possibly two at once: only one of them is given the pieces. Raises UserError
        when it cannot be read.
        """
        ...


@runtime_checkable
class PixelSource(Protocol):
    """A source of pixels beside which there are no features: its `read` gives none."""

    @property
    def credit(self) -> str:
        """Who is to be named where it is shown; "" for nobody."""
        ...

    @property
    def extent(self) -> Extent | None:
        """Where it lies, in WGS84 degrees; None when that is unknown, or everywhere."""
        ...

    def look(self, frame: Frame, progress: Progress, /, *, smooth: bool) -> Look:
        """The pixels on `frame`; `smooth` evens values out between their cells.

        Called in worker threads. Raises UserError when it cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What lies inside `extent`: elsewhere there may be more.

    `notes` say what a person should know about what is not there. `indexes`, if given, know these features
    and go with them; else the map's own do.
    """

    features: tuple[Features, ...]
    extent: Extent = EVERYWHERE
    notes: tuple[str, ...] = ()
    indexes: Indexes | None = None


@runtime_checkable
class LocalSource(Protocol):
    """A source that may hold more than a map can show: it is asked about the part that is looked at."""

    def around(self, extent: Extent, crs: int, progress: Progress, /) -> Found:
        """What lies inside `extent` or more, both in `crs`. Where it is too much to be told one by one, as
        many as lie in each cell: with a column `count`, or `counts`.

        Called in worker threads. Raises UserError when it cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class BrokenSource:
    """Stands in for a source that could not be opened, and remembers where it was."""

    origin: Mapping[str, str]
    reason: str
    hint: str = ""
    kinds: frozenset[type] = frozenset()

    def read(self, _extent: Extent, _crs: int, _progress: Progress, /) -> tuple[Features, ...]:
        raise UserError(self.reason, hint=self.hint)
