"""The map on screen: moves the pictures at hand at once, and lets the renderer catch up."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.canvas.composing import Composer, Levels, lay
from desktop.canvas.decorations import Decorations, draw_decorations, occupied
from desktop.canvas.gestures import STEP, Gestures
from desktop.canvas.gridlines import GridPane, below_signs
from desktop.canvas.overlay import Pane, draw_typed
from desktop.canvas.renderer import MapRenderer
from desktop.canvas.selected import SelectedShapes
from desktop.canvas.selecting import TakesBoxes
from desktop.canvas.tools import SelectTool, Tool, ToolGrip
from gis.jobs import Jobs, Lane
from gis.texts import _
from layers import touch
from layers.colours import MapColours
from layers.grid.lines import GridKind
from layers.ground import lonlat, metres_per_unit, on_map
from layers.layer import Layer
from layers.marked import union
from layers.scene import Hit
from layers.selection import Selection
from layers.stack import LayerStack
from layers.view import Box, MapView

FLIGHT_MS = 150
FOCUS_PX = 2.0
NEAREST, FARTHEST = 50.0, 3e8  # scale denominators


class MapCanvas(QWidget):
    """Shows a layer stack. Pan, zoom, ask what is where; every place in its signals is WGS84."""

    clicked = Signal(float, float, tuple)  # lon, lat, tuple[Hit, ...] topmost first
    pointed = Signal(float, float)  # lon, lat under the pointer
    view_changed = Signal(object)  # MapView
    tool_changed = Signal(object)  # Tool

    def __init__(
        self, stack: LayerStack, selection: Selection, jobs: Jobs, colours: MapColours, view: MapView
    ) -> None:
        super().__init__()
        self._stack, self._selection, self._colours, self._view = stack, selection, colours, view
        self._home: Box | None = None
        self._typed: tuple[float, float] | None = None
        self._decorations, self._pane, self._grid = Decorations(), Pane(), GridPane()
        self._box, self._top = QRectF(), 0
        self._flight: QVariantAnimation | None = None
        self.animated = True
        self.renderer = MapRenderer(stack, jobs, colours, self)
        self.renderer.updated.connect(self._on_painted)
        self.composer = Composer(jobs, self.renderer, self._refresh)
        self.renderer.settled.connect(self._on_painted)
        self.selected = SelectedShapes(jobs, self.renderer.way, self.update)
        self.select_tool = SelectTool(self._ask)
        self.tool: Tool = self.select_tool
        self._leave: Callable[[], None] | None = selection.changed.connect(lambda _selected: self.update())
        self._hands = Gestures(self, ToolGrip(lambda: self.tool, lambda: self._view, self.update))
        self._listen(self._hands)
        crs = stack.crs  # the first transformation loads PROJ: not under the pointer
        jobs.run(_("Prepare the map"), lambda _progress: lonlat(view.x, view.y, crs), lane=Lane.MAP)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 150)

    def _listen(self, hands: Gestures) -> None:
        hands.panned.connect(lambda dx, dy: self.look(self._view.panned(dx, dy)))
        hands.zoomed.connect(self._zoom)
        hands.boxed.connect(self._take_box)
        hands.boxing.connect(self._show_box)
        hands.clicked.connect(self._click)
        hands.doubled.connect(self._double)
        hands.pointed.connect(self._point)
        hands.escaped.connect(self._escape)
        hands.selection_wanted.connect(self.zoom_to_selection)

    # -- what others ask of the map

    @property
    def view(self) -> MapView:
        return self._view

    @property
    def scale(self) -> float:
        """The denominator of the scale on screen, true at the middle of the map."""
        return self._view.scale(self._metres_per_unit())

    def look(self, view: MapView) -> None:
        """Show `view` now, with the pictures at hand, and have better ones painted."""
        self._show(view)
        self.renderer.look(self._view, self.devicePixelRatioF())

    def fly_to(self, lon: float, lat: float, scale: float | None = None) -> None:
        """Bring a place into the middle, no farther away than 1 : `scale`."""
        x, y = on_map(lon, lat, self._stack.crs)
        if not np.isfinite([x, y]).all():
            return
        view = self._view.centred(x, y)
        if scale is not None and self.scale > scale:
            view = view.zoomed(scale / self.scale)
        self._fly(view)

    def zoom_to(self, extent: Box, margin: float = 0.05) -> None:
        """Show all of an extent in map units; a point from 1 : 5,000 or nearer."""
        west, south, east, north = extent
        if west == east and south == north:
            self.fly_to(*lonlat(west, south, self._stack.crs), 5_000.0)
        else:
            self._fly(self._view.fit(extent, margin))

    def set_home(self, extent: Box) -> None:
        """What the whole city is, in map units. Who looks at all of it goes on doing so."""
        whole = self._home is not None and self._home != extent and self._view == self._view.fit(self._home)
        self._home = extent
        if whole:
            self.zoom_to(extent)

    def replan(self, home: Box) -> None:
        """The layers are shown on another plane now: forget the old pictures, look at all of `home`."""
        if self._flight:
            self._flight.stop()
        self.use(self.select_tool)
        self._home = home
        self.renderer.forget()
        self.look(self._view.fit(home))

    @property
    def crs(self) -> int:
        """The EPSG code of the plane the map is drawn on."""
        return self._stack.crs

    def show_all(self) -> None:
        """The full extent: the city, as told by `set_home`."""
        if self._home:
            self.zoom_to(self._home)

    def zoom_to_selection(self) -> None:
        """Go to what is selected."""
        box = union([m.bounds for m in self._chosen().found])
        if box is not None:
            self.zoom_to(box, margin=0.2)

    def recolour(self, colours: MapColours) -> None:
        """Day or night."""
        self._colours = colours
        self.renderer.recolour(colours)
        self.update()

    def decorate(self, decorations: Decorations) -> None:
        self._decorations = decorations
        self.update()

    def show_grid(self, kind: GridKind) -> None:
        self._grid.kind = kind
        self._refresh()

    def show_typed(self, place: tuple[float, float] | None) -> None:
        """Ring the place (lon, lat) that somebody is typing; None when nobody is."""
        self._typed = place
        self.update()

    def use(self, tool: Tool) -> None:
        """Take another tool in hand; `select_tool` is the one at rest."""
        self.tool.cancel()
        self.tool = tool
        self._hands.boxes = isinstance(tool, TakesBoxes)
        self.setCursor(tool.cursor)
        self.tool_changed.emit(tool)
        self.update()

    def hits(self, px: float, py: float) -> tuple[Hit, ...]:
        """What is shown at a pixel: live symbols, then layers from the top; last what one looks through."""
        live = self._live().at(self._view, px, py)
        drawn = [self._picture_hits(layer, px, py) for layer in self._shown()[::-1]]
        return tuple(sorted((hit for hits in (live, *drawn) for hit in hits), key=lambda hit: hit.hollow))

    def close_map(self) -> None:
        """Stop all painting; to be called before the window and `Jobs` go."""
        self.renderer.close()
        self.selected.close()
        self.composer.close()
        if self._leave:
            self._leave()
            self._leave = None

    def sizeHint(self) -> QSize:
        return QSize(900, 700)

    # -- moving

    def _show(self, view: MapView) -> None:
        if self.isVisible():
            self.renderer.way.ask()
        metres = metres_per_unit(view.x, view.y, self._stack.crs)
        nearest = min(max(view.scale(metres), NEAREST), FARTHEST)
        unit = view.units_per_pixel * nearest / view.scale(metres)
        self._view = replace(view.sized(self.width(), self.height()), units_per_pixel=unit)
        self.view_changed.emit(self._view)
        self._refresh()

    def _fly(self, goal: MapView) -> None:
        """Glide there; only the arrival is painted anew."""
        if self._flight:
            self._flight.stop()
        if not self.animated or not self.isVisible():
            self.look(goal)
            return
        start = self._view
        flight = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=FLIGHT_MS)
        flight.valueChanged.connect(lambda way: self._show(between(start, goal, way)))
        flight.finished.connect(lambda: self.look(goal))
        self._flight = flight
        flight.start()

    def _zoom(self, factor: float, at: QPointF) -> None:
        if NEAREST <= self.scale * factor <= FARTHEST:
            self.look(self._view.zoomed(factor, at.x(), at.y()))

    def _take_box(self, box: QRectF) -> None:
        """What the tool in hand wants with a box; else it is to fill the window."""
        west, north = self._view.to_map(box.left(), box.top())
        east, south = self._view.to_map(box.right(), box.bottom())
        if isinstance(self.tool, TakesBoxes):
            self.tool.box((west, south, east, north))
            return
        self._fly(self._view.fit((west, south, east, north), margin=0.0))

    def _show_box(self, box: QRectF) -> None:
        self._box = box
        self.update()

    # -- pointing

    def _click(self, at: QPointF) -> None:
        self.tool.click(*self._view.to_map(at.x(), at.y()))
        self.update()

    def _double(self, at: QPointF) -> None:
        if not self.tool.finish():
            self._zoom(STEP, at)
        self.update()

    def _point(self, at: QPointF) -> None:
        x, y = self._view.to_map(at.x(), at.y())
        self.tool.move(x, y)
        if self.tool is not self.select_tool:
            self.update()
        lon, lat = lonlat(x, y, self._stack.crs)
        if np.isfinite([lon, lat]).all():
            self.pointed.emit(lon, lat)

    def _escape(self) -> None:
        self.use(self.select_tool)

    def _ask(self, x: float, y: float) -> None:
        ((px, py),) = self._view.to_pixels(np.array([[x, y]])).tolist()
        crowd = None if self._live().at(self._view, px, py) else self._crowd(px, py)
        if crowd:
            self._fly(self._view.fit(crowd, margin=0.2))
            return
        self.clicked.emit(*lonlat(x, y, self._stack.crs), self.hits(px, py))

    def _crowd(self, px: float, py: float) -> Box | None:
        """Where the points lie that the circle at a pixel stands for; None when it parts no further."""
        scenes = [self.renderer.pictures[a.id].scene for a in self._shown() if a.id in self.renderer.pictures]
        found = (touch.crowd_at(scene, self._view, px, py) for scene in reversed(scenes))
        return next(filter(None, found), None)

    def _picture_hits(self, layer: Layer, px: float, py: float) -> tuple[Hit, ...]:
        picture = self.renderer.pictures.get(layer.id)
        if picture is None:
            return ()
        return touch.at(picture.scene, self._view, px, py)

    # -- drawing

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle stays in the middle; where a bar above takes room, all stays where it is."""
        super().resizeEvent(event)
        slid, self._top = self.y() - self._top, self.y()
        bar = slid and event.size().height() - event.oldSize().height() == -slid
        self.look(self._view.panned(0.0, -slid / 2) if bar else self._view)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with self.renderer.way.taken():
            painter = QPainter(self)
            self._draw_map(painter)
            self._draw_glass(painter)
            painter.end()

    def _on_painted(self) -> None:
        if not self._compose():
            self.update()

    def _refresh(self) -> None:
        """A frame, and soon another with what came meanwhile."""
        self._compose()
        self.update()

    def _compose(self) -> bool:
        """Have the newest pictures on the screen soon; True while a frame would be the last one again."""
        ground = QColor(self._colours.of("background"))
        return self.composer.take(self._levels(), self._view, ground)

    def _levels(self) -> Levels:
        """The pictures below the lines of the grid, and those above."""
        pictures, names = self.renderer.pictures, self.renderer.names
        pile = tuple((pictures[a.id], a.opacity) for a in self._shown() if a.id in pictures)
        ground = below_signs([picture.scene for picture, _opacity in pile])
        pile = (*pile, (names, 1.0)) if names else pile
        return (pile[:ground], pile[ground:]) if self._grid.shown else (pile,)

    def _draw_map(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self._colours.of("background")))
        for level in range(2):
            for view, image, opacity in self.composer.sheets(level):
                lay(painter, self._view, view, image, opacity)
            if level == 0:
                self._grid.draw_lines(painter, self._view, self._stack.crs, self._colours)

    def _draw_glass(self, painter: QPainter) -> None:
        """What lies over the map and is drawn anew in every frame."""
        chosen = self._chosen()
        chosen.draw_shapes(painter, self._view, self._colours, self.devicePixelRatioF())
        metres, said = self._view.units_per_pixel * self._metres_per_unit(), self._said()
        framed = said.exercise
        room = self._grid.room(self._view, framed=framed)
        taken = occupied(QRectF(self.rect()), metres, said, room)
        if self._live().draw(painter, self._view, self.scale, self._colours, taken):
            self.update()  # values that had to wait
        ring = self._pane.stamps(painter, self._colours).ring
        chosen.draw_rings(self._view, lambda points: ring(painter, points))
        self.tool.draw(painter, self._view, self._colours)
        self._draw_typed(painter)
        self._grid.draw_band(painter, self._view, self._stack.crs, self._colours, framed=framed)
        draw_decorations(painter, QRectF(self.rect()), metres, said, self._colours, room)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        accent = QColor(self._colours.of("accent"))
        if not self._box.isNull():
            painter.setPen(QPen(accent, 1.5, Qt.PenStyle.DashLine))
            painter.drawRect(self._box)
        if self.hasFocus():
            painter.setPen(QPen(accent, FOCUS_PX, j=Qt.PenJoinStyle.MiterJoin))
            edge = FOCUS_PX / 2
            painter.drawRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge))

    def _said(self) -> Decorations:
        """With who is to be named for what is shown, and what of it is not there."""
        pictures = self.renderer.pictures
        shown = [(layer, pictures[layer.id].scene) for layer in self._shown()[::-1] if layer.id in pictures]
        credits = dict.fromkeys(scene.credit for _layer, scene in shown if scene.credit)
        said = ((layer, dict.fromkeys(filter(None, (layer.notice, *scene.notes)))) for layer, scene in shown)
        notes = tuple(f"{layer.title}: {note}" for layer, notes in said for note in notes)
        return replace(self._decorations, attribution="  ·  ".join(credits), notes=notes)

    def _draw_typed(self, painter: QPainter) -> None:
        if self._typed:
            place = np.array([on_map(*self._typed, self._stack.crs)])
            if np.isfinite(place).all():
                ((px, py),) = self._view.to_pixels(place).tolist()
                draw_typed(painter, px, py, self._colours)

    def _shown(self) -> list[Layer]:
        """What is to be seen at this scale, from the bottom."""
        scale = self.scale
        return [layer for layer in self._stack if layer.shown_at(scale)]

    def _live(self) -> Pane:
        """The live symbols of what is shown now."""
        badges = self.renderer.badges
        self._pane.show([badges[layer.id] for layer in self._shown() if layer.id in badges])
        return self._pane

    def _chosen(self) -> SelectedShapes:
        """The selected features among those that are shown."""
        now = self._selection.now
        picture, live = self.renderer.pictures.get(now.layer_id), self.renderer.badges.get(now.layer_id)
        shown = (live.features, *live.outlines) if live else picture.scene.features if picture else ()
        self.selected.show(shown, now.ids)
        return self.selected

    def _metres_per_unit(self) -> float:
        return metres_per_unit(self._view.x, self._view.y, self._stack.crs)


def between(start: MapView, goal: MapView, way: float) -> MapView:
    """The view `way` (0 to 1) from one view to another; the scale goes by factors, not by steps."""
    grow = (goal.units_per_pixel / start.units_per_pixel) ** way
    return replace(
        start,
        x=start.x + (goal.x - start.x) * way,
        y=start.y + (goal.y - start.y) * way,
        units_per_pixel=start.units_per_pixel * grow,
    )
