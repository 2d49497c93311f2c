"""The tool in hand while something is drawn or measured: by mouse, by keys, or both in turn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter

from desktop.canvas import marks
from desktop.canvas.gestures import Held
from desktop.canvas.tools import PlainTool
from gis.geo.crs import transform
from gis.geo.features import WGS84
from layers.colours import MapColours
from layers.ground import lonlat
from layers.sketch import Corner, Corners, Points, Size, Sketch, Task, outline, size
from layers.snap import Snapped
from layers.view import MapView

STEPS_PX = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}
FAR = 10.0  # times as far with Shift
STROKE_PX = 1.0  # what a drawn line may be smoothed by
Snap = Callable[[float, float], Snapped | None]


def step_of(key: Qt.Key, held: Held) -> tuple[float, float] | None:
    """How many pixels east and north an arrow moves; None for other keys."""
    if key not in STEPS_PX or held & (Held.ControlModifier | Held.AltModifier):
        return None
    far = FAR if held & Held.ShiftModifier else 1.0
    dx, dy = STEPS_PX[key]
    return dx * far, dy * far


def is_free() -> bool:
    """True while Ctrl is held: nothing is snapped to."""
    return bool(QGuiApplication.keyboardModifiers() & Held.ControlModifier)


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of a sketch: that it ended, that it changed, that somebody types a number."""

    ended: Callable[[], object]
    changed: Callable[[], object]
    typed: Callable[[str], object]


class SketchTool(PlainTool):
    """Gives a sketch its corners. The sketch outlives the tool.

    Arrows move a cross, Insert or a full stop puts a corner there; Backspace takes the last one back, Delete
    all of them, Enter ends. Held, Ctrl lets go of corners and edges near by.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self,
        sketch: Sketch,
        view: Callable[[], MapView],
        crs: Callable[[], int],
        snap: Snap,
        told: Told,
    ) -> None:
        self.sketch, self._view, self._crs, self._snap, self._told = sketch, view, crs, snap, told
        self._at: tuple[float, float] | None = None  # the pointer or the cross, in map units
        self._by_key = self._rests = False
        self._snapped: Snapped | None = None
        self._stroke: list[tuple[float, float]] = []

    @property
    def crs(self) -> int:
        return self._crs()

    @property
    def size(self) -> Size:
        """What has been measured, the pointer counted in."""
        return size(self.sketch.task, self._shown(), self.crs)

    @property
    def rests(self) -> bool:
        """What has been measured stands there until the next corner."""
        return self._rests

    # -- by mouse

    def click(self, x: float, y: float) -> None:
        self.move(x, y)
        self._put()

    def move(self, x: float, y: float) -> None:
        self._by_key, self._at = False, (x, y)
        self._snapped = None if is_free() else self._snap(x, y)
        if self._snapped:
            self._at = (self._snapped.x, self._snapped.y)

    def finish(self) -> bool:
        self.end()
        return True

    def cancel(self) -> None:
        """It is put down: what was drawn waits, what was measured goes."""
        self._at, self._snapped, self._stroke = None, None, []
        if self.sketch.task.form is None:
            self.sketch.forget()
            self._rests = False

    def grab(self, x: float, y: float, /) -> bool:
        if self.sketch.task is not Task.FREEHAND:
            return False
        self._stroke = [(x, y)]
        return True

    def drag(self, x: float, y: float, /) -> None:
        self._stroke.append((x, y))

    def drop(self, x: float, y: float, /) -> None:
        """The stroke, smoothed, is one step; a mere click is a corner."""
        stroke, self._stroke = [*self._stroke, (x, y)], []
        unit = self._view().units_per_pixel
        line = shapely.LineString(stroke)
        if line.length < 4 * unit:
            self.click(x, y)
            return
        drawn = shapely.get_coordinates(line.simplify(STROKE_PX * unit))
        places = transform(drawn, self.crs, WGS84)
        if np.isfinite(places).all():
            self._add(*((float(lon), float(lat)) for lon, lat in places))
            self.end()

    # -- by keys

    def key(self, key: Qt.Key, held: Held, text: str, /) -> bool:
        step = step_of(key, held)
        if step is not None:
            self._step(*step)
            return True
        if held & (Held.ControlModifier | Held.AltModifier):
            return False
        acts = {
            Qt.Key.Key_Backspace: self._drop_last,
            Qt.Key.Key_Delete: self._clear,
            Qt.Key.Key_Return: self.end,
            Qt.Key.Key_Enter: self.end,
            Qt.Key.Key_Insert: self._put,
            Qt.Key.Key_Period: self._put,
        }
        if key in acts:
            acts[key]()
            return True
        if text.isdecimal():
            self._told.typed(text)
            return True
        return False

    def _step(self, dx: float, dy: float) -> None:
        """The cross begins in the middle of the window."""
        view = self._view()
        x, y = self._at or (view.x, view.y)
        self._by_key, self._snapped = True, None
        self._at = (x + dx * view.units_per_pixel, y + dy * view.units_per_pixel)

    def put(self, corner: Corner) -> None:
        """A corner that was said in words (lon, lat)."""
        if self._rests:
            self.sketch.forget()
            self._rests = False
        self._add(corner)
        self._after()

    def _put(self) -> None:
        view = self._view()
        place = lonlat(*(self._at or (view.x, view.y)), self.crs)
        if np.isfinite(place).all():
            self.put(place)

    def _after(self) -> None:
        if self.sketch.is_full:
            self.end()

    def _add(self, *corners: Corner) -> None:
        self.sketch.add(*corners)
        self._told.changed()

    def _drop_last(self) -> None:
        self.sketch.drop_last()
        self._rests = False
        self._told.changed()

    def _clear(self) -> None:
        self.sketch.clear()
        self._rests = False
        self._told.changed()

    def end(self) -> None:
        """What was measured stays until the next corner; what was drawn becomes something."""
        if self.sketch.task.form is None:
            self._rests = True
            self._told.changed()
        elif self.sketch.corners:
            self._told.ended()

    # -- seen

    def _shown(self) -> Corners:
        """The corners, with the pointer as the next."""
        if self._rests or self._at is None or self.sketch.is_full:
            return self.sketch.corners
        place = lonlat(*self._at, self.crs)
        return (*self.sketch.corners, place) if np.isfinite(place).all() else self.sketch.corners

    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None:
        if self._stroke:
            marks.draw_line(painter, view.to_pixels(np.array(self._stroke)), colours)
            return
        shown = self._shown()
        if self.sketch.corners:
            self._draw_sketch(painter, view, colours, shown)
        if self._at is None:
            return
        pointer = view.to_pixels(np.array([self._at]))[0]
        if self._snapped:
            marks.draw_snapped(painter, pointer, colours, corner=self._snapped.corner)
        if self._by_key:
            marks.draw_cross(painter, pointer, colours)
        words = marks.size_text(self.size) if len({*shown}) > 1 else ""
        if words and not self._rests:
            marks.draw_plate(painter, pointer, words, colours, (view.width, view.height))

    def _draw_sketch(self, painter: QPainter, view: MapView, colours: MapColours, shown: Corners) -> None:
        task = self.sketch.task
        line = self._pixels(view, outline(task, shown, self.crs))
        if task.is_area and len(line) > 2:
            marks.fill_area(painter, line, colours)
        if len(line) > 1:
            marks.draw_line(painter, line, colours)
        corners = self._pixels(view, np.array(self.sketch.corners))
        marks.draw_corners(painter, corners, colours)
        if self._rests and len(corners):
            words = marks.size_text(self.size)
            if words:
                marks.draw_plate(painter, corners[-1], words, colours, (view.width, view.height))

    def _pixels(self, view: MapView, places: Points) -> marks.Pixels:
        xy = transform(places, WGS84, self.crs)
        return view.to_pixels(xy[np.isfinite(xy).all(axis=1)])
