"""What alarms ask of people: figures beside what they can deal with, and the limits that ring most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.times import lately
from desktop.widgets.bars import Bars
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from desktop.widgets.table import Column, RecordTable, Row
from gis.model.incident import Severity
from gis.sensors.load import (
    FLOOD_OVER,
    FLOOD_SHARE,
    MANAGEABLE,
    SHARES,
    STALE_MOST,
    WELL,
    WINDOW,
    WORST_SHARE,
    AlarmLoad,
)
from gis.store.questions import Ringing
from gis.texts import _, ngettext
from gis.words.terms import limit_words

SPANS = (timedelta(hours=8), timedelta(hours=24), timedelta(days=7), timedelta(days=30))
ENOUGH = 50  # alarms: of fewer a share says nothing


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is called, what it is, what it may be, and whether it is more than that."""

    name: str
    value: str
    bound: str
    over: bool


@dataclass(frozen=True, slots=True)
class Noisy:
    """A limit that rings often."""

    ringing: Ringing
    count: int
    share: float
    chatters: bool

    @property
    def what(self) -> str:
        said = f"{self.ringing.sensor.name}  {limit_words(self.ringing.rule)}"
        return _("{limit}, chatters").format(limit=said) if self.chatters else said


@dataclass(frozen=True, slots=True)
class Told:
    """The load, and where its rules come from."""

    load: AlarmLoad
    ringing: Mapping[str, Ringing]

    @property
    def noisy(self) -> list[Noisy]:
        """The limits that rang most, worst first."""
        load = self.load
        return [
            Noisy(self.ringing[rule], count, count / load.total, rule in load.chattering)
            for rule, count in load.worst
        ]


class AlarmLoadForm(Form):
    """`asked` carries how far back it looks; `picked` and `opened` the sensor of a limit."""

    asked = Signal(object)
    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(_("Alarm load"))
        self.title = QLabel(_("Alarm load"))
        self.title.setProperty("strong", True)
        self.span = QComboBox()
        self.span.setAccessibleName(_("How far back"))
        self.span.setToolTip(_("How far back"))
        for span in SPANS:
            self.span.addItem(lately(span), span)
        self.span.activated.connect(self.look)
        self.verdict = QLabel(wordWrap=True)
        self.bars = Bars(_("Alarms in every ten minutes"), zone)
        self._grid = QGridLayout()
        self.table = RecordTable[Noisy](_("Limits that ring most"), _columns(), _row())
        self.table.picked.connect(lambda line: self.picked.emit(line.ringing.sensor))
        self.table.opened.connect(lambda line: self.opened.emit(line.ringing.sensor))
        self._arrange()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.span)
        head.addWidget(push(_("Close"), self.left.emit))
        held = QWidget()
        held.setLayout(self._grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scrolled(QFormLayout(), self.verdict, self.bars, held, self.table), 1)

    def look(self) -> None:
        """Ask for the figures of the chosen stretch of time."""
        self.asked.emit(self.span.currentData())

    def begin(self) -> None:
        self.span.setFocus()

    def show_load(self, told: Told) -> None:
        """Show what was asked for."""
        load = told.load
        self.verdict.setText(verdict(load))
        self.bars.show_counts(load.counts.tolist(), load.begin, WINDOW, FLOOD_OVER)
        self._show_figures(figures(load))
        self.table.show_records(told.noisy)
        self.table.setVisible(load.total > 0)
        row, head = self.table.verticalHeader().defaultSectionSize(), self.table.horizontalHeader()
        edges = 2 * self.table.frameWidth()
        self.table.setFixedHeight(len(load.worst) * row + head.sizeHint().height() + edges)

    def _show_figures(self, found: Sequence[Figure]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for n, figure in enumerate(found):
            self._grid.addWidget(QLabel(figure.name), n, 0)
            value = QLabel(_("{value}, over").format(value=figure.value) if figure.over else figure.value)
            value.setProperty("strong", figure.over)
            bound = QLabel(figure.bound)
            bound.setProperty("dim", True)
            for place, label in ((1, value), (2, bound)):
                self._grid.addWidget(label, n, place)


def verdict(load: AlarmLoad) -> str:
    """12 alarms, 0.3 in ten minutes: one person can deal with that."""
    if not load.total:
        return _("No alarm has rung in this time.")
    count = ngettext("{count} alarm", "{count} alarms", load.total).format(count=f"{load.total:,}")
    rate = f"{load.average:.1f}"
    if load.average <= WELL:
        return _("{count}, {rate} in ten minutes: one person can deal with that.").format(
            count=count, rate=rate
        )
    if load.average <= MANAGEABLE:
        return _("{count}, {rate} in ten minutes: the most that one person can manage.").format(
            count=count, rate=rate
        )
    return _("{count}, {rate} in ten minutes: more than one person can deal with.").format(
        count=count, rate=rate
    )


def figures(load: AlarmLoad) -> list[Figure]:
    """What is measured, beside what EEMUA 191 and ISA-18.2 ask for; shares only where there is enough to
    share."""
    found = [
        Figure(_("Most in ten minutes"), str(load.most), _at_most(FLOOD_OVER), load.most > FLOOD_OVER),
        _share(_("Time in a flood"), load.flood_share, FLOOD_SHARE),
        Figure(
            _("Standing for over a day"),
            str(len(load.stale)),
            _at_most(STALE_MOST),
            len(load.stale) > STALE_MOST,
        ),
        Figure(_("Limits that chatter"), str(len(load.chattering)), _at_most(0), bool(load.chattering)),
    ]
    if load.total < ENOUGH:
        return found
    names = {
        Severity.EXTREME: _("Of severity 1"),
        Severity.SEVERE: _("Of severity 2"),
    }
    shares = [_share(names[each], load.share(each), bound) for each, bound in SHARES.items()]
    return [*found, *shares, _share(_("By the ten worst limits"), load.worst_share, WORST_SHARE)]


def _at_most(bound: object) -> str:
    return _("at most {bound}").format(bound=bound)


def _share(name: str, share: float, bound: float) -> Figure:
    said = f"{share:.1%}" if 0 < share < 0.1 else f"{share:.0%}"
    return Figure(name, said, _at_most(f"{bound:.0%}"), share > bound)


def _columns() -> list[Column[Noisy]]:
    return [
        Column(_("Rang"), lambda line: f"{line.count:,}", widest="9,999"),
        Column(_("Share"), lambda line: f"{line.share:.0%}", widest="100%"),
        Column(_("Limit"), lambda line: line.what),
    ]


def _row() -> Row[Noisy]:
    def words(line: Noisy) -> str:
        rang = ngettext("{what}: rang {count} time", "{what}: rang {count} times", line.count)
        return rang.format(what=line.what, count=line.count)

    return Row(lambda line: line.ringing.rule.id, words, lambda line: line.chatters)
