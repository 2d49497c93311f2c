"""One line of promises: is the log whole, is the newest step saved, is there a second copy?"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QPushButton, QSizePolicy

from desktop.assurance import Assurance, Said, Weight, say
from desktop.theme import INK, SEVERITY_FILL
from gis.clock import Clock, SystemClock
from gis.model.incident import Severity
from gis.texts import _

_SIDE, _RATIO = 16, 2.0
_PADDING = 36  # icon, borders, and air
_STEP = 16  # widths are multiples of this, so that a digit more moves nothing
_FILL = {Weight.WARN: SEVERITY_FILL[Severity.SEVERE], Weight.GRAVE: SEVERITY_FILL[Severity.EXTREME]}


class TrustLine(QPushButton):
    """`asked` when the operator wants to know more, or to do something about it."""

    asked = Signal()

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(flat=True, autoDefault=True)
        self.setObjectName("trust")
        self._clock = clock or SystemClock()
        self._held, self._room = Assurance(proving=0), 0
        self._look: tuple[Weight, int, str] | None = None  # how loud, how far, in which ink
        self._shape: tuple[int, Weight] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.clicked.connect(self.asked.emit)
        self.tick()

    def show_held(self, held: Assurance) -> None:
        """Show what is promised now."""
        self._held = held
        self.tick()

    def fit(self, room: int) -> None:
        """Use no more than `room` pixels; what is worst is said in any case."""
        self._room = room
        self.tick()

    def tick(self) -> None:
        """Let what it tells grow older."""
        said = say(self._held, self._clock.now())
        text, form = self._chosen(said)
        if text != self.text():
            self.setText(text)
        self._hold_width(text, form, said.weight)
        whole = " ".join(said.sentences)
        self.setAccessibleName(_("Trust in the log: {state}").format(state=whole))
        self.setToolTip("\n".join(said.sentences))
        self._wear(said.weight, self._held.proving or 0)

    def _chosen(self, said: Said) -> tuple[str, int]:
        room = self._room - _PADDING
        for form, text in enumerate(said.forms):
            if self._advance(text) <= room:
                return text, form
        return said.forms[-1], len(said.forms) - 1

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) * (12 if self._is_bold else 10) // 10

    @property
    def _is_bold(self) -> bool:
        return self._look is not None and self._look[0] is Weight.GRAVE

    def _hold_width(self, text: str, form: int, weight: Weight) -> None:
        """Grow with the words, and shrink only when something else is said."""
        wanted = -(-(self._advance(text) + _PADDING) // _STEP) * _STEP
        if self._shape != (form, weight) or wanted > self.width():
            self._shape = (form, weight)
            self.setFixedWidth(wanted)

    def _wear(self, weight: Weight, part: int) -> None:
        look = (
            weight,
            part // 10 if weight is Weight.BUSY else 0,
            self.palette().buttonText().color().name(),
        )
        if look == self._look:
            return
        self._look = look
        self.setIcon(QIcon(_mark(weight, part, QColor(look[2]))))
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setProperty("weight", weight.name.lower())
        self.style().unpolish(self)
        self.style().polish(self)


def _mark(weight: Weight, part: int, ink: QColor) -> QPixmap:
    """A tick, a clock face that fills, a diamond or a triangle with an exclamation mark."""
    pixmap = QPixmap(round(_SIDE * _RATIO), round(_SIDE * _RATIO))
    pixmap.setDevicePixelRatio(_RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if weight is Weight.CALM:
        painter.setPen(
            QPen(ink, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPolyline(QPolygonF([QPointF(3, 8.5), QPointF(6.5, 12), QPointF(13, 4)]))
    elif weight is Weight.BUSY:
        painter.setPen(QPen(ink, 1.5))
        painter.drawEllipse(QRectF(2, 2, 12, 12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPie(QRectF(4, 4, 8, 8), 90 * 16, -round(part * 3.6 * 16))
    else:
        _draw_warning(painter, weight)
    painter.end()
    return pixmap


def _draw_warning(painter: QPainter, weight: Weight) -> None:
    diamond = [QPointF(8, 0.8), QPointF(15.2, 8), QPointF(8, 15.2), QPointF(0.8, 8)]
    triangle = [QPointF(8, 0.8), QPointF(15.4, 14.6), QPointF(0.6, 14.6)]
    painter.setPen(QPen(QColor(INK), 1.0))
    painter.setBrush(QColor(_FILL[weight]))
    painter.drawPolygon(QPolygonF(diamond if weight is Weight.WARN else triangle))
    low = 0.0 if weight is Weight.WARN else 1.8
    painter.setPen(QPen(QColor(INK), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(8, 4.2 + low), QPointF(8, 8.4 + low))
    painter.drawPoint(QPointF(8, 11.2 + low))
