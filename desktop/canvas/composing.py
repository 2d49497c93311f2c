"""What frames show: pictures laid together by a worker, and put on the screen as a whole."""

from collections.abc import Callable
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.canvas.renderer import MapRenderer
from desktop.canvas.sheets import Picture, part
from gis.jobs import Job, Jobs, Lane
from gis.progress import Progress
from gis.texts import _
from layers.view import MapView

Pile = tuple[tuple[Picture, float], ...]  # from the bottom, each with its opacity
Levels = tuple[Pile, ...]  # between two of them the map may be drawn on
Sheet = tuple[MapView, QImage, float]  # an image of a view, and its opacity
PATIENCE_MS = 150  # so long the pictures of some layers wait for those of the others
BAND = 128  # rows at once: they stay near the processor


class Composer:
    """Every frame moves and scales the sheets that are at hand; what is new takes their place when all of it
    is laid together. Pictures of one scale are one sheet, so frames cost the same however many layers there
    are, and the map changes as a whole.
    """

    def __init__(self, jobs: Jobs, renderer: MapRenderer, updated: Callable[[], object]) -> None:
        self._jobs, self._renderer, self._updated = jobs, renderer, updated
        self._shown: Levels = ()
        self._sheets: list[list[Sheet]] = []
        self._job: Job | None = None
        self._paper = Paper()
        self._waited = QTimer(singleShot=True, interval=PATIENCE_MS)
        self._waited.timeout.connect(updated)
        self._waiting = False

    @property
    def busy(self) -> bool:
        """True while something else than the sheets at hand is on its way to the screen."""
        return self._renderer.busy or self._job is not None

    @property
    def shown(self) -> tuple[Picture, ...]:
        """Of which pictures the sheets are, from the bottom."""
        return tuple(picture for pile in self._shown for picture, _opacity in pile)

    def sheets(self, level: int) -> list[Sheet]:
        """What to draw of a level, from the bottom."""
        return self._sheets[level] if level < len(self._sheets) else []

    def take(self, levels: Levels, window: MapView, ground: QColor) -> bool:
        """Show these pictures in `window` over `ground` soon; True when a frame would be the last one again.

        What came first waits a little for the other layers, unless the window misses it.
        """
        if levels == self._shown:
            self._let_go()
            return False
        if self._renderer.busy and self._is_half_there(levels, window):
            if not self._waiting:
                self._waited.start()
            self._waiting = True
            if self._waited.isActive():
                return True
        else:
            self._let_go()
        if self._job is None:
            self._lay(levels, ground)
        return levels != self._shown

    def close(self) -> None:
        """For good."""
        self._waited.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _is_half_there(self, levels: Levels, window: MapView) -> bool:
        """Some layers came to a new scale before others, or reach farther around a window that is shown."""
        if _whose(levels) != _whose(self._shown):
            return False
        came = [picture for pile in levels for picture, _opacity in pile]
        if len({picture.view.units_per_pixel for picture in came if picture.image}) > 1:
            return True
        pairs = [(old, new) for old, new in zip(self.shown, came, strict=True) if old is not new]
        farther = all(old.shows(window) and old.view != new.view for old, new in pairs)
        return farther and bool(pairs)

    def _let_go(self) -> None:
        self._waiting = False
        self._waited.stop()

    def _lay(self, levels: Levels, ground: QColor) -> None:
        """At once where nothing is to be laid over another."""
        groups = [_of_one_scale(pile) for pile in levels]
        if all(len(group) == 1 for level in groups for group in level):
            self._show(levels, [[_alone(group) for group in level] for level in groups])
            return

        def work(progress: Progress) -> list[list[Sheet]]:
            def step() -> None:
                progress.check()
                self._renderer.way.offer()

            lowest = groups[0][:1]  # the ground lies below all else
            return [
                [laid(group, ground if [group] == lowest else None, self._paper, step) for group in level]
                for level in groups
            ]

        def done(sheets: list[list[Sheet]]) -> None:
            self._job = None
            self._show(levels, sheets)
            self._updated()

        def failed(error: Exception) -> None:
            done([[_alone((each,)) for group in level for each in group] for level in groups])
            raise error

        label = _("Lay the layers of the map together")
        job = self._jobs.run(label, work, lane=Lane.FRAME, done=done, failed=failed)
        self._job = None if job.progress.cancelled else job  # cancelled: the desk is closing

    def _show(self, levels: Levels, sheets: list[list[Sheet]]) -> None:
        self._shown, self._sheets = levels, sheets
        self._paper.keep([image for level in sheets for _view, image, _opacity in level])


class Paper:
    """Memory for sheets, used again: fresh memory costs more than what is drawn on it."""

    def __init__(self) -> None:
        self._used: list[tuple[QImage, NDArray[np.uint32]]] = []
        self._free: list[NDArray[np.uint32]] = []

    def sheet(self, width: int, height: int, *, opaque: bool) -> QImage:
        """An image of so many device pixels with anything on it."""
        fit = next((each for each in self._free if each.size >= width * height), None)
        if fit is None:
            self._free.clear()
            fit = np.empty(width * height, np.uint32)
        else:
            self._free = [each for each in self._free if each is not fit]
        kind = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(fit.data, width, height, width * 4, kind)
        self._used.append((image, fit))
        return image

    def keep(self, shown: list[QImage]) -> None:
        """Only these are looked at any more."""
        held = {id(image) for image in shown}
        self._free += [pixels for image, pixels in self._used if id(image) not in held]
        self._used = [each for each in self._used if id(each[0]) in held]


def _whose(levels: Levels) -> list[tuple[str, float]]:
    return [(picture.scene.layer_id, opacity) for pile in levels for picture, opacity in pile]


def _of_one_scale(pile: Pile) -> list[Pile]:
    """Neighbours whose pixels lie upon each other; those without an image are left out."""

    def grid(each: tuple[Picture, float]) -> object:
        image, view = each[0].image, each[0].view
        assert image is not None
        ratio = image.devicePixelRatio()
        return view.units_per_pixel if ratio == int(ratio) else view

    return [tuple(group) for _grid, group in groupby((each for each in pile if each[0].image), grid)]


def _alone(group: Pile) -> Sheet:
    ((picture, opacity),) = group
    assert picture.image is not None
    return picture.view, picture.image, opacity


def laid(
    group: Pile,
    ground: QColor | None,
    paper: Paper,
    step: Callable[[], object] = lambda: None,
) -> Sheet:
    """One image of all of them, as far as any reaches; opaque over `ground`.

    `step` is called now and then; it may raise `Cancelled`.
    """
    if len(group) == 1:
        return _alone(group)
    first = group[0][0]
    assert first.image is not None
    ratio = first.image.devicePixelRatio()
    step()
    places = [_place(picture.view, first.view) for picture, _opacity in group]
    box = _reach(places)
    image = paper.sheet(round(box.width() * ratio), round(box.height() * ratio), opaque=ground is not None)
    image.setDevicePixelRatio(ratio)
    rows = BAND if ratio == int(ratio) else box.height()
    painter = QPainter(image)
    try:
        for top in range(0, box.height(), rows):
            step()
            band = QRect(0, top, box.width() + 1, rows)  # a pixel more, where half of one is left over
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(band.adjusted(0, 0, 0, 1), ground or Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            for (picture, opacity), place in zip(group, places, strict=True):
                here = place.translated(-box.topLeft())
                piece = here & band
                if picture.image is not None and not piece.isEmpty():
                    painter.setOpacity(opacity)
                    source = _of_image(piece.translated(-here.topLeft()), picture.image.devicePixelRatio())
                    painter.drawImage(QRectF(piece), picture.image, source)
    finally:
        painter.end()  # a painter that outlives its image takes the process down
    return part(first.view, box), image, 1.0


def _of_image(box: QRect, ratio: float) -> QRectF:
    """The same piece in pixels of the device."""
    return QRectF(box.x() * ratio, box.y() * ratio, box.width() * ratio, box.height() * ratio)


def _place(view: MapView, grid: MapView) -> QRect:
    """Where a view lies, in pixels of another from that one's left upper corner."""
    unit, (west, _south, _east, north) = grid.units_per_pixel, grid.extent
    left, bottom, right, top = view.extent
    x, y = round((left - west) / unit), round((north - top) / unit)
    return QRect(x, y, round((right - left) / unit), round((top - bottom) / unit))


def _reach(places: list[QRect]) -> QRect:
    """All there is to be seen of them; of some far apart the largest."""
    largest = max(places, key=_area)
    whole = QRect(largest)
    for place in places:
        whole |= place
    return whole if _area(whole) < 2 * _area(largest) else largest


def _area(box: QRect) -> int:
    return box.width() * box.height()


def lay(painter: QPainter, here: MapView, sheet: MapView, image: QImage, opacity: float = 1.0) -> None:
    """A picture of `sheet`, moved and scaled to where it belongs on a screen that shows `here`."""
    unit, ratio = here.units_per_pixel, image.devicePixelRatio()
    (left, _s, _e, top), (here_left, _hs, _he, here_top) = sheet.extent, here.extent
    x, y = (left - here_left) / unit, (here_top - top) / unit
    grow = sheet.units_per_pixel / unit
    painter.setOpacity(opacity)
    if grow == 1.0:  # on whole device pixels nothing has to be smoothed: fast and sharp
        painter.drawImage(QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio), image)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(x, y, sheet.width * grow, sheet.height * grow), image)
    painter.setOpacity(1.0)
