"""The report's map as a picture: layers, incidents and sensors painted with Pillow, no window needed."""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import shapely
from PIL import Image, ImageColor, ImageDraw, ImageFont
from shapely.geometry.base import BaseGeometry

from gis.exchange.raster.answers import Look
from gis.geo.features import WGS84
from gis.geo.mesh import Box, Frame
from gis.paint.placing import Wanted, chosen
from gis.progress import Progress
from gis.report.brush import Brush
from gis.report.content import IncidentLine, MapLayer, SensorLine, SitrepContent
from gis.report.ground import middle, pixels, places_of, px_per_m, shows
from gis.report.signs import CORNERS, EXERCISE_INK, INK, SIGNS

PAPER = "#F4F3EE"
FINER = 2  # painted this much larger, then scaled down: smooth edges without a drawing library
CHIP = 22  # pixels at 100 dots per inch; below that the digit cannot be read
MOST_NAMES, MOST_TRIED = 40, 1_000
CELL = 2.0  # pixels of the grid on which names find their places
_SHIFTS = ((0.0, 0.0), (0.0, -1.2), (0.0, 1.2), (0.0, -2.4), (0.0, 2.4))  # in halves of a name's box


@dataclass(frozen=True, slots=True)
class Name:
    """A name on the map: its middle as parts of the picture's width and height."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A painted map. `bar_m` metres are `bar_part` of its width; `outside` counts places not on it."""

    png: bytes
    frame: Frame
    names: tuple[Name, ...]
    bar_m: float
    bar_part: float
    outside: int


def printed(
    content: SitrepContent, layers: Sequence[MapLayer], frame: Frame, *, dpi: int, progress: Progress
) -> MapPicture:
    """The whole map: layers, sensors, incidents (the worst on top), scale bar, north, EXERCISE."""
    zoom = dpi / 100
    image = _painted(layers, frame, zoom, progress)
    if content.exercise:
        _exercise(image)
    brush = Brush(image, frame, FINER * zoom, FINER)
    for sensor in content.sensors:
        _sensor(brush, sensor)
    for line in sorted(content.open_incidents, key=lambda line: -line.incident.severity.priority):
        _incident(brush, line)
    bar_m = _round_length((frame.box[2] - frame.box[0]) / 5)
    _furniture(brush, bar_m)
    outside = sum(not shows(frame, place) for place in places_of(content))
    return MapPicture(
        _png(image, frame),
        frame,
        _names(layers, frame, zoom, _chip_boxes(content, frame, zoom)),
        bar_m,
        bar_m * px_per_m(frame) / frame.width,
        outside,
    )


def background(layers: Sequence[MapLayer], frame: Frame, progress: Progress) -> bytes:
    """The layers alone as a PNG of few colours, to lie under the page's markers."""
    image = _painted(layers, frame, 1.5, progress)
    small = image.resize((frame.width, frame.height), Image.Resampling.LANCZOS)
    palette = _with_legend(small, layers).quantize(160, Image.Quantize.MEDIANCUT)
    return _encoded(small.quantize(palette=palette, dither=Image.Dither.NONE))


def _with_legend(image: Image.Image, layers: Sequence[MapLayer]) -> Image.Image:
    """A small copy with every colour of the legend in a strip of its own: rare ones keep theirs."""
    drawn = [part for layer in layers for part in layer.classes]
    colours = sorted({PAPER, *(colour for part in drawn for colour in (part.fill, part.stroke) if colour)})
    sheet = Image.new("RGB", (400, 300 + 12 * len(colours)))
    sheet.paste(image.resize((400, 300)))
    for number, colour in enumerate(colours):
        top = 300 + 12 * number
        sheet.paste(ImageColor.getrgb(colour)[:3], (0, top, 400, top + 12))
    return sheet


def _painted(layers: Sequence[MapLayer], frame: Frame, zoom: float, progress: Progress) -> Image.Image:
    image = Image.new("RGB", (frame.width * FINER, frame.height * FINER), PAPER)
    for number, layer in enumerate(layers):
        progress.step(number, len(layers), layer.title)
        if layer.opacity >= 1:
            _layer(image, layer, frame, zoom)
        elif layer.opacity > 0:
            sheet = Image.new("RGBA", image.size)
            _layer(sheet, layer, frame, zoom)
            sheet.putalpha(
                sheet.getchannel("A").point([round(alpha * layer.opacity) for alpha in range(256)])
            )
            image.paste(sheet, mask=sheet)
    return image


def _layer(image: Image.Image, layer: MapLayer, frame: Frame, zoom: float) -> None:
    if layer.paint is not None:
        width, height = image.size
        inked = layer.paint(replace(frame, width=width, height=height), FINER * zoom).astype("<u4")
        sheet = Image.frombytes("RGBA", (width, height), inked.tobytes(), "raw", "BGRa")
        image.paste(sheet, mask=sheet)
        return
    if layer.look is not None:
        _raster(image, layer.look(frame))
    brush = Brush(image, frame, FINER * zoom, FINER)
    for drawn in layer.classes:
        brush.casings(drawn)
    for drawn in layer.classes:
        brush.features(drawn)


def _raster(image: Image.Image, look: Look) -> None:
    """Premultiplied pixels of all of the picture, laid over it."""
    if look.pixels is not None:
        height, width = look.pixels.shape[:2]
        small = Image.frombytes("RGBa", (width, height), look.pixels.tobytes())
        sheet = small.resize(image.size, Image.Resampling.BILINEAR).convert("RGBA")
        image.paste(sheet, mask=sheet)


def _png(image: Image.Image, frame: Frame) -> bytes:
    return _encoded(image.resize((frame.width, frame.height), Image.Resampling.LANCZOS))


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _sensor(brush: Brush, line: SensorLine) -> None:
    """A drop-blue disc with a white rim; hollow when silent; in the colour of its limit when over one."""
    if line.sensor.place.is_empty:
        return
    x, y = brush.at(middle(line.sensor.place))
    colour = SIGNS[line.limit.severity].fill if line.limit else "#1F6FA8"
    r = 5.5 * brush.unit
    inside = "#FFFFFF" if line.silent else colour
    brush.draw.ellipse((x - r, y - r, x + r, y + r), "#FFFFFF")
    r -= 1.2 * brush.unit
    brush.draw.ellipse(
        (x - r, y - r, x + r, y + r), inside, colour if line.silent else INK, _whole(1.4 * brush.unit)
    )


def _incident(brush: Brush, line: IncidentLine) -> None:
    place, sign = line.incident.place, SIGNS[line.incident.severity]
    if place is None or place.is_empty:
        return
    _outline(brush, place, sign.fill)
    x, y = brush.at(middle(place))
    size = CHIP * brush.unit
    box = (x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    _shape(brush, sign.shape, box, 2.6 * brush.unit, "#FFFFFF", "#FFFFFF")
    _shape(brush, sign.shape, box, 1.5 * brush.unit, sign.fill, INK)
    drop = 0.13 * size if sign.shape == "triangle" else 0.0
    font = ImageFont.load_default(size * 0.58)
    brush.draw.text((x, y + drop), sign.digit, INK, font, anchor="mm", stroke_width=0.3 * brush.unit)


def _outline(brush: Brush, place: BaseGeometry, colour: str) -> None:
    for part in shapely.get_parts(place):
        lines = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for line in lines:
            if line.geom_type != "Point":
                corners = brush.many(shapely.get_coordinates(line))
                brush.draw.line(corners, INK, _whole(4 * brush.unit), "curve")
                brush.draw.line(corners, colour, _whole(2.4 * brush.unit), "curve")


def _shape(
    brush: Brush, shape: str, box: tuple[float, float, float, float], edge: float, fill: str, ink: str
) -> None:
    x0, y0, x1, y1 = box
    if shape == "circle":
        brush.draw.ellipse(box, fill, ink, _whole(edge))
        return
    corners = [(x0 + x * (x1 - x0), y0 + y * (y1 - y0)) for x, y in CORNERS[shape]]
    brush.draw.polygon(corners, fill)
    brush.draw.line([*corners, *corners[:2]], ink, _whole(edge), "curve")


def _whole(width: float) -> int:
    return max(1, round(width))


def _round_length(metres: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10 ** math.floor(math.log10(metres))
    return next(step * power for step in (5, 2, 1) if step * power <= metres)


def _furniture(brush: Brush, bar_m: float) -> None:
    """Scale bar at the lower left and an arrow to grid north at the upper right, on a light ground."""
    unit = brush.unit
    width, height = brush.size
    length = bar_m * brush.px_per_m
    left, base = 14 * unit, height - 14 * unit
    text = f"{bar_m / 1000:g} km" if bar_m >= 1000 else f"{bar_m:g} m"
    brush.veil((left - 6 * unit, base - 26 * unit, left + length + 6 * unit, base + 6 * unit))
    for part in range(4):
        box = (left + part * length / 4, base - 5 * unit, left + (part + 1) * length / 4, base)
        brush.draw.rectangle(box, INK if part % 2 == 0 else "#FFFFFF", INK, _whole(0.8 * unit))
    font = ImageFont.load_default(12 * unit)
    brush.draw.text((left + length / 2, base - 8 * unit), text, INK, font, anchor="mb")
    x, top = width - 24 * unit, 14 * unit
    brush.veil((x - 12 * unit, top - 5 * unit, x + 12 * unit, top + 44 * unit))
    arrow = [(x, top), (x + 8 * unit, top + 24 * unit), (x, top + 18 * unit), (x - 8 * unit, top + 24 * unit)]
    brush.draw.polygon(arrow, INK)
    brush.draw.text((x, top + 41 * unit), "N", INK, ImageFont.load_default(14 * unit), anchor="ms")


def _exercise(image: Image.Image) -> None:
    """The word, large and faint, above the ground and below everything that happened."""
    width, height = image.size
    faint = Image.new("L", image.size)
    font = ImageFont.load_default(width / 8)
    ImageDraw.Draw(faint).text((width / 2, height / 2), "EXERCISE", 46, font, anchor="mm")
    image.paste(EXERCISE_INK, mask=faint)


def _chip_boxes(content: SitrepContent, frame: Frame, zoom: float) -> list[Box]:
    """Where incidents stand, in pixels."""
    half = CHIP * zoom / 2
    placed = [line.incident.place for line in content.open_incidents]
    middles = [pixels(frame, middle(p), WGS84)[0] for p in placed if p is not None and not p.is_empty]
    return [(x - half, y - half, x + half, y + half) for x, y in middles]


def _names(layers: Sequence[MapLayer], frame: Frame, zoom: float, taken: list[Box]) -> tuple[Name, ...]:
    """Names that fit beside what is taken and beside each other, the larger features first.

    Each stands in its feature's middle, else a little above it or below.
    """
    found = list(islice(_candidates(layers, frame), MOST_TRIED))
    middle = np.array([(x, y) for x, y, _text in found]).reshape(-1, 1, 2)
    half = np.array([((len(text) * 3.1 + 4) * zoom, 8 * zoom) for _x, _y, text in found]).reshape(-1, 1, 2)
    places = (middle + half * np.array(_SHIFTS)).reshape(-1, 2)
    reach = np.repeat(half[:, 0], len(_SHIFTS), axis=0)
    boxes = np.hstack((places - reach, places + reach))
    for west, north, east, south in taken:
        apart = (
            (boxes[:, 0] >= east) | (boxes[:, 2] <= west) | (boxes[:, 1] >= south) | (boxes[:, 3] <= north)
        )
        boxes[~apart] = -CELL  # no place
    each = np.arange(len(found) + 1, dtype=np.int32)
    wanted = Wanted(
        int(frame.width // CELL),
        int(frame.height // CELL),
        np.floor(np.clip(boxes, -CELL, 1e6) / CELL).astype(np.int32),
        np.arange(len(boxes) + 1, dtype=np.int32),
        each * len(_SHIFTS),
        each[:-1],
        places.astype(np.float32),
        np.zeros(len(found), np.float32),
    )
    named = [(int(place), text) for place, (_x, _y, text) in zip(chosen(wanted), found, strict=True)]
    return tuple(
        Name(float(places[place, 0]) / frame.width, float(places[place, 1]) / frame.height, text)
        for place, text in named
        if place >= 0
    )[:MOST_NAMES]


def _candidates(layers: Sequence[MapLayer], frame: Frame) -> Iterator[tuple[float, float, str]]:
    """(x, y, name) in pixels: the middle of each named feature's box, features of many corners first."""
    found: list[tuple[int, float, float, str]] = []
    for layer in layers:
        for drawn in layer.classes if layer.names_the_city else ():
            texts = drawn.features.columns.get(layer.names)
            if texts is None:
                continue
            xy = pixels(frame, drawn.features.xy, drawn.features.crs)
            ends = drawn.features.rings[drawn.features.parts]
            for start, end, text in zip(ends[:-1], ends[1:], texts, strict=True):
                part = xy[start:end]
                if text and len(part) and np.isfinite(part).all():
                    x, y = (part.min(axis=0) + part.max(axis=0)) / 2
                    found.append((-len(part), float(x), float(y), str(text)))
    found.sort(key=lambda one: one[0])
    return ((x, y, text) for _corners, x, y, text in found)
