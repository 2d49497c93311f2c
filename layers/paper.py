"""The map of a report where there is no window: the layers of an operation, opened again."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from gis.errors import UserError
from gis.exchange.vector.reader import Reader
from gis.geo.features import WGS84
from gis.progress import Progress
from gis.report.content import MapLayer
from gis.store import Store
from gis.texts import _
from layers.handout import handout
from layers.sample import layers_of
from layers.sources import raster, vector
from layers.sources.base import Source


@contextmanager
def map_layers(store: Store) -> Generator[tuple[MapLayer, ...]]:
    """The layers that the desk has kept, or those of the sample city where it has kept none, as plain values.

    A layer that cannot be read is left out. Rasters can be looked at until the end.
    """
    reader = Reader(workers=1)
    try:
        with store.reading() as query:
            shown = layers_of(query, lambda origin: _file(reader, origin))
        yield handout(shown, WGS84, Progress())
    finally:
        reader.close()


def _file(reader: Reader, origin: Mapping[str, str]) -> Source:
    match origin.get("kind"):
        case "vector" if "path" in origin:
            return vector.opened(reader, origin)
        case "raster" if "path" in origin:
            return raster.opened(reader, origin)
        case _:
            raise UserError(_("Only layers of files are drawn on paper; the rest a report gathers itself."))
