"""What a person sees while the desk itself is not there yet."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop.widgets.buttons import push
from gis.texts import _

SOON_MS = 400  # what is quicker needs no window


class Waiting(QWidget):
    """A small window with the name, what is being done, and a way to stop. `stopped` when it is wanted."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(_("Kentongan"))
        self.words = QLabel(_("Opening the desk"))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("How far it is"))
        self.bar.setTextVisible(False)
        self.bar.setMaximum(0)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(push(_("Cancel"), self.stopped.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(self.words)
        column.addLayout(row)
        self.setMinimumWidth(440)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.show)

    def show_soon(self) -> None:
        self._soon.start(SOON_MS)

    def show_progress(self, done: int, total: int, note: str) -> None:
        self.bar.setMaximum(total)
        self.bar.setValue(done)
        self.words.setText(note or _("Opening the desk"))

    def closeEvent(self, event: object) -> None:
        self._soon.stop()
        super().closeEvent(event)  # type: ignore[arg-type]
