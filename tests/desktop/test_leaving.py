"""A log-out, a shutdown, a closed terminal: the desk closes as by Ctrl+Q, and nothing is lost."""

import os
import signal
import subprocess
import sys

import pytest

from gis.clock import SystemClock
from gis.model.incident import Severity
from gis.ops import incidents, unfinished
from gis.store import Operation, Store
from tests import needs
from tests.architecture.source import ROOT

HALF = "fl2 @pasar half a senten"
SOMEBODY = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from desktop.session import application, run
from desktop.widgets.logline import LogLine
from desktop.window import MainWindow

app, look = application(), QTimer()

def type_half():
    for window in app.topLevelWidgets():
        if isinstance(window, MainWindow) and window.isVisible():
            look.stop()
            line = window.findChild(LogLine)
            line.edit.setFocus()
            QTest.keyClicks(line.edit, "fl2 @pasar half a senten")
            print("typed", flush=True)

look.timeout.connect(type_half)
look.start(20)
sys.exit(run(Path(sys.argv[1])))
"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "flood.kentongan"
    about = Operation("Muara Seruni", SystemClock().now())
    store = Store.create(folder, about, clock=SystemClock(), author="RS")
    store.write("Log", lambda tx: incidents.log(tx, "fl", "knee deep", Severity.MINOR))
    store.close()
    return folder


@needs.unix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_who_ends_the_program_from_outside_finds_the_desk_closed_well_and_the_half_typed_line(
    folder, tmp_path, name
):
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "KENTONGAN_HOME": str(tmp_path / "home"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    with subprocess.Popen(
        [sys.executable, "-c", SOMEBODY, str(folder)], env=env, stdout=subprocess.PIPE, text=True
    ) as desk:
        assert desk.stdout is not None
        assert desk.stdout.readline() == "typed\n"
        desk.send_signal(getattr(signal, name))
        assert desk.wait(60) == 0
    store = Store.open(folder, clock=SystemClock(), author="RS")
    assert store.closed_well
    assert [each.line for each in store.write("Take up", unfinished.take_up)] == [HALF]
    store.close()
