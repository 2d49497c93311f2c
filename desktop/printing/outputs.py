"""A sheet as a file, whole or not at all, or on a printer."""

from enum import StrEnum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QFile, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from desktop.canvas.right_of_way import RightOfWay
from desktop.printing.compose import MapSheet, draw_sheet, pages
from gis.errors import UserError
from gis.exchange.png import PngWriter
from gis.lasting import whole
from gis.progress import Progress
from gis.texts import _


class Form(StrEnum):
    """What a sheet is written as."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"


def write_sheet(sheet: MapSheet, form: Form, path: Path, progress: Progress, way: RightOfWay) -> None:
    """Write a sheet under the name `path`. Raises `UserError`; nothing half-written stays."""
    write = {Form.PNG: _png, Form.PDF: _pdf, Form.SVG: _svg}[form]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as part:
            write(sheet, part, progress, way)
    except OSError as error:
        raise UserError(
            _("{name} could not be written: {reason}.").format(
                name=path.name, reason=error.strerror or error
            ),
            hint=_("Nothing else was changed. Choose another folder, or make room on the disk."),
        ) from error


def _png(sheet: MapSheet, path: Path, progress: Progress, way: RightOfWay) -> None:
    plan = sheet.plan
    size = QSize(round(plan.width * plan.ratio), round(plan.height * plan.ratio))
    with path.open("wb") as file:
        writer = PngWriter(file, size.width(), size.height(), plan.wish.dpi)
        for image in pages(sheet, progress, way):
            pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
            writer.rows(np.ascontiguousarray(pixels[..., 2::-1]))
        writer.end()


def _pdf(sheet: MapSheet, path: Path, progress: Progress, way: RightOfWay) -> None:
    file = _opened(path)
    try:
        writer = QPdfWriter(file)
        writer.setTitle(sheet.words.title)
        writer.setCreator("Kentongan")
        writer.setResolution(sheet.plan.wish.dpi)
        lay(writer, sheet)
        print_sheet(writer, sheet, progress, way)
    finally:
        file.close()
    _check(file)


def lay(device: QPagedPaintDevice, sheet: MapSheet) -> None:
    """The paper as it was planned, to its edges."""
    paper = sheet.plan.wish.paper
    size = QPageSize(QSizeF(paper.width_mm, paper.height_mm), QPageSize.Unit.Millimeter, paper.name)
    turned = (
        QPageLayout.Orientation.Landscape if sheet.plan.wish.landscape else QPageLayout.Orientation.Portrait
    )
    device.setPageLayout(QPageLayout(size, turned, QMarginsF(0, 0, 0, 0)))


def print_sheet(device: QPagedPaintDevice, sheet: MapSheet, progress: Progress, way: RightOfWay) -> None:
    """Draw a sheet on a document or a printer. Raises `OSError` when that cannot be begun."""
    painter = QPainter()
    if not painter.begin(device):
        raise OSError(_("it cannot be begun"))
    try:
        painter.setRenderHints(
            QPainter.RenderHint.LosslessImageRendering | QPainter.RenderHint.SmoothPixmapTransform
        )
        unit = device.logicalDpiX() / 96
        painter.scale(unit, unit)
        draw_sheet(painter, sheet, progress, way)
    finally:
        painter.end()


def on_printer(sheet: MapSheet, name: str, progress: Progress, way: RightOfWay) -> None:
    """Send a sheet to a printer of this computer. Raises `UserError`."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo  # looks for printers: not before one is wanted

    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise UserError(
            _("The printer {name} is not there any more.").format(name=name),
            hint=_("Nothing was printed. Choose another printer, or save the sheet as a PDF."),
        )
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setDocName(sheet.words.title)
    printer.setFullPage(True)
    printer.setResolution(sheet.plan.wish.dpi)
    lay(printer, sheet)
    try:
        print_sheet(printer, sheet, progress, way)
    except OSError as error:
        raise UserError(
            _("{name} does not take the sheet: {reason}.").format(name=name, reason=error),
            hint=_("Nothing was printed. Save the sheet as a PDF instead."),
        ) from error


def printers() -> tuple[str, ...]:
    """The printers that this computer knows."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return tuple(QPrinterInfo.availablePrinterNames())


def _svg(sheet: MapSheet, path: Path, progress: Progress, way: RightOfWay) -> None:
    plan, file = sheet.plan, _opened(path)
    size = QSize(round(plan.width), round(plan.height))
    try:
        made = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
        made.setOutputDevice(file)
        made.setSize(size)
        made.setViewBox(QRect(0, 0, size.width(), size.height()))
        made.setResolution(96)
        made.setTitle(sheet.words.title)
        made.setDescription(sheet.words.operation)
        painter = QPainter(made)
        try:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            draw_sheet(painter, sheet, progress, way)
        finally:
            painter.end()
    finally:
        file.close()
    _check(file)


def _opened(path: Path) -> QFile:
    file = QFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise OSError(file.errorString())
    return file


def _check(file: QFile) -> None:
    """Qt writes on when a disk is full, and tells only who asks."""
    if file.error() != QFile.FileError.NoError:
        raise OSError(file.errorString())
