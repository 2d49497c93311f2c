"""Open incidents: one by one as long as there are few, else as many as lie in each cell."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from gis.geo.crs import transform
from gis.geo.features import WGS84, Features
from gis.model.incident import Incident, Status
from gis.progress import Progress
from gis.store.index import Index
from gis.store.index.searching import OPEN, Box, Crowd, Incidents, incidents_within, named
from gis.store.moment import Moment
from gis.store.query import Query
from gis.store.questions import open_incidents
from layers.sources.base import EVERYWHERE, Extent, Found
from layers.sources.records import Dot, dots, outlines

MOST = 2_000  # more symbols on one map than that say nothing
MOST_LATELY, LATELY = 200, timedelta(hours=1)
SILENT = {
    "label": "", "severity": 0, "hollow": 0, "exercise": 0, "code": "", "text": "", "where": "", "status": ""
}  # fmt: skip
EDGE = 9  # places along each side of an extent by which its box in degrees is found


class IncidentSource:
    """Open incidents that have a place; an area or a line comes as a point inside it and as itself.

    With an `index` it is asked who lies where, and of those only the records are read that an edit has
    touched since. Of the past, and while the index is behind, all are read.
    """

    kinds: frozenset[type] = frozenset({Incident})
    origin: Mapping[str, str] = {"kind": "incidents"}

    def __init__(self, moment: Moment, index: Index | None = None) -> None:
        self._moment, self._index = moment, index
        self._lock = threading.Lock()
        self._known: dict[int, Incident] = {}  # by the number of the row
        self._upto = 0

    def read(self, _extent: Extent, crs: int, progress: Progress, /) -> tuple[Features, ...]:
        """All of them, one by one."""
        with self._moment.reading() as query:
            found = open_incidents(query)
        progress.step(1, 2)
        return self._features(found, crs)

    def around(self, extent: Extent, crs: int, progress: Progress, /) -> Found:
        index = self._index
        if index is None or self._moment.at is not None:
            return Found(self.read(extent, crs, progress))
        for box, true_in in ((None, EVERYWHERE), (_degrees(extent, crs), extent)):
            found = incidents_within(index, box, status=OPEN, limit=MOST)
            progress.step(1, 2)
            if found.unread:
                return Found(self.read(extent, crs, progress))
            if isinstance(found, Incidents):
                return Found(self._features(self._current(index, found), crs), true_in)
        assert isinstance(found, Crowd)
        return Found(self._features(self._lately(index, box), crs, found), extent)

    def _features(
        self, found: Sequence[Incident], crs: int, crowd: Crowd | None = None
    ) -> tuple[Features, ...]:
        exercise = self._moment.operation.exercise
        placed = [i for i in found if i.place and not i.place.is_empty]
        single = [_dot(i, exercise) for i in placed]
        if crowd is not None:
            single = [*_cells(crowd), *(replace(dot, columns={**dot.columns, "count": 0}) for dot in single)]
        return dots(single, crs) + outlines(placed, crs)

    def _lately(self, index: Index, box: Box | None) -> list[Incident]:
        """What was reported lately is shown by itself even in a crowd, if that is not a crowd again."""
        since = self._moment.clock.now() - LATELY
        found = incidents_within(index, box, since, status=OPEN, limit=MOST_LATELY)
        return self._current(index, found) if isinstance(found, Incidents) else []

    def _current(self, index: Index, found: Incidents) -> list[Incident]:
        """The records of these, as they are now; read only where they are not known or were touched."""
        wanted = found.fid.tolist()
        with self._lock, self._moment.now() as query:
            self._forget_touched(query)
            missing = named(index, [fid for fid in wanted if fid not in self._known])
            records = query.known_all(Incident, list(missing.values()))
            self._known |= {  # who called is nothing to the map, and is not to outlast being erased
                fid: replace(records[name], source="") for fid, name in missing.items() if name in records
            }
            self._known = {fid: self._known[fid] for fid in wanted if fid in self._known}
            return [i for i in self._known.values() if i.is_open and not i.void]

    def _forget_touched(self, query: Query) -> None:
        """Drop what may have changed."""
        upto = query.upto()
        if query.touched_outside():
            self._known.clear()
        elif self._known:
            touched = set(query.touched(self._upto, upto).get(Incident.__name__, []))
            self._known = {fid: each for fid, each in self._known.items() if each.id not in touched}
        self._upto = upto


def _degrees(extent: Extent, crs: int) -> Box:
    """The box in WGS84 around an extent; all of the world where its edge lies outside of the CRS."""
    west, south, east, north = extent
    u, v = (part.ravel() for part in np.meshgrid(np.linspace(0, 1, EDGE), np.linspace(0, 1, EDGE)))
    there = transform(np.column_stack((west + u * (east - west), south + v * (north - south))), crs, WGS84)
    if not np.isfinite(there).all():
        return -180.0, -90.0, 180.0, 90.0
    (west, south), (east, north) = there.min(axis=0).tolist(), there.max(axis=0).tolist()
    return west, south, east, north


def _cells(crowd: Crowd) -> list[Dot]:
    """The cells of a crowd as dots with a `count`, and nothing else to say."""
    counts = zip(crowd.lon.tolist(), crowd.lat.tolist(), crowd.count.tolist(), strict=True)
    return [Dot(f"cell {x} {y}", x, y, {**SILENT, "count": count}) for x, y, count in counts]


def _dot(incident: Incident, exercise: bool) -> Dot:
    assert incident.place is not None
    at = incident.place.representative_point()
    return Dot(
        incident.id,
        at.x,
        at.y,
        {
            "label": incident.number,
            "severity": incident.severity.priority,
            "hollow": int(incident.status is Status.RESOLVED),
            "exercise": int(exercise),
            "code": incident.code,
            "text": incident.text,
            "where": incident.where,
            "status": str(incident.status),
        },
    )
