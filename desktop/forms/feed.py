"""One source of readings to be filled in: looked at before it counts."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.forms.feedfields import fields_of
from desktop.widgets.buttons import push
from desktop.widgets.fields import aligned
from desktop.widgets.form import Form
from desktop.widgets.scrolled import scrolled
from desktop.widgets.settingsedit import SettingsEdit
from desktop.widgets.triedtable import TriedTable
from gis.collecting.kinds import FILE, FOLDER, MQTT, RECORDING, kinds
from gis.collecting.source import Source
from gis.collecting.tried import Tried
from gis.model.sensor import Sensor
from gis.texts import _

TABLES = (FOLDER, FILE, RECORDING)


class FeedForm(Form):
    """`tried`, `saved` and `suggested` carry a `Source` and the password typed in, None where none was.

    A table is looked at before its first import: it is saved once what becomes of it has been shown.
    """

    tried = Signal(object, object)
    saved = Signal(object, object)
    suggested = Signal(object, object)

    def __init__(self, zone: ZoneInfo, *, lasting: bool) -> None:
        super().__init__(_("Feed"))
        self._source = Source("", "", {})
        self._looked_at: dict[str, Any] | None = None
        self.title, self.words = QLabel(), QLabel(wordWrap=True)
        self.title.setProperty("strong", True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.name, self.password = QLineEdit(), QLineEdit()
        self.name.setAccessibleName(_("Name"))
        self.password.setAccessibleName(_("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setToolTip(
            _("Kept in the keyring of this computer, nowhere else.")
            if lasting
            else _("There is no keyring on this computer: it is known until the desk is closed.")
        )
        self.settings: SettingsEdit | None = None
        self.outcome = TriedTable(zone)
        self.test = push(_("Test"), lambda: self._send(self.tried))
        self.guess = push(_("Suggest"), lambda: self._send(self.suggested))
        self.guess.setToolTip(_("Look into the file and fill in how it seems to be written"))
        self.save = push(_("Save"), self.submit)
        self._arrange()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        for button in (self.test, self.guess, self.save, push(_("Cancel"), self.left.emit)):
            head.addWidget(button)
        self._names = QFormLayout()
        self._names.setVerticalSpacing(3)
        self._names.addRow(_("Name"), self.name)
        self._names.addRow(_("Password"), self.password)
        place = QWidget()
        self._fields = QVBoxLayout(place)
        self._fields.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 6, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.words)
        self._area = scrolled(self._names, place, self.outcome)
        column.addWidget(self._area, 1)

    def start(self, source: Source, *, new: bool) -> None:
        """Fill in this source."""
        self._source, kind = source, kinds()[source.kind]
        self.title.setText(kind.name)
        self.name.setText(source.name)
        self._looked_at = None if new and source.kind in TABLES else {}
        self.password.clear()
        self.password.setPlaceholderText("" if new else _("as it is"))
        self._names.setRowVisible(self.password, kind.secret)
        self.guess.setVisible(source.kind in TABLES)
        self.outcome.hide()
        self._fill(source)
        self.say(_("Test it, then save.") if new else "")

    def _fill(self, source: Source) -> None:
        if self.settings is not None:
            self._fields.removeWidget(self.settings)
            self.settings.deleteLater()
        self.settings = SettingsEdit(fields_of(source.kind), source.settings)
        self.settings.changed.connect(self._changed)
        self._fields.addWidget(self.settings)
        aligned(self._names, self.settings.form)

    def begin(self) -> None:
        self.name.setFocus()

    def say(self, words: str) -> None:
        """Say this above the fields."""
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def show_tried(self, source: Source, found: Tried, sensors: Sequence[Sensor]) -> None:
        """What came; from now on it may be saved, as long as nothing is changed."""
        if source.id != self._source.id:
            return
        self.outcome.show_tried(found, sensors)
        QTimer.singleShot(0, self.outcome, lambda: self._area.ensureWidgetVisible(self.outcome))
        if self._looked_at is None:
            self._looked_at = dict(source.settings)
        self.say("")

    def show_suggested(self, source: Source) -> None:
        """How its file seems to be written, filled in for a person to look at."""
        if source.id != self._source.id or self.settings is None:
            return
        self.settings.show_values(source.settings)
        self._changed()
        self.say(
            _("This is a guess from the file. Look at what becomes of it with Test, correct it, then save.")
        )

    def submit(self) -> None:
        """Save it; a new table is tried first, so that somebody sees what becomes of it."""
        if self._looked_at is None:
            self.say(_("Look at what becomes of the first lines, then save."))
            self._send(self.tried)
        else:
            self._send(self.saved)

    def _changed(self) -> None:
        if self._looked_at:
            self._looked_at = None

    def _send(self, signal: SignalInstance) -> None:
        name = " ".join(self.name.text().split())
        if self.settings is None:
            return
        try:
            settings = self.settings.values()
        except ValueError as error:
            self.say(str(error))
            return
        if not name:
            self.say(_("Give it a name, such as the river whose gauges it brings."))
            self.name.setFocus()
            return
        if self._source.kind == MQTT:
            settings["name"] = name
        source = Source(name, self._source.kind, settings, self._source.paused, self._source.id)
        signal.emit(source, self.password.text() or None)
