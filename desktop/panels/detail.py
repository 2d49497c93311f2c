"""Region 7: one incident with its history, one sensor's chart, or the form that is being filled in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.charts.course import Course, course_of
from desktop.outlook import Outlook
from desktop.symbols import outside_icon
from desktop.theme import SEVERITY_FILL, Theme
from desktop.times import full, hms
from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedButton, ElidedLabel
from desktop.widgets.form import Form
from desktop.widgets.hits import HitsLine
from gis.model.incident import Incident, Note
from gis.model.record import Reading, to_us
from gis.model.sensor import Alarm, AlarmRule, Sensor, Suppression
from gis.store import Change, Query, Step
from gis.store.questions import shared_numbers
from gis.texts import _
from gis.words.terms import FIELDS, SEVERITY, STATUS, in_words, where_and_what
from layers.attributes.table import title_of as heading
from layers.attributes.wording import is_missing, worded

if TYPE_CHECKING:
    from desktop.charts.small import SensorChart

LINES = 7  # at least, of what is shown
BEAT_MS = 60_000  # what a chart foretells comes nearer, and is silent when its gauge is
CHART_PAUSE_MS = 500  # readings may come thick; a chart twice a second is enough
THEN, COPY = "then:", "copy:"  # how a link to an instant begins, and one that copies a value


@dataclass(frozen=True, slots=True)
class Told:
    """An incident and its story as rich text; None while it was not logged."""

    incident: Incident | None
    html: str


class DetailPanel(QWidget):
    """`amend` and `zoom` carry the incident on show; `filling` tells whether a form is open; `then` carries
    the instant (UTC) of a line of its history."""

    amend = Signal(object)
    zoom = Signal(object)
    filling = Signal(bool)
    then = Signal(object)
    copied = Signal(str)
    limits = Signal(str)  # of the sensor on show
    decide = Signal()  # about what another program changed
    turned = Signal()  # something else is on show

    def __init__(
        self, outlook: Outlook, theme: Theme, zone: ZoneInfo, title_of: Callable[[str], str]
    ) -> None:
        super().__init__()
        self._title_of = title_of
        self.setAccessibleName(_("Detail"))
        self._outlook, self._theme, self._zone = outlook, theme, zone
        self._incident: Incident | None = None
        self._incident_id = self._sensor_id = ""
        self._told_of = self.shown
        self._outside: frozenset[str] = frozenset()
        self._feature: tuple[str, Mapping[str, Any]] | None = None
        self._values: tuple[str, ...] = ()  # of the feature on show, as they can be copied
        self._chart: SensorChart | None = None
        self._page: QWidget | None = None  # what of others is on show
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(LINES * self.fontMetrics().lineSpacing())  # not that of the largest form
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.hits = HitsLine()
        self.guide = ElidedButton()
        self.guide.hide()
        for part in (self.hits, self.guide, self._stack):
            column.addWidget(part)
        self._offer = _("Select an alarm, an incident or a sensor to see more of it.")
        self.hint = QLabel(self._offer, wordWrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setProperty("dim", True)
        self._incident_page = self._build_incident_page()
        for page in (self.hint, self._incident_page):
            self._stack.addWidget(page)
        self._soon = QTimer(self, singleShot=True, interval=CHART_PAUSE_MS)
        self._soon.timeout.connect(self._draw_chart)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self._go_on)
        self._beat.start()
        outlook.changed.connect(self._on_changed)

    def _build_incident_page(self) -> QWidget:
        page = QWidget()
        self.title = ElidedLabel(dim=True)
        self.text = QTextBrowser(openLinks=False)
        self.text.setAccessibleName(_("Incident and its history"))
        self.text.anchorClicked.connect(self._go)
        self.change = push(_("Amend"), lambda: self.amend.emit(self._incident))
        self.go = push(_("Zoom to it"), lambda: self.zoom.emit(self._incident))
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.addWidget(self.title, 1)
        for button in (self.change, self.go):
            head.addWidget(button)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        self.outside = self._build_mark()
        column.addWidget(self.outside)
        column.addWidget(self.text, 1)
        return page

    def _build_mark(self) -> QWidget:
        """What stands above an incident that another program changed, with the way to the decision."""
        line, sign = QWidget(), QLabel()
        side = self.fontMetrics().height()
        sign.setPixmap(outside_icon().pixmap(side, side))
        words = QLabel(_("Changed by another program, not decided yet."), wordWrap=True)
        words.setProperty("strong", True)
        row = QHBoxLayout(line)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(sign)
        row.addWidget(words, 1)
        row.addWidget(push(_("Decide…"), self.decide.emit))
        line.hide()
        return line

    def mark(self, outside: frozenset[str]) -> None:
        """These incidents were changed by another program, and nobody has decided about it."""
        before, self._outside = self._outside, outside
        if self._incident_id in before | outside:
            self.show_incident(self._incident_id)  # what is shown may be what the other program wrote

    def _show_mark(self) -> None:
        self.outside.setVisible(self._incident_id in self._outside)

    def wear(self, theme: Theme) -> None:
        self._theme = theme
        if self._chart is not None:
            self._chart.wear(theme)
        if self._incident_id:
            self.show_incident(self._incident_id)
        elif self._feature is not None and not self._sensor_id and self._page is None:
            self.show_feature(*self._feature)

    def show_incident(self, incident_id: str) -> None:
        """Show an incident and everything that was done about it."""
        self._incident_id, self._sensor_id, self._page = incident_id, "", None
        zone, theme = self._zone, self._theme
        self._outlook.ask(self, lambda query: _told(query, incident_id, zone, theme), self._show_told)

    def _show_told(self, told: Told) -> None:
        incident = self._incident = told.incident
        if incident is None:
            gone = self._outlook.live and self._incident_id in self._outside
            words = _("This incident is not in the file any more.") if gone else ""
            self._say(_("Incident"), words or _("This incident had not been logged then."))
            return
        self._show_mark()
        self.title.say(f"{incident.number}  {self._title_of(incident.code)}")
        self.change.show()
        self.change.setEnabled(self._outlook.live)
        self.go.setVisible(incident.place is not None)
        self.text.setHtml(told.html)
        self._reveal(self._incident_page)

    def _go(self, link: QUrl) -> None:
        if link.scheme() + ":" == THEN:
            self.then.emit(datetime.fromtimestamp(int(link.path()) / 1e6, UTC))
        elif link.scheme() + ":" == COPY:
            self.copied.emit(self._values[int(link.path())])

    def _say(self, title: str, words: str) -> None:
        """There is nothing of this at the moment looked at."""
        self.title.say(title)
        self._show_mark()
        self.change.hide()
        self.go.hide()
        self.text.setHtml(f'<p style="color:{self._theme.dim}">{escape(words)}</p>')
        self._reveal(self._incident_page)

    def show_feature(self, title: str, columns: Mapping[str, Any]) -> None:
        """Show what a map file says about one feature."""
        self._incident, self._incident_id, self._sensor_id, self._page = None, "", "", None
        self._feature = title, columns
        self._values = tuple(worded(value, self._zone) for value in columns.values())
        self.title.say(title)
        self.outside.hide()
        self.change.hide()
        self.go.show()
        self.text.setHtml(columns_html(columns, self._values, self._theme))
        self._reveal(self._incident_page)

    def leave_feature(self, words: str) -> None:
        """The feature on show is not what is selected any more: these words instead, or what can be done."""
        if self._feature is None or self._incident_id or self._sensor_id or self._page is not None:
            return
        self._feature = None
        self.hint.setText(words or self._offer)
        self._reveal(self.hint)

    def show_sensor(self, sensor_id: str) -> None:
        """Show the last day of a sensor."""
        self._incident, self._incident_id, self._sensor_id, self._page = None, "", sensor_id, None
        self._draw_chart()

    @property
    def shown(self) -> tuple[str, str]:
        """The sensor or the incident on show, or under the form that is."""
        return self._sensor_id, self._incident_id

    @property
    def sensor_id(self) -> str:
        """The sensor whose chart is on show, or under the form that is; "" while there is none."""
        return self._sensor_id

    def hold(self, *forms: Form) -> None:
        """Have forms ready here, unseen; a form that is left goes away again.

        A widget that nobody holds is deleted only as the program ends, which Qt does not survive.
        """
        for form in forms:
            self._stack.addWidget(form)
            form.left.connect(self.leave_form)

    def show_page(self, page: QWidget) -> None:
        """Show what somebody else tells of one thing, until something else is shown."""
        self._incident, self._incident_id, self._sensor_id, self._page = None, "", "", page
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._reveal(page)

    @property
    def page(self) -> QWidget | None:
        """The page of somebody else that is on show, or under the form that is."""
        return self._page

    def show_form(self, form: Form) -> None:
        """Put a form on top until it goes away by itself."""
        self._stack.setCurrentWidget(form)
        self.guide.hide()
        self.filling.emit(True)

    def leave_form(self) -> None:
        """Back to what was shown before the form."""
        self._stack.setCurrentWidget(self.hint)
        self._told_of = "", ""
        self.filling.emit(False)
        if self._incident_id:
            self.show_incident(self._incident_id)
        elif self._sensor_id:
            self.show_sensor(self._sensor_id)
        elif self._page is not None:
            self._reveal(self._page)
        elif self._feature is not None:
            self.show_feature(*self._feature)

    def _reveal(self, page: QWidget) -> None:
        """Show a page, unless a form is being filled in."""
        if not isinstance(self._stack.currentWidget(), Form):
            self._stack.setCurrentWidget(page)
        if self._told_of != self.shown:
            self._told_of = self.shown
            self.turned.emit()

    def _draw_chart(self) -> None:
        if self._sensor_id:
            sensor_id, past = self._sensor_id, not self._outlook.live
            self._outlook.ask(self, lambda query: course_of(query, sensor_id, past=past), self._show_course)

    def _show_course(self, course: Course | None) -> None:
        if course is None:
            self._say(_("Sensor"), _("This sensor had not been set up then."))
            return
        if course.sensor.id != self._sensor_id:
            return
        if self._chart is None:
            from desktop.charts.small import SensorChart  # pyqtgraph stays off the way to the first paint

            self._chart = SensorChart(self._theme, self._zone)
            self._chart.offer(_("Its limits…"), lambda: self.limits.emit(self._sensor_id))
            self._stack.addWidget(self._chart)
        self._chart.show_course(course)
        self._reveal(self._chart)

    def _go_on(self) -> None:
        if self._outlook.live and self._chart is not None and self._chart.isVisible():
            self._draw_chart()

    def _on_changed(self, change: Change) -> None:
        if self._sensor_id and change.whole:
            self._draw_chart()
        elif self._sensor_id and _concerns(change, self._sensor_id):
            if not self._soon.isActive():
                self._soon.start()
        elif self._incident_id and change.touches(Incident, Note):
            self.show_incident(self._incident_id)


def _concerns(change: Change, sensor_id: str) -> bool:
    """Something else may be on the chart of a sensor; its limits and alarms have ids of their own."""
    named = change.names(sensor_id) and change.touches(Reading, Sensor)
    return named or change.touches(Alarm, AlarmRule, Suppression)


def _told(query: Query, incident_id: str, zone: ZoneInfo, theme: Theme) -> Told:
    incident = query.known(Incident, incident_id)
    html = "" if incident is None else _incident_html(query, incident, zone, theme)
    return Told(incident, html)


def _incident_html(query: Query, incident: Incident, zone: ZoneInfo, theme: Theme) -> str:
    """The incident as rich text. Everything a person typed is escaped."""
    carriers = shared_numbers(query, [incident.number]).get(incident.number, ())
    others = [where_and_what(i.where, i.text) for i in carriers if i.id != incident.id]
    facts = [
        (_("Number"), _("given twice, also to: {others}").format(others="; ".join(others)) if others else ""),
        (_("Severity"), SEVERITY[incident.severity]),
        (_("Status"), _("struck out") if incident.void else STATUS[incident.status]),
        (_("Where"), incident.where or _("No location yet.")),
        (_("Reported"), full(incident.reported_at, zone)),
        (_("People"), "" if incident.affected is None else str(incident.affected)),
        (_("Source"), incident.source),
    ]
    colour = SEVERITY_FILL[incident.severity]
    mark = f'<span style="color:{colour}">■</span>'
    head = f'<p style="margin:0 0 6px 0">{mark} <b>{escape(incident.text)}</b></p>'
    notes = {note.id: note.text for note in query.find(Note, incident_id=incident.id)}
    lines = [(step, "") for step in query.steps(100, record_id=incident.id)]
    for note_id, text in notes.items():
        lines += [(step, text) for step in query.steps(5, record_id=note_id)]
    lines.sort(key=lambda pair: pair[0].at, reverse=True)
    history = "".join(_step_html(step, text, zone, theme) for step, text in lines)
    hint = f'<span style="color:{theme.dim}">{escape(_("a time leads to that instant"))}</span>'
    title = f'<p style="margin:8px 0 2px 0"><b>{escape(_("History"))}</b>&nbsp;&nbsp;{hint}</p>'
    return f"{head}{_facts_html(facts, theme)}{title}{history}"


def _facts_html(facts: Sequence[tuple[str, str]], theme: Theme) -> str:
    rows = "".join(
        f'<tr><td style="color:{theme.dim};padding-right:14px">{escape(name)}</td>'
        f"<td>{escape(value)}</td></tr>"
        for name, value in facts
        if value
    )
    return f"<table cellspacing=0>{rows}</table>"


def columns_html(columns: Mapping[str, Any], values: Sequence[str], theme: Theme) -> str:
    """What a feature says, column by column, with a sign behind each value that copies it."""
    rows: list[str] = []
    for number, ((name, value), words) in enumerate(zip(columns.items(), values, strict=True)):
        said = (
            f'<span style="color:{theme.dim}"><i>{words}</i></span>' if is_missing(value) else escape(words)
        )
        link = f'<a href="{COPY}{number}" style="color:{theme.link};text-decoration:none">⧉</a>'
        rows.append(
            f'<tr><td style="color:{theme.dim};padding-right:14px">{escape(heading(name))}</td>'
            f'<td style="padding-right:10px">{said}</td><td>{link}</td></tr>'
        )
    return f"<table cellspacing=0>{''.join(rows)}</table>"


def _step_html(step: Step, note: str, zone: ZoneInfo, theme: Theme) -> str:
    told = [edit for edit in step.edits if _is_telling(edit.field)]
    changed = ", ".join(
        f"{FIELDS.get(edit.field, edit.field)} → {_short(in_words(edit.field, edit.value))}" for edit in told
    )
    began = any(edit.field == "number" for edit in step.edits)
    what = escape(note or (f"{step.label}: {changed}" if changed and not began else step.label))
    time = hms(step.at, zone)
    if step.received_at is not None:
        link = f"{THEN}{to_us(step.received_at)}"
        time = f'<a href="{link}" style="color:{theme.link};text-decoration:none">{time}</a>'
    when = f'{time}<span style="color:{theme.dim}">&nbsp;&nbsp;{escape(step.author)}</span>'
    return f'<p style="margin:0 0 2px 0" dir="auto">{when}&nbsp;&nbsp;{what}</p>'


def _is_telling(field: str) -> bool:
    return field not in ("place", "alarm_id", "closed_at")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
