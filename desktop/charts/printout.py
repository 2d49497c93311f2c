"""The large chart as a picture: what is seen, of whom, in which zone, and whether it is an exercise."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from desktop.charts.inks import SAMPLE, Ink, sample
from desktop.charts.look import Stretch
from desktop.theme import EXERCISE, Theme
from gis.texts import _

RATIO = 2.0  # pixels of the picture to one of the screen
EDGE = 16


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above and below the chart."""

    title: str
    range: str
    made: str
    exercise: bool


def printout(chart: QWidget, shown: Sequence[tuple[Stretch, Ink]], caption: Caption, theme: Theme) -> QImage:
    """A picture of the chart as it is seen now."""
    large = QFont(chart.font())
    large.setBold(True)
    large.setPointSizeF(large.pointSizeF() * 1.3)
    line, head = QFontMetricsF(chart.font()).height() + 4, QFontMetricsF(large).height() + 6
    top = EDGE + head + line + 6
    wide, tall = chart.width() + 2 * EDGE, round(top + chart.height() + (len(shown) + 1) * line + EDGE + 12)
    image = QImage(round(wide * RATIO), round(tall * RATIO), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    image.fill(QColor(theme.base))
    painter = QPainter(image)
    painter.setPen(QColor(theme.text))
    painter.setFont(large)
    painter.drawText(QRectF(EDGE, EDGE, wide - 2 * EDGE, head), caption.title)
    if caption.exercise:
        _mark(painter, QRectF(wide - EDGE - 190, EDGE, 190, head))
    painter.setFont(chart.font())
    painter.setPen(QColor(theme.dim))
    painter.drawText(QRectF(EDGE, EDGE + head, wide - 2 * EDGE, line), caption.range)
    chart.render(painter, QPoint(EDGE, round(top)))
    _legend(painter, top + chart.height() + 8, line, shown, caption, theme)
    painter.end()
    return image


def _mark(painter: QPainter, box: QRectF) -> None:
    painter.fillRect(box, QColor(EXERCISE))
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), _("EXERCISE"))


def _legend(
    painter: QPainter,
    top: float,
    line: float,
    shown: Sequence[tuple[Stretch, Ink]],
    caption: Caption,
    theme: Theme,
) -> None:
    for n, (stretch, ink) in enumerate(shown):
        sensor = stretch.sensor
        painter.drawPixmap(QPoint(EDGE, round(top + n * line)), sample(ink, theme, RATIO))
        painter.setPen(QColor(theme.text))
        painter.setFont(QFont(painter.font()))
        said = f"{sensor.name}  ({sensor.key}), {sensor.quantity.value}, {sensor.unit}"
        painter.drawText(QRectF(EDGE + SAMPLE[0] + 8, top + n * line, 4000, line), said)
    painter.setPen(QColor(theme.dim))
    painter.drawText(QRectF(EDGE, top + len(shown) * line, 4000, line), caption.made)
