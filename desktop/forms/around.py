"""How far around what is selected?"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from desktop.widgets.buttons import push
from desktop.widgets.form import Form
from gis.geo.legs import distance
from gis.texts import _


class AroundForm(Form):
    """`wanted` carries the distance in metres."""

    wanted = Signal(float)

    def __init__(self) -> None:
        super().__init__(_("An area around what is selected"))
        title = QLabel(_("An area around what is selected"))
        title.setProperty("strong", True)
        self.what = QLabel(wordWrap=True)
        self.metres = QLineEdit("200 m")
        self.metres.setAccessibleName(_("Distance"))
        self.metres.setPlaceholderText(_("200 m or 1.5 km"))
        self.metres.returnPressed.connect(self.submit)
        self.problem = QLabel(wordWrap=True)
        self.problem.hide()
        field = QHBoxLayout()
        label = QLabel(_("Distance"))
        label.setBuddy(self.metres)
        field.addWidget(label)
        field.addWidget(self.metres, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(push(_("Draw it  Enter"), self.submit))
        buttons.addWidget(push(_("Leave it"), self.cancel))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(title)
        column.addWidget(self.what)
        column.addLayout(field)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addLayout(buttons)

    def ask(self, what: str) -> None:
        self.what.setText(what)
        self.problem.hide()
        self.metres.setFocus()
        self.metres.selectAll()

    def submit(self) -> None:
        metres = distance(self.metres.text())
        if metres is None:
            self.problem.setText(_("This is no distance. Type for example 200 m or 1.5 km."))
            self.problem.show()
            return
        self.wanted.emit(metres)
