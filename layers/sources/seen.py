"""What a layer has, asked so that a vast one answers for a part or in an overview, and says so."""

from gis.errors import UserError
from gis.progress import Progress
from gis.texts import _
from layers.sources.base import EVERYWHERE, Extent, Found, Source
from layers.sources.vector import VectorSource


def in_view(source: Source, extent: Extent, crs: int, progress: Progress) -> Found:
    """All features of a source; of a vast one those that lie inside `extent` or near it.

    Raises UserError where there are too many even of these.
    """
    if not isinstance(source, VectorSource):
        return Found(source.read(EVERYWHERE, crs, progress))
    found = source.around(extent, crs, progress)
    if found.notes:
        raise UserError(" ".join(found.notes), hint=_("What is in view is read once it is little enough."))
    return found


def from_afar(source: Source, crs: int, progress: Progress) -> Found:
    """All features of a source; of a vast one its overview, made now if there is none."""
    if not isinstance(source, VectorSource):
        return Found(source.read(EVERYWHERE, crs, progress))
    source.survey(crs, progress)
    return source.around(EVERYWHERE, crs, progress)
