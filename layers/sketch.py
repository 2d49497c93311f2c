"""A sketch: what is being drawn or measured, corner by corner, with every step to be taken back."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.geo import measure
from gis.geo.crs import transform
from gis.geo.features import WGS84
from gis.geo.figures import Circle, Figure, Rectangle
from gis.ops.drawings import Form

Corner = tuple[float, float]
Corners = tuple[Corner, ...]
Points = NDArray[np.float64]
STEPS_KEPT = 500


class Task(StrEnum):
    """What corners are given for."""

    MARKER = "marker"
    TEXT = "text"
    LINE = "line"
    AREA = "area"
    RECTANGLE = "rectangle"
    CIRCLE = "circle"
    FREEHAND = "freehand"
    MEASURE_LINE = "measure line"
    MEASURE_AREA = "measure area"

    @property
    def form(self) -> Form | None:
        """What becomes of it; None where nothing does."""
        match self:
            case Task.MEASURE_LINE | Task.MEASURE_AREA:
                return None
            case Task.FREEHAND:
                return Form.LINE
            case _:
                return Form(self.value)

    @property
    def full(self) -> int | None:
        """How many corners end it by themselves."""
        return {Task.MARKER: 1, Task.TEXT: 1, Task.RECTANGLE: 2, Task.CIRCLE: 2}.get(self)

    @property
    def least(self) -> int:
        """How many corners it needs."""
        return self.full or (3 if self.is_area else 2)

    @property
    def is_area(self) -> bool:
        return self in (Task.AREA, Task.RECTANGLE, Task.CIRCLE, Task.MEASURE_AREA)


@dataclass(frozen=True, slots=True)
class Size:
    """What has been measured so far, over the ellipsoid; None where it means nothing."""

    length_m: float | None = None
    area_m2: float | None = None
    radius_m: float | None = None


class Sketch:
    """The corners given so far (lon, lat in WGS84). Each change can be taken back and done again."""

    def __init__(self, task: Task, corners: Corners = ()) -> None:
        self.task, self.corners = task, corners
        self._before: list[Corners] = []
        self._after: list[Corners] = []

    def add(self, *corners: Corner) -> None:
        """One more corner, or a whole stroke of them, as one step."""
        self._become((*self.corners, *corners))

    def drop_last(self) -> None:
        if self.corners:
            self._become(self.corners[:-1])

    def clear(self) -> None:
        """Throw it away; this, too, can be taken back."""
        if self.corners:
            self._become(())

    def undo(self) -> bool:
        """False when there is nothing to take back."""
        return self._turn(self._before, self._after)

    def redo(self) -> bool:
        return self._turn(self._after, self._before)

    def forget(self) -> None:
        """It has become something: begin with nothing."""
        self.corners = ()
        self._before.clear()
        self._after.clear()

    @property
    def is_full(self) -> bool:
        return self.task.full is not None and len(self.corners) >= self.task.full

    @property
    def is_enough(self) -> bool:
        return len(self.corners) >= self.task.least

    def _become(self, corners: Corners) -> None:
        self._before = [*self._before, self.corners][-STEPS_KEPT:]
        self._after.clear()
        self.corners = corners

    def _turn(self, taken: list[Corners], kept: list[Corners]) -> bool:
        if not taken:
            return False
        kept.append(self.corners)
        self.corners = taken.pop()
        return True


def figure(task: Task, corners: Corners, crs: int) -> Figure | None:
    """The circle or rectangle (upright on the plane `crs`) behind two corners; None where there is none."""
    if len(corners) < 2 or task not in (Task.CIRCLE, Task.RECTANGLE):
        return None
    if task is Task.CIRCLE:
        return circle(corners[0], corners[1])
    (x0, y0), (x1, y1) = transform(np.array(corners[:2]), WGS84, crs).tolist()
    if not np.isfinite([x0, y0, x1, y1]).all():
        return None
    return Rectangle(crs, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def circle(centre: Corner, edge: Corner) -> Circle | None:
    """The circle around a place through another; None where they are the same."""
    radius_m = round(float(measure.distance_m(centre, edge)[0]), 2)
    return Circle(round(centre[0], 7), round(centre[1], 7), radius_m) if radius_m > 0 else None


def made(task: Task, corners: Corners, crs: int) -> BaseGeometry | Figure | None:
    """What the corners become; None while there are too few, or they lie on one spot."""
    if len(corners) < task.least:
        return None
    if task in (Task.CIRCLE, Task.RECTANGLE):
        return figure(task, corners, crs)
    if task in (Task.MARKER, Task.TEXT):
        return Point(corners[0])
    return Polygon(corners) if task.is_area else LineString(corners)


def outline(task: Task, corners: Corners, crs: int) -> Points:
    """(n, 2) the line to be shown for these corners, in WGS84; that of an area comes back to its start."""
    if found := figure(task, corners, crs):
        return shapely.get_coordinates(found.polygon())
    if task is Task.AREA or task is Task.MEASURE_AREA:
        corners = (*corners, *corners[:1])
    return np.array(corners, np.float64).reshape(-1, 2)


def size(task: Task, corners: Corners, crs: int) -> Size:
    """The length of a line, the area and the edge of an area, the radius of a circle."""
    if len(corners) < 2:
        return Size()
    if not task.is_area:
        return Size(length_m=measure.length_m(LineString(corners)))
    found = figure(task, corners, crs)
    if found is None and (len(corners) < 3 or task.full):
        return Size(length_m=measure.length_m(LineString(corners)))
    area = found.polygon() if found else Polygon(corners)
    length_m = measure.length_m(area) if found is None or isinstance(found, Rectangle) else None
    radius_m = found.radius_m if isinstance(found, Circle) else None
    return Size(length_m, measure.area_m2(area), radius_m)
