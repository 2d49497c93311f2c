"""QGIS's map window as a peer: the same gestures on a real canvas. Run by a Python that has QGIS.

`python3 qgis_canvas.py CITY GESTURES KINDS`: prints JSON, {"version", "stations": [[what, units per pixel,
milliseconds until the whole picture was there], ...], "ticks": [milliseconds between two ticks of 16 ms],
"seen": the least share of the window that was painted}.
"""

import json
import os
import sys
import time
from pathlib import Path

from qgis.core import (  # type: ignore[import-not-found]
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas  # type: ignore[import-not-found]
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor  # type: ignore[import-not-found]
from qgis_peer import opened

WIDTH, HEIGHT, PAUSE_MS, PATIENCE_MS = 1600, 1000, 150, 60_000


def window(city, kinds):
    canvas = QgsMapCanvas()
    canvas.resize(WIDTH, HEIGHT)
    canvas.setCanvasColor(QColor("white"))
    canvas.enableAntiAliasing(True)
    canvas.setParallelRenderingEnabled(True)
    canvas.setCachingEnabled(True)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem.fromEpsgId(32651))
    canvas.show()
    layers = [opened(kind, f"{city}/{kind}.gpkg") for kind in kinds]
    canvas.setLayers(layers[::-1])  # the uppermost first
    return canvas, layers  # the canvas does not keep them


def seen(canvas):
    """The share of the window that is not paper: a picture that was timed must also be there."""
    image = canvas.grab().toImage()
    places = [(x, y) for x in range(0, WIDTH, 20) for y in range(0, HEIGHT, 20)]
    return sum(image.pixelColor(x, y) != QColor("white") for x, y in places) / len(places)


def shown(canvas, x, y, unit):
    """Milliseconds until the map says that it is drawn."""
    loop, ended = QEventLoop(), []

    def finished():
        ended.append(time.perf_counter())
        loop.quit()

    canvas.mapCanvasRefreshed.connect(finished)
    begun = time.perf_counter()
    half_w, half_h = WIDTH / 2 * unit, HEIGHT / 2 * unit
    canvas.setExtent(QgsRectangle(x - half_w, y - half_h, x + half_w, y + half_h))
    canvas.refresh()
    QTimer.singleShot(PATIENCE_MS, loop.quit)
    loop.exec_()
    canvas.mapCanvasRefreshed.disconnect(finished)
    return ((ended or [time.perf_counter()])[0] - begun) * 1e3


def main(city, gestures, kinds):
    QgsApplication.setPrefixPath("/usr", True)
    program = QgsApplication([], True)
    program.initQgis()
    canvas, _layers = window(city, kinds)
    program.processEvents()
    ticks, last = [], [time.perf_counter()]

    def tick():
        now = time.perf_counter()
        ticks.append((now - last[0]) * 1e3)
        last[0] = now

    timer = QTimer()
    timer.setTimerType(Qt.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(16)
    stations, shares = [], []
    for what, x, y, unit in json.loads(Path(gestures).read_text()):
        stations.append([what, unit, shown(canvas, x, y, unit)])
        shares.append(seen(canvas))
        pause = QEventLoop()
        QTimer.singleShot(PAUSE_MS, pause.quit)
        pause.exec_()
    found = {"version": Qgis.QGIS_VERSION, "stations": stations, "ticks": ticks, "seen": min(shares)}
    print(json.dumps(found), flush=True)
    os._exit(0)  # QGIS takes its window down in an order that may crash


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3].split(","))
