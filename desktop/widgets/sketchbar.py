"""Under the tools while one is in hand: what it does, which keys help, and a field for numbers."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from desktop.widgets.buttons import push
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.place_edit import LookUp, PlaceEdit, Spot
from gis.texts import _


class CornerEdit(PlaceEdit):
    """The next corner in figures. Enter in an empty field ends, Backspace there takes the last corner back,
    Escape leaves it empty."""

    ended = Signal()
    backed = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        empty = not self.text()
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif empty and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ended.emit()
        elif empty and event.key() == Qt.Key.Key_Backspace:
            self.backed.emit()
        else:
            super().keyPressEvent(event)


class HintBar(QFrame):
    """What tool is in hand, and how it is used, where nothing is typed for it."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(what)
        title = QLabel(what)
        title.setProperty("strong", True)
        self.hint = ElidedLabel(hint, dim=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 6, 5)
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(self.hint, 1)
        self.hide()


class SketchBar(QFrame):
    """`put` carries the `Spot` that was said in figures."""

    put = Signal(object)

    def __init__(self, look_up: LookUp) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAccessibleName(_("Drawing"))
        self.what = QLabel()
        self.what.setProperty("strong", True)
        self.hint = ElidedLabel(dim=True)
        self.field = CornerEdit(look_up)
        self.field.setAccessibleName(_("Next corner in figures"))
        self.field.setToolTip(_("A coordinate in any form, or a distance and a bearing: 120 m 045°"))
        self.field.setMinimumWidth(self.fontMetrics().averageCharWidth() * 26)
        self.end = push(_("End  Enter"), self.field.ended.emit)
        self.drop = push(_("Throw away"), lambda: None)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 6, 3)
        row.setSpacing(8)
        row.addWidget(self.what)
        row.addWidget(self.hint, 1)
        for widget in (self.field, self.end, self.drop):
            row.addWidget(widget)
        self._said = False
        self.field.textEdited.connect(lambda _text: self._fresh())
        self.field.textChanged.connect(self._filled)
        self.field.chosen.connect(self._chosen)
        self.field.missed.connect(
            lambda text: self.hint.say(
                _("'{text}' is no place, and no distance with a bearing.").format(text=text)
            )
        )
        self.hide()

    def tell(self, what: str, hint: str, asked: str, *, ends: bool) -> None:
        """Say what is in hand; `asked` is what the field takes."""
        self.what.setText(what)
        self.hint.say(hint)
        self.field.setPlaceholderText(asked)
        self.end.setVisible(ends)
        self.drop.setVisible(ends)
        self.show()

    def begin(self, text: str) -> None:
        """Go on typing what began elsewhere."""
        self.field.setFocus()
        self._fresh()
        self.field.clear()
        self.field.insert(text)

    def _fresh(self) -> None:
        self._said = False

    def _filled(self, text: str) -> None:
        """Where nobody types, a suggestion that was taken puts its words back: the corner stands already."""
        if self._said and text:
            self.field.clear()
            self.field.spot = None

    def _chosen(self, spot: Spot) -> None:
        """Enter on a suggestion says the same twice."""
        if not self._said:
            self._said = True
            self.field.clear()
            self.field.spot = None
            self.put.emit(spot)
