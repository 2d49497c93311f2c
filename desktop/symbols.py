"""Symbols drawn by us: a severity is a shape, a digit and a colour, so that none of them carries it alone."""

from collections.abc import Callable
from importlib.resources import files

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from desktop.theme import EXERCISE, INK, SEVERITY_FILL
from gis.model.incident import Severity

_SIDES = (16, 22, 24, 33, 44, 66, 88)  # enough for 100 to 300 % displays without scaling up


def severity_icon(severity: Severity, *, hollow: bool = False) -> QIcon:
    """The chip of a severity, sharp at any density. Hollow means acknowledged."""
    icon = QIcon()
    for side in _SIDES:
        pixmap = severity_pixmap(severity, side, hollow=hollow)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Disabled):  # never tinted
            icon.addPixmap(pixmap, mode)
    return icon


def severity_pixmap(severity: Severity, side: int, *, hollow: bool = False, ratio: float = 1.0) -> QPixmap:
    """The chip on `side` x `side` logical pixels."""
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_severity(painter, QPointF(side / 2, side / 2), side / 2 - 1, severity, hollow=hollow)
    painter.end()
    return pixmap


def draw_severity(
    painter: QPainter,
    centre: QPointF,
    radius: float,
    severity: Severity,
    *,
    hollow: bool = False,
    on_map: bool = False,
    exercise: bool = False,
) -> None:
    """Paint the chip within `radius` pixels of `centre`; `on_map` keeps it dark inside when hollow."""
    fill = QColor(SEVERITY_FILL[severity])
    shape = chip(centre, radius, severity)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if on_map:
        painter.strokePath(shape, QPen(QColor(INK), 3.0))
    if not hollow or on_map:
        painter.fillPath(shape, QColor(INK) if hollow else fill)
    if exercise and not hollow:
        painter.fillPath(shape, QBrush(QColor(20, 24, 28, 110), Qt.BrushStyle.BDiagPattern))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(fill if hollow else QColor(INK), max(1.2, radius * (0.2 if hollow else 0.13))))
    painter.drawPath(shape)
    font = painter.font()
    font.setPixelSize(max(7, round(radius * (0.95 if severity is Severity.EXTREME else 1.1))))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(fill if hollow else QColor(INK))
    drop = radius * 0.3 if severity is Severity.EXTREME else 0.0
    box = QRectF(centre.x() - radius, centre.y() - radius + drop, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, digit(severity))
    painter.restore()


def digit(severity: Severity) -> str:
    """The figure on the chip: 1 to 4, or a question mark."""
    return "?" if severity is Severity.UNKNOWN else str(severity.priority)


def chip(centre: QPointF, r: float, severity: Severity) -> QPainterPath:
    """The edge of a severity's shape."""
    x, y = centre.x(), centre.y()
    path = QPainterPath()
    match severity:
        case Severity.EXTREME:
            corners = [QPointF(x, y - r), QPointF(x + r, y + r * 0.85), QPointF(x - r, y + r * 0.85)]
            path.addPolygon(QPolygonF(corners))
        case Severity.SEVERE:
            corners = [QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]
            path.addPolygon(QPolygonF(corners))
        case Severity.MODERATE:
            path.addRect(QRectF(x - r * 0.82, y - r * 0.82, r * 1.64, r * 1.64))
        case _:
            path.addEllipse(centre, r * 0.92, r * 0.92)
    path.closeSubpath()
    return path


def outside_icon() -> QIcon:
    """An arrow that comes in to an edge: another program has been at it."""

    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(QColor(INK), 1))
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawRoundedRect(QRectF(1, 1, 14, 14), 2, 2)
        painter.setPen(QPen(QColor(INK), 1.6))
        for begin, end in (
            ((11.5, 4), (11.5, 12)),
            ((3.5, 8), (9, 8)),
            ((6.5, 5.5), (9, 8)),
            ((6.5, 10.5), (9, 8)),
        ):
            painter.drawLine(QPointF(*begin), QPointF(*end))

    return _icon(draw)


def lens_icon(ink: QColor, *, nearer: bool) -> QIcon:
    """A lens with a plus, or with a minus: come nearer, or go farther away."""

    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(ink, 1.5, c=Qt.PenCapStyle.RoundCap))
        painter.drawEllipse(QPointF(6.5, 6.5), 5.0, 5.0)
        painter.drawLine(QPointF(10.3, 10.3), QPointF(14.5, 14.5))
        painter.drawLine(QPointF(4.2, 6.5), QPointF(8.8, 6.5))
        if nearer:
            painter.drawLine(QPointF(6.5, 4.2), QPointF(6.5, 8.8))

    return _icon(draw)


def _icon(draw: Callable[[QPainter], None]) -> QIcon:
    """What is drawn on 16 x 16, in every size, the same whether selected or not."""
    icon = QIcon()
    for side in _SIDES:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(side / 16, side / 16)
        draw(painter)
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Disabled):
            icon.addPixmap(pixmap, mode)
    return icon


def app_icon() -> QIcon:
    """The slit drum that calls a village together."""
    return QIcon(str(files("resources") / "symbols" / "kentongan.svg"))


def exercise_band(side: int = 16) -> QPixmap:
    """A tile of violet hatching: what lies under it is not real."""
    tile = QPixmap(side, side)
    tile.fill(QColor(EXERCISE))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#5B3A96"), side * 0.3))
    for offset in (-side, 0, side):
        painter.drawLine(QPointF(offset - 2, side + 2), QPointF(offset + side + 2, -2))
    painter.end()
    return tile
