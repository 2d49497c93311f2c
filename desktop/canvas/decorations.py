"""What stands on the glass over the map: scale bar, north arrow, where the map is from, EXERCISE."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from desktop.theme import EXERCISE
from gis.texts import _
from layers.colours import MapColours

BAR_PX = 130.0  # the scale bar is at most this long
EDGE_PX = 14.0
MOST_NOTES = 4
VIOLET = QColor(EXERCISE)


@dataclass(frozen=True, slots=True)
class Decorations:
    """What to show. `attribution` names the sources of the map; `notes` say what of it is not there."""

    exercise: bool = False
    attribution: str = ""
    notes: tuple[str, ...] = ()
    scale_bar: bool = True
    north_arrow: bool = True


def bar_length(metres_per_pixel: float) -> float:
    """The longest round distance (1, 2 or 5 times a power of ten metres) that fits the scale bar."""
    most = BAR_PX * metres_per_pixel
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most)


def distance_text(metres: float) -> str:
    """A distance as people say it."""
    if metres >= 1000:
        return _("{distance} km").format(distance=_figures(metres / 1000))
    return _("{distance} m").format(distance=_figures(metres))


def _figures(number: float) -> str:
    """Three figures, and never a power of ten."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def occupied(
    size: QRectF, metres_per_pixel: float, shown: Decorations, room: QRectF | None = None
) -> list[QRectF]:
    """The boxes in which decorations stand: what must be read is not to be put there. Sizes as when drawn."""
    inner = size if room is None else room
    free = inner & size.adjusted(8, 8, -8, -8) if shown.exercise else inner
    boxes = [
        QRectF(size.topLeft(), QPointF(free.left(), size.bottom())),
        QRectF(size.topLeft(), QPointF(size.right(), free.top())),
        QRectF(QPointF(free.right(), size.top()), size.bottomRight()),
        QRectF(QPointF(size.left(), free.bottom()), size.bottomRight()),
    ]
    if shown.exercise:
        boxes.append(_badge(size))
    if shown.scale_bar:
        long = max(bar_length(metres_per_pixel) / metres_per_pixel, 60.0)
        boxes.append(QRectF(inner.right() - EDGE_PX - long - 3, inner.bottom() - EDGE_PX - 24, long + 6, 27))
    if shown.north_arrow:
        boxes.append(QRectF(_north_at(inner) - QPointF(12, 17), QSizeF(24, 44)))
    font = QFontMetricsF(_font())
    for place, line in _lines(inner, shown):
        wide = min(font.horizontalAdvance(line), place.width())
        boxes.append(QRectF(place.topLeft(), QSizeF(wide, place.height())))
    return boxes


def draw_decorations(
    painter: QPainter,
    size: QRectF,
    metres_per_pixel: float,
    shown: Decorations,
    colours: MapColours,
    room: QRectF | None = None,
) -> None:
    """Within `size`, the window; all but the mark of an exercise within `room`, which a grid leaves free."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if shown.exercise:
        _exercise(painter, size)
    size = size if room is None else room
    if shown.scale_bar:
        _scale_bar(painter, size, metres_per_pixel, colours)
    if shown.north_arrow:
        _north(painter, _north_at(size), colours)
    for place, line in _lines(size, shown):
        _text(painter, place, line, colours, Qt.AlignmentFlag.AlignLeft)


def _lines(size: QRectF, shown: Decorations) -> Iterator[tuple[QRectF, str]]:
    """What is written at the lower left, the lowest line first, and how much room each line has."""
    lines = [shown.attribution, *shown.notes[:MOST_NOTES]] if shown.attribution else shown.notes[:MOST_NOTES]
    for number, line in enumerate(lines):
        wide = size.width() - BAR_PX - 4 * EDGE_PX  # beside the scale bar, never over it
        yield QRectF(size.left() + EDGE_PX, size.bottom() - 26 - 17 * number, wide, 16), line


def _north_at(size: QRectF) -> QPointF:
    return QPointF(size.right() - EDGE_PX - 12, size.top() + EDGE_PX + 18)


def _scale_bar(painter: QPainter, size: QRectF, metres_per_pixel: float, colours: MapColours) -> None:
    metres = bar_length(metres_per_pixel)
    long = metres / metres_per_pixel
    right, y = size.right() - EDGE_PX, size.bottom() - EDGE_PX
    bar = QPolygonF(
        [QPointF(right - long, y - 5), QPointF(right - long, y), QPointF(right, y), QPointF(right, y - 5)]
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in (("halo", 4.5), ("ink", 1.8)):
        painter.setPen(QPen(QColor(colours.of(colour)), width))
        painter.drawPolyline(bar)
    place = QRectF(right - long / 2 - 60, y - 24, 120, 16)
    _text(painter, place, distance_text(metres), colours, Qt.AlignmentFlag.AlignHCenter)


def _north(painter: QPainter, at: QPointF, colours: MapColours) -> None:
    """An arrow to grid north, which is up."""
    painter.save()
    painter.translate(at)
    painter.setPen(QPen(QColor(colours.of("halo")), 2.5))
    for side, colour in ((-1, "ink"), (1, "muted")):
        half = QPolygonF([QPointF(0, -14), QPointF(side * 8, 8), QPointF(0, 3)])
        painter.setBrush(QColor(colours.of(colour)))
        painter.drawPolygon(half)
    painter.setPen(Qt.PenStyle.NoPen)
    for side, colour in ((-1, "ink"), (1, "muted")):
        painter.setBrush(QColor(colours.of(colour)))
        painter.drawPolygon(QPolygonF([QPointF(0, -14), QPointF(side * 8, 8), QPointF(0, 3)]))
    painter.restore()
    _text(painter, QRectF(at.x() - 10, at.y() + 9, 20, 16), _("N"), colours, Qt.AlignmentFlag.AlignHCenter)


def _text(painter: QPainter, place: QRectF, text: str, colours: MapColours, align: Qt.AlignmentFlag) -> None:
    painter.setFont(_font())
    flags = int(align | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextDontClip)
    if align == Qt.AlignmentFlag.AlignLeft:
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
    painter.setPen(QColor(colours.of("halo")))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(place.translated(dx, dy), flags, text)
    painter.setPen(QColor(colours.of("ink")))
    painter.drawText(place, flags, text)


def _font() -> QFont:
    font = QFont()
    font.setPixelSize(12)
    return font


def _badge(size: QRectF) -> QRectF:
    """Where EXERCISE is written."""
    return QRectF(size.center().x() - 60, size.top() + 10, 120, 22)


def _exercise(painter: QPainter, size: QRectF) -> None:
    """A hatched violet frame and the word, so that no picture of the screen can be taken for real."""
    band = QPainterPath()
    band.addRect(size)
    band.addRect(size.adjusted(7, 7, -7, -7))
    painter.fillPath(band, QBrush(VIOLET, Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(VIOLET, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(size.adjusted(7, 7, -7, -7))
    font = QFont()
    font.setPixelSize(13)
    font.setBold(True)
    painter.setFont(font)
    place = _badge(size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(VIOLET)
    painter.drawRoundedRect(place, 3, 3)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _("EXERCISE"))
