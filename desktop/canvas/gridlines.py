"""A grid as it is drawn, on the screen and on paper: thin lines, figures on a band along the edges."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from layers.colours import MapColours
from layers.grid.figures import LARGE_PX, SMALL_PX, Figure, Side, Square, figures, headline, squares
from layers.grid.lines import Axis, Grid, GridKind, grid
from layers.ground import metres_per_unit
from layers.scene import Scene, Signs
from layers.view import MapView

BAND_PX = 17.0
FRAME_PX = 8.0  # what the hatching of an exercise takes
SQUARE_PX = 20
LINE, HEAVY, BORDER = (0.45, 0.8), (0.6, 1.5), (0.8, 2.4)  # opacity, width


class GridPane:
    """The grid over one map on the screen, worked out once per view."""

    def __init__(self) -> None:
        self.kind = GridKind.NONE
        self._grid: Grid | None = None

    @property
    def shown(self) -> bool:
        return self.kind is not GridKind.NONE

    def of(self, view: MapView, crs: int) -> Grid:
        known = self._grid
        if known is None or (known.kind, known.view, known.crs) != (self.kind, view, crs):
            metres = metres_per_unit(view.x, view.y, crs)
            known = self._grid = grid(self.kind, view, crs, metres)
        return known

    def draw_lines(self, painter: QPainter, view: MapView, crs: int, colours: MapColours) -> None:
        if self.shown:
            draw_lines(painter, self.of(view, crs), view, colours)

    def room(self, view: MapView, *, framed: bool) -> QRectF:
        """What the figures along the edges leave of the window."""
        edge = BAND_PX + (FRAME_PX if framed else 0.0) if self.shown else 0.0
        return QRectF(0, 0, view.width, view.height).adjusted(edge, edge, -edge, -edge)

    def draw_band(
        self, painter: QPainter, view: MapView, crs: int, colours: MapColours, *, framed: bool
    ) -> QRectF:
        """The figures along the edges; what is left of the window inside of them."""
        whole = QRectF(0, 0, view.width, view.height)
        if not self.shown:
            return whole
        edge = FRAME_PX if framed else 0.0
        outer = whole.adjusted(edge, edge, -edge, -edge)
        inner = outer.adjusted(BAND_PX, BAND_PX, -BAND_PX, -BAND_PX)
        shown, seen = self.of(view, crs), inside(view, edge + BAND_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        ground = QColor(colours.of("halo"))
        ground.setAlphaF(0.86)
        for strip in _strips(outer, inner):
            painter.fillRect(strip, ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_ink(colours, 0.7), 1))
        painter.drawRect(inner)
        painter.restore()
        draw_figures(painter, figures(shown, seen), inner, colours)
        _headline(painter, headline(shown, seen), inner, colours)
        return inner


def below_signs(scenes: Sequence[Scene]) -> int:
    """How many of these scenes, from the bottom, lie under the lines: those on top that are signs alone do
    not."""
    count = len(scenes)
    while count and all(isinstance(mark, Signs) for mark in scenes[count - 1].marks):
        count -= 1
    return count


def inside(view: MapView, edge: float) -> MapView:
    """The same map without `edge` pixels on every side."""
    return view.grown(-round(edge))


def draw_lines(painter: QPainter, shown: Grid, view: MapView, colours: MapColours) -> None:
    """The lines of a grid, tenth ones and edges of zones heavier, and the names of squares."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in shown.lines:
        opacity, width = BORDER if line.axis is Axis.BORDER else HEAVY if line.heavy else LINE
        pen = QPen(_ink(colours, opacity), width)
        if line.axis is Axis.BORDER:
            pen.setDashPattern([6, 3])
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in view.to_pixels(line.xy).tolist()]))
    for square in squares(shown, view):
        _square(painter, square, colours)
    painter.restore()


def draw_figures(
    painter: QPainter, said: tuple[Figure, ...], frame: QRectF, colours: MapColours, band: float = BAND_PX
) -> None:
    """Figures in the band around `frame`, upright above and below it, climbing at its sides."""
    painter.save()
    painter.setPen(_ink(colours, 1.0))
    for each in said:
        painter.save()
        match each.side:
            case Side.TOP:
                painter.translate(frame.left() + each.at, frame.top() - band / 2)
            case Side.BOTTOM:
                painter.translate(frame.left() + each.at, frame.bottom() + band / 2)
            case Side.LEFT:
                painter.translate(frame.left() - band / 2, frame.top() + each.at)
                painter.rotate(-90)
            case Side.RIGHT:
                painter.translate(frame.right() + band / 2, frame.top() + each.at)
                painter.rotate(-90)
        _figure(painter, each)
        painter.restore()
    painter.restore()


def _figure(painter: QPainter, said: Figure) -> None:
    """Small, large and small letters on one line, the middle of the large ones at the origin."""
    parts = [(said.before, SMALL_PX, False), (said.large, LARGE_PX, True), (said.after, SMALL_PX, False)]
    fonts = [(text, _font(size, bold=bold)) for text, size, bold in parts if text]
    wide = [QFontMetricsF(font).horizontalAdvance(text) for text, font in fonts]
    x, base = -wide[1 if said.before else 0] / 2 - (wide[0] if said.before else 0.0), LARGE_PX * 0.36
    for (text, font), width in zip(fonts, wide, strict=True):
        painter.setFont(font)
        painter.drawText(QPointF(x, base), text)
        x += width


def _headline(painter: QPainter, text: str, inner: QRectF, colours: MapColours) -> None:
    """Which grid it is, where its bands meet above on the left."""
    font = _font(LARGE_PX, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(text) + 14
    box = QRectF(inner.left(), inner.top(), min(wide, inner.width()), 19)
    ground = QColor(colours.of("halo"))
    ground.setAlphaF(0.86)
    painter.fillRect(box, ground)
    painter.setPen(_ink(colours, 1.0))
    painter.setFont(font)
    text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 10)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _square(painter: QPainter, square: Square, colours: MapColours) -> None:
    font = _font(SQUARE_PX, bold=True)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 3)
    painter.setFont(font)
    box = QRectF(square.x - 60, square.y - 20, 120, 40)
    halo = QColor(colours.of("halo"))
    halo.setAlphaF(0.5)
    around = ((halo, -1, 0), (halo, 1, 0), (halo, 0, -1), (halo, 0, 1))
    for colour, dx, dy in (*around, (_ink(colours, 0.6), 0, 0)):
        painter.setPen(colour)
        painter.drawText(box.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, square.name)


def _strips(outer: QRectF, inner: QRectF) -> tuple[QRectF, ...]:
    return (
        QRectF(outer.topLeft(), QPointF(outer.right(), inner.top())),
        QRectF(QPointF(outer.left(), inner.bottom()), outer.bottomRight()),
        QRectF(QPointF(outer.left(), inner.top()), inner.bottomLeft()),
        QRectF(inner.topRight(), QPointF(outer.right(), inner.bottom())),
    )


def _font(size: float, *, bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(round(size))
    font.setBold(bold)
    return font


def _ink(colours: MapColours, opacity: float) -> QColor:
    ink = QColor(colours.of("grid"))
    ink.setAlphaF(opacity)
    return ink
