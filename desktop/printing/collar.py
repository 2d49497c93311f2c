"""What stands around the map on paper: title, time, scale, north, legend, sources, EXERCISE."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from desktop.canvas.decorations import distance_text
from desktop.printing.keys import HOLLOW, Key, headed, lines_of
from desktop.printing.live import draw_sensor, font_of
from desktop.symbols import draw_severity
from desktop.theme import EXERCISE
from desktop.widgets.swatch import HEIGHT, WIDTH, draw_symbol
from gis.model.incident import Severity
from gis.texts import _
from layers.colours import DAY
from layers.legend import LegendRow
from layers.printing.north import convergence_deg
from layers.printing.papers import PX_PER_MM
from layers.printing.plan import Area, Plan
from layers.style import LiveLook

ROW_PX, COLUMN_PX = 21.0, 178.0
INDENT_PX = 10.0  # of the signs of a layer that is named above them: the next layer is none of them
BAR_MM = 55.0  # the scale bar is at most this long
Align = Qt.AlignmentFlag
LEFT, RIGHT, MIDDLE = Align.AlignLeft, Align.AlignRight, Align.AlignHCenter


@dataclass(frozen=True, slots=True)
class Words:
    """What is said around the map. `moment` is the time that is shown, `made` when the sheet was made."""

    title: str
    operation: str
    moment: str
    made: str
    plane: str
    grid: str
    sources: str


def draw_collar(painter: QPainter, plan: Plan, keys: tuple[Key, ...], words: Words) -> None:
    grow = plan.wish.paper.grows
    if plan.mark is not None:
        _mark(painter, plan.mark)
    _head(painter, plan.head, words, grow)
    if plan.legend is not None:
        _legend(painter, plan.legend, keys, grow)
    _foot(painter, plan, words, grow)


def _mark(painter: QPainter, area: Area) -> None:
    """EXERCISE across the whole sheet."""
    box = QRectF(area.x, area.y, area.width, area.height)
    painter.fillRect(box, QColor(EXERCISE))
    painter.save()
    painter.setClipRect(box)
    painter.setPen(QPen(QColor("#5B3A96"), box.height() * 0.22))
    for n in range(-1, int(box.width() / box.height()) + 2):
        x = box.left() + n * box.height()
        painter.drawLine(QPointF(x, box.bottom() + 4), QPointF(x + box.height(), box.top() - 4))
    painter.restore()
    font = font_of(box.height() * 0.62, bold=True)
    wide = QFontMetricsF(font).horizontalAdvance(_("EXERCISE")) + box.height()
    plate = QRectF(box.center().x() - wide / 2, box.top() + 3, wide, box.height() - 6)
    painter.fillRect(plate, QColor("#2A1650"))
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(plate, Align.AlignCenter, _("EXERCISE"))


def draw_watermark(painter: QPainter, frame: QRectF) -> None:
    """The same word faintly over the map: a piece cut out of the sheet still says it."""
    painter.save()
    painter.translate(frame.center())
    painter.rotate(-30)
    font = font_of(min(frame.width(), frame.height()) * 0.16, bold=True)
    painter.setFont(font)
    ink = QColor(EXERCISE)
    ink.setAlphaF(0.22)
    painter.setPen(ink)
    wide = QFontMetricsF(font).horizontalAdvance(_("EXERCISE"))
    painter.drawText(QPointF(-wide / 2, font.pixelSize() * 0.35), _("EXERCISE"))
    painter.restore()


def _head(painter: QPainter, area: Area, words: Words, grow: float) -> None:
    box = QRectF(area.x, area.y, area.width, area.height)
    time = QFontMetricsF(font_of(15 * grow, bold=True)).horizontalAdvance(words.moment) + 16 * grow
    left = box.adjusted(0, 0, -time, 0)
    _say(painter, left.adjusted(0, 0, 0, -box.height() * 0.36), words.title, 24 * grow, bold=True)
    _say(painter, left.adjusted(0, box.height() * 0.62, 0, 0), words.operation, 12 * grow)
    right = box.adjusted(box.width() - time, 0, 0, 0)
    top = right.adjusted(0, 0, 0, -box.height() * 0.36)
    _say(painter, top, words.moment, 15 * grow, bold=True, align=RIGHT)
    made = box.adjusted(box.width() * 0.45, box.height() * 0.62, 0, 0)
    _say(painter, made, words.made, 12 * grow, align=RIGHT)


def _say(
    painter: QPainter,
    box: QRectF,
    text: str,
    size: float,
    *,
    bold: bool = False,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """One line of text, somewhat smaller where there is little room for it, and cut where there is less."""
    font = font_of(size, bold=bold)
    wide = QFontMetricsF(font).horizontalAdvance(text)
    if wide > box.width() > 0:
        font = font_of(size * max(box.width() / wide, 0.75), bold=bold)
    painter.setFont(font)
    painter.setPen(QColor(DAY.of("ink")))
    text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(align | Align.AlignVCenter) | int(Qt.TextFlag.TextDontClip), text)


def _legend(painter: QPainter, area: Area, keys: tuple[Key, ...], grow: float) -> None:
    """Rows in columns; what finds no room is counted."""
    lines = list(lines_of(keys))
    grow, columns, deep = next(
        (fit for fit in _fits(area, grow) if fit[1] * fit[2] >= len(lines)), list(_fits(area, grow))[-1]
    )
    row, wide, room = ROW_PX * grow, area.width / columns, columns * deep
    shown = lines if len(lines) <= room else lines[: room - 1]
    for number, (key, entry) in enumerate(shown):
        column, line = divmod(number, deep)
        box = QRectF(area.x + column * wide, area.y + line * row, wide - 8 * grow, row)
        if entry is None:
            _say(painter, box, key.title, 12 * grow, bold=True)
        else:
            _entry(painter, box.adjusted(INDENT_PX * grow * headed(key), 0, 0, 0), key, entry, grow)
    if len(shown) < len(lines):
        column, line = divmod(room - 1, deep)
        box = QRectF(area.x + column * wide, area.y + line * row, wide - 8 * grow, row)
        more = _("and {count} more").format(count=len(lines) - len(shown))
        _say(painter, box, more, 11 * grow)


def _fits(area: Area, grow: float) -> Iterator[tuple[float, int, int]]:
    """How large the letters may be, from the usual size down, with columns and rows for each."""
    for share in (1.0, 0.92, 0.85, 0.78, 0.7):
        size = grow * share
        yield size, max(1, int(area.width // (COLUMN_PX * size))), max(1, int(area.height // (ROW_PX * size)))


def _entry(painter: QPainter, box: QRectF, key: Key, entry: LegendRow, grow: float) -> None:
    painter.save()
    painter.translate(box.left() + 2 * grow, box.center().y() - HEIGHT * grow / 2)
    painter.scale(grow, grow)
    if entry.symbol is not None:
        draw_symbol(painter, entry.symbol, DAY)
    else:
        _live(painter, key, entry)
    painter.restore()
    _say(painter, box.adjusted((WIDTH + 8) * grow, 0, 0, 0), entry.title, 11.5 * grow)


def _live(painter: QPainter, key: Key, entry: LegendRow) -> None:
    at, old = QPointF(WIDTH / 2, HEIGHT / 2), entry.severity == HOLLOW
    severity = Severity.of_priority(entry.severity) if entry.severity > 0 else None
    if key.look is LiveLook.SENSOR:
        draw_sensor(painter, at, severity, DAY, old=old)
    else:
        draw_severity(painter, at, HEIGHT / 2, severity or Severity.SEVERE, hollow=old, on_map=True)


def _foot(painter: QPainter, plan: Plan, words: Words, grow: float) -> None:
    area = plan.foot
    left = QRectF(area.x, area.y, BAR_MM * PX_PER_MM * grow + 12 * grow, area.height)
    _scale_bar(painter, plan, left, grow)
    north = QRectF(area.right - 78 * grow, area.y, 78 * grow, area.height)
    _north(painter, plan, north, grow)
    middle = QRectF(left.right() + 10 * grow, area.y, north.left() - left.right() - 20 * grow, area.height)
    lines = [each for each in (words.plane, words.grid, words.sources) if each]
    row = 15 * grow
    for number, line in enumerate(lines):
        box = QRectF(middle.left(), middle.top() + number * row, middle.width(), row)
        last = number == len(lines) - 1
        if not last:
            _say(painter, box, line, 11 * grow)
            continue
        painter.setFont(font_of(11 * grow))
        painter.setPen(QColor(DAY.of("ink")))
        rest = QRectF(box.left(), box.top(), box.width(), middle.bottom() - box.top())
        painter.drawText(rest, int(LEFT | Align.AlignTop) | int(Qt.TextFlag.TextWordWrap), line)


def bar_steps(metres_per_px: float, most_px: float) -> tuple[float, int]:
    """The length of a part of a scale bar, in metres, and how many there are: 1, 2 or 5 in a round number."""
    power = 1e-3
    best = (power, 1)
    while power * metres_per_px**-1 <= most_px:
        for step, parts in ((0.25, 4), (0.5, 4), (1.0, 5)):
            if step * power * parts / metres_per_px <= most_px:
                best = (step * power, parts)
        power *= 10
    return best


def _scale_bar(painter: QPainter, plan: Plan, box: QRectF, grow: float) -> None:
    """The scale in figures, and a bar of black and white parts with its ends named."""
    _say(
        painter,
        QRectF(box.left(), box.top(), box.width(), 20 * grow),
        _figure(plan.scale),
        16 * grow,
        bold=True,
    )
    metres = plan.view.units_per_pixel * plan.metres_per_unit
    part, count = bar_steps(metres, BAR_MM * PX_PER_MM * grow - 30 * grow)
    wide, top, high = part / metres, box.top() + 27 * grow, 5 * grow
    painter.setPen(QPen(QColor(DAY.of("ink")), 0.8))
    for n in range(count):
        painter.setBrush(QColor(DAY.of("ink")) if n % 2 == 0 else QColor("#ffffff"))
        painter.drawRect(QRectF(box.left() + n * wide, top, wide, high))
    words = [(0.0, "0"), (part, distance_text(part)), (part * count, distance_text(part * count))]
    for at, text in words:
        x = box.left() + at / metres
        place = QRectF(x - 40 * grow, top + high + grow, 80 * grow, 14 * grow)
        if at == 0:
            _say(painter, place.translated(40 * grow, 0), text, 10 * grow)
        elif at == part and wide < 45 * grow:
            continue
        else:
            _say(painter, place, text, 10 * grow, align=MIDDLE)


def _figure(scale: float) -> str:
    return f"1 : {round(scale):,}".replace(",", " ")


def _north(painter: QPainter, plan: Plan, box: QRectF, grow: float) -> None:
    """An arrow to true north, and how far the grid is turned from it."""
    turned = convergence_deg(plan.view.x, plan.view.y, plan.crs)
    painter.save()
    painter.translate(box.center().x(), box.top() + 27 * grow)
    painter.scale(grow, grow)
    painter.save()
    painter.rotate(-turned)
    painter.setPen(QPen(QColor(DAY.of("ink")), 0.8))
    for side, colour in ((-1, QColor(DAY.of("ink"))), (1, QColor("#ffffff"))):
        painter.setBrush(QBrush(colour))
        painter.drawPolygon(QPolygonF([QPointF(0, -18), QPointF(side * 8, 14), QPointF(0, 8)]))
    painter.restore()
    painter.restore()
    _say(
        painter,
        QRectF(box.left(), box.top() - 4 * grow, box.width(), 12 * grow),
        _("N"),
        11 * grow,
        bold=True,
        align=MIDDLE,
    )
    words = _("Grid north {angle}° {side}").format(
        angle=f"{abs(turned):.1f}", side=_("east") if turned >= 0 else _("west")
    )
    _say(
        painter,
        QRectF(box.left() - 30 * grow, box.bottom() - 15 * grow, box.width() + 30 * grow, 14 * grow),
        words,
        9.5 * grow,
        align=RIGHT,
    )
