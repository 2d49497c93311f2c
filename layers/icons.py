"""Our own pictograms as outlines, so that every painter draws the same: window, legend and paper.

They are plain SVG on 24 x 24: paths (M L H V C Q Z), circles, black adds, white takes away.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

GROUPS = ("hazards", "facilities")
SIDE = 24.0
STEPS = 12  # straight pieces of a curve
_COMMAND = re.compile(r"([MLHVCQZ])([^MLHVCQZ]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+")

Corners = NDArray[np.float64]


@cache
def icon_names(group: str) -> tuple[str, ...]:
    """The icons of one of GROUPS, by name."""
    found = (files("resources") / "symbols" / group).iterdir()
    return tuple(sorted(each.name.removesuffix(".svg") for each in found if each.name.endswith(".svg")))


@cache
def icon(name: str) -> tuple[Corners, ...]:
    """The rings of an icon, (m, 2) each, in a square of 1 around (0, 0), y down; holes turn the other way.

    Empty for a name that is none of ours.
    """
    group = next((group for group in GROUPS if name in icon_names(group)), None)
    if group is None:
        return ()
    text = (files("resources") / "symbols" / group / f"{name}.svg").read_text(encoding="utf-8")
    whole: BaseGeometry = shapely.Polygon()
    for element in ET.fromstring(text):
        shape, adds = _shape(element)
        whole = whole.union(shape) if adds else whole.difference(shape)
    made = shapely.transform(whole, lambda xy: xy / SIDE - 0.5)
    areas = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
    oriented = [shapely.orient_polygons(area) for area in areas]
    return tuple(shapely.get_coordinates(ring) for area in oriented for ring in shapely.get_rings(area))


def _shape(element: ET.Element) -> tuple[BaseGeometry, bool]:
    """The area of one element, and whether it is added or taken away."""
    said = element.attrib
    if element.tag.endswith("circle"):
        centre = shapely.Point(float(said["cx"]), float(said["cy"]))
        return centre.buffer(float(said["r"]), quad_segs=16), said.get("fill") != "#fff"
    lines = list(_lines(said["d"]))
    if "stroke" in said:
        drawn = shapely.MultiLineString([line.tolist() for line in lines])
        area = drawn.buffer(float(said["stroke-width"]) / 2, cap_style="flat", join_style="round")
        return area, said["stroke"] != "#fff"
    return shapely.union_all([shapely.Polygon(line) for line in lines]), said.get("fill") != "#fff"


def _lines(d: str) -> Iterator[Corners]:
    """The lines of a path, curves in short pieces."""
    line: list[Corners] = []
    for command, numbers in _COMMAND.findall(d):
        values = np.array([float(n) for n in _NUMBER.findall(numbers)])
        if command == "M":
            if line:
                yield np.vstack(line)
            line = [values.reshape(1, 2)]
        elif command == "Z":
            line.append(line[0][:1])
        else:
            line.append(_reached(command, values, line[-1][-1]))
    yield np.vstack(line)


def _reached(command: str, values: Corners, start: Corners) -> Corners:
    """The corners that a command adds to a line that has come to `start`."""
    match command:
        case "H":
            return np.array([[values[0], start[1]]])
        case "V":
            return np.array([[start[0], values[0]]])
        case "L":
            return values.reshape(-1, 2)
        case _:
            return _curve(np.vstack((start, values.reshape(-1, 2))))


def _curve(handles: Corners) -> Corners:
    """A Bezier curve of any degree (de Casteljau), without its start."""
    t = np.linspace(0, 1, STEPS + 1)[1:, None, None]
    points = np.broadcast_to(handles, (STEPS, *handles.shape))
    while points.shape[1] > 1:
        points = points[:, :-1] * (1 - t) + points[:, 1:] * t
    return points[:, 0]
