"""The map of a report where there is no window: the layers of an operation, opened again."""

from collections.abc import Mapping

from gis.errors import UserError
from gis.exchange.vector.reader import Reader
from gis.geo.features import WGS84
from gis.progress import Progress
from gis.report.content import MapLayer
from gis.store import Store
from gis.texts import _
from layers.handout import handout
from layers.sample import layers_of
from layers.sources.base import Source
from layers.sources.vector import opened


def map_layers(store: Store) -> tuple[MapLayer, ...]:
    """The layers that the desk has kept, or those of the sample city where it has kept none, as plain values.

    A layer that cannot be read is left out.
    """
    reader = Reader(workers=1)
    try:
        with store.reading() as query:
            shown = layers_of(query, lambda origin: _file(reader, origin))
        return handout(shown, WGS84, Progress())
    finally:
        reader.close()


def _file(reader: Reader, origin: Mapping[str, str]) -> Source:
    if origin.get("kind") == "vector" and "path" in origin:
        return opened(reader, origin)
    raise UserError(_("Only layers of files are drawn on paper; the rest a report gathers itself."))
