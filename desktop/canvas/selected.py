"""What is selected, on the map: few outlines are drawn in every frame, many as a picture that moves."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from desktop.canvas.composing import lay
from desktop.canvas.painter import Paint, paint
from desktop.canvas.paths import path
from desktop.canvas.right_of_way import RightOfWay
from desktop.canvas.sheets import aligned
from gis.geo.features import Features
from gis.jobs import Job, Jobs, Lane
from gis.progress import Progress
from gis.texts import _
from layers.colours import MapColours
from layers.geometry import clamped, gather
from layers.handout import only
from layers.index import Index, index
from layers.marked import Marked, marked
from layers.scene import REACH_PX, Areas, Drawn, Lines, Mark, Scene, Signs
from layers.style import Fill, Marker, Stroke
from layers.view import MapView

FEW_VERTICES, FEW_POINTS = 4_000, 2_000  # a frame draws so many without being felt
MARGIN_PX, SOON_MS = 192, 40
CASING, LINE, GROUND = Stroke("casing", 4.5), Stroke("accent", 2.2), Fill("accent", 0.35)
DOT = Marker("accent", size_px=11.0, edge="casing")


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    view: MapView
    colours: MapColours
    image: QImage | None


class SelectedShapes:
    """The selected features among those that are shown. `updated` is called when there is more to draw."""

    def __init__(self, jobs: Jobs, way: RightOfWay, updated: Callable[[], object]) -> None:
        self._jobs, self._way, self._updated = jobs, way, updated
        self._shown: tuple[Features, ...] = ()
        self._ids: frozenset[str | int] = frozenset()
        self.found: tuple[Marked, ...] = ()
        self._indexes: tuple[Index, ...] | None = None  # of the selected alone, once many are painted
        self._sheet: _Sheet | None = None
        self._job: Job | None = None
        self._wanted: tuple[MapView, MapColours, float] | None = None
        self._soon = QTimer(singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._start)

    def show(self, shown: tuple[Features, ...], ids: frozenset[str | int]) -> None:
        """Among these features those with these ids are selected. The same again costs nothing."""
        same = len(shown) == len(self._shown) and all(a is b for a, b in zip(shown, self._shown, strict=True))
        if same and ids is self._ids:
            return
        self._shown, self._ids = shown, ids
        self.found = marked(shown, ids)
        self._indexes = self._sheet = None
        self._cancel()

    @property
    def many(self) -> bool:
        """True when they are painted beside the window."""
        points = sum(len(each.rows) for each in self.found if each.is_points)
        others = sum(_vertices(each) for each in self.found if not each.is_points)
        return points > FEW_POINTS or others > FEW_VERTICES

    @property
    def busy(self) -> bool:
        """True while a picture of them is on its way."""
        return self._soon.isActive() or self._job is not None

    def draw_shapes(self, painter: QPainter, view: MapView, colours: MapColours, ratio: float) -> None:
        """Outlines of lines and areas, or the picture of all."""
        if self.many:
            self._draw_sheet(painter, view, colours, ratio)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for found in self.found:
            if found.is_points:
                continue
            shapes = clamped(gather(found.features, found.rows, view), view.width, view.height)
            outline = path(shapes.xy.astype(np.float32), shapes.rings)
            for colour, width in (("casing", 5.0), ("accent", 2.5)):
                painter.strokePath(outline, QPen(QColor(colours.of(colour)), width))

    def draw_rings(self, view: MapView, ring: Callable[[NDArray[np.float32]], object]) -> None:
        """Rings around points (m, 2) in pixels, while there are few."""
        if self.many:
            return
        for found in self.found:
            if found.is_points:
                ring(view.to_pixels(found.points))

    def close(self) -> None:
        """Stop painting, for good."""
        self._cancel()
        self.found = ()

    def _draw_sheet(self, painter: QPainter, view: MapView, colours: MapColours, ratio: float) -> None:
        sheet = self._sheet
        if sheet is not None and sheet.image is not None:
            lay(painter, view, sheet.view, sheet.image)
        fresh = (
            sheet is not None
            and sheet.colours == colours
            and sheet.view.units_per_pixel == view.units_per_pixel
            and sheet.view.covers(view)
        )
        if not fresh and (self._wanted is None or self._wanted[:2] != (view, colours)):
            self._wanted = (view, colours, ratio)
            if not self._soon.isActive():
                self._soon.start()

    def _cancel(self) -> None:
        self._soon.stop()
        self._wanted = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _start(self) -> None:
        if self._wanted is None or self._job is not None:  # after that one the map is drawn, and asks again
            return
        (view, colours, ratio), found, indexes = self._wanted, self.found, self._indexes
        wide = aligned(view.grown(MARGIN_PX))

        def work(progress: Progress) -> tuple[tuple[Index, ...], QImage | None]:
            made = indexes or tuple(index(only(each.features, each.rows), progress) for each in found)
            scene = Scene("", wide, tuple(mark for each in made for mark in _marks(each, wide)))
            return made, paint(scene, Paint(colours, ratio, progress, self._way)) if scene.marks else None

        def done(painted: tuple[tuple[Index, ...], QImage | None]) -> None:
            if job is self._job:
                self._job = self._wanted = None
                self._indexes, image = painted
                self._sheet = _Sheet(wide, colours, image)
                self._updated()

        job = self._job = self._jobs.run(_("Draw the selection"), work, lane=Lane.MAP, done=done)
        if job.progress.cancelled:  # the desk is closing
            self._job = None


def _vertices(found: Marked) -> int:
    ends = found.features.rings[found.features.parts]
    return int((ends[found.rows + 1] - ends[found.rows]).sum())


def _marks(found: Index, view: MapView) -> list[Mark]:
    positions = found.within(view.grown(REACH_PX).extent)
    if not len(positions):
        return []
    drawn = Drawn(found, positions)
    match found.features.shape.name:
        case "POLYGON":
            return [Areas(drawn, GROUND, CASING), Areas(drawn, None, LINE)]
        case "LINE":
            return [Lines(drawn, CASING), Lines(drawn, LINE)]
        case _:
            return [Signs(drawn, DOT)]
