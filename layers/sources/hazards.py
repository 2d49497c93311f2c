"""What others warn of, as it holds at the moment looked at: zones, and places of quakes."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from gis.geo.crs import transform
from gis.geo.features import WGS84, Features
from gis.geo.shapes import from_shapely
from gis.model.hazard import HazardAlert
from gis.ops.hazards import standing
from gis.progress import Progress
from gis.store.moment import Moment
from gis.texts import _
from layers.sources.base import Extent

SIGN, EXERCISE = (
    "sign",
    "Exercise",
)  # the column that tells looks apart, and what stands in it for no real ones


class HazardSource:
    """Every warning with a shape that holds; the graver one over the milder, all real ones over exercises."""

    kinds: frozenset[type] = frozenset({HazardAlert})
    origin: Mapping[str, str] = {"kind": "hazards"}

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        with self._moment.reading() as query:
            found = standing(query, query.at)
        progress.step(1, 2)
        return features([alert for alert in reversed(found) if alert.place is not None], crs)


def features(found: Sequence[HazardAlert], crs: int) -> tuple[Features, ...]:
    """Warnings in `crs` (EPSG), one `Features` for each shape; those that it cannot show are left out."""
    places = np.array([each.place for each in found], object)
    moved = np.asarray(shapely.transform(places, lambda xy: transform(xy, WGS84, crs)), object)
    xy, owner = shapely.get_coordinates(moved, return_index=True)
    lost = np.bincount(owner, weights=~np.isfinite(xy).all(axis=1), minlength=len(found)) > 0
    seen = np.flatnonzero(~lost)
    if not len(seen):
        return ()
    columns = {
        "title": [title(each) for each in found],
        SIGN: [str(each.severity) if each.is_real else EXERCISE for each in found],
        "headline": [each.headline for each in found],
        "sender": [each.sender for each in found],
        "status": [str(each.status) for each in found],
        "until": [each.expires.isoformat() for each in found],
    }
    told = {name: np.array(values, object)[seen] for name, values in columns.items()}
    ids = np.array([each.id for each in found], object)[seen]
    return from_shapely(moved[seen], ids=ids, columns=told, crs=crs)


def title(alert: HazardAlert) -> str:
    """What stands at it on the map. Nobody takes an exercise for real."""
    what = alert.event if alert.magnitude is None else _("M {size:.1f}").format(size=alert.magnitude)
    return what if alert.is_real else _("EXERCISE  {what}").format(what=what)
