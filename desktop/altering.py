"""What can be done to drawings that are there: bent, moved, named, struck out; and areas around what is
selected."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from shapely.geometry.base import BaseGeometry

from desktop.board import Board
from desktop.canvas.editing import EditTool
from desktop.forms.around import AroundForm
from desktop.forms.drawing import DrawingForm
from desktop.notices import Notices
from desktop.panels.drawing import DrawingPage, DrawingTold, told
from desktop.panels.drawings import DrawingsPanel
from desktop.panels.running import Running
from desktop.theme import Appearance
from desktop.widgets.place_edit import Spot
from desktop.work import DRAWINGS, Model, Panels, box_on_map, zone_of
from gis.errors import UserError
from gis.geo.around import around
from gis.geo.features import WGS84
from gis.geo.figures import Circle, Rectangle, figure_of
from gis.geo.shapes import to_shapely
from gis.jobs import Jobs
from gis.model.drawing import Drawing
from gis.ops import drawings
from gis.ops.drawings import Form
from gis.progress import Progress
from gis.store import Change, Tx
from gis.texts import _, ngettext
from layers.colours import DAY, NIGHT, MapColours
from layers.corners import Shape, handles
from layers.layer import Layer
from layers.marked import marked
from layers.sources.base import EVERYWHERE


class Altering(QObject):
    """Shows the drawing that is selected, with its corners on the map, and writes what becomes of it."""

    def __init__(
        self,
        model: Model,
        panels: Panels,
        board: Board,
        work: tuple[Jobs, Running, Notices],
        appearance: Appearance,
    ) -> None:
        super().__init__()
        self._model, self._panels, self.board, self._appearance = model, panels, board, appearance
        self._jobs, self._running, self._notices = work
        zone = zone_of(model.store)
        self.page, self.form, self.around = DrawingPage(zone), DrawingForm(self._colours()), AroundForm()
        self.list = DrawingsPanel(model.outlook, zone)
        self._id = ""
        self._on_its_way = 0  # changes made by hand that the store has not answered
        panels.detail.hold(self.form, self.around)
        self._join()

    def _join(self) -> None:
        model, page = self._model, self.page
        model.selection.changed.connect(lambda _selected: self._on_selected())
        model.outlook.changed.connect(self._on_changed)
        model.outlook.moved.connect(lambda _at: self._ask())
        self._panels.map.clicked.connect(self._on_click)
        self._panels.map.canvas.tool_changed.connect(self._on_tool)
        self.board.drawn.connect(lambda drawing: self.ask_title(drawing, _("What is it called?")))
        self.board.bar.put.connect(self._put)
        self.list.picked.connect(self.select)
        self.list.opened.connect(self._open)
        page.amend.connect(
            lambda drawing: self.ask_title(drawing, _("Amend {title}").format(title=drawing.title))
        )
        page.zoom.connect(self.zoom)
        page.around.connect(lambda _drawing: self.ask_around())
        page.strike.connect(self.strike)
        self.form.wanted.connect(self._amend)
        self.form.left.connect(self._panels.map.canvas.setFocus)
        self.around.wanted.connect(self._draw_around)
        self._appearance.changed.connect(lambda _theme: self._wear())

    @property
    def tool(self) -> EditTool | None:
        tool = self._panels.map.canvas.tool
        return tool if isinstance(tool, EditTool) else None

    # -- shown

    def select(self, drawing: Drawing) -> None:
        """Select a drawing, wherever it was picked, and bring it into sight."""
        self._model.selection.select(DRAWINGS, drawing.id)
        middle = drawing.place.representative_point()
        self._panels.map.reveal(middle.x, middle.y)

    def _open(self, drawing: Drawing) -> None:
        self.select(drawing)
        self._panels.map.canvas.setFocus()

    def zoom(self, drawing: Drawing) -> None:
        """Show all of a drawing."""
        west, south, east, north = drawing.place.bounds
        if west == east and south == north:
            self._panels.map.show_place(west, south)
        else:
            box = box_on_map((west, south, east, north), self._model.stack.crs)
            self._panels.map.canvas.zoom_to(box)

    def _on_selected(self) -> None:
        now = self._model.selection.now
        self._id = str(next(iter(now.ids))) if now.layer_id == DRAWINGS and len(now.ids) == 1 else ""
        if not self._id and self.tool is not None:
            self._rest()
        self._ask()

    def _on_click(self, _lon: float, _lat: float, hits: tuple[Any, ...]) -> None:
        """A click on the one that is selected already takes hold of it again."""
        if hits and hits[0].layer_id == DRAWINGS and str(hits[0].id) == self._id:
            self._ask()

    def _on_changed(self, change: Change) -> None:
        if self._id and change.touches(Drawing):
            self._ask()

    def _ask(self) -> None:
        if self._id:
            self._model.outlook.ask(self, partial(told, drawing_id=self._id), self._show)

    def _show(self, found: DrawingTold | None) -> None:
        """Everything about it, and its corners while they can be moved."""
        live = self._model.outlook.live
        if found is None or found.drawing.void or not live or self._model.store.read_only:
            self._rest()
        else:
            self._take_hold(found.drawing)
        if found is None or found.drawing.id != self._id:
            return
        self.page.show_told(found, self._appearance.theme, live=live)
        self._panels.detail.show_page(self.page)
        self.list.show_drawing(self._id)

    def _rest(self) -> None:
        if self.tool is not None:
            canvas = self._panels.map.canvas
            canvas.use(canvas.select_tool)

    def _take_hold(self, drawing: Drawing) -> None:
        """Show the corners, unless something else is in hand. While a change made here is on its way to the
        store, what the store says of the one before is old."""
        if self._on_its_way:
            return
        canvas = self._panels.map.canvas
        shape = figure_of(drawing.made_of, drawing.place) or drawing.place
        if self.tool is not None and self.tool.owner_id == drawing.id:
            self.tool.show(shape)
            canvas.update()
        elif canvas.tool is canvas.select_tool or self.tool is not None:
            heard = (partial(self._reshape, drawing.id), canvas.select_tool.click, self.board.bar.begin)
            plane = (lambda: canvas.view, lambda: canvas.crs)
            canvas.use(EditTool(shape, plane, self.board.snap, heard, (drawing.id, self)))

    def _on_tool(self, tool: object) -> None:
        if isinstance(tool, EditTool):
            self.board.bar.tell(*_held_by(tool.shape), ends=False)

    # -- changed

    def _put(self, spot: Spot) -> None:
        if self.tool is not None:
            self.tool.put((spot.lon, spot.lat))
            self._panels.map.canvas.update()

    def _reshape(self, drawing_id: str, shape: Shape) -> None:
        """A change that is refused leaves the drawing as it was."""
        label = _("Reshape {title}").format(title=self.page.drawing.title if self.page.drawing else "")

        def answered(_drawing: object = None) -> None:
            self._on_its_way -= 1
            self._ask()

        def failed(error: Exception) -> None:
            self._notices.problem(label, error)
            answered()

        verb = partial(drawings.reshape, drawing_id=drawing_id, shape=shape)
        if self._model.pen.ready():
            self._on_its_way += 1
            self._model.pen.write(label, verb, answered, failed)
        else:
            self._ask()

    def ask_title(self, drawing: Drawing, heading: str) -> None:
        """Ask what a drawing is called and how it looks; it is on the map already."""
        if self._model.pen.ready(lambda: self.ask_title(drawing, heading)):
            self._panels.detail.show_form(self.form)
            self.form.ask(drawing, heading)

    def _amend(self, drawing_id: str, changes: dict[str, Any]) -> None:
        def done(_drawing: Drawing | None) -> None:
            self._panels.detail.leave_form()
            self._panels.map.canvas.setFocus()

        if not changes:
            done(None)
            return
        title = changes.get("title") or (self.page.drawing.title if self.page.drawing else "")
        label = _("Amend {title}").format(title=title)
        self._model.pen.write(label, lambda tx: drawings.amend(tx, drawing_id, **changes), done)

    def strike(self, drawing: Drawing) -> None:
        """Take a drawing off the map."""
        label = _("Strike out {title}").format(title=drawing.title)

        def done(_struck: Drawing) -> None:
            self._model.selection.clear()

        self._model.pen.write(label, lambda tx: drawings.strike(tx, drawing.id), done)

    # -- around what is selected

    def ask_around(self) -> None:
        """Ask how far the area around the selected features shall reach."""
        if not self._model.pen.ready(self.ask_around):
            return
        now = self._model.selection.now
        if not now.ids or now.layer_id not in self._model.stack:
            self._notices.tell(_("Select something on the map first."))
            return
        title = self._model.stack.get(now.layer_id).title
        words = ngettext("{count} feature of {layer}.", "{count} features of {layer}.", len(now.ids))
        self._panels.detail.show_form(self.around)
        self.around.ask(words.format(count=f"{len(now.ids):,}", layer=title))

    def _draw_around(self, metres: float) -> None:
        now, model = self._model.selection.now, self._model
        if not now.ids or now.layer_id not in model.stack:
            self._panels.detail.leave_form()
            return
        layer = model.stack.get(now.layer_id)
        title = _("{distance} m around {what}").format(distance=f"{metres:g}", what=self._named(layer))

        def verb(area: BaseGeometry, tx: Tx) -> Drawing:
            return drawings.draw(tx, Form.AREA, area, title)

        def drawn(drawing: Drawing) -> None:
            self._panels.detail.leave_form()
            self._open(drawing)

        def done(area: BaseGeometry) -> None:
            model.pen.write(_("Draw {what}").format(what=title), partial(verb, area), drawn)

        work = partial(_area_around, layer, now.ids, metres)
        self._running.watch(self._jobs.run(_("Draw an area around"), work, done=done))

    def _named(self, layer: Layer) -> str:
        drawing = self.page.drawing
        alone = layer.id == DRAWINGS and drawing is not None and drawing.id == self._id
        return drawing.title if alone and drawing is not None else layer.title

    # -- worn

    def _colours(self) -> MapColours:
        return NIGHT if self._appearance.theme.dark else DAY

    def _wear(self) -> None:
        self.form.wear(self._colours())
        self._ask()


def _held_by(shape: Shape) -> tuple[str, str, str]:
    """What can be taken hold of, how, and which figures it takes."""
    if isinstance(shape, Circle):
        return _("Circle"), _("Drag its middle or its edge. Keys: Tab, arrows."), _("Coordinate")
    if isinstance(shape, Rectangle):
        return _("Corners"), _("Drag a corner or the middle. Keys: Tab, arrows."), _("Corner: coordinate")
    if len(handles(shape)) == 1:
        return _("Place"), _("Drag it. Keys: Tab, arrows."), _("Coordinate")
    hint = _("Drag corners, or dots between. Keys: Tab, arrows, Insert, Delete.")
    return _("Corners"), hint, _("Corner: coordinate")


def _area_around(layer: Layer, ids: frozenset[str | int], metres: float, progress: Progress) -> BaseGeometry:
    """Everything within so many metres of some features of a layer, all of them read anew."""
    found = marked(layer.source.read(EVERYWHERE, WGS84, progress), ids)
    shapes = [shape for each in found for shape in to_shapely(each.features)[each.rows] if shape is not None]
    if not shapes:
        raise UserError(
            _("What is selected is not in {layer} any more.").format(layer=layer.title),
            hint=_("Nothing was drawn. Select it again."),
        )
    return around(shapes, metres, progress)
