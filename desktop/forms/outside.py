"""What other programs changed in the desk's tables: listed, then taken over or put back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.store.outside import Foreign, Said
from gis.texts import _, ngettext
from gis.words.terms import FIELDS, in_words

_MOST, _LONG = 200, 80  # listed; what is decided holds for all of them


class OutsideForm(Form):
    """Shows and asks; whoever owns it does the work. `adopt` and `put_back` are about all that is `asked`."""

    adopt = Signal()
    put_back = Signal()

    def __init__(self) -> None:
        super().__init__(_("Changed by another program"))
        title = QLabel(_("Changed by another program"))
        title.setProperty("strong", True)
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.take = push(_("Take over as edits of this desk"), self.adopt.emit)
        self.back = push(_("Put back as the journal says"), self.put_back.emit)
        self.asked: tuple[Foreign, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        inside = QWidget()
        inside.setLayout(self._rows)
        listing = QScrollArea(widgetResizable=True)
        listing.setFrameShape(QFrame.Shape.NoFrame)
        listing.setWidget(inside)
        inside.setAutoFillBackground(False)  # the form shows through
        listing.viewport().setAutoFillBackground(False)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addWidget(self.take)
        column.addWidget(self.back)
        column.addWidget(listing, 1)

    def show_changes(self, changes: Sequence[tuple[str, Foreign]]) -> None:
        """List the changes, each with the number of its entry."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.asked = tuple(foreign for _name, foreign in changes)
        unfit = sum(1 for _name, foreign in changes if foreign.problem)
        self.words.setText(_told(len(changes), unfit))
        self.take.setVisible(unfit < len(changes))
        for number, foreign in changes[:_MOST]:
            self._rows.addWidget(_plain_label(f"{number}: {_what(foreign)}", strong=True))
            for said in foreign.fields if not foreign.is_gone else ():
                self._rows.addWidget(_plain_label(_change(said)))
        self._rows.addStretch(1)
        (self.take if self.take.isVisibleTo(self) else self.back).setFocus()


def _told(count: int, unfit: int) -> str:
    if not count:
        return _("Everything is as the journal says.")
    lines = [
        ngettext(
            "Another program has changed {count} entry in the file of this desk. It counts once it is taken"
            " over.",
            "Another program has changed {count} entries in the file of this desk. They count once they are"
            " taken over.",
            count,
        ).format(count=count)
    ]
    if unfit:
        lines.append(
            ngettext(
                "{count} of them cannot be taken over and can only be put back.",
                "{count} of them cannot be taken over and can only be put back.",
                unfit,
            ).format(count=unfit)
        )
    return "\n".join(lines)


def _what(foreign: Foreign) -> str:
    if foreign.problem:
        return _("cannot be taken over. {reason}").format(reason=foreign.problem)
    if foreign.is_gone:
        return _("taken away; taken over, it is struck out")
    return _("new") if foreign.is_new else _("changed")


def _change(said: Said) -> str:
    return _("{field}: {before} → {after}").format(
        field=FIELDS.get(said.field, said.field),
        before=in_words(said.field, said.before)[:_LONG],
        after=in_words(said.field, said.after)[:_LONG],
    )


def _plain_label(text: str, *, strong: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("strong", strong)
    return label
