"""What is drawn and measured: the sketches in hand, each kept until it has become something."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.canvas.sketching import SketchTool, Told
from desktop.notices import Notices
from desktop.widgets.place_edit import LookUp, Spot
from desktop.widgets.sketchbar import SketchBar
from desktop.work import DRAWINGS, Model, Panels
from gis.geo.legs import distance, leg, onward
from gis.model.drawing import Drawing
from gis.ops import drawings, sketches
from gis.ops.drawings import form_word
from gis.ops.sketches import Unfinished
from gis.store import Tx
from gis.texts import _, ngettext
from layers.sketch import Sketch, Task, made
from layers.snap import Snapped, snap

KEEP_AFTER_MS = 2_000


class Board(QObject):
    """Takes the tools in hand, and writes what they end with. `drawn` carries a new `Drawing`."""

    drawn = Signal(object)

    def __init__(self, model: Model, panels: Panels, notices: Notices, look_up: LookUp) -> None:
        super().__init__()
        self._model, self._map, self._notices, self._look_up = model, panels.map, notices, look_up
        self.sketches = {task: Sketch(task) for task in Task}
        self.bar = SketchBar(self.look_up)
        self._kept: tuple[Unfinished, ...] = ()
        self._busy = False
        self._soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._soon.timeout.connect(self.keep_now)
        self._map.put_under_tools(self.bar)
        self._map.measure_wanted.connect(lambda: self.begin(Task.MEASURE_LINE))
        self._map.canvas.tool_changed.connect(self._on_tool)
        self.bar.put.connect(self._put)
        self.bar.field.ended.connect(self._end)
        self.bar.field.backed.connect(self._back)
        self.bar.field.left.connect(self._map.canvas.setFocus)
        self.bar.drop.clicked.connect(self._throw_away)
        self._take_up()

    @property
    def tool(self) -> SketchTool | None:
        """The tool in hand, if something is drawn or measured with it."""
        tool = self._map.canvas.tool
        return tool if isinstance(tool, SketchTool) else None

    def begin(self, task: Task) -> None:
        """Take a tool in hand, with the sketch that was begun with it before."""
        if task.form is not None and not self._model.pen.ready(lambda: self.begin(task)):
            return
        canvas = self._map.canvas
        told = Told(self.finish, self._changed, self.bar.begin)
        canvas.use(SketchTool(self.sketches[task], lambda: canvas.view, lambda: canvas.crs, self.snap, told))
        canvas.setFocus()

    def snap(self, x: float, y: float) -> Snapped | None:
        """The corner or edge of what is shown that is nearest to a place on the map."""
        canvas = self._map.canvas
        pictures = canvas.renderer.pictures
        shown = (layer.id for layer in self._model.stack if layer.shown_at(canvas.scale))
        scenes = [pictures[layer_id].scene for layer_id in shown if layer_id in pictures]
        ((px, py),) = canvas.view.to_pixels(np.array([[x, y]])).tolist()
        return snap(scenes, canvas.view, px, py)

    # -- numbers

    def look_up(self, text: str) -> Sequence[Spot]:
        """What figures mean for the sketch in hand: so far from the last corner, so wide, or a place."""
        tool = self.tool
        return (tool and self._legs(tool.sketch, text)) or self._look_up(text)

    def _legs(self, sketch: Sketch, text: str) -> list[Spot]:
        if not sketch.corners:
            return []
        last = sketch.corners[len(sketch.corners) - 1]
        if way := leg(text):
            metres, bearing = way
            words = _("{distance} m towards {bearing}°").format(
                distance=f"{metres:g}", bearing=f"{bearing:03g}"
            )
            return [Spot(words, *onward(*last, metres, bearing))]
        radius = distance(text) if sketch.task is Task.CIRCLE else None
        if radius is None:
            return []
        return [Spot(_("radius {distance} m").format(distance=f"{radius:g}"), *onward(*last, radius, 90.0))]

    def _put(self, spot: Spot) -> None:
        tool = self.tool
        if tool is not None:
            tool.put((spot.lon, spot.lat))
            self._map.reveal(spot.lon, spot.lat)

    def _end(self) -> None:
        if self.tool is not None:
            self.tool.end()

    def _back(self) -> None:
        self._with_sketch(Sketch.drop_last)

    def _throw_away(self) -> None:
        self._with_sketch(Sketch.clear)
        self._map.canvas.setFocus()

    # -- steps inside a sketch

    def undo(self) -> bool:
        """Take back the last corner of the sketch in hand; False when there is none."""
        return self._with_sketch(Sketch.undo)

    def redo(self) -> bool:
        return self._with_sketch(Sketch.redo)

    def _with_sketch(self, act: Callable[[Sketch], bool | None]) -> bool:
        tool = self.tool
        if tool is None or act(tool.sketch) is False:
            return False
        self._changed()
        return True

    # -- what becomes of it

    def finish(self) -> None:
        """Write what was drawn; the sketch stays until that is on the disk."""
        tool = self.tool
        if tool is None or self._busy:
            return
        sketch, form = tool.sketch, tool.sketch.task.form
        shape = made(sketch.task, sketch.corners, tool.crs)
        if form is None or shape is None:
            self._tell(tool)
            return

        def verb(tx: Tx) -> Drawing:
            sketches.keep(tx, self._unfinished(without=sketch))
            return drawings.draw(tx, form, shape)

        def done(drawing: Drawing) -> None:
            self._busy = False
            sketch.forget()
            self._kept = self._unfinished()
            self._map.canvas.use(self._map.canvas.select_tool)
            self._model.selection.select(DRAWINGS, drawing.id)
            self._notices.tell(_("{title} drawn.  Ctrl+Z takes it back.").format(title=drawing.title))
            self.drawn.emit(drawing)

        label = _("Draw {what}").format(what=form_word(form))

        def failed(error: Exception) -> None:
            self._busy = False
            self._notices.problem(label, error)

        self._busy = True
        self._model.pen.write(label, verb, done, failed)

    # -- kept

    def _changed(self) -> None:
        if self.tool is not None:
            self._tell(self.tool)
            self._map.canvas.update()
        self._soon.start()

    def _unfinished(self, without: Sketch | None = None) -> tuple[Unfinished, ...]:
        """What would be a pity to lose; a measure is not."""
        begun = (s for s in self.sketches.values() if s.corners and s.task.form and s is not without)
        return tuple(Unfinished(str(sketch.task), sketch.corners) for sketch in begun)

    def keep_now(self) -> None:
        """Write down what is half drawn, if it is not yet."""
        self._soon.stop()
        now = self._unfinished()
        if now != self._kept and not self._busy:
            self._kept = now
            self._model.pen.keep(_("Keep sketches"), lambda tx: sketches.keep(tx, now))

    def _take_up(self) -> None:
        """What was half drawn when the desk closed, or fell, lies ready in its tool."""
        if self._model.store.read_only:
            return

        def done(found: list[Unfinished]) -> None:
            known = {str(task): self.sketches[task] for task in Task if task.form}
            back = [each for each in found if each.tool in known and not known[each.tool].corners]
            for each in back:
                known[each.tool].corners = each.corners
            self._kept = self._unfinished()
            if back:
                words = ngettext(
                    "{count} half-drawn sketch was kept: take its tool to go on.",
                    "{count} half-drawn sketches were kept: take their tools to go on.",
                    len(back),
                )
                self._notices.tell(words.format(count=len(back)))

        self._model.pen.keep(_("Take up sketches"), sketches.take_up, done)

    # -- said

    def _on_tool(self, tool: object) -> None:
        self._map.show_tool(self._button(tool))
        self.bar.field.clear()
        if isinstance(tool, SketchTool):
            self._tell(tool)
        else:
            self.bar.hide()

    def _button(self, tool: object) -> str:
        if not isinstance(tool, SketchTool):
            return "select"
        return "draw" if tool.sketch.task.form else "measure"

    def _tell(self, tool: SketchTool) -> None:
        sketch = tool.sketch
        asked = _("Coordinate, or 120 m 045°") if sketch.corners else _("Coordinate or place")
        if sketch.task is Task.CIRCLE and sketch.corners:
            asked = _("Radius: 500 m")
        hint = _("The next corner begins anew.") if tool.rests else _hint(sketch)
        self.bar.tell(task_word(sketch.task), hint, asked, ends=bool(sketch.corners))


def task_word(task: Task) -> str:
    """What a tool makes, in the words of the screen."""
    match task:
        case Task.MEASURE_LINE:
            return _("Measure a line")
        case Task.MEASURE_AREA:
            return _("Measure an area")
        case Task.FREEHAND:
            return _("Freehand")
        case _:
            return form_word(drawings.Form(task.value))


def _hint(sketch: Sketch) -> str:
    count, task = len(sketch.corners), sketch.task
    if task.full or (task is Task.FREEHAND and not count):
        return _first_hint(task) if not count else _second_hint(task)
    if not count:
        return _("Click corners. By keys: arrows (Shift: farther), then Insert.")
    missing = task.least - count
    if missing > 0:
        return ngettext("{count} more corner.", "{count} more corners.", missing).format(count=missing)
    if task.form is None:  # its name is long
        return _("Backspace: one back.")
    return _("Backspace: one back. Ctrl: no snapping.")


def _first_hint(task: Task) -> str:
    match task:
        case Task.CIRCLE:
            return _("Click the middle. By keys: arrows (Shift: farther), then Insert.")
        case Task.RECTANGLE:
            return _("Click a corner. By keys: arrows (Shift: farther), then Insert.")
        case Task.FREEHAND:
            return _("Draw with the button held down.")
        case _:
            return _("Click the place. By keys: arrows (Shift: farther), then Insert.")


def _second_hint(task: Task) -> str:
    if task is Task.CIRCLE:
        return _("Click the edge, or type the radius.")
    return _("Click the corner across.")
