"""A log line in a window."""

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.widgets.logline import LogLine
from tests.desktop.widgets.a_line import CONTEXT, ZONE


@pytest.fixture
def line(qtbot, clock) -> LogLine:
    """A log line at the bottom of a window, with a button beside it."""
    window = QWidget()
    rows = QVBoxLayout(window)
    rows.addStretch(1)
    rows.addWidget(QPushButton("Other"))
    made = LogLine(clock, ZONE)
    made.know(CONTEXT)
    rows.addWidget(made)
    window.resize(1200, 600)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    made.start()
    made.window_for_test = window
    made.got = []
    made.submitted.connect(lambda draft, since: made.got.append((draft, since)))
    return made
