"""Edits to and from other desks: send a package, look into one, take it in, settle what disagrees."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.times import full
from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.model.incident import Incident
from gis.store.questions import Conflict
from gis.sync.exchange import Plan, Received
from gis.sync.package import Manifest, Packed
from gis.texts import _, ngettext
from gis.words.terms import FIELDS, in_words, where_and_what

MOST_NAMED, MOST_ASKED = 6, 50


class ExchangeForm(Form):
    """Asks and shows; whoever owns it does the work.

    `send` carries whether only new edits are wanted; `look_into` that a package should be chosen;
    `take_in` that the one on show is wanted; `decided` a conflict and the edit that shall stand; `renumber`
    the incident that shall have a number of its own.
    """

    send = Signal(bool)
    look_into = Signal()
    take_in = Signal()
    decided = Signal(object, object)
    renumber = Signal(object)

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(_("Field exchange"))
        self._zone = zone
        self.title = QLabel(_("Field exchange"))
        self.title.setProperty("strong", True)
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.accept = push(_("Take it in"), self.take_in.emit)
        self.newer = push(_("Send what is new…"), lambda: self.send.emit(True))
        self.whole = push(_("Send everything…"), lambda: self.send.emit(False))
        self.choose = push(_("Open a package…"), self.look_into.emit)
        self.personal = QCheckBox(_("Names and numbers of callers"))
        self.personal.setChecked(True)
        self.personal.setAccessibleName(self.personal.text())
        self.personal.setToolTip(_("Unticked, what was said about private persons stays at this desk."))
        self._rows = QVBoxLayout()
        self._lay_out()
        self.welcome()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        column.addLayout(head)
        buttons = QGridLayout()
        buttons.addWidget(self.newer, 0, 0)
        buttons.addWidget(self.whole, 0, 1)
        buttons.addWidget(self.personal, 1, 0, 1, 2)  # it concerns what is sent
        buttons.addWidget(self.choose, 2, 0)
        column.addLayout(buttons)
        column.addWidget(self.words)
        column.addWidget(self.accept, 0, Qt.AlignmentFlag.AlignLeft)
        inside = QWidget()
        inside.setLayout(self._rows)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.disputes = QScrollArea(widgetResizable=True)
        self.disputes.setFrameShape(QFrame.Shape.NoFrame)
        self.disputes.setWidget(inside)
        inside.setAutoFillBackground(False)  # the form shows through
        self.disputes.viewport().setAutoFillBackground(False)
        self.disputes.hide()
        column.addWidget(self.disputes, 1)
        column.addStretch(0)

    def welcome(self) -> None:
        """Say what this is for."""
        self.accept.hide()
        self.words.setText(
            _(
                "A package carries the entries of this desk to another desk or team, on a stick or by mail."
                " Taking one in twice, or in the wrong order, does no harm."
            )
        )

    def sent(self, packed: Packed) -> None:
        """Say what has left, and what there was no room for."""
        self.accept.hide()
        lines = [sent_words(packed.edits, packed.path.name)]
        if packed.left:
            words = ngettext(
                "{count} entry did not fit: send what is new once more, into another file.",
                "{count} entries did not fit: send what is new once more, into another file.",
                packed.left,
            )
            lines.append(words.format(count=packed.left))
        self.words.setText("\n".join(lines))

    def preview(self, path: Path, manifest: Manifest, plan: Plan) -> None:
        """Show what a package would do. Nothing has been written yet."""
        lines = [
            _("{name}: from {author}, {city}, made {when}.").format(
                name=path.name, author=manifest.author, city=manifest.city, when=self._told(manifest.made_at)
            ),
            _("New here: {new}. Changed: {changed}. Entries already here: {known}.").format(
                new=plan.new_records, changed=plan.changed_records, known=f"{plan.known_edits:,}"
            ),
        ]
        if plan.unknown_kinds:
            lines.append(
                ngettext(
                    "{count} entry comes from a newer version: kept and passed on, not shown.",
                    "{count} entries come from a newer version: kept and passed on, not shown.",
                    plan.unknown_kinds,
                ).format(count=plan.unknown_kinds)
            )
        if plan.shared_numbers:
            lines.append(_shared(plan.shared_numbers))
        if not plan.new_edits:
            lines.append(_("Everything in it is here already."))
        self.words.setText("\n".join(lines))
        self.accept.setVisible(plan.new_edits > 0)
        if plan.new_edits:
            self.accept.setFocus()

    def _told(self, made_at: str) -> str:
        """The time in a manifest as it is told here; what is no time stays as it is."""
        try:
            return full(datetime.fromisoformat(made_at), self._zone)
        except ValueError:
            return made_at

    def taken(self, received: Received) -> None:
        """Say what was taken in."""
        if self.accept.hasFocus():
            self.choose.setFocus()  # before the button that has it goes
        self.accept.hide()
        lines = [
            ngettext("{count} entry taken in.", "{count} entries taken in.", received.new_edits).format(
                count=received.new_edits
            )
        ]
        if received.conflicts:
            lines.append(
                ngettext(
                    "{count} field disagrees with what this desk says. Decide below; both values are kept.",
                    "{count} fields disagree with what this desk says. Decide below; all values are kept.",
                    len(received.conflicts),
                ).format(count=len(received.conflicts))
            )
        if received.twin:
            lines.append(
                _(
                    "A copy of this operation went on under the same name as this desk. Nothing is lost: from"
                    " now on this desk writes under a name of its own."
                )
            )
        if received.shared_numbers:
            lines.append(_shared(received.shared_numbers))
        if received.letters:
            lines.append(_("New numbers here begin with {letters}.").format(letters=received.letters))
        if received.missing_edits:
            lines.append(
                ngettext(
                    "{count} earlier entry has not arrived yet. Ask for the package before this one.",
                    "{count} earlier entries have not arrived yet. Ask for the package before this one.",
                    received.missing_edits,
                ).format(count=received.missing_edits)
            )
        self.words.setText("\n".join(lines))

    def taken_back(self, received: Received) -> None:
        """Say that what was taken in has been undone."""
        words = ngettext(
            "Taking in {count} entry was undone: this desk says what it said before. Both stay in the log.",
            "Taking in {count} entries was undone: this desk says what it said before. Both stay in the log.",
            received.new_edits,
        )
        self.words.setText(words.format(count=received.new_edits))

    def ask(self, conflicts: Sequence[tuple[str, Conflict]], shared: Mapping[str, list[Incident]]) -> None:
        """List what people have to decide: each conflict with the number of its record, and each number with
        the incidents that carry it."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.disputes.setVisible(bool(conflicts or shared))
        for number, carriers in islice(shared.items(), MOST_ASKED):
            self._rows.addWidget(self._carriers(number, carriers))
        if len(shared) > MOST_ASKED:
            words = _("There are more numbers given twice ({count}); they follow once these are settled.")
            self._rows.addWidget(QLabel(words.format(count=len(shared) - MOST_ASKED), wordWrap=True))
        for number, conflict in conflicts:
            self._rows.addWidget(self._question(number, conflict))
        self._rows.addStretch(1)

    def _carriers(self, number: str, carriers: Sequence[Incident]) -> QWidget:
        heading = _("{number} was given more than once: which incident gets a new number?")
        box, column = _box(heading.format(number=number))
        for incident in carriers:
            said = _("{what}  —  reported {when}").format(
                what=where_and_what(incident.where, incident.text),
                when=full(incident.reported_at, self._zone),
            )
            column.addLayout(_choice(_("New number"), said, partial(self.renumber.emit, incident)))
        return box

    def _question(self, number: str, conflict: Conflict) -> QWidget:
        heading = _("{number}, {field}: which value is right?")
        box, column = _box(heading.format(number=number, field=FIELDS.get(conflict.field, conflict.field)))
        for edit in conflict.values:
            said = _("{value}  —  {who}, {when}").format(
                value=in_words(edit.field, edit.value), who=edit.who, when=full(edit.at, self._zone)
            )
            column.addLayout(_choice(_("Keep this"), said, partial(self.decided.emit, conflict, edit)))
        return box


def _box(heading: str) -> tuple[QFrame, QVBoxLayout]:
    box = QFrame()
    box.setObjectName("conflict")
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 6, 0, 0)
    title = QLabel(heading, wordWrap=True)
    title.setTextFormat(Qt.TextFormat.PlainText)
    title.setProperty("strong", True)
    column.addWidget(title)
    return box, column


def _choice(verb: str, said: str, act: Callable[[], object]) -> QHBoxLayout:
    words = QLabel(said, wordWrap=True)
    words.setTextFormat(Qt.TextFormat.PlainText)
    button = push(verb, act)
    button.setAccessibleName(_("{verb}: {said}").format(verb=verb, said=said))
    row = QHBoxLayout()
    row.addWidget(button)
    row.addWidget(words, 1)
    return row


def _shared(numbers: Sequence[str]) -> str:
    shown = ", ".join(numbers[:MOST_NAMED]) + (" …" if len(numbers) > MOST_NAMED else "")
    return _("Numbers given twice: {numbers}.").format(numbers=shown)


def sent_words(edits: int, file: str) -> str:
    """Where that which was sent is now."""
    words = ngettext("{count} entry is in {file}.", "{count} entries are in {file}.", edits)
    return words.format(count=f"{edits:,}", file=file)
