"""Which piece of the earth a report's map shows."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.geo.crs import WEB_MERCATOR, transform, utm_for
from gis.geo.features import WGS84, Features
from gis.geo.mesh import Box, Frame
from gis.report.content import MapLayer, SitrepContent

MARGIN = 0.08  # of the longer side
AROUND = 0.25
WEB_RATIO = 1.25
SMALLEST_M = 800.0
BEYOND = 0.25  # a place farther from the layers than this part of their size is not of this city


def px_per_m(frame: Frame) -> float:
    """The scale of a frame of square pixels on a plane of metres, as all frames here are."""
    return frame.width / (frame.box[2] - frame.box[0])


def core(frame: Frame) -> Box:
    """What is in a frame without the room around: where a reader looks first."""
    west, south, east, north = frame.box
    room = (1 - 1 / (1 + 2 * AROUND)) / 2
    x, y = room * (east - west), room * (north - south)
    return west + x, south + y, east - x, north - y


def pixels(frame: Frame, xy: NDArray[np.float64], crs: int) -> NDArray[np.float64]:
    """(n, 2) coordinates of `crs` in pixels, y down; inf where there is no place in the frame's CRS."""
    there, scale = transform(xy, crs, frame.crs), px_per_m(frame)
    return (there - (frame.box[0], frame.box[3])) * (scale, -scale)


def shows(frame: Frame, place: BaseGeometry) -> bool:
    """Whether the middle of a place (WGS84) lies on the picture."""
    x, y = pixels(frame, middle(place), WGS84)[0]
    return bool(0 <= x <= frame.width and 0 <= y <= frame.height)


def middle(place: BaseGeometry) -> NDArray[np.float64]:
    """A point on the place, (1, 2)."""
    return shapely.get_coordinates(place.representative_point())[:1]


def places_of(content: SitrepContent) -> list[BaseGeometry]:
    """Everything of the report that has a place, WGS84."""
    incidents = (line.incident.place for line in content.open_incidents)
    found = [place for place in incidents if place is not None and not place.is_empty]
    return found + [line.sensor.place for line in content.sensors if not line.sensor.place.is_empty]


def print_frame(content: SitrepContent, layers: Sequence[MapLayer], width: int, height: int) -> Frame | None:
    """The frame of a printed map, in the UTM zone of its middle; None when nothing has a place."""
    box = _degrees(content, layers)
    if box is None:
        return None
    crs = utm_for((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return Frame(crs, _fitted(_projected(box, crs), width / height), width, height)


def web_frame(content: SitrepContent, layers: Sequence[MapLayer], longest: int) -> Frame | None:
    """The frame of the page's background picture, in Web Mercator, with room around what happened."""
    box = _degrees(content, layers)
    if box is None:
        return None
    fitted = _fitted(_grown(_projected(box, WEB_MERCATOR), AROUND), WEB_RATIO)
    return Frame(WEB_MERCATOR, fitted, longest, round(longest / WEB_RATIO))


def _degrees(content: SitrepContent, layers: Sequence[MapLayer]) -> Box | None:
    """What to show, in WGS84: where things happened, without slips of the keyboard far from the city."""
    city = _united(_layer_box(layer) for layer in layers)
    places = [tuple(map(float, place.bounds)) for place in places_of(content)]
    boxes: list[Box] = [(w, s, e, n) for w, s, e, n in places]
    if city is not None:
        allowed = _grown(city, BEYOND)
        boxes = [box for box in boxes if _inside(box, allowed)]
    return _united(boxes) or city


def _layer_box(layer: MapLayer) -> Box | None:
    return _united(_features_box(drawn.features) for drawn in layer.classes)


def _features_box(features: Features) -> Box | None:
    """Around all features, in WGS84: a box of their own CRS, its edge followed in steps."""
    xy = features.xy[np.isfinite(features.xy).all(axis=1)]
    if not len(xy):
        return None
    steps = np.linspace(0.0, 1.0, 9)
    u, v = (grid.ravel() for grid in np.meshgrid(steps, steps))
    there = transform(xy.min(axis=0) + np.column_stack([u, v]) * np.ptp(xy, axis=0), features.crs, WGS84)
    there = there[np.isfinite(there).all(axis=1)]
    if not len(there):
        return None
    (west, south), (east, north) = there.min(axis=0), there.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _united(boxes: Iterable[Box | None]) -> Box | None:
    known = np.array([box for box in boxes if box is not None])
    if not len(known):
        return None
    w, s, e, n = *known[:, :2].min(axis=0), *known[:, 2:].max(axis=0)
    return float(w), float(max(s, -84.0)), float(e), float(min(n, 84.0))


def _grown(box: Box, part: float) -> Box:
    more = part * max(box[2] - box[0], box[3] - box[1])
    return box[0] - more, box[1] - more, box[2] + more, box[3] + more


def _inside(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _projected(box: Box, crs: int) -> Box:
    w, s, e, n = box
    corners = transform(np.array([(w, s), (w, n), (e, s), (e, n)]), WGS84, crs)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _fitted(box: Box, ratio: float) -> Box:
    """The box with a margin, not too small, and widened to width / height = `ratio`."""
    grown = _grown(box, MARGIN)
    x, y = (grown[0] + grown[2]) / 2, (grown[1] + grown[3]) / 2
    width, height = max(grown[2] - grown[0], SMALLEST_M), max(grown[3] - grown[1], SMALLEST_M)
    width, height = max(width, height * ratio), max(height, width / ratio)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
