"""A whole desk on a real store: four gauges, two of them over their limits, three incidents."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import open_desk
from desktop.desk import Desk
from desktop.safekeeping import Medium
from desktop.theme import NIGHT, Appearance
from gis.model.incident import Incident, Severity
from gis.model.record import Reading
from gis.model.sensor import Alarm
from gis.ops import incidents, readings, sensors
from gis.store import Store
from layers.city import CityFiles, keep_city
from tests.build import a_gauge, a_rule

CITY = (116.6, -8.35, 116.8, -8.15)


def fill(store: Store, clock) -> None:
    """A flood begins: Kali 1 is over both limits, Kali 2 over the lower one, the others are calm."""
    with store.writing("Set up") as tx:
        gauges = [
            sensors.register(tx, a_gauge(id=f"g{n}", key=f"KALI-{n}", name=f"Kali {n}")) for n in range(1, 5)
        ]
        for gauge in gauges:
            sensors.set_rule(tx, a_rule(gauge))
            lower = {"level": "Siaga 2", "severity": Severity.SEVERE, "raise_at": 3.8, "clear_below": 3.6}
            sensors.set_rule(tx, a_rule(gauge, **lower))
        keep_city(tx, CityFiles(CITY))
    with store.writing("Readings", "Instruments") as tx:
        now = clock.now()
        for minutes in range(60, 0, -10):
            at = now - timedelta(minutes=minutes)
            batch = [Reading(g.id, at, v) for g, v in zip(gauges, (4.8, 4.0, 2.0, 1.5), strict=True)]
            readings.ingest(tx, batch)
    for text, where, severity in (
        ("knee deep", "Pasar Lama", Severity.MODERATE),
        ("three on a roof", "Kampung Sari", Severity.EXTREME),
        ("tank wanted", "", Severity.MINOR),
    ):
        clock.advance(timedelta(minutes=1))
        with store.writing("Log incident") as tx:
            place = gauges[0].place if where else None
            incidents.log(tx, "fl", text, severity, where=where, place=place)


@pytest.fixture(autouse=True)
def no_window_is_left(qapp):
    """Every window of a test goes with it: each later change of the theme would dress it again."""
    yield
    for widget in QApplication.topLevelWidgets():
        if widget.parent() is None:
            widget.close()
            widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def appearance(qapp):
    font, sheet, palette = qapp.font(), qapp.styleSheet(), qapp.palette()
    yield Appearance(qapp, NIGHT)
    qapp.setFont(font)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


class Sitting:
    """A desk with somebody at it."""

    def __init__(self, qtbot, store: Store, appearance: Appearance, medium: Medium | None = None) -> None:
        self.qtbot, self.appearance = qtbot, appearance
        self.desk: Desk = open_desk(store, appearance, medium)
        self.desk.panels.map.canvas.animated = False
        self.window, self.panels, self.line = self.desk.window, self.desk.panels, self.desk.line
        self.window.resize(1366, 768)
        self.window.show()
        self.window.proportion()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        self.line.start()

    def reopen(self) -> "Sitting":
        """Close the desk and sit down at it again."""
        old = self.desk.store
        self.window.close()
        store = Store.open(old.folder, clock=old.clock, author=old.author)
        self.__init__(self.qtbot, store, self.appearance)
        return self

    def press(self, *keys: str) -> None:
        """Real keys, to whatever has the focus: "F8", "Ctrl+Z", "type:words"."""
        for key in keys:
            if key.startswith("type:"):
                for letter in key.removeprefix("type:"):
                    QTest.keyClick(self._focus(), letter)
            else:
                chord = QKeySequence(key)[0]
                QTest.keyClick(self._focus(), Qt.Key(chord.key()), chord.keyboardModifiers())

    def _focus(self):
        return QApplication.focusWidget() or self.window

    def wait(self, holds) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=60_000)

    def records(self, kind):
        with self.desk.store.reading() as query:
            return query.find(kind, void=None)

    def incidents(self) -> list[Incident]:
        return [each for each in self.records(Incident) if not each.void]

    def alarms(self) -> list[Alarm]:
        return self.records(Alarm)


@pytest.fixture
def sitting(qtbot, store, clock, appearance):
    fill(store, clock)
    made = Sitting(qtbot, store, appearance)
    yield made
    made.window.close()
    made.window.deleteLater()
    qtbot.wait(1)


@pytest.fixture
def empty_sitting(qtbot, store, appearance):
    made = Sitting(qtbot, store, appearance)
    yield made
    made.window.close()
    made.window.deleteLater()
    qtbot.wait(1)
