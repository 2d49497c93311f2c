"""How sensors are told apart in one chart: by a letter, a dash and a colour, never by colour alone."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from desktop.theme import Theme

MOST = 12  # sensors in one chart: more nobody tells apart
_DAY = ("#0B5FA5", "#A8480C", "#006B5E", "#7A3E9D", "#8A1C4A", "#5E5A12")
_NIGHT = ("#6FB6E0", "#E9A36B", "#66C7B4", "#C79BE8", "#F08BB4", "#CFC66A")
_DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)
SAMPLE = (34, 18)  # pixels of the piece of line beside a name


@dataclass(frozen=True, slots=True)
class Ink:
    """The look of one sensor's line."""

    letter: str
    colour: str
    dash: Qt.PenStyle

    def pen(self, width: float = 1.0) -> QPen:
        """Of so many pixels, at any scale; lines of more than one are dear where points are many."""
        pen = QPen(QColor(self.colour), width, self.dash)
        pen.setCosmetic(True)
        return pen


def ink(n: int, of: int, theme: Theme) -> Ink:
    """Of the `n`th of so many sensors; one alone has the colour of text."""
    colours = _NIGHT if theme.dark else _DAY
    colour = theme.text if of == 1 else colours[n % len(colours)]
    return Ink(chr(ord("A") + n), colour, _DASHES[n % len(_DASHES)])


def sample(wanted: Ink, theme: Theme, ratio: float) -> QPixmap:
    """A piece of the line with its letter on it."""
    wide, tall = SAMPLE
    made = QPixmap(round(wide * ratio), round(tall * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setPen(wanted.pen(2.0))
    painter.drawLine(0, tall // 2, wide, tall // 2)
    draw_letter(painter, QRectF((wide - 14) / 2, 2, 14, tall - 4), wanted, theme)
    painter.end()
    return made


def draw_letter(painter: QPainter, box: QRectF, wanted: Ink, theme: Theme) -> None:
    """The letter in its colour, framed, on the ground of the chart."""
    painter.setPen(QPen(QColor(wanted.colour), 1))
    painter.setBrush(QColor(theme.base))
    painter.drawRect(box)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(round(box.height() - 3))
    painter.setFont(font)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), wanted.letter)
