"""One journey over the city in a map of its own, timed from within; prints the figures as JSON.

Run as `python -m tests.bench.voyage CITY KINDS`: CITY is the folder, KINDS "zones,buildings,...". First the
gestures by stations: each is looked at until it is sharp. Then by hand, a step in every tick of 16 ms: a pan
moves 12 pixels, a zoom comes as notches of 2^1/4 every 5 ticks; what a tick, a frame, a notch took.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPaintEvent

from desktop.bridge import Bridge
from desktop.canvas.canvas import MapCanvas
from desktop.session import application
from gis.exchange.vector.reader import Reader
from gis.jobs import Jobs, lanes
from layers.colours import DAY
from layers.selection import Selection
from layers.stack import LayerStack
from layers.view import MapView
from tests.bench.citymap import HEIGHT, UTM, WIDTH, layer, said_of
from tests.bench.heart import settled, wait
from tests.bench.memory import held

TICK_MS, REST, NOTCH, NOTCH_TICKS, PAN_PX = 16, 30, 2**0.25, 5, 12.0
PAUSE_MS = 150  # between two stations
Step = tuple[str, MapView]


class Watched(MapCanvas):
    """A map that notes how long its frames took, and whether the last one was sharp."""

    def watch(self, shown: LayerStack) -> None:
        self.shown = shown
        self.frames: list[tuple[float, float]] = []  # by the clock, and of this thread's processor time
        self.waited: dict[str, list[float]] = {"pan": [], "zoom": []}
        self.since: list[tuple[str, float]] = []  # steps that are not sharp yet
        self.latest: dict[str, list[float]] = {
            "pan": [],
            "zoom": [],
            "open": [],
        }  # of these, the last one alone

    def paintEvent(self, event: QPaintEvent) -> None:
        begun, worked = time.perf_counter(), time.thread_time()
        super().paintEvent(event)
        now = time.perf_counter()
        self.frames.append(((now - begun) * 1e3, (time.thread_time() - worked) * 1e3))
        if self.since and self.sharp:
            for what, when in self.since:
                self.waited[what].append((now - when) * 1e3)
            what, when = self.since[-1]
            self.latest[what].append((now - when) * 1e3)
            self.since.clear()

    @property
    def sharp(self) -> bool:
        """True when every layer's picture that is on the screen shows all of the window at its scale."""
        pictures = {picture.scene.layer_id: picture for picture in self.composer.shown}
        return all(each.id in pictures and pictures[each.id].shows(self.view) for each in self.shown)

    def step(self, what: str, view: MapView) -> None:
        self.since.append((what, time.perf_counter()))
        self.look(view)


def main(folder: Path, kinds: tuple[str, ...]) -> None:
    application()
    bridge, reader = Bridge(), Reader()
    jobs = Jobs(deliver=bridge.call, failed=lambda label, error: print(label, error), lanes=lanes())
    stations = [
        (what, MapView(x, y, unit, WIDTH, HEIGHT)) for what, x, y, unit in said_of(folder, "gestures.json")
    ]
    stack = LayerStack(UTM, ())
    canvas = Watched(stack, Selection(), jobs, DAY, stations[0][1])
    canvas.watch(stack)
    canvas.resize(WIDTH, HEIGHT)
    canvas.show()
    wait(200)
    begun = time.perf_counter()
    for kind in kinds:
        stack.add(layer(folder, kind, reader))
    settled(lambda: not canvas.sharp)
    figures: dict[str, Any] = {"load_s": time.perf_counter() - begun}
    settled(lambda: canvas.composer.busy)
    reader.close()
    wait(3_000)  # the map rests
    figures["loaded"] = held()
    figures["stations"] = by_stations(canvas, stations)
    wait(1_000)
    figures["travel"] = by_hand(canvas, list(steps(stations)))
    figures["travelled"] = held()
    canvas.close_map()
    canvas.close()
    jobs.close()
    print(json.dumps(figures))


def by_stations(canvas: Watched, stations: list[Step]) -> list[tuple[str, float, float]]:
    """What, units per pixel, and how many milliseconds until it was sharp."""
    found: list[tuple[str, float, float]] = []
    for what, view in stations:
        canvas.since.clear()
        canvas.waited = {"pan": [], "zoom": [], "open": []}
        canvas.step(what, view)
        if canvas.sharp:
            canvas.update()
        settled(lambda: bool(canvas.since))
        found.append((what, view.units_per_pixel, canvas.waited[what][0]))
        wait(PAUSE_MS)
    return found


def steps(stations: list[Step]) -> Iterator[Step]:
    """One a tick, from station to station, a rest at each."""
    here = stations[0][1]
    for what, goal in stations[1:]:
        if what == "pan":
            dx, dy = goal.x - here.x, goal.y - here.y
            count = round(max(abs(dx), abs(dy)) / here.units_per_pixel / PAN_PX)
            for n in range(1, count + 1):
                yield "pan", here.centred(here.x + dx * n / count, here.y + dy * n / count)
        else:
            grow = goal.units_per_pixel / here.units_per_pixel
            count = round(abs(np.log(grow) / np.log(NOTCH)))
            for n in range(1, count + 1):
                unit = here.units_per_pixel * grow ** (n / count)
                way = (unit - here.units_per_pixel) / (goal.units_per_pixel - here.units_per_pixel)
                view = MapView(
                    here.x + (goal.x - here.x) * way, here.y + (goal.y - here.y) * way, unit, WIDTH, HEIGHT
                )
                yield from [("zoom", view)] * NOTCH_TICKS
        yield from [("rest", goal)] * REST
        here = goal


def queue_ms() -> float:
    """How long this thread has waited for a processor while others had them all."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e6


def by_hand(canvas: Watched, way: list[Step]) -> dict[str, Any]:
    """One step a tick; steps that were overtaken wait until the map is sharp again."""
    canvas.since.clear()
    canvas.waited, canvas.latest = {"pan": [], "zoom": []}, {"pan": [], "zoom": [], "open": []}
    canvas.frames.clear()
    sharp: dict[str, list[bool]] = {"pan": [], "zoom": [], "rest": []}
    ticks: list[tuple[str, float, float]] = []
    loop, timer, left = QEventLoop(), QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer), iter(way)
    last, queued, what = time.perf_counter(), queue_ms(), "rest"

    spent = time.thread_time()

    def tick() -> None:
        nonlocal last, queued, what
        now, waited = time.perf_counter(), queue_ms()
        ticks.append((what, (now - last) * 1e3, waited - queued))
        last, queued = now, waited
        sharp[what].append(not canvas.since)
        found = next(left, None)
        if found is None:
            timer.stop()
            loop.quit()
            return
        what, view = found
        if view != canvas.view:
            canvas.step(what if what in canvas.waited else "zoom", view)

    timer.timeout.connect(tick)
    timer.start()
    loop.exec()
    return {
        "ticks": ticks,
        "frames": list(canvas.frames),
        "window_cpu_s": time.thread_time() - spent,
        "waited": canvas.waited,
        "latest": canvas.latest,
        "sharp": {each: float(np.mean(seen)) for each, seen in sharp.items()},
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2].split(",")))
