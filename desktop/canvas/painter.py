"""Scene -> pixels: by the compiled painter, or by Qt where it is not to be had.

Qt's goes in small steps: QPainter holds the interpreter while it draws, and the window waits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath

from desktop.brushes import brush, ink, pen
from desktop.canvas.bubbles import draw_bubbles
from desktop.canvas.paths import MOST_VERTICES, chunks, path, pieces
from desktop.canvas.right_of_way import RightOfWay
from desktop.signs import sign
from gis.paint import raster
from gis.paint.hands import Hands
from gis.progress import Progress
from layers.colours import MapColours
from layers.geometry import Ragged
from layers.hatches import origin, speck, tile
from layers.index import BLOCK
from layers.ink import Ink
from layers.ink import paint as print_scene
from layers.pixels import Specks, outlined, parted, shapes, spots
from layers.scene import Areas, Bubbles, Lines, Raster, Scene, Signs
from layers.style import Fill, Marker, Stroke

SMOOTH_FILLS = 400  # so many polygons get smooth edges of their own; of more the outline hides the steps
FEW = 16  # polygons in view by the hundred are large: so many of them are filled in one go
HAIRLINE_PX = 1.2  # lines up to this width are quick; of wider ones few vertices go into a path
WIDE_VERTICES, THIN_VERTICES = 64, 1_000
SPECKS_AT_ONCE = 65_536
VEIL = 0.68  # over pictures by night
BAND = 128  # rows of a raster painted at once


@dataclass(frozen=True, slots=True)
class Paint:
    """What all painting of one picture shares: colours, device pixels per pixel, when to wait and to stop,
    and who helps."""

    colours: MapColours
    ratio: float
    progress: Progress
    way: RightOfWay = field(default_factory=RightOfWay)
    hands: Hands | None = None

    def step(self) -> None:
        """Between two strokes: let the window go first. Raises `Cancelled` when nobody wants the picture."""
        self.progress.check()
        self.way.give()

    def colour(self, name: str, opacity: float = 1.0) -> QColor:
        return ink(self.colours, name, opacity)


def paint(scene: Scene, style: Paint) -> QImage:
    """The marks of a scene on a transparent picture. Raises `Cancelled` between two steps."""
    image = blank(scene.view.width, scene.view.height, style.ratio)
    paint_onto(image, scene, style)
    return image


def paint_onto(image: QImage, scene: Scene, style: Paint) -> None:
    """The same, over what is on a picture of that view. Raises `Cancelled`; it is of no use then."""
    if raster.available and not any(isinstance(mark, Bubbles | Raster) for mark in scene):
        ink_scene(scene, image, style)
    else:
        brush_scene(scene, image, style)


def ink_scene(scene: Scene, image: QImage, style: Paint) -> None:
    """On an image, by compiled code. Raises `Cancelled`; the image is of no use then."""
    inks = Ink(
        style.colours, style.ratio, style.progress, partial(_stamp, colours=style.colours), style.hands
    )
    print_scene(scene, _pixels(image), inks)


def _pixels(image: QImage) -> NDArray[np.uint32]:
    """(h, w) of an image's own memory, which must outlive it."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.width())


def _stamp(marker: Marker, ratio: float, colours: MapColours) -> NDArray[np.uint32]:
    return _pixels(sign(marker, colours, ratio))


def brush_scene(scene: Scene, image: QImage, style: Paint) -> None:
    """The same without compiled code. Raises `Cancelled` between two steps."""
    painter = QPainter(image)
    try:
        for mark in scene:
            style.step()
            match mark:
                case Areas():
                    _areas(painter, mark, scene, style)
                case Lines():
                    _stroke(painter, shapes(mark.drawn, scene.view), mark.stroke, style)
                case Signs():
                    _signs(painter, mark, scene, style)
                case Bubbles():
                    draw_bubbles(painter, mark, scene.view, style.colours, style.ratio)
                case Raster():
                    _raster(painter, mark, scene, style)
    finally:
        painter.end()  # a painter that outlives its image takes the process down


def blank(width: int, height: int, ratio: float) -> QImage:
    """A transparent picture of so many pixels."""
    size = QSize(round(width * ratio), round(height * ratio))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _areas(painter: QPainter, mark: Areas, scene: Scene, style: Paint) -> None:
    """Dots of ink; then fill and outline run by run, so that a polygon over another covers its outline."""
    specks, large = parted(mark, scene.view)
    if mark.fill and len(specks.xy):
        _specks(painter, specks, _tone(speck(mark.fill), mark.stroke, style), scene, style)
    if not len(large.positions):
        return
    shape = shapes(large, scene.view)
    few = len(shape.parts) - 1 <= SMOOTH_FILLS
    stroke = mark.stroke if not mark.fill or outlined(large, scene.view) else None
    if mark.fill and stroke and not few:
        inside, outline = _brush(mark.fill, scene, style), pen(stroke, style.colours)
        for run in _runs(shape, style):
            _fill(painter, run, inside, smooth=False)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.strokePath(run, outline)
        return
    if mark.fill:
        inside = _brush(mark.fill, scene, style)
        for run in _runs(shape, style, FEW if few else BLOCK):
            _fill(painter, run, inside, smooth=few)
    if stroke:
        _stroke(painter, shape, stroke, style)


def _runs(
    shape: Ragged, style: Paint, most: int = BLOCK, vertices: int = MOST_VERTICES
) -> Iterator[QPainterPath]:
    xy = shape.xy.astype(np.float32)
    for first, last in chunks(shape.rings, shape.parts, most, vertices):
        style.step()
        yield path(xy, shape.rings[shape.parts[first] : shape.parts[last] + 1])


def _fill(painter: QPainter, shape: QPainterPath, inside: QBrush, *, smooth: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    painter.fillPath(shape, inside)


def _stroke(painter: QPainter, shape: Ragged, stroke: Stroke, style: Paint) -> None:
    """In short pieces: five to ten times as fast as whole lines, and never a long wait."""
    outline = pen(stroke, style.colours)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    xy, rings = pieces(shape.xy, shape.rings)
    wide = stroke.width_px > HAIRLINE_PX or stroke.dash
    cut = Ragged(xy, rings, np.arange(len(rings)))
    for run in _runs(cut, style, BLOCK, WIDE_VERTICES if wide else THIN_VERTICES):
        painter.strokePath(run, outline)


def _brush(fill: Fill, scene: Scene, style: Paint) -> QBrush:
    """Hatches are fixed to the ground: they neither swim nor break between two pictures."""
    if fill.hatch is None:
        return brush(fill, style.colours)
    x, y = origin(scene.view, len(tile(fill.hatch, style.ratio)), style.ratio)
    return brush(fill, style.colours, style.ratio, (x / style.ratio, y / style.ratio))


def _tone(fill: Fill, stroke: Stroke | None, style: Paint) -> QColor:
    """The colour of what is too small for an outline: its fill below the ink of the outline."""
    below = style.colour(fill.colour, fill.opacity)
    if stroke is None:
        return below
    above = style.colour(stroke.colour, stroke.opacity)
    rest = below.alphaF() * (1 - above.alphaF())
    alpha = max(above.alphaF() + rest, 1e-6)
    shares = zip(_rgb(above), _rgb(below), strict=True)
    red, green, blue = ((a * above.alphaF() + b * rest) / alpha for a, b in shares)
    return QColor.fromRgbF(red, green, blue, min(alpha, 1.0))


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def _specks(painter: QPainter, mark: Specks, colour: QColor, scene: Scene, style: Paint) -> None:
    """Spread each speck's ink over the four pixels around its centre, as far as they can take it."""
    height, width = round(scene.view.height * style.ratio), round(scene.view.width * style.ratio)
    ink = np.zeros((height + 2) * (width + 2), np.float32)
    for start in range(0, len(mark.xy), SPECKS_AT_ONCE):
        style.step()
        part = slice(start, start + SPECKS_AT_ONCE)
        _splat(ink, mark.xy[part] * style.ratio, mark.cover[part] * style.ratio**2, width, height)
    alpha = np.minimum(ink.reshape(height + 2, width + 2)[1:-1, 1:-1], 1.0)
    pixels = np.empty((height, width, 4), np.uint8)  # premultiplied, blue first
    for i, channel in enumerate((*_rgb(colour)[::-1], 1.0)):
        pixels[..., i] = alpha * (channel * colour.alphaF() * 255)
    stamp = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    stamp.setDevicePixelRatio(style.ratio)
    painter.drawImage(QPointF(0, 0), stamp)


def _splat(
    ink: NDArray[np.float32], xy: NDArray[np.float32], cover: NDArray[np.float32], width: int, height: int
) -> None:
    """Add `cover` around each centre to `ink`, which has one pixel more than the picture on every side."""
    corner = np.floor(xy - 0.5)
    fx, fy = (xy - 0.5 - corner).T
    x, y = corner.T.astype(np.int64) + 1
    seen = (x >= 0) & (y >= 0) & (x <= width) & (y <= height)
    at, fx, fy, cover = (y * (width + 2) + x)[seen], fx[seen], fy[seen], cover[seen]
    for step, share in (
        (0, (1 - fx) * (1 - fy)),
        (1, fx * (1 - fy)),
        (width + 2, (1 - fx) * fy),
        (width + 3, fx * fy),
    ):
        np.add.at(ink, at + step, share * cover)


def _signs(painter: QPainter, mark: Signs, scene: Scene, style: Paint) -> None:
    stamp = sign(mark.marker, style.colours, style.ratio)
    half = stamp.deviceIndependentSize() / 2
    for i, (x, y) in enumerate(spots(mark, scene.view).tolist()):
        if i % 64 == 0:
            style.step()
        painter.drawImage(QPointF(x - half.width(), y - half.height()), stamp)


def _raster(painter: QPainter, mark: Raster, scene: Scene, style: Paint) -> None:
    """Band by band, so that the window never waits for all of it."""
    (west, _s, _e, north), (here_west, _hs, _he, here_north) = mark.view.extent, scene.view.extent
    unit = scene.view.units_per_pixel
    x, y = (west - here_west) / unit, (here_north - north) / unit
    height, width = mark.pixels.shape[:2]
    for top in range(0, height, BAND):
        style.step()
        band = np.ascontiguousarray(mark.pixels[top : top + BAND])
        image = QImage(band.data, width, len(band), width * 4, QImage.Format.Format_RGBA8888_Premultiplied)
        image.setDevicePixelRatio(style.ratio)
        at = QPointF(x, y + top / style.ratio)
        painter.drawImage(at, image)
        if style.colours.night and mark.values is None:  # a picture of the day would blind whoever sits there
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
            painter.fillRect(QRectF(at, image.deviceIndependentSize()), style.colour("background", VEIL))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
