"""F12: what the next situation report would say, the officer's own words, and where it went."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import SEVERITY_FILL, Theme
from desktop.times import full, hm
from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from gis.report.content import IncidentLine, Mark, SitrepContent
from gis.texts import _, ngettext
from gis.words.terms import where_and_what

if TYPE_CHECKING:
    from gis.report.files import Published


class SitrepForm(QDialog):
    """A window beside the desk. `publish` carries the officer's assessment and the folder to write into;
    `look` asks for the draft to be gathered again; `stop` that publishing shall end."""

    publish = Signal(str, object)
    look = Signal()
    stop = Signal()

    def __init__(self, parent: QWidget, zone: ZoneInfo, folder: Path, theme: Callable[[], Theme]) -> None:
        super().__init__(parent)
        self.setModal(False)
        self._zone, self._folder, self._theme = zone, folder, theme
        self._content: SitrepContent | None = None
        self.sections = QTextBrowser()
        self.sections.setOpenLinks(False)
        self.sections.setAccessibleName(_("What the report says"))
        self.assessment = QPlainTextEdit()
        self.assessment.setAccessibleName(_("Assessment"))
        self.assessment.setPlaceholderText(
            _("Your assessment: what matters most, what comes next, what you need.")
        )
        self.assessment.setTabChangesFocus(True)
        self.files = QListWidget()
        self.files.setAccessibleName(_("Files of the report"))
        self.files.itemActivated.connect(lambda item: _open(item.data(Qt.ItemDataRole.UserRole)))
        self.words = ElidedLabel(dim=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("How much of the report is written"))
        self.send = push(_("Publish  Ctrl+Enter"), self._publish)
        self.cancel = push(_("Cancel"), self.stop.emit)
        self.again = push(_("Gather again"), self.look.emit)
        self.show_folder = push(_("Open folder"), self._open_folder)
        self._published: Published | None = None
        self._arrange()
        self.resize(QSize(980, 680))

    def _arrange(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        for title, widget, share in (
            (_("Assessment of the officer on duty"), self.assessment, 3),
            (_("Files"), self.files, 2),
        ):
            label = QLabel(title)
            label.setProperty("dim", True)
            column.addWidget(label)
            column.addWidget(widget, share)
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(self.sections)
        split.addWidget(right)
        split.setSizes([600, 360])
        buttons = QHBoxLayout()
        buttons.addWidget(self.words, 1)
        for widget in (self.bar, self.cancel, self.again, self.show_folder, self.send):
            buttons.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.addWidget(split, 1)
        rows.addLayout(buttons)
        self._working(False)
        self.show_folder.hide()

    def ask(self, content: SitrepContent) -> None:
        """Show a draft; what was typed into the assessment stays, unless it has been published."""
        if self._published is not None:
            self.assessment.clear()
            self.assessment.setReadOnly(False)
        self._content, self._published = content, None
        title = _("Situation report {number}").format(number=content.number)
        self.setWindowTitle(_("EXERCISE – {title}").format(title=title) if content.exercise else title)
        self.sections.setHtml(draft_html(content, self._zone, self._theme()))
        self.files.clear()
        self.show_folder.hide()
        self.words.say(_("A draft. Nothing has left the desk."))
        self._working(False)
        self.show()
        self.raise_()
        self.assessment.setFocus()

    def progress(self, done: int, total: int, note: str) -> None:
        self.bar.setMaximum(total)
        self.bar.setValue(done)
        self.words.say(_("Writing {name}").format(name=note) if note else _("Preparing the map"))

    def published(self, published: "Published") -> None:
        """List what was made, and what was not and why."""
        self._published = published
        self._working(False)
        self.send.setEnabled(False)
        self.show_folder.show()
        self.files.clear()
        for made in published.made:
            item = QListWidgetItem(f"{made.path.name}   {max(1, made.size // 1024):,} kB")
            item.setData(Qt.ItemDataRole.UserRole, made.path)
            self.files.addItem(item)
        for failed in published.failed:
            self.files.addItem(_("NOT made: {name}. {reason}").format(name=failed.name, reason=failed.reason))
        count = len(published.made)
        words = ngettext("{count} file in {folder}", "{count} files in {folder}", count)
        self.words.say(words.format(count=count, folder=published.folder))
        self.assessment.setReadOnly(True)  # what went out can be read, and no longer changed

    def ended(self, reason: str = "") -> None:
        """Publishing stopped before its end: by the operator, or for a reason."""
        self._working(False)
        why = reason or _("Stopped.")
        self.words.say(_("{why} Publish again to write the files.").format(why=why))

    def _working(self, yes: bool) -> None:
        self.bar.setVisible(yes)
        self.cancel.setVisible(yes)
        self.send.setEnabled(not yes)
        self.again.setEnabled(not yes)

    def _publish(self) -> None:
        if self._content is None or not self.send.isEnabled():
            return
        self._working(True)
        self.bar.setMaximum(0)
        self.publish.emit(self.assessment.toPlainText(), self._folder)

    def _open_folder(self) -> None:
        if self._published is not None:
            _open(self._published.folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._publish()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif not enter:  # Enter alone presses nothing by accident
            super().keyPressEvent(event)


def _open(path: Path | None) -> None:
    if path is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def draft_html(content: SitrepContent, zone: ZoneInfo, theme: Theme) -> str:
    """The draft, section by section. Everything a person typed is escaped."""
    head = _("Covers {since} to {as_of}. Drawn up by {author}.").format(
        since=full(content.since, zone), as_of=full(content.as_of, zone), author=content.author
    )
    worst = ", ".join(
        f"{content.open_of(severity)} {severity.value}"
        for severity in SEVERITY_FILL
        if content.open_of(severity)
    )
    alarms = [f"{a.sensor.name} {a.rule.level}, {a.alarm.state.value}" for a in content.alarms]
    standing = _("Open incidents: {worst}").format(worst=worst or _("none"))
    parts = [
        f'<p style="color:{theme.dim}">{escape(head)}</p>',
        _section(standing, _lines(content.open_incidents)),
        _section(_("Ended since the last report"), _lines(content.ended_incidents)),
        _section(_("Alarms"), alarms),
        _section(_("What is not known"), [gap.sentence for gap in content.gaps]),
        _section(
            _("Notes in the log"), [f"{hm(n.at, zone)} {n.author}: {n.text}" for n in content.notes[:30]]
        ),
    ]
    return "".join(parts)


def _section(title: str, lines: Sequence[str]) -> str:
    body = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h4>{escape(title)}</h4><ul>{body}</ul>" if body else f"<h4>{escape(title)}</h4><p>–</p>"


def _lines(lines: Sequence[IncidentLine]) -> list[str]:
    return [
        " ".join(
            part
            for part in (
                line.incident.number,
                "" if line.mark is Mark.SAME else f"[{line.mark.value}]",
                line.incident.severity.value,
                where_and_what(line.incident.where, line.incident.text),
            )
            if part
        )
        for line in lines
    ]
