"""Who is silent: wards as their outlines, all others as points; told by the desk, which knows who is late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis.geo.crs import transform
from gis.geo.features import WGS84, Features
from gis.geo.shapes import from_shapely
from gis.geo.wards import Wards
from gis.progress import Progress
from gis.sensors.silence import LOOKED_BACK, Overdue, for_how_long
from gis.texts import _
from layers.sources.base import Extent

SAID = "silent"  # the column that the map writes beside the sign


@dataclass(frozen=True, slots=True)
class Spot:
    """One who is silent, at a place (WGS84)."""

    id: str
    name: str
    kind: str
    said: str
    people: int
    place: BaseGeometry


class SilenceSource:
    """What it was told last by `show`. No number to call goes onto a map."""

    kinds: frozenset[type] = frozenset()  # time makes it stale, not a record
    origin: Mapping[str, str] = {"kind": "silence"}

    def __init__(self) -> None:
        self._spots: tuple[Spot, ...] = ()

    def show(self, overdue: Iterable[Overdue], wards: Wards) -> bool:
        """From now on show these; true where that looks different from what was shown before."""
        spots = tuple(spot for each in overdue if (spot := _spot(each, wards)) is not None)
        new = [(s.id, s.said, s.place) for s in spots] != [(s.id, s.said, s.place) for s in self._spots]
        self._spots = spots
        return new

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        spots = self._spots
        progress.step(1, 2)
        return features(spots, crs)


def _spot(overdue: Overdue, wards: Wards) -> Spot | None:
    """Where it is; None where nobody knows."""
    who = overdue.expected
    place = wards.area(who.name) if who.kind == "ward" else None
    if place is None and who.lon is not None and who.lat is not None:
        place = Point(who.lon, who.lat)
    said = _("silent {span}").format(span=for_how_long(_rounded(overdue.silent)))
    return None if place is None else Spot(who.id, who.name, who.kind, said, overdue.people, place)


def _rounded(silent: timedelta) -> timedelta:
    """Whole hours, before that ten minutes: the map is not drawn anew for every minute."""
    step = timedelta(hours=1) if silent >= timedelta(hours=1) else timedelta(minutes=10)
    return silent // step * step if silent <= LOOKED_BACK else silent


def features(spots: tuple[Spot, ...], crs: int) -> tuple[Features, ...]:
    """These in `crs` (EPSG), one `Features` for each shape; those that it cannot show are left out."""
    if not spots:
        return ()
    places = np.array([each.place for each in spots], object)
    moved = np.asarray(shapely.transform(places, lambda xy: transform(xy, WGS84, crs)), object)
    xy, owner = shapely.get_coordinates(moved, return_index=True)
    lost = np.bincount(owner, weights=~np.isfinite(xy).all(axis=1), minlength=len(spots)) > 0
    seen = np.flatnonzero(~lost)
    columns = {
        "name": [each.name for each in spots],
        "kind": [each.kind for each in spots],
        SAID: [each.said for each in spots],
        "people": [each.people for each in spots],
    }
    told = {name: np.array(values, object)[seen] for name, values in columns.items()}
    ids = np.array([each.id for each in spots], object)[seen]
    return from_shapely(moved[seen], ids=ids, columns=told, crs=crs) if len(seen) else ()
