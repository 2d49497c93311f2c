"""What somebody draws on the map: a place that means something, in a look of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from gis.model.record import Record


class Filling(StrEnum):
    """What the inside of an area is filled with, in the colour of its edge."""

    NONE = "none"
    LIGHT = "light"
    SOLID = "solid"
    RISING = "rising lines"
    CROSSED = "crossed lines"
    DOTS = "dots"


class Sign(StrEnum):
    """What stands at a point. Without a sign the title alone is read there."""

    NONE = "none"
    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    STAR = "star"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Drawing(Record):
    """A point, line or area drawn at the desk; `title` stands beside it on the map.

    `place` is a WGS84 geometry, never empty, and it alone says where the drawing lies. A circle and a
    rectangle are polygons there, for every program; `made_of` keeps beside it the parameters that made the
    polygon (`gis.geo.figures`), so that a radius stays a radius. Whoever changes `place` in another way lets
    go of them: parameters that do not give this polygon are no longer true of it, and are not believed.
    `colour` is "#rrggbb" or the name of an ink of the map; `width_px` the width of a line on a screen.
    `drawn_at` is when it was finished, in UTC.
    """

    title: str
    place: BaseGeometry
    drawn_at: datetime
    text: str = ""
    made_of: str = ""
    colour: str = "#d55e00"
    width_px: float = 2.5
    filling: Filling = Filling.LIGHT
    sign: Sign = Sign.CIRCLE
