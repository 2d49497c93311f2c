"""Region 9: where the pointer is, how large the map is, and on which plane. Only what is true."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from desktop.widgets.buttons import tool
from desktop.widgets.elided import ElidedLabel
from gis.geo.coords import Written, as_mgrs, name_of, written
from gis.sensors.silence import Silence, in_all
from gis.texts import _, ngettext

NEWS_MS = 8_000


class StatusLine(QWidget):
    """`form_chosen` carries the form (`Written`) in which somebody wants places to be written;
    `silence_wanted` asks who is silent."""

    form_chosen = Signal(object)
    silence_wanted = Signal()

    def __init__(self, plane: str, folder: str) -> None:
        super().__init__()
        self.setAccessibleName(_("Status"))
        self.grid, self.scale = QLabel(), QLabel()
        self.place = self._build_place()
        self._form, self._at = Written.DMS, None
        self.plane, self.folder = QLabel(plane), ElidedLabel(folder, dim=True)
        self.grid.setToolTip(_("Under the pointer, or in the middle of the map"))
        self.folder.setToolTip(_("The folder this operation is kept in"))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(16)
        for label in (self.grid, self.place, self.scale, self.plane):
            row.addWidget(label)
        self.value = QLabel()
        self.value.setToolTip(_("What was measured under the pointer"))
        self.value.hide()
        row.addWidget(self.value)
        self.news = ElidedLabel()
        self.news.setAccessibleName(_("What was done last"))
        self.news.setProperty("good", True)
        self.news.hide()
        row.addWidget(self.news, 1)
        row.addWidget(self.folder, 1)
        self.silent = tool("", self.silence_wanted.emit, _("Who is silent"))
        self.silent.setAutoRaise(True)
        self.silent.hide()
        row.addWidget(self.silent)
        self._old = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._old.timeout.connect(lambda: self._show_news(False))
        self.plane.setProperty("dim", True)
        self.grid.setMinimumWidth(self.fontMetrics().horizontalAdvance("50L LR 03037 43379"))
        self.scale.setMinimumWidth(self.fontMetrics().horizontalAdvance("1:100 000"))

    def _build_place(self) -> QToolButton:
        """The place under the pointer in the form that somebody chose, and how to choose another."""
        button = QToolButton(autoRaise=True)
        button.setAccessibleName(_("Form of coordinates"))
        button.setToolTip(_("Under the pointer. A click chooses how it is written."))
        button.setProperty("dim", True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for form in Written:
            menu.addAction(name_of(form)).triggered.connect(lambda _on=False, form=form: self._choose(form))
        button.setMenu(menu)
        return button

    def _choose(self, form: Written) -> None:
        self.write_as(form)
        self.form_chosen.emit(form)

    def write_as(self, form: Written) -> None:
        """From now on places are written so."""
        self._form = form
        if self._at is not None:
            self.point(*self._at)

    def show_silent(self, found: Silence) -> None:
        """How many were not heard from in time; nothing where all were."""
        late = len(found.overdue)
        self.silent.setText(ngettext("{count} silent", "{count} silent", late).format(count=late))
        self.silent.setToolTip(in_all(found))
        self.silent.setVisible(late > 0)

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
        self._at = lon, lat
        self.place.setText(written(self._form, lon, lat))

    def show_value(self, words: str) -> None:
        """What a raster of measurements says under the pointer; empty where none does."""
        self.value.setText(words)
        self.value.setVisible(bool(words))

    def show_scale(self, denominator: float) -> None:
        self.scale.setText(f"1:{round(denominator):,}".replace(",", " "))
