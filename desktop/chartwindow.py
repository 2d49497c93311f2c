"""The window of the large chart: which sensors, how much time, what is read out, and what is saved of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.charts.inks import MOST
from desktop.charts.large import LargeChart
from desktop.charts.legend import Legend
from desktop.charts.look import Picture, Wish
from desktop.charts.rangebar import SPANS, USUAL, RangeBar
from desktop.charts.words import range_words, silent_words
from desktop.panels.strip import ExerciseBand
from desktop.symbols import app_icon
from desktop.theme import Theme
from desktop.widgets.buttons import tool
from desktop.widgets.elided import ElidedLabel
from gis.model.sensor import Sensor
from gis.sensors.trend import HORIZON
from gis.texts import _

PAUSE_MS = 40  # while a hand pans, the picture that is there is moved
AHEAD = 0.06  # of what is shown lies ahead of now: where it goes, as far as anybody can say
STEP, PAGE, ZOOM = 0.2, 0.9, 1.6


class ChartWindow(QWidget):
    """`wanted` carries the Wish for a picture that is not there, `pointed` the time (seconds UTC, None: now)
    that is read out; `picked` a sensor's id; `chosen` that other sensors are shown; `pictured` and `listed`
    that the chart, or its readings, are to be saved; `closed` that it has gone."""

    wanted = Signal(object)
    pointed = Signal(object)
    picked = Signal(str)
    chosen = Signal()
    pictured = Signal()
    listed = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo, title: str, *, exercise: bool) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._zone, self._title = zone, title
        self.sensors: tuple[str, ...] = ()
        self.picture: Picture | None = None
        self._known: dict[str, str] = {}  # ids by how they are offered
        self._span: timedelta | None = USUAL
        self._now: float | None = None
        self._cursor: float | None = None
        self.follows = True
        self.setWindowTitle(title)
        self.setWindowIcon(app_icon())
        self.chart, self.legend, self.bar = LargeChart(theme, zone), Legend(theme, zone), RangeBar()
        self.field = QLineEdit(clearButtonEnabled=True)
        self.range, self.silent, self.past = QLabel(), ElidedLabel(), QLabel()
        self.save = tool(_("Save"), lambda: None, _("Save the chart or its readings"))
        self._prepare()
        self._arrange(ExerciseBand() if exercise else None)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self.need)
        self._join()
        self._mark()
        self.resize(1180, 720)

    def _prepare(self) -> None:
        self.field.setPlaceholderText(_("Add a sensor"))
        self.field.setAccessibleName(_("Add a sensor by its name"))
        self.field.setToolTip(_("Type a part of its name  (Ctrl+F)"))
        completer = QCompleter(QStringListModel(self), self.field)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.field.setCompleter(completer)
        self.range.setProperty("strong", True)
        self.silent.setProperty("dim", True)
        self.past.setObjectName("pastwords")
        self.past.hide()
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("dim", True)

    def _show_or_say(self) -> None:
        """The chart, or why there is none."""
        gone = self.picture is not None and not self.picture.stretches
        if not self.sensors:
            offer = _(
                "Select sensors on the map or in a table and press Ctrl+Shift+F6, or add one by its name."
            )
            self.empty.setText(offer)
        elif gone:
            self.empty.setText(_("These sensors had not been set up then."))
        shown = bool(self.sensors) and not gone
        self.empty.setVisible(not shown)
        self.chart.setVisible(shown)

    def _arrange(self, band: QWidget | None) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        for widget in (band, self.past):
            if widget is not None:
                head.addWidget(widget)
        head.addWidget(self.bar)
        head.addStretch(1)
        head.addWidget(self.range)
        head.addWidget(self.save)
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(self.field)
        side.addWidget(self.legend, 1)
        middle = QHBoxLayout()
        middle.setSpacing(6)
        middle.addWidget(self.empty, 1)
        middle.addWidget(self.chart, 1)
        middle.addLayout(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(self.silent)
        self._show_or_say()

    def _join(self) -> None:
        self.bar.chosen.connect(self.show_span)
        self.bar.following.connect(self.follow)
        self.chart.moved.connect(self._on_moved)
        self.chart.panned.connect(self._on_panned)
        self.chart.pointed.connect(self.read_at)
        self.legend.picked.connect(self.picked)
        self.legend.removed.connect(self.remove)
        self.field.returnPressed.connect(self._add_typed)
        self.field.completer().activated.connect(lambda _text: QTimer.singleShot(0, self, self._add_typed))
        menu = QMenu(self.save)
        menu.addAction(self._act(_("As a picture (PNG)…"), self.pictured.emit, "Ctrl+S"))
        menu.addAction(self._act(_("Its readings (CSV)…"), self.listed.emit, "Ctrl+E"))
        self.save.setMenu(menu)
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        keys: Mapping[str, Callable[[], object]] = {
            "Left": lambda: self.chart.pan(-STEP),
            "Right": lambda: self.chart.pan(STEP),
            "PgUp": lambda: self.chart.pan(-PAGE),
            "PgDown": lambda: self.chart.pan(PAGE),
            "+": lambda: self.chart.zoom(1 / ZOOM, self._cursor),
            "=": lambda: self.chart.zoom(1 / ZOOM, self._cursor),
            "-": lambda: self.chart.zoom(ZOOM, self._cursor),
            "Shift+Left": lambda: self._step(-1),
            "Shift+Right": lambda: self._step(1),
            "End": lambda: self.follow(True),
            "Home": lambda: self.show_span(None),
            "Ctrl+F": self.field.setFocus,
            "Escape": self._escape,
            "Ctrl+W": self.close,
            **{str(n): (lambda span=span: self.show_span(span)) for n, span in enumerate(SPANS, 1)},
        }
        for key, act in keys.items():
            self._act("", act, key)

    def _act(self, text: str, act: Callable[[], object], key: str) -> QAction:
        made = QAction(text, self)
        made.setShortcut(QKeySequence(key))
        made.triggered.connect(lambda _checked=False: act())
        self.addAction(made)
        return made

    def wear(self, theme: Theme) -> None:
        """Take on another theme."""
        self.chart.wear(theme)
        self.legend.wear(theme)
        if self.picture is not None:
            self.show_picture(self.picture)

    # -- which sensors

    def offer(self, sensors: Sequence[Sensor]) -> None:
        """These can be added by name."""
        self._known = {f"{sensor.name}  ({sensor.key})": sensor.id for sensor in sensors}
        model = self.field.completer().model()
        if isinstance(model, QStringListModel):
            model.setStringList(sorted(self._known))

    def _add_typed(self) -> None:
        typed = self.field.text().strip().casefold()
        fits = [each for name, each in self._known.items() if typed and typed in name.casefold()]
        same = [each for name, each in self._known.items() if typed == name.casefold()]
        if len(same or fits) == 1:
            self.field.clear()
            self.show_sensors((*self.sensors, *(same or fits)))

    def begin(self) -> None:
        """The keys go to the chart, or to the field where there is nothing to show yet."""
        (self.chart if self.sensors else self.field).setFocus()

    def show_sensors(self, sensors: Sequence[str]) -> None:
        """These sensors, each once, no more than can be told apart."""
        self.sensors = tuple(dict.fromkeys(sensors))[:MOST]
        self._show_or_say()
        self.field.setEnabled(len(self.sensors) < MOST)
        self.chosen.emit()
        if self.sensors:
            self.need()
        else:
            self.legend.rows_for(())
            self.silent.say("")

    def remove(self, sensor_id: str) -> None:
        self.show_sensors([each for each in self.sensors if each != sensor_id])

    # -- how much time

    def tell_time(self, now: datetime, *, past: str = "") -> None:
        """It is `now` (UTC), or that instant is looked at, which `past` says."""
        self._now = now.timestamp()
        self.past.setText(past)
        self.past.setVisible(bool(past))
        if self.follows:
            self._go_on()

    def _go_on(self) -> None:
        begin, end = self.chart.span
        span = self._span.total_seconds() if self._span is not None else end - begin
        if self._now is None or span <= 1.0:
            return
        ahead = self._now + min(AHEAD * span, HORIZON.total_seconds())
        if abs(ahead - end) >= span / self.chart.pixels or abs(end - begin - span) > 1.0:
            self.chart.see(ahead - span, ahead)

    def show_span(self, span: timedelta | None) -> None:
        """So much time up to now, or around the middle of what is seen; None: all there is."""
        self._span = span
        if span is None:
            self._show_all()
        elif self.follows:
            self._go_on()
        else:
            middle, half = sum(self.chart.span) / 2, span.total_seconds() / 2
            self.chart.see(middle - half, middle + half)
        self._mark()

    def _show_all(self) -> None:
        reach = self.picture.reach if self.picture is not None else None
        if reach is not None:
            first, last = (each.timestamp() for each in reach)
            room = max((last - first) / 50, 60.0)
            self.follows = False
            self.chart.see(first - room, last + room)

    def follow(self, on: bool) -> None:
        """Go on with the time, or stay."""
        self.follows = on
        if on:
            begin, end = self.chart.span
            self._span = self._span or timedelta(seconds=end - begin)
            self._go_on()
        self._mark()

    def _on_panned(self) -> None:
        """A hand moved it: it stays there, unless now is in view and the end with it."""
        begin, end = self.chart.span
        self.follows = False
        if self._span is None or abs(end - begin - self._span.total_seconds()) > 1.0:
            self._span = timedelta(seconds=end - begin)
        self._mark()

    def _mark(self) -> None:
        self.bar.mark(self._span, exact=self._span in SPANS, follow=self.follows)

    def _on_moved(self) -> None:
        self.range.setText(range_words(*self.chart.span, self._zone))
        if not self._soon.isActive():
            self._soon.start()

    # -- what is drawn

    @property
    def wish(self) -> Wish:
        """What is seen now."""
        return Wish(self.sensors, *self.chart.span, self.chart.pixels, self._zone)

    def need(self, *, anew: bool = False) -> None:
        """Ask for a picture, unless the one that is there (and is not to be made anew) shows all of it."""
        if self._now is None:
            return
        if not anew and self.picture is not None and self.picture.wish.serves(self.wish):
            return
        self.wanted.emit(self.wish.widened)

    def show_picture(self, picture: Picture) -> None:
        """Draw it, unless other sensors are wanted by now; what was there stays until then."""
        if picture.wish.sensors != self.sensors:
            return
        first, self.picture = self.picture is None, picture
        self._show_or_say()
        self.chart.show_picture(picture)
        self.legend.show_picture(picture, self.chart.inks(picture))
        self.read_at(self._cursor)
        silent = silent_words(picture.stretches, self._zone)
        self.silent.say(silent)
        self.silent.setVisible(bool(silent))
        self._tell_title()
        if first and self._span is None:
            self._show_all()

    def _tell_title(self) -> None:
        names = [each.sensor.name for each in self.picture.stretches] if self.picture else []
        self.setWindowTitle(f"{', '.join(names)} – {self._title}" if names else self._title)

    # -- reading out

    def read_at(self, at: float | None) -> None:
        """Read every sensor out at a time (seconds UTC); None: the newest of each."""
        self._cursor = at
        self.chart.point_at(at)
        self.legend.read_at(at)
        self.pointed.emit(at)

    def _step(self, by: int) -> None:
        """The line to the next reading of any sensor."""
        begin, end = self.chart.span
        at = self._cursor if self._cursor is not None else (begin + end) / 2
        stretches = self.picture.stretches if self.picture is not None else ()
        times = [t / 1e6 for each in stretches for t in each.drawn.at_us.tolist()]
        later = [t for t in times if (t > at + 1e-3 if by > 0 else t < at - 1e-3)]
        if later:
            self.read_at(min(later) if by > 0 else max(later))

    def _escape(self) -> None:
        """First the line goes, then the window."""
        if self._cursor is not None:
            self.read_at(None)
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._soon.stop()
        self.chart.rest()
        super().closeEvent(event)
        self.closed.emit()
