"""The figures at the margins of a grid, and the names of its squares and zones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.geo.coords.mgrs import COLUMNS, ROWS, SQUARE_M, in_band
from gis.geo.crs import transform
from gis.geo.features import WGS84
from gis.texts import _
from layers.grid.lines import Axis, Grid, GridKind, GridLine
from layers.grid.zones import Strip
from layers.letters import text_width
from layers.view import MapView

LARGE_PX, SMALL_PX = 11.0, 8.0
GAP_PX = 6.0
CORNER_PX = 16.0  # so far a figure may reach into the corner where two sides meet
LEAST_ROOM_PX = 44.0  # a square that shows less of itself is not named


class Side(StrEnum):
    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands where a line meets a side, at pixel `at` along it: small, large and small letters."""

    side: Side
    at: float
    before: str
    large: str
    after: str = ""

    @property
    def width(self) -> float:
        """Pixels."""
        return text_width(self.large, LARGE_PX) + text_width(self.before + self.after, SMALL_PX)

    def fits(self, longest: float) -> bool:
        """True where no side of so many pixels cuts it: the middle of its large letters stands at `at`."""
        half = text_width(self.large, LARGE_PX) / 2
        before, after = (half + text_width(each, SMALL_PX) for each in (self.before, self.after))
        if self.side in (Side.LEFT, Side.RIGHT):  # it climbs
            before, after = after, before
        return self.at - before >= -CORNER_PX and self.at + after <= longest + CORNER_PX


@dataclass(frozen=True, slots=True)
class Square:
    """The name of a square or a zone and the middle of what is seen of it, in pixels."""

    name: str
    x: float
    y: float


def figures(shown: Grid, view: MapView) -> tuple[Figure, ...]:
    """What is written along the sides of `view`: nothing over anything else, full figures in the corner."""
    made: list[Figure] = []
    sides = {Axis.EAST: (Side.BOTTOM, Side.TOP), Axis.NORTH: (Side.LEFT, Side.RIGHT)}
    for axis, both in sides.items():
        lines = [line for line in shown.lines if line.axis is axis]
        for side in both:
            met = sorted(
                ((at, line) for line in lines for at in _meets(line, side, view)),
                key=lambda each: each[0],
                reverse=axis is Axis.NORTH,  # so that the first is in the south-west
            )
            longest = view.width if axis is Axis.EAST else view.height
            made += _apart(_said(shown, met, side, longest))
    return tuple(made)


def _said(shown: Grid, met: Iterable[tuple[float, GridLine]], side: Side, longest: float) -> Iterator[Figure]:
    whole = True
    for at, line in met:
        figure = Figure(side, at, *_words(shown, line, whole))
        if figure.fits(longest):
            whole = False
            yield figure


def _words(shown: Grid, line: GridLine, whole: bool) -> tuple[str, str, str]:
    """One line in small, large and small letters; `whole` figures with their unit for the first."""
    if line.strip is None:
        return "", degrees_text(line.value, shown.spacing, line.axis), ""
    kilometres, metres = divmod(round(line.value), 1000)
    if shown.kind is GridKind.MGRS and shown.spacing < SQUARE_M:
        cut = f"{metres:03d}"[: 0 if shown.spacing >= 1000 else 1 if shown.spacing >= 100 else 2]
        return "", f"{kilometres % 100:02d}", cut
    before, large = (str(kilometres // 100) if kilometres >= 100 else ""), f"{kilometres % 100:02d}"
    after = f"{metres:03d}" if shown.spacing < 1000 or whole else ""
    letter = "E" if line.axis is Axis.EAST else "N"
    return before, large, after + (f"m {letter}" if whole else "")


def degrees_text(seconds: float, step: float, axis: Axis) -> str:
    """Degrees, and minutes and seconds where the step needs them: 8°39′30″S."""
    whole = round(seconds)
    if axis is Axis.EAST:
        whole = (whole + 648_000) % 1_296_000 - 648_000
    letters = "WE" if axis is Axis.EAST else "SN"
    degrees, rest = divmod(abs(whole), 3600)
    text = f"{degrees}°"
    if step < 3600:
        text += f"{rest // 60:02d}′"
    if step < 60:
        text += f"{rest % 60:02d}″"
    return text + (letters[whole > 0] if whole else "")


def _apart(wanted: Iterable[Figure]) -> Iterator[Figure]:
    """Those that do not stand on one before them."""
    last: float | None = None
    for figure in wanted:
        if last is None or abs(figure.at - last) >= figure.width + GAP_PX:
            last = figure.at
            yield figure


def _meets(line: GridLine, side: Side, view: MapView) -> list[float]:
    """Where a line crosses a side of `view`, in pixels along it."""
    xy = view.to_pixels(line.xy).astype(np.float64)
    across, edge, longest = {
        Side.TOP: (1, 0.0, view.width),
        Side.BOTTOM: (1, float(view.height), view.width),
        Side.LEFT: (0, 0.0, view.height),
        Side.RIGHT: (0, float(view.width), view.height),
    }[side]
    away = xy[:, across] - edge
    crossing = np.flatnonzero((away[:-1] < 0) != (away[1:] < 0))
    way = away[crossing] / (away[crossing] - away[crossing + 1])
    at = xy[crossing, 1 - across] + way * (xy[crossing + 1, 1 - across] - xy[crossing, 1 - across])
    return [each for each in at.tolist() if 0 <= each <= longest]


def squares(shown: Grid, view: MapView) -> tuple[Square, ...]:
    """The names of 100 km squares where more than one is seen, or of zones where only these are shown."""
    if shown.kind is GridKind.DEGREES:
        return ()
    if not shown.spacing:
        return tuple(each for strip in shown.strips for each in _zone_names(shown, strip, view))
    if shown.kind is GridKind.UTM:
        return ()
    found = tuple(each for strip in shown.strips for each in _named(shown, strip, view))
    return found if len(found) > 1 else ()  # of a single one the headline tells


def _named(shown: Grid, strip: Strip, view: MapView) -> Iterator[Square]:
    west, south, east, north = view.extent
    n = np.linspace(0, 1, 9)
    x, y = np.meshgrid(west + (east - west) * n, south + (north - south) * n)
    net = transform(np.column_stack((x.ravel(), y.ravel())), shown.crs, strip.crs)
    net = net[np.isfinite(net).all(axis=1)]
    if not len(net):
        return
    low, high = net.min(axis=0), net.max(axis=0)
    first, last = np.floor(low / SQUARE_M).astype(int), np.floor(high / SQUARE_M).astype(int)
    if (last - first).max() > 40:
        return
    for column in range(max(first[0], 1), min(last[0], 8) + 1):
        for row in range(first[1], last[1] + 1):
            corner = np.array((column, row)) * SQUARE_M
            seen = np.vstack((np.maximum(corner, low), np.minimum(corner + SQUARE_M, high)))
            name = square_name(strip.zone, column, row)
            yield from _placed(shown, strip, seen, name, view)


def _placed(
    shown: Grid, strip: Strip, seen: NDArray[np.float64], name: str, view: MapView
) -> Iterator[Square]:
    """A square in the middle of what is seen of it, if that lies in its zone and has room."""
    corners = np.array([seen.mean(axis=0), seen[0], seen[1]])
    (lon, lat), *_rest = transform(corners, strip.crs, WGS84)
    turned = (lon - strip.west) % 360
    inside = turned < strip.east - strip.west and strip.south <= lat < strip.north
    here = view.to_pixels(transform(corners, strip.crs, shown.crs))
    room = np.abs(here[1] - here[2])
    if inside and np.isfinite(here).all() and (room >= LEAST_ROOM_PX).all():
        yield Square(name, float(here[0, 0]), float(here[0, 1]))


def _zone_names(shown: Grid, strip: Strip, view: MapView) -> Iterator[Square]:
    for number, band in enumerate(strip.bands):
        south = strip.south + 8 * number
        north = strip.north if number == len(strip.bands) - 1 else south + 8
        box = np.array([(strip.west, south), (strip.east, north)])
        here = view.to_pixels(transform(box, WGS84, shown.crs))
        if np.isfinite(here).all() and (np.abs(here[1] - here[0]) >= LEAST_ROOM_PX * 0.6).all():
            yield Square(f"{strip.zone}{band}", *here.mean(axis=0).tolist())


def square_name(zone: int, column: int, row: int) -> str:
    """The letters of a 100 km square: hundreds of kilometres east (1 to 8) and north."""
    shift = 0 if zone % 2 else 5
    return COLUMNS[(zone - 1) % 3][column - 1] + ROWS[(row + shift) % len(ROWS)]


def headline(shown: Grid, view: MapView) -> str:
    """What grid it is, and of how wide a mesh: "MGRS 50M LB · 1 km"; why there is none near the poles."""
    if shown.kind is GridKind.DEGREES:
        return _("Degrees, WGS 84")
    name = {GridKind.UTM: "UTM", GridKind.MGRS: "MGRS"}[shown.kind]
    if not shown.strips:
        return _("{grid} ends at 80° south and 84° north. Choose degrees here.").format(grid=name)
    words = [name, _zone_at(shown, view)]
    if shown.spacing:
        words.append(_mesh(shown.spacing))
    text = "  ".join(word for word in words if word)
    return _("{grid}, none beyond 80° south and 84° north").format(grid=text) if shown.beyond else text


def _zone_at(shown: Grid, view: MapView) -> str:
    """The zone and, of MGRS, the square in the middle of the view."""
    middle = [[view.x, view.y]]
    (lon, lat), *_rest = transform(middle, shown.crs, WGS84)
    for strip in shown.strips:
        if 0 <= (lon - strip.west) % 360 < strip.east - strip.west and strip.south <= lat <= strip.north:
            band = next(band for band in strip.bands if in_band(float(lat), band))
            if shown.kind is GridKind.UTM or not shown.spacing:
                return f"{strip.zone}{band}"
            east, north = transform(middle, shown.crs, strip.crs)[0] // SQUARE_M
            return f"{strip.zone}{band} {square_name(strip.zone, int(east), int(north))}"
    return ""


def _mesh(metres: float) -> str:
    if metres >= 1000:
        return _("{distance} km").format(distance=f"{metres / 1000:g}")
    return _("{distance} m").format(distance=f"{metres:g}")
