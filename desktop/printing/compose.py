"""One sheet, drawn by any painter: the map in bands of pixels, everything else as lines and letters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from desktop.canvas.gridlines import draw_figures, draw_lines
from desktop.canvas.painter import Paint, paint
from desktop.canvas.right_of_way import RightOfWay
from desktop.canvas.sheets import part
from desktop.printing.collar import Words, draw_collar, draw_watermark
from desktop.printing.keys import Key
from desktop.printing.live import draw_live, draw_names
from gis.progress import Progress
from layers.colours import DAY
from layers.grid.figures import figures
from layers.grid.lines import Grid, GridKind, grid
from layers.printing.content import Content, on_band
from layers.printing.papers import step_px
from layers.printing.plan import Area, Plan, bands
from layers.scene import Raster
from layers.view import MapView

BAND_BYTES = 24 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class MapSheet:
    """A sheet with all that is on it."""

    plan: Plan
    content: Content
    keys: tuple[Key, ...]
    words: Words
    grid: Grid


def ruled(plan: Plan) -> Grid:
    """The grid of a sheet."""
    return grid(plan.wish.grid, plan.view, plan.crs, plan.metres_per_unit)


def draw_sheet(painter: QPainter, sheet: MapSheet, progress: Progress, way: RightOfWay) -> None:
    """All of it, in pixels of 96 per inch. Raises `Cancelled` between two bands."""
    plan, overlap = sheet.plan, step_px(sheet.plan.wish.dpi)
    style = Paint(DAY, plan.ratio, progress, way)
    painter.fillRect(QRectF(0, 0, plan.width, plan.height), QColor("#ffffff"))
    rows = bands(plan, BAND_BYTES)
    for number, (top, bottom) in enumerate(rows):
        progress.step(number, len(rows))
        reach = min(bottom + overlap, plan.view.height)  # so that no seam is to be seen between two
        painter.drawImage(_rows_of(plan, top, reach), map_band(sheet, top, reach, style))
    draw_over(painter, sheet, QRectF(0, 0, plan.width, plan.height), style)


def draw_over(painter: QPainter, sheet: MapSheet, rows: QRectF, style: Paint) -> None:
    """What lies over the map and around it, as far as it is on these rows of the paper."""
    plan, frame = sheet.plan, _rect(sheet.plan.frame)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.save()
    painter.setClipRect(frame.intersected(rows) if not rows.contains(frame) else frame)
    painter.translate(frame.topLeft())
    draw_lines(painter, sheet.grid, plan.view, DAY)
    draw_names(painter, sheet.content.labels, rows.translated(-frame.topLeft()), style)
    draw_live(painter, sheet.content.live, plan.view, plan.scale, DAY)
    if plan.mark is not None:
        draw_watermark(painter, QRectF(0, 0, frame.width(), frame.height()))
    painter.restore()
    if plan.wish.grid is not GridKind.NONE:
        draw_figures(painter, figures(sheet.grid, plan.view), frame, DAY)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(DAY.of("ink")), 1.2))
    painter.drawRect(frame)
    draw_collar(painter, plan, sheet.keys, sheet.words)


def pages(sheet: MapSheet, progress: Progress, way: RightOfWay) -> Iterator[QImage]:
    """The whole sheet as pictures, one under the other, each no larger than memory allows."""
    plan, step = sheet.plan, step_px(sheet.plan.wish.dpi)
    ratio, rows = plan.ratio, max(step, int(BAND_BYTES / (plan.width * plan.ratio**2 * 4)) // step * step)
    whole = QSize(round(plan.width * ratio), round(plan.height * ratio))
    tops = list(range(0, int(-(-plan.height // 1)), rows))
    for number, top in enumerate(tops):
        progress.step(number, len(tops))
        first = round(top * ratio)
        high = (whole.height() if number == len(tops) - 1 else round((top + rows) * ratio)) - first
        if high > 0:
            image = QImage(QSize(whole.width(), high), QImage.Format.Format_RGB32)
            _draw_page(image, sheet, (top, rows), Paint(DAY, ratio, progress, way))
            yield image


def small(sheet: MapSheet, width: int, height: int, progress: Progress, way: RightOfWay) -> QImage:
    """The sheet as a picture of at most so many pixels."""
    plan = sheet.plan
    ratio = min(width / plan.width, height / plan.height)
    image = QImage(QSize(round(plan.width * ratio), round(plan.height * ratio)), QImage.Format.Format_RGB32)
    style = Paint(DAY, ratio, progress, way)
    map_ = map_band(sheet, 0, plan.view.height, style)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(ratio, ratio)
    painter.drawImage(_rows_of(plan, 0, plan.view.height), map_)
    draw_over(painter, sheet, QRectF(0, 0, plan.width, plan.height), style)
    painter.resetTransform()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(DAY.of("muted")), 1))
    painter.drawRect(image.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return image


def _draw_page(image: QImage, sheet: MapSheet, rows: tuple[int, int], style: Paint) -> None:
    plan, (top, height) = sheet.plan, rows
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    try:
        painter.scale(plan.ratio, plan.ratio)
        painter.translate(0, -top)
        first = max(top, int(plan.frame.y)) - int(plan.frame.y)
        last = min(top + height, int(plan.frame.bottom)) - int(plan.frame.y)
        if last > first:
            painter.drawImage(_rows_of(plan, first, last), map_band(sheet, first, last, style))
        draw_over(painter, sheet, QRectF(0, top, plan.width, height), style)
    finally:
        painter.end()


def map_band(sheet: MapSheet, top: int, bottom: int, style: Paint) -> QImage:
    """The pixels of some rows of the map, all layers in one."""
    plan = sheet.plan
    view, ratio = plan.view, style.ratio
    piece = part(view, QRectF(0, top, view.width, bottom - top).toRect())
    size = QSize(round(view.width * ratio), round((bottom - top) * ratio))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(DAY.of("background")))
    for each in sheet.content.parts:
        scene = on_band(each, plan, piece, ratio, style.progress)
        if not scene.marks:
            continue
        made = each.scene is not None  # for the whole sheet, beforehand
        stretched = [mark for mark in scene.marks if isinstance(mark, Raster) and made]
        rest = replace(scene, marks=tuple(mark for mark in scene.marks if mark not in stretched))
        layer = paint(rest, style) if rest.marks else None
        painter = QPainter(image)
        painter.setOpacity(each.layer.opacity)
        for mark in stretched:
            _stretch(painter, mark, piece)
        if layer is not None:
            painter.drawImage(QPointF(0, 0), layer)
        painter.end()
    image.setDevicePixelRatio(1.0)
    return image


def _stretch(painter: QPainter, mark: Raster, piece: MapView) -> None:
    """What was made for the whole sheet, coarser than it: its part of a piece, smoothly."""
    (west, _s, _e, north), (here_west, _hs, _he, here_north) = mark.view.extent, piece.extent
    unit, (height, width) = piece.units_per_pixel, mark.pixels.shape[:2]
    pixels = np.ascontiguousarray(mark.pixels)
    whole = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGBA8888_Premultiplied)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = QRectF((west - here_west) / unit, (here_north - north) / unit, mark.view.width, mark.view.height)
    painter.drawImage(place, whole)


def _rows_of(plan: Plan, top: int, bottom: int) -> QRectF:
    return QRectF(plan.frame.x, plan.frame.y + top, plan.frame.width, bottom - top)


def _rect(area: Area) -> QRectF:
    return QRectF(area.x, area.y, area.width, area.height)
