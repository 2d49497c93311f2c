"""Paints features of one frame onto one Pillow image."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageFont

from gis.geo.features import WGS84, Shape
from gis.geo.mesh import Box, Frame
from gis.report.content import HATCH_DPI, Hatching, MapClass
from gis.report.ground import pixels, px_per_m
from gis.report.signs import CORNERS

MOST_DASHES = 5_000  # a line with more is drawn whole
FAR = 30_000.0  # pixels; what lies farther out is pulled in, where it cannot be seen


class Brush:
    """A frame's coordinates on an image `finer` times as large. `unit` is a hundredth of an inch on it."""

    def __init__(self, image: Image.Image, frame: Frame, unit: float, finer: int) -> None:
        self.unit, self._frame, self._finer, self._image = unit, frame, finer, image
        self.size = image.size
        self.px_per_m = px_per_m(frame) * finer
        self.draw = ImageDraw.Draw(image)
        self.soft = ImageDraw.Draw(image, "RGBA")

    def many(self, xy: NDArray[np.float64], crs: int = WGS84) -> list[float]:
        """Coordinates as Pillow takes them: x, y, x, y, ..."""
        return self._pixels(xy, crs).ravel().tolist()

    def at(self, place: NDArray[np.float64]) -> tuple[float, float]:
        """The pixel of one place, (1, 2), WGS84."""
        x, y = self._pixels(place, WGS84)[0]
        return float(x), float(y)

    def veil(self, box: Box) -> None:
        """A light ground for something that must be read."""
        self.soft.rounded_rectangle(box, 3 * self.unit, (255, 255, 255, 205))

    def casings(self, drawn: MapClass) -> None:
        """The edges of the lines of a class; painted before all lines, so that crossings stay open."""
        if drawn.casing and drawn.features.shape is Shape.LINE:
            xy = self._pixels(drawn.features.xy, drawn.features.crs)
            lines = [ring for rings in _visible(drawn, xy, self.size) for ring in rings]
            self._lines(lines, drawn.casing, drawn.width_px + 2 * drawn.casing_px)

    def features(self, drawn: MapClass) -> None:
        """Every feature of a class, in its order; those without a place on the image cost nothing."""
        xy = self._pixels(drawn.features.xy, drawn.features.crs)
        if drawn.features.shape is Shape.POINT:
            self._markers(drawn, xy)
            return
        if drawn.features.shape is Shape.LINE:
            lines = [ring for rings in _visible(drawn, xy, self.size) for ring in rings]
            self._lines(lines, drawn.stroke or drawn.fill, drawn.width_px, drawn.dash)
            return
        sheet = self._sheet(drawn.hatch) if drawn.hatch else None
        for rings in _visible(drawn, xy, self.size):
            self._polygon(rings, drawn, sheet)

    def _pixels(self, xy: NDArray[np.float64], crs: int) -> NDArray[np.float64]:
        there = pixels(self._frame, xy, crs) * self._finer
        return np.clip(np.nan_to_num(there, nan=-FAR, posinf=-FAR, neginf=-FAR), -FAR, FAR)

    def _lines(
        self,
        rings: list[NDArray[np.float64]],
        colour: str,
        width_px: float,
        dash: tuple[float, ...] = (),
    ) -> None:
        if not colour:
            return
        width = max(1, round(width_px * self.unit))
        for ring in rings:
            for piece in dashed(ring, tuple(part * self.unit for part in dash)):
                self.soft.line(piece.ravel().tolist(), colour, width, "curve" if width > 3 else None)

    def _polygon(self, rings: list[NDArray[np.float64]], drawn: MapClass, sheet: Image.Image | None) -> None:
        solid = [ring for ring in rings if len(ring) >= 3]
        if drawn.fill:
            if any(_is_hole(ring) for ring in solid):
                self._stencilled(solid, drawn.fill)
            else:
                for ring in solid:
                    self.soft.polygon(ring.ravel().tolist(), drawn.fill)
        if drawn.hatch and solid:
            self._stencilled(solid, drawn.hatch.colour, sheet)
        self._lines(rings, drawn.stroke, drawn.width_px, drawn.dash)

    def _sheet(self, hatch: Hatching) -> Image.Image:
        """The hatch all over the image, as a mask."""
        small = Image.fromarray(np.rint(hatch.tile * 255).astype(np.uint8))
        side = max(2, round(small.width * self.unit * 100 / HATCH_DPI))
        tile = np.asarray(small.resize((side, side), Image.Resampling.BOX))
        width, height = self.size
        return Image.fromarray(np.tile(tile, (height // side + 1, width // side + 1))[:height, :width])

    def _stencilled(
        self, rings: list[NDArray[np.float64]], ink: str, sheet: Image.Image | None = None
    ) -> None:
        """Outer rings through a stencil with the holes cut out of it, and through a hatch if there is one."""
        every = np.concatenate(rings)
        x0, y0 = np.clip(np.floor(every.min(axis=0)), 0, self.size).astype(int).tolist()
        x1, y1 = np.clip(np.ceil(every.max(axis=0)) + 1, 0, self.size).astype(int).tolist()
        if x1 <= x0 or y1 <= y0:
            return
        stencil = Image.new("L", (x1 - x0, y1 - y0))
        cut = ImageDraw.Draw(stencil)
        for ring in sorted(rings, key=_is_hole):
            cut.polygon((ring - (x0, y0)).ravel().tolist(), 0 if _is_hole(ring) else 255)
        if sheet is not None:
            stencil = ImageChops.multiply(stencil, sheet.crop((x0, y0, x1, y1)))
        self._pasted(ink, stencil, x0, y0)

    def _pasted(self, ink: str, mask: Image.Image, x: int, y: int) -> None:
        colour = (*ImageColor.getrgb(ink), 255)[:4]
        sheet = Image.new("RGBA", mask.size, colour)
        self._image.paste(sheet, (x, y), mask.point([v * colour[3] // 255 for v in range(256)]))

    def _markers(self, drawn: MapClass, xy: NDArray[np.float64]) -> None:
        r = max(1.0, drawn.width_px * self.unit / 2)
        inside = ((xy >= -r) & (xy <= np.array(self.size) + r)).all(axis=1)
        for x, y in xy[inside].tolist() if drawn.marker != "none" else ():
            self._plate(drawn, x, y, r)
        if drawn.icon:
            self._icons(drawn, xy[inside], 2 * r if drawn.marker == "none" else 1.36 * r)
        elif drawn.glyph:
            font = ImageFont.load_default(1.3 * r)
            for x, y in xy[inside].tolist():
                self.draw.text((x, y), drawn.glyph, drawn.icon_ink, font, anchor="mm")

    def _plate(self, drawn: MapClass, x: float, y: float, r: float) -> None:
        edge = max(1, round(0.8 * self.unit))
        box = (x - r, y - r, x + r, y + r)
        if drawn.marker == "cross":
            for line in ((x - r, y, x + r, y), (x, y - r, x, y + r)):
                self.soft.line(line, drawn.fill or drawn.stroke, edge * 2)
        elif CORNERS.get(drawn.marker):
            corners = [(x - r + 2 * r * u, y - r + 2 * r * v) for u, v in CORNERS[drawn.marker]]
            self.soft.polygon(corners, drawn.fill or None, drawn.stroke or None, edge)
        else:
            self.soft.ellipse(box, drawn.fill or None, drawn.stroke or None, edge)

    def _icons(self, drawn: MapClass, xy: NDArray[np.float64], size: float) -> None:
        """A pictogram on each plate; without plates it has a rim of the edge's colour."""
        rim = 2 * max(1, round(0.6 * self.unit)) + 1
        side = round(size) + 2 * rim
        mask = Image.new("L", (side, side))
        cut = ImageDraw.Draw(mask)
        for ring in sorted(drawn.icon, key=lambda ring: -abs(_turn(ring))):  # an island after its hole
            cut.polygon((ring * size + side / 2).ravel().tolist(), 255 if _is_hole(ring) else 0)
        wide = mask.filter(ImageFilter.MaxFilter(rim)) if drawn.marker == "none" else None
        for x, y in np.rint(xy - side / 2).astype(int).tolist():
            if wide is not None:
                self._pasted(drawn.stroke, wide, x, y)
            self._pasted(drawn.icon_ink, mask, x, y)


def _visible(
    drawn: MapClass, xy: NDArray[np.float64], size: tuple[int, int]
) -> Iterator[list[NDArray[np.float64]]]:
    """The rings of each feature whose box touches the image."""
    rings, parts = drawn.features.rings, drawn.features.parts
    starts, ends = rings[parts[:-1]], rings[parts[1:]]
    full = np.flatnonzero(ends > starts)
    if not len(full):
        return
    low, high = (f.reduceat(xy, starts[full], axis=0) for f in (np.minimum, np.maximum))
    seen = (high >= 0).all(axis=1) & (low <= size).all(axis=1)
    for i in full[seen].tolist():
        yield [xy[rings[j] : rings[j + 1]] for j in range(parts[i], parts[i + 1])]


def dashed(line: NDArray[np.float64], dash: tuple[float, ...]) -> Iterator[NDArray[np.float64]]:
    """The pieces of a line (m, 2) that are drawn when `dash` alternates line and gap; all of it without."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    dash = dash if len(dash) % 2 == 0 else dash * 2
    if not dash or sum(dash) < 1 or along[-1] / sum(dash) > MOST_DASHES:
        yield line
        return
    rounds = int(along[-1] // sum(dash)) + 1
    edges = np.concatenate(([0.0], np.cumsum(np.tile(dash, rounds))))
    for start, end in zip(edges[:-1:2], edges[1::2], strict=False):
        if start >= along[-1]:
            return
        at = np.concatenate(([start], along[(along > start) & (along < end)], [min(end, along[-1])]))
        yield np.column_stack((np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])))


def _is_hole(ring: NDArray[np.float64]) -> bool:
    """Clockwise on the ground is a hole; y points down here, so its signed area is positive."""
    return _turn(ring) > 0


def _turn(ring: NDArray[np.float64]) -> float:
    """Twice the signed area."""
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))
