"""The tool in hand while a drawing is selected: its corners can be moved, put in, taken out, or all of it."""

from collections.abc import Callable

import numpy as np
import shapely
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QPainter
from shapely import LineString

from desktop.canvas import marks
from desktop.canvas.gestures import Held
from desktop.canvas.sketching import Snap, is_free, step_of
from desktop.canvas.tools import PlainTool
from gis.geo.crs import transform
from gis.geo.features import WGS84
from gis.geo.figures import Circle, Rectangle
from layers.colours import MapColours
from layers.corners import Shape, handles, middles, moved, shifted, with_corner, without_corner
from layers.ground import lonlat, on_map
from layers.sketch import Corner, Points
from layers.view import MapView

HOLD_PX = 8.0
SETTLE_MS = 600  # arrows that follow each other so soon are one move
WHOLE = -1
MOST_HANDLES = 2_000


class EditTool(PlainTool):
    """Holds the shape of one drawing. `heard` are who takes a new shape, who is asked what lies where a
    click met no handle, and who takes the first digit of a number; `owner` is the id of the drawing and
    who lives as long.

    Tab steps through the corners and the whole; arrows move what is current, Delete takes a corner out,
    Insert puts one in behind it.
    """

    def __init__(
        self,
        shape: Shape,
        plane: tuple[Callable[[], MapView], Callable[[], int]],
        snap: Snap,
        heard: tuple[Callable[[Shape], object], Callable[[float, float], None], Callable[[str], object]],
        owner: tuple[str, QObject],
    ) -> None:
        self.shape, self._snap = shape, snap
        self.owner_id = owner[0]
        self._view, self._crs = plane
        self._changed, self._asked, self._typed = heard
        self._current: int | None = None
        self._held: Corner | None = None  # where the drag of the whole began
        self._before: Shape | None = None
        self._settle = QTimer(owner[1], singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.settle)

    def show(self, shape: Shape) -> None:
        """The drawing has this shape now, unless it is just being changed here."""
        if self._before is None:
            self.shape = shape

    @property
    def current(self) -> int | None:
        """The corner that keys move, or the WHOLE. A late answer may show fewer corners for a moment: the one
        in hand is current again once it is there."""
        there = self._current in (None, WHOLE) or (self._current or 0) < len(handles(self.shape))
        return self._current if there else None

    @current.setter
    def current(self, number: int | None) -> None:
        self._current = number

    @property
    def hold(self) -> Corner | None:
        """Where all of it is held (lon, lat)."""
        return next(((float(lon), float(lat)) for lon, lat in self._whole()), None)

    # -- by mouse

    def click(self, x: float, y: float) -> None:
        self.current = None
        self._asked(x, y)

    def grab(self, x: float, y: float, /) -> bool:
        self.settle()
        whole, corners, (between, after) = self._whole(), handles(self.shape), middles(self.shape)
        found = self._near(corners, x, y)
        if found is None and self._near(between, x, y) is not None and len(corners) < MOST_HANDLES:
            number = self._near(between, x, y) or 0
            self._begin(after[number] + 1)
            self.shape = with_corner(self.shape, after[number], lonlat(x, y, self._crs()))  # type: ignore[arg-type]
            return True
        if found is None and self._near(whole, x, y) is None:
            return False
        self._begin(WHOLE if found is None else found)
        self._held = lonlat(x, y, self._crs())
        return True

    def drag(self, x: float, y: float, /) -> None:
        if self.current == WHOLE and self._held is not None and self._before is not None:
            self.shape = shifted(self._before, self._held, lonlat(x, y, self._crs()), self._crs())
        elif self.current is not None:
            snapped = None if is_free() else self._snap(x, y)
            to = lonlat(snapped.x, snapped.y, self._crs()) if snapped else lonlat(x, y, self._crs())
            self.shape = moved(self.shape, self.current, to)

    def drop(self, _x: float, _y: float, /) -> None:
        self._held = None
        self.settle()

    def cancel(self) -> None:
        """It is put down: what was moved is written."""
        self.settle()
        self.current = None

    # -- by keys

    def key(self, key: Qt.Key, held: Held, text: str, /) -> bool:
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not held & Held.ControlModifier:
            self._turn(-1 if key == Qt.Key.Key_Backtab else 1)
            return True
        if self.current is None:
            return False
        step = step_of(key, held)
        if step is not None:
            self._move(*step)
            return True
        acts = {Qt.Key.Key_Delete: self._take_out, Qt.Key.Key_Insert: self._put_in}
        if key in acts:
            acts[key]()
            return True
        if text.isdecimal():
            self._typed(text)
            return True
        return False

    def put(self, to: Corner) -> None:
        """What is current shall be at this place (lon, lat)."""
        if self.current is None:
            return
        number, self.current = self.current, self.current
        self._begin(number)
        if number == WHOLE:
            ((lon, lat),) = self._whole().tolist()
            self.shape = shifted(self.shape, (lon, lat), to, self._crs())
        else:
            self.shape = moved(self.shape, number, to)
        self.settle()

    def _turn(self, by: int) -> None:
        """The whole comes after the last corner."""
        self.settle()
        count = len(handles(self.shape)) + 1
        now = {None: -1 if by > 0 else count, WHOLE: count - 1}.get(self.current, self.current) or 0
        following = (now + by) % count
        self.current = WHOLE if following == count - 1 else following

    def _move(self, dx: float, dy: float) -> None:
        if self._before is None and self.current is not None:
            self._begin(self.current)
        unit, crs = self._view().units_per_pixel, self._crs()
        points = self._whole() if self.current == WHOLE else handles(self.shape)[[self.current or 0]]
        ((lon, lat),) = points.tolist()
        x, y = on_map(lon, lat, crs)
        to = lonlat(x + dx * unit, y + dy * unit, crs)
        if self.current == WHOLE:
            self.shape = shifted(self.shape, (lon, lat), to, crs)
        else:
            self.shape = moved(self.shape, self.current or 0, to)
        self._settle.start()

    def _take_out(self) -> None:
        self.settle()
        if self.current in (None, WHOLE):
            return
        less = without_corner(self.shape, self.current or 0)
        if less is not None:
            self._begin(self.current or 0)
            self.shape = less
            self.current = min(self.current or 0, len(handles(less)) - 1)
            self.settle()

    def _put_in(self) -> None:
        self.settle()
        between, after = middles(self.shape)
        if self.current in after:
            number = after.index(self.current or 0)
            ((lon, lat),) = between[[number]].tolist()
            self._begin(after[number] + 1)
            self.shape = with_corner(self.shape, after[number], (lon, lat))  # type: ignore[arg-type]
            self.settle()

    # -- one change at a time

    def _begin(self, current: int) -> None:
        self.settle()
        self.current, self._before = current, self.shape

    def settle(self) -> None:
        """What was moved so far is one change."""
        self._settle.stop()
        before, self._before = self._before, None
        if before is not None and before != self.shape:
            self._changed(self.shape)

    # -- seen

    def _whole(self) -> Points:
        """(1, 2) where all of it is held: none for a point or circle, whose handle does that."""
        if isinstance(self.shape, Circle):
            return np.zeros((0, 2))
        polygon = self.shape.polygon() if isinstance(self.shape, Rectangle) else self.shape
        if len(handles(self.shape)) < 2:
            return np.zeros((0, 2))
        if shapely.get_dimensions(polygon) == 1:  # neither on a corner nor between two
            middle = LineString(handles(self.shape)[:2]).interpolate(0.25, normalized=True)
        else:
            middle = polygon.representative_point()
        return np.array([(middle.x, middle.y)])

    def _near(self, places: Points, x: float, y: float) -> int | None:
        xy = transform(places, WGS84, self._crs())
        away = np.hypot(*(xy - (x, y)).T) / self._view().units_per_pixel
        return int(away.argmin()) if len(away) and away.min() <= HOLD_PX else None

    def draw(self, painter: QPainter, view: MapView, colours: MapColours) -> None:
        if self._before is not None:
            self._draw_changed(painter, view, colours)
        corners = handles(self.shape)
        if len(corners) <= MOST_HANDLES:
            marks.draw_corners(painter, self._pixels(view, middles(self.shape)[0]), colours, small=True)
            current = -1 if self.current in (None, WHOLE) else self.current or 0
            marks.draw_corners(painter, self._pixels(view, corners), colours, current)
        whole = self._pixels(view, self._whole())
        if len(whole):
            marks.draw_hold(painter, whole[0], colours, current=self.current == WHOLE)

    def _draw_changed(self, painter: QPainter, view: MapView, colours: MapColours) -> None:
        shape = self.shape.polygon() if isinstance(self.shape, Circle | Rectangle) else self.shape
        for line in marks.lines_of(shape):
            marks.draw_line(painter, self._pixels(view, line), colours, dashed=True)

    def _pixels(self, view: MapView, places: Points) -> marks.Pixels:
        xy = transform(places, WGS84, self._crs())
        return view.to_pixels(xy[np.isfinite(xy).all(axis=1)])
