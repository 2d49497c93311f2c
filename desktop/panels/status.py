"""Region 9: where the pointer is, how large the map is, and on which plane. Only what is true."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.widgets.elided import ElidedLabel
from gis.geo.coords import as_dms, as_mgrs
from gis.texts import _

NEWS_MS = 8_000


class StatusLine(QWidget):
    def __init__(self, plane: str, folder: str) -> None:
        super().__init__()
        self.setAccessibleName(_("Status"))
        self.grid, self.degrees, self.scale = QLabel(), QLabel(), QLabel()
        self.plane, self.folder = QLabel(plane), ElidedLabel(folder, dim=True)
        self.grid.setToolTip(_("Under the pointer, or in the middle of the map"))
        self.folder.setToolTip(_("The folder this operation is kept in"))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(16)
        for label in (self.grid, self.degrees, self.scale, self.plane):
            row.addWidget(label)
        self.news = ElidedLabel()
        self.news.setAccessibleName(_("What was done last"))
        self.news.setProperty("good", True)
        self.news.hide()
        row.addWidget(self.news, 1)
        row.addWidget(self.folder, 1)
        self._old = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._old.timeout.connect(lambda: self._show_news(False))
        self.degrees.setProperty("dim", True)
        self.plane.setProperty("dim", True)
        self.grid.setMinimumWidth(self.fontMetrics().horizontalAdvance("50L LR 03037 43379"))
        self.degrees.setMinimumWidth(self.fontMetrics().horizontalAdvance("12°38'00.0\"S 115°12'36.0\"E"))
        self.scale.setMinimumWidth(self.fontMetrics().horizontalAdvance("1:100 000"))

    def show_plane(self, name: str) -> None:
        self.plane.setText(name)

    def tell(self, text: str) -> None:
        """Good news, for a while in the place of the folder."""
        self.news.say(text)
        self._show_news(True)
        self._old.start()

    def _show_news(self, shown: bool) -> None:
        self.news.setVisible(shown)
        self.folder.setVisible(not shown)

    def point(self, lon: float, lat: float) -> None:
        """Say where the pointer is (WGS84 degrees), in the forms people read out."""
        self.grid.setText(as_mgrs(lon, lat))
        self.degrees.setText(as_dms(lon, lat))

    def show_scale(self, denominator: float) -> None:
        self.scale.setText(f"1:{round(denominator):,}".replace(",", " "))
