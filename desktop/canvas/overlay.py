"""What must never wait for a picture: live symbols, the selection, the place being typed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from desktop.canvas.paths import path
from desktop.canvas.stamps import Stamps, cell, circle, value
from desktop.theme import SEVERITY_FILL
from gis.model.incident import Severity
from gis.paint import raster
from layers import edges
from layers.badges import Badges, severities
from layers.colours import MapColours
from layers.edges import CASING_PX, DARK, DARK_OPACITY, LINE_PX, Edges
from layers.geometry import clamped, gather
from layers.glass import KINDS, glass
from layers.plates import FAR, Plates
from layers.scene import Hit
from layers.view import MapView

AROUND_PX = 24  # a symbol whose middle is this far outside may reach in
INKS = {digit: SEVERITY_FILL[Severity.of_priority(digit)] for digit in range(6)}


class Pane:
    """The live symbols of all layers, and their values where there is room for them."""

    def __init__(self) -> None:
        self._glass = glass(())
        self._edges: tuple[Edges, ...] = ()
        self._plates: Plates | None = None
        self._stamps: Stamps | None = None
        self._pixels = np.zeros((0, 0), np.uint32)

    def show(self, shown: Sequence[Badges]) -> None:
        """From now on these layers, the uppermost last."""
        if self._glass.shown != tuple(shown):
            self._glass, self._plates = glass(shown), None
            self._edges = tuple(each for badges in shown for each in edges.edges_of(badges))

    def at(self, view: MapView, x: float, y: float) -> tuple[Hit, ...]:
        """Symbols under the pixel (x, y), topmost first."""
        return self._glass.at(view, x, y)

    def draw(
        self, painter: QPainter, view: MapView, scale: float, colours: MapColours, taken: Sequence[QRectF]
    ) -> bool:
        """Areas, then symbols, then values: what is worse covers what is less so. No value is written into
        the boxes that are `taken`. True when values still wait for the next frame."""
        if self._edges:
            self._draw_edges(painter, view)
        seen = self._glass.within(view.grown(AROUND_PX).extent) & ~self._glass.covered
        self._draw_cells(painter, view, colours, np.flatnonzero(seen & (self._glass.count > 0)))
        shown = np.flatnonzero(seen & (self._glass.count == 0))
        xy = view.to_pixels(self._glass.xy[shown])
        self.stamps(painter, colours).put(painter, self._glass.kind[shown], xy, far=scale > FAR)
        return self._draw_values(painter, view, scale, colours, taken)

    def stamps(self, painter: QPainter, colours: MapColours) -> Stamps:
        """The symbols as they look on what `painter` paints on."""
        ratio = painter.device().devicePixelRatioF()
        if self._stamps is None or self._stamps.colours is not colours or self._stamps.ratio != ratio:
            self._stamps = Stamps(colours, ratio)
        return self._stamps

    def _draw_cells(
        self, painter: QPainter, view: MapView, colours: MapColours, shown: NDArray[np.int64]
    ) -> None:
        """How many there are where they are too many, below all single ones."""
        ratio = painter.device().devicePixelRatioF()
        places = np.rint(view.to_pixels(self._glass.xy[shown])).tolist()
        for (x, y), count in zip(places, self._glass.count[shown].tolist(), strict=True):
            image = cell(count, colours, ratio)
            half = image.width() / ratio / 2
            painter.drawImage(QPointF(x - half, y - half), image)

    def _draw_values(
        self, painter: QPainter, view: MapView, scale: float, colours: MapColours, taken: Sequence[QRectF]
    ) -> bool:
        unit = view.units_per_pixel
        if self._plates is None or self._plates.units_per_pixel != unit:
            self._plates = Plates(self._glass, unit, scale)
        forbidden = [(box.left(), box.top(), box.right(), box.bottom()) for box in taken]
        plates = self._plates.see(view, np.array(forbidden, np.float64).reshape(-1, 4))
        numbers = [plate.number for plate in plates]
        places = np.rint(view.to_pixels(self._glass.xy[numbers])).tolist()
        ratio = painter.device().devicePixelRatioF()
        for plate, (x, y) in zip(plates, places, strict=True):
            kind, text = KINDS[self._glass.kind[plate.number]], self._glass.label(plate.number)
            image = value(text, plate.width, kind, colours, ratio)
            painter.drawImage(QPointF(x + plate.x - 1, y + plate.y - 1), image)
        return self._plates.pending

    def _draw_edges(self, painter: QPainter, view: MapView) -> None:
        if not raster.available:
            for badges in self._glass.shown:
                draw_outlines(painter, badges, view)
            return
        ratio = painter.device().devicePixelRatioF()
        onto = self._sheet(round(view.width * ratio), round(view.height * ratio))
        for each in self._edges:
            edges.paint(each, view, ratio, onto, INKS)
        height, width = onto.shape
        image = QImage(onto.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(0, 0), image)

    def _sheet(self, width: int, height: int) -> NDArray[np.uint32]:
        """Clean pixels, the same memory in every frame."""
        if self._pixels.shape != (height, width):
            self._pixels = np.zeros((height, width), np.uint32)
        self._pixels.fill(0)
        return self._pixels


def draw_outlines(painter: QPainter, shown: Badges, view: MapView) -> None:
    """The lines and areas of a layer, where no painter was compiled."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for features in shown.outlines:
        severity = severities(features, np.arange(len(features)))
        for digit in np.unique(severity)[::-1].tolist():
            rows = np.flatnonzero(severity == digit)
            shapes = clamped(gather(features, rows, view), view.width, view.height)
            outline = path(shapes.xy.astype(np.float32), shapes.rings)
            dark = QColor(*DARK, round(255 * DARK_OPACITY))
            for ink, width in ((dark, CASING_PX), (QColor(INKS[digit]), LINE_PX)):
                painter.strokePath(outline, QPen(ink, width))


def draw_typed(painter: QPainter, x: float, y: float, colours: MapColours) -> None:
    """The hollow ring at a place that is still being typed."""
    painter.save()
    painter.translate(x, y)
    circle(painter, 14, QColor(colours.of("halo")), 5.0)
    painter.setPen(QPen(QColor(colours.of("ink")), 2.0, Qt.PenStyle.DashLine))
    painter.drawEllipse(QPointF(0, 0), 14, 14)
    painter.drawPoint(QPointF(0, 0))
    painter.restore()
