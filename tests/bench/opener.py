"""One cold start of the desk on the sample city, timed from within; prints the figures as JSON.

Run as `python -m tests.bench.opener STARTED CALLS FOLDER`: STARTED is when the process was started on the
clock of time.monotonic, CALLS how many incidents are then logged by the log line, FOLDER an operation or
"" for the sample night.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from desktop.desk import Desk
from desktop.opening import open_asked
from desktop.session import application, patiently, show, until
from desktop.theme import NIGHT, Appearance
from gis import settings
from gis.model.incident import Incident
from gis.store import Change
from tests.bench.eyes import seen_of

CALL = "water in the cellar"


class Heartbeat:
    """The longest time for which the window heard nothing."""

    def __init__(self) -> None:
        self.worst_s, self._last = 0.0, time.monotonic()
        self._timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.monotonic()
        self.worst_s, self._last = max(self.worst_s, now - self._last), now


def main(started: float, calls: int, folder: str) -> None:
    figures: dict[str, object] = {"imports": time.monotonic() - started}
    app = application()
    chosen = settings.read(settings.home().settings_file)
    appearance = Appearance(app, NIGHT)
    figures["application"] = time.monotonic() - started
    opening = patiently(lambda progress: open_asked(Path(folder) if folder else None, chosen, progress))
    figures["operation"] = time.monotonic() - started
    desk = show(opening, appearance)
    figures["window"] = time.monotonic() - started
    heartbeat = Heartbeat()
    drawn_at = wait_for_map(desk)
    figures["map"] = drawn_at - started
    figures["seen"] = seen(desk)
    if not folder:
        until(lambda: bool(desk.ground.where.look_up("Pasar")))
    figures["names"] = time.monotonic() - started
    figures["worst_tick"] = heartbeat.worst_s
    figures["committed"] = [log_by_line(desk, n) for n in range(calls)]
    figures["logged"] = logged(desk)
    desk.window.close()
    print(json.dumps(figures))


def wait_for_map(desk: Desk) -> float:
    """When every layer that is shown had its picture, and the names theirs."""
    loop, renderer = QEventLoop(), desk.panels.map.canvas.renderer
    renderer.settled.connect(loop.quit)
    while not all_drawn(desk):
        loop.exec()
    return time.monotonic()


def all_drawn(desk: Desk) -> bool:
    canvas, stack = desk.panels.map.canvas, desk.ground.model.stack
    there = canvas.renderer.pictures.keys() | canvas.renderer.badges.keys()
    wanted = {layer.id for layer in stack if layer.shown_at(canvas.scale) and not layer.problem}
    return wanted <= there and canvas.renderer.names is not None and not canvas.composer.busy


def seen(desk: Desk) -> dict[str, int]:
    """How much there is to be seen of each layer that is shown, by its title."""
    canvas = desk.panels.map.canvas
    shown = [layer for layer in desk.ground.model.stack if layer.shown_at(canvas.scale)]
    return {layer.title: seen_of(layer, canvas) for layer in shown}


def logged(desk: Desk) -> int:
    """How many of the typed lines stand in the operation."""
    with desk.store.reading() as query:
        return len({each.text for each in query.find(Incident) if each.text.startswith(CALL)})


def log_by_line(desk: Desk, n: int) -> float:
    """Seconds from the Enter that ends a typed line to its commit."""
    committed: list[float] = []

    def hear(change: Change) -> None:
        if Incident in change.kinds and change.label == "Log incident":
            committed.append(time.monotonic())

    leave = desk.store.changed.connect(hear)
    desk.line.fill(f"fl3 @@ {CALL} {n}")
    pressed = time.monotonic()
    QTest.keyClick(desk.line.edit, Qt.Key.Key_Return)
    until(lambda: bool(committed))
    leave()
    return committed[0] - pressed


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
