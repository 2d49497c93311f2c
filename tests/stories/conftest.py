"""A window on an operation, with somebody at it who uses keys and buttons as people do."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget

from desktop.app import open_desk
from desktop.forms.sitrep import SitrepForm
from desktop.theme import DAY, Appearance
from gis import settings
from gis.store import Store
from tests.stories.screen import Program, a_screen

PATIENCE_MS = 60_000


class Sitting:
    """Somebody at the desk of one operation; the store closes with the window."""

    def __init__(self, qtbot, store: Store, appearance: Appearance) -> None:
        self.qtbot, self.store = qtbot, store
        self.desk = open_desk(store, appearance)
        self.window, self.panels = self.desk.window, self.desk.panels
        self.canvas = self.panels.map.canvas
        self.canvas.animated = False
        self.window.resize(1600, 900)
        self.window.show()
        self.window.proportion()
        self.window.activateWindow()
        self.wait(lambda: QApplication.activeWindow() is self.window)

    def wait(self, holds) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def type(self, words: str) -> None:
        """Letter by letter, to whatever has the focus."""
        for letter in words:
            QTest.keyClick(QApplication.focusWidget() or self.window, letter)

    def press(self, *keys: str) -> None:
        for key in keys:
            chord = QKeySequence(key)[0]
            focus = QApplication.focusWidget() or self.window
            QTest.keyClick(focus, Qt.Key(chord.key()), chord.keyboardModifiers())

    def click(self, words: str, inside: QWidget | None = None) -> None:
        """The visible button that says this; the only one."""
        buttons = (inside or self.window).findChildren(QAbstractButton)
        (button,) = [b for b in buttons if b.isVisible() and b.isEnabled() and b.text().startswith(words)]
        button.click()

    def choose(self, path: Path) -> None:
        """Answer the file dialog that stands open."""
        self.wait(lambda: self._dialog() is not None)
        dialog = self._dialog()
        assert dialog is not None
        name = dialog.findChild(QLineEdit, "fileNameEdit")
        name.setText(str(path))
        QTest.keyClick(name, Qt.Key.Key_Return)
        self.wait(lambda: self._dialog() is None)

    def _dialog(self) -> QFileDialog | None:
        return next((w for w in self.window.findChildren(QFileDialog) if w.isVisible()), None)

    def map_picture(self) -> QImage:
        """The map as it stands on the screen once every picture has arrived."""
        self.wait(lambda: not self.canvas.composer.busy)
        return self.canvas.grab().toImage()

    def publish(self, assessment: str) -> dict[str, Path]:
        """F12, the officer's words, Publish: the files of the report by their endings."""
        self.window.activateWindow()
        self.window.perform("sitrep")
        form = self.window.findChild(SitrepForm)
        self.wait(lambda: form.isVisible() and form.send.isEnabled())
        form.assessment.setPlainText(assessment)
        form.send.click()
        self.wait(lambda: form.files.count() > 0)
        paths = [form.files.item(n).data(Qt.ItemDataRole.UserRole) for n in range(form.files.count())]
        form.close()
        self.window.activateWindow()
        return {path.name.split(".", 1)[1] if ".cap" not in path.name else path.name: path for path in paths}

    def incidents_shown(self) -> list[str]:
        table = self.panels.incidents.table.records
        return [table.data(table.index(row, 4)) for row in range(table.rowCount())]

    def find(self, kind, **equals):
        with self.store.reading() as query:
            return query.find(kind, **equals)


@pytest.fixture
def appearance(qapp):
    font, sheet, palette = qapp.font(), qapp.styleSheet(), qapp.palette()
    yield Appearance(qapp, DAY)
    qapp.setFont(font)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


@pytest.fixture
def sit_down(qtbot, appearance):
    """Opens a window on a store; closes every one of them at the end."""
    opened: list[Sitting] = []

    def sit(store: Store) -> Sitting:
        opened.append(Sitting(qtbot, store, appearance))
        return opened[-1]

    yield sit
    for sitting in opened:
        sitting.window.close()
        sitting.window.deleteLater()
    qtbot.wait(1)


@pytest.fixture
def start(tmp_path):
    """Starts the program on a real display, for the first time ever or again in the same home."""
    home = tmp_path / "home"
    settings.save(home / "settings.toml", settings.Settings(author="A. Putri"))
    with a_screen(1600, 900) as display:
        started: list[Program] = []

        def go() -> Program:
            started.append(Program(display, home))
            started[-1].wait_for_window("EXERCISE")
            return started[-1]

        yield go
        for program in started:
            program.end()
