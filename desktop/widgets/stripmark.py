"""A short word in the strip that can be pressed: quiet while all is well, framed while it is not."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

_PADDING, _ARROW, _AIR, _LEAST = 16, 16, 6, 72


class StripMark(QPushButton):
    """Hidden while it has nothing to say; shortened where there is no room."""

    def __init__(self, name: str) -> None:
        super().__init__(flat=True, autoDefault=True)
        self._full = ""
        self.setObjectName("mark")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.hide()

    def say(self, text: str, whole: str, *, warns: bool = False) -> None:
        """Show `text`; `whole` is told aloud and under the pointer. Empty: there is nothing to say."""
        self.setToolTip(whole)
        self.setAccessibleName(whole)
        if self.property("warns") != warns:
            self.setProperty("warns", warns)
            self.style().unpolish(self)
            self.style().polish(self)
        if self._full != text:
            self._full = text
            self.updateGeometry()
            self._fit()
        self.setVisible(bool(text))

    @property
    def said(self) -> str:
        """The text, whole."""
        return self._full

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self._full) + self._around + _AIR
        return QSize(wide, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, self.sizeHint().width()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def _around(self) -> int:
        return _PADDING + (_ARROW if self.menu() else 0)

    def _fit(self) -> None:
        room = max(self.width() - self._around, 20)
        self.setText(self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, room))
