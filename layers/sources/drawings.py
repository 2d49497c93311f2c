"""What was drawn at the desk, as it is at the moment looked at."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from gis.geo.crs import transform
from gis.geo.features import WGS84, Features
from gis.geo.shapes import from_shapely
from gis.model.drawing import Drawing
from gis.progress import Progress
from gis.store.moment import Moment
from layers.drawn import look_of
from layers.sources.base import Extent

LOOK = "look"  # the column in which each says how it looks


class DrawingSource:
    """Every drawing that is not struck out, with its title, text and look."""

    kinds: frozenset[type] = frozenset({Drawing})
    origin: Mapping[str, str] = {"kind": "drawings"}

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        with self._moment.reading() as query:
            found = query.find(Drawing)
        progress.step(1, 2)
        return features(found, crs)


def features(found: Sequence[Drawing], crs: int) -> tuple[Features, ...]:
    """Drawings in `crs` (EPSG), one `Features` for each shape; those that it cannot show are left out."""
    places = np.array([each.place for each in found], object)
    moved = np.asarray(shapely.transform(places, lambda xy: transform(xy, WGS84, crs)), object)
    xy, owner = shapely.get_coordinates(moved, return_index=True)
    lost = np.bincount(owner, weights=~np.isfinite(xy).all(axis=1), minlength=len(found)) > 0
    seen = np.flatnonzero(~lost)
    if not len(seen):
        return ()
    columns = {
        "title": [each.title for each in found],
        "text": [each.text for each in found],
        LOOK: [str(look_of(each)) for each in found],
    }
    told = {name: np.array(values, object)[seen] for name, values in columns.items()}
    return from_shapely(
        moved[seen], ids=np.array([each.id for each in found], object)[seen], columns=told, crs=crs
    )
