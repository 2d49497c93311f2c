"""QGIS as a peer: draws the layers it is asked for and says how long it took. Run by a Python that has QGIS.

One question a line on standard input, one answer a line on standard output, both JSON:
{"layers": {"roads": "/path/roads.gpkg", ...} from the bottom, "extent": [w, s, e, n], "crs": 32651,
"size": [1600, 1000], "save": "" or a path} -> {"ms": 12.3, "cpu_ms": 12.1, "version": "3.22", "named": 0}.
With "names": {"roads": "a column"}, "name_px" and "halo_px" a layer has names; "named" find a place.
One layer is drawn into one picture on one thread; of several each in a thread, as its canvas does.
"""

import json
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # type: ignore[import-not-found]
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMapRendererCustomPainterJob,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor, QImage, QPainter  # type: ignore[import-not-found]

HAIR_MM = "0.26"  # one pixel at 96 dots per inch


def symbol(kind):
    area = {"outline_width": HAIR_MM, "outline_style": "solid"}
    if kind == "buildings":
        return QgsFillSymbol.createSimple(
            {**area, "color": "217,200,185,255", "outline_color": "120,95,80,255"}
        )
    if kind == "zones":
        return QgsFillSymbol.createSimple(
            {**area, "color": "225,238,218,255", "outline_color": "90,120,90,255"}
        )
    if kind == "roads":
        return QgsLineSymbol.createSimple({"line_color": "200,80,60,255", "line_width": HAIR_MM})
    dot = {"name": "circle", "color": "40,100,200,255", "outline_color": "20,40,80,255", "outline_width": "0"}
    return QgsMarkerSymbol.createSimple({**dot, "size": "2.1167"})  # 8 pixels


def opened(kind, path):
    named = f"|layername={kind}" if path.endswith(".gpkg") else ""
    layer = QgsVectorLayer(path + named, kind, "ogr")
    if not layer.isValid():
        raise SystemExit(f"QGIS cannot open {path}")
    layer.setRenderer(QgsSingleSymbolRenderer(symbol(kind)))
    return layer


def with_names(layer, column, asked):
    """Names as the program itself places them when nothing else is chosen, with a halo."""
    halo, letters, labels = QgsTextBufferSettings(), QgsTextFormat(), QgsPalLayerSettings()
    halo.setEnabled(True)
    halo.setSizeUnit(QgsUnitTypes.RenderPixels)
    halo.setSize(asked["halo_px"])
    letters.setSizeUnit(QgsUnitTypes.RenderPixels)
    letters.setSize(asked["name_px"])
    letters.setBuffer(halo)
    labels.setFormat(letters)
    labels.fieldName = column
    layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
    layer.setLabelsEnabled(True)


def settings(layers, asked):
    made = QgsMapSettings()
    made.setLayers(layers)
    made.setDestinationCrs(QgsCoordinateReferenceSystem.fromEpsgId(asked["crs"]))
    made.setOutputSize(QSize(*asked["size"]))
    made.setOutputDpi(96)
    made.setExtent(QgsRectangle(*asked["extent"]))
    made.setBackgroundColor(QColor("white"))
    made.setFlag(QgsMapSettings.Antialiasing, True)
    made.setFlag(QgsMapSettings.UseRenderingOptimization, True)
    made.setOutputImageFormat(QImage.Format_ARGB32_Premultiplied)
    return made


def drawn(layers, asked):
    """Milliseconds, the picture, and how many names are on it."""
    how = settings(layers, asked)
    if len(layers) > 1:
        job = QgsMapRendererParallelJob(how)
        begun = time.perf_counter()
        job.start()
        job.waitForFinished()
        picture = job.renderedImage()
        return (time.perf_counter() - begun) * 1e3, picture, 0
    picture = QImage(*asked["size"], QImage.Format_ARGB32_Premultiplied)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    begun = time.perf_counter()
    job = QgsMapRendererCustomPainterJob(how, painter)
    job.start()
    job.waitForFinished()
    took = (time.perf_counter() - begun) * 1e3
    painter.end()
    placed = job.takeLabelingResults() if asked.get("names") else None
    return took, picture, len(placed.labelsWithinRect(how.extent())) if placed else 0


def answer(asked, known):
    begun = time.perf_counter()
    for kind, path in asked["layers"].items():
        if asked.get("anew") or path not in known:
            known[path] = opened(kind, path)
    for kind, path in asked["layers"].items():
        known[path].setLabelsEnabled(False)
        if kind in asked.get("names", {}):
            with_names(known[path], asked["names"][kind], asked)
    bottom_up = [known[path] for path in asked["layers"].values()]
    opening = (time.perf_counter() - begun) * 1e3
    worked = time.process_time()
    took, picture, named = drawn(bottom_up[::-1], asked)  # QGIS names the uppermost first
    worked = (time.process_time() - worked) * 1e3
    if asked.get("save"):
        picture.save(asked["save"])
    return {"ms": took, "cpu_ms": worked, "opening_ms": opening, "named": named, "version": Qgis.QGIS_VERSION}


def main():
    QgsApplication.setPrefixPath("/usr", True)
    program = QgsApplication([], False)
    program.initQgis()
    known: dict = {}
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), known)), flush=True)


if __name__ == "__main__":
    main()
