"""Pictures of one view move as one: which are shown while others are on their way, and laid together."""

from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QImage, QPainter

from desktop.canvas.painter import blank
from desktop.canvas.right_of_way import RightOfWay
from desktop.canvas.sheets import Picture
from gis.jobs import Job, Jobs, Lane
from gis.progress import Progress
from gis.texts import _
from layers.view import MapView

Pile = tuple[tuple[Picture, float], ...]  # from the bottom, each with its opacity
Sheet = tuple[MapView, QImage, float]  # an image of a view, and its opacity
PATIENCE_MS = 150  # so long the pictures of some layers wait for those of the others


class Changeover:
    """At a new scale the map changes as a whole: until all layers have come, what was there is shown on.

    Mixed, layers would come one by one over others still blurred, each costing frames of its own.
    """

    def __init__(self, updated: Callable[[], object]) -> None:
        self._last: Pile = ()
        self._whose: tuple[tuple[str, float], ...] = ()
        self._waited = QTimer(singleShot=True, interval=PATIENCE_MS)
        self._waited.timeout.connect(updated)
        self._waiting = False

    def now(self, shown: Pile, *, busy: bool) -> Pile:
        """What to show of `shown`, or the same layers as they were while some of them are on their way."""
        if self._is_on_its_way(shown, busy=busy):
            if not self._waiting:
                self._waited.start()
            self._waiting = True
            if self._waited.isActive():
                return self._last
        else:
            self._waiting = False
            self._waited.stop()
        self._last, self._whose = shown, _whose(shown)
        return shown

    def holds(self, shown: Pile, *, busy: bool) -> bool:
        """True when a frame with these pictures would be the last one again."""
        return self._waited.isActive() and self._is_on_its_way(shown, busy=busy)

    def _is_on_its_way(self, shown: Pile, *, busy: bool) -> bool:
        mixed = len({picture.view.units_per_pixel for picture, _opacity in shown if picture.image}) > 1
        return mixed and busy and _whose(shown) == self._whose


def _whose(shown: Pile) -> tuple[tuple[str, float], ...]:
    return tuple((picture.scene.layer_id, opacity) for picture, opacity in shown)


class Flattened:
    """Lays pictures together in a worker, so that later frames move one image instead of a dozen."""

    def __init__(self, jobs: Jobs, way: RightOfWay) -> None:
        self._jobs, self._way = jobs, way
        self._kept: dict[Pile, QImage] = {}
        self._wanted: list[tuple[MapView, Pile]] = []
        self._job: Job | None = None

    def sheets(self, shown: Pile, units_per_pixel: float) -> list[Sheet]:
        """From the bottom: as few images as are at hand to say the same on a screen of that scale.

        What is shown at another scale than it was painted for is laid together at once: to scale one image
        in every frame takes less than to scale them all in one.
        """
        full = [(picture, opacity) for picture, opacity in shown if picture.image is not None]
        piles = [(view, tuple(pile)) for view, pile in groupby(full, key=lambda each: each[0].view)]
        self._kept = {pile: self._kept[pile] for _view, pile in piles if pile in self._kept}
        for view, pile in piles:
            if len(pile) > 1 and pile not in self._kept and view.units_per_pixel != units_per_pixel:
                self._kept[pile] = flat(view, pile)
        self._wanted = [(view, pile) for view, pile in piles if len(pile) > 1 and pile not in self._kept]
        return [sheet for view, pile in piles for sheet in self._of(view, pile)]

    def _of(self, view: MapView, pile: Pile) -> list[Sheet]:
        if pile in self._kept:
            return [(view, self._kept[pile], 1.0)]
        return [(view, picture.image, opacity) for picture, opacity in pile if picture.image is not None]

    def lay_together(self) -> None:
        """To be called when the map rests: what the last frame drew one by one becomes one image."""
        if self._job is not None or not self._wanted:
            return
        view, pile = self._wanted[0]

        def work(progress: Progress) -> QImage:
            return flat(view, pile, lambda: (progress.check(), self._way.give()))

        def done(image: QImage) -> None:
            self._job = None
            if (view, pile) in self._wanted:
                self._kept[pile] = image
                self._wanted.remove((view, pile))
            self.lay_together()

        job = self._job = self._jobs.run(
            _("Lay the layers of the map together"), work, lane=Lane.MAP, done=done
        )
        if job.progress.cancelled:  # the desk is closing
            self._job = None

    def close(self) -> None:
        """For good."""
        self._wanted = []
        if self._job is not None:
            self._job.cancel()


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


def flat(view: MapView, pile: Pile, step: Callable[[], object] = lambda: None) -> QImage:
    """One image of all of them. `step` is called before each; it may raise `Cancelled`."""
    images = [(picture.image, opacity) for picture, opacity in pile if picture.image is not None]
    image = blank(view.width, view.height, images[0][0].devicePixelRatio())
    painter = QPainter(image)
    try:
        for each, opacity in images:
            step()
            painter.setOpacity(opacity)
            painter.drawImage(QPointF(0, 0), each)
    finally:
        painter.end()
    return image
