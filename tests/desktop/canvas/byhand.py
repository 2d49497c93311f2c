"""Live symbols and values drawn one by one, straight onto the picture: slow, and beyond doubt."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from desktop.canvas.overlay import draw_outlines
from desktop.symbols import draw_severity
from desktop.theme import INK, SEVERITY_FILL
from gis.model.incident import Severity
from layers.glass import KINDS, Glass, Kind
from layers.plates import FAR, PLATE_PX, TEXT_PX
from layers.style import LiveLook


def draw(painter: QPainter, glass: Glass, plates, view, scale: float, colours) -> None:
    """Everything on a glass, with values where `plates` say."""
    for badges in glass.shown:
        draw_outlines(painter, badges, view)
    xy = np.rint(view.to_pixels(glass.xy)).tolist()
    for number in np.flatnonzero(~glass.covered).tolist():
        painter.save()
        painter.translate(*xy[number])
        symbol(painter, KINDS[glass.kind[number]], colours, far=scale > FAR)
        painter.restore()
    for plate in plates:
        x, y = xy[plate.number]
        box = QRectF(x + plate.x, y + plate.y, plate.width, PLATE_PX)
        value(painter, box, glass.label(plate.number), KINDS[glass.kind[plate.number]], colours)


def symbol(painter: QPainter, kind: Kind, colours, *, far: bool) -> None:
    severity = Severity.of_priority(kind.severity)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if kind.look is LiveLook.SENSOR:
        fill = QColor(SEVERITY_FILL[severity] if kind.severity else colours.of("muted"))
        half = 3.0 if far and not kind.severity else 5.0
        painter.setPen(QPen(fill if kind.hollow else QColor(INK), 1.4))
        painter.setBrush(QColor(colours.of("halo")) if kind.hollow else fill)
        painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))
        return
    if kind.look is LiveLook.ALARM and not kind.hollow:
        painter.setPen(QPen(QColor(SEVERITY_FILL[severity]), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(0, 0), 20, 20)
    draw_severity(
        painter, QPointF(0, 0), 11.0, severity, hollow=kind.hollow, on_map=True, exercise=kind.exercise
    )


def value(painter: QPainter, box: QRectF, text: str, kind: Kind, colours) -> None:
    severity = Severity.of_priority(kind.severity)
    edge = SEVERITY_FILL[severity] if kind.severity else colours.of("muted")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), 1.2))
    painter.setBrush(QColor(colours.of("halo")))
    painter.drawRoundedRect(box, 3, 3)
    font = QFont()
    font.setPixelSize(round(TEXT_PX))
    font.setBold(kind.severity > 0)
    font.setItalic(kind.hollow)
    painter.setFont(font)
    painter.setPen(QColor(colours.of("muted" if kind.hollow else "ink")))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def one_by_one(painter: QPainter, glass: Glass, stamps: list[QImage], xy: list[list[float]]) -> None:
    """The same symbols from stamps by one call each, as a program would that knows nothing better."""
    for number, (x, y) in enumerate(xy):
        stamp = stamps[glass.kind[number]]
        half = stamp.deviceIndependentSize() / 2
        painter.drawImage(QPointF(x - half.width(), y - half.height()), stamp)
