"""The map of a report where there is no window: the layers of an operation, opened again."""

import sys
from collections.abc import Generator
from contextlib import contextmanager

from gis.clock import SystemClock
from gis.exchange.online.courier import Courier
from gis.exchange.online.kept import Kept
from gis.exchange.vector.reader import Reader
from gis.geo.features import WGS84
from gis.progress import Progress
from gis.report.content import MapLayer
from gis.settings import home
from gis.store import Store
from layers.handout import handout
from layers.sample import layers_of
from layers.sources import maps


@contextmanager
def map_layers(store: Store) -> Generator[tuple[MapLayer, ...]]:
    """The layers that the desk has kept, or those of the sample city where it has kept none, as plain values.

    A layer that cannot be read is left out. Rasters can be looked at until the end.
    """
    reader = Reader(workers=1)
    kept = Kept(home().tiles, sys.maxsize)
    courier = Courier(None, kept, SystemClock())  # paper waits for no network
    try:
        with store.reading() as query:
            shown = layers_of(query, lambda origin: maps.opened(reader, courier, origin))
        yield handout(shown, WGS84, Progress(), store.clock.now().timestamp())
    finally:
        reader.close()
