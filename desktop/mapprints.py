"""The way of a map onto paper: planned, looked at small, drawn off the window's thread."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from desktop.canvas.lettering import measured
from desktop.forms.print_map import PrintForm, PrintWish
from desktop.notices import Notices
from desktop.panels.running import Running
from desktop.printing.collar import Words
from desktop.printing.compose import MapSheet, ruled, small
from desktop.printing.keys import keys
from desktop.printing.outputs import on_printer, write_sheet
from desktop.times import full
from desktop.titles import plane_name
from desktop.work import Model, Panels, zone_of
from gis.errors import UserError
from gis.jobs import Job, Jobs, JobState, Lane
from gis.progress import Progress
from gis.texts import _
from layers.grid.figures import headline
from layers.grid.lines import GridKind
from layers.index import Indexes
from layers.layer import Layer
from layers.letters import Letters
from layers.printing.content import gathered
from layers.printing.plan import Plan, Wish, plan


@dataclass(frozen=True, slots=True)
class Order:
    """All that a sheet is made from, taken down in the window's thread."""

    plan: Plan
    layers: tuple[Layer, ...]
    operation: str
    exercise: bool
    moment: str
    made: str
    at: float | None = None


class MapPrints:
    """What Ctrl+P does. `grid` tells which grid the screen shows."""

    def __init__(self, model: Model, jobs: Jobs, running: Running, panels: Panels, notices: Notices) -> None:
        self._model, self._jobs, self._running = model, jobs, running
        self._canvas, self._detail, self._notices = panels.map.canvas, panels.detail, notices
        store = model.store
        folder = store.folder.parent / _("Maps of {name}").format(name=store.folder.stem)
        self.form = PrintForm(store.operation.city, store.author, folder)
        self._job: Job | None = None
        self._small: Job | None = None
        self._indexes = Indexes()
        panels.detail.hold(self.form)
        self.form.changed.connect(self._preview)
        self.form.wanted.connect(self.make)
        self.form.stop.connect(self._stop)
        self._canvas.view_changed.connect(lambda _view: self.form.look_again())
        jobs.changed.connect(self._hear)

    def open(self, grid: GridKind) -> None:
        """Ask what shall be on paper."""
        self.form.begin(grid)
        self._detail.show_form(self.form)
        self.form.title.setFocus()
        self.form.title.selectAll()

    def _order(self, wish: Wish) -> Order:
        store, outlook = self._model.store, self._model.outlook
        zone, now = zone_of(store), store.clock.now()
        at: datetime = outlook.at or now
        said = _("Drawn up by {name}, {time}") if wish.by else _("Drawn up {time}")
        return Order(
            plan(wish, self._canvas.view, self._canvas.crs, exercise=store.operation.exercise),
            tuple(self._model.stack),
            store.operation.city,
            store.operation.exercise,
            full(at, zone),
            said.format(name=wish.by, time=full(now, zone)),
            self._model.stack.at,
        )

    def make(self, wanted: PrintWish) -> None:
        """Write the sheet, or print it."""
        order, way = self._order(wanted.wish), self._canvas.renderer.way

        def work(progress: Progress) -> Path | None:
            sheet = made(order, self._indexes, progress)
            if wanted.printer:
                on_printer(sheet, wanted.printer, progress, way)
                return None
            write_sheet(sheet, wanted.form, wanted.path, progress, way)
            return wanted.path

        label = _("Draw the map sheet")
        self._job = self._running.watch(self._jobs.run(label, work, done=self.form.ended, failed=self._fail))

    def _fail(self, error: Exception) -> None:
        self.form.failed(
            str(error) if isinstance(error, UserError) else _("A fault in the program stopped it.")
        )
        self._notices.problem(_("Draw the map sheet"), error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _hear(self, state: JobState) -> None:
        if self._job is None or state.number != self._job.number:
            return
        if not state.finished:
            self.form.progress(state.done, state.total)
        elif self._job.progress.cancelled:
            self.form.failed(_("Stopped. Nothing was written."))

    def _preview(self, wish: Wish, room: QSize) -> None:
        """A small true picture of the sheet; only the newest wish counts."""
        if self._small is not None:
            self._small.cancel()
        order, way = self._order(wish), self._canvas.renderer.way
        self.form.tell_scale(order.plan.scale)

        def work(progress: Progress) -> QImage:
            return small(made(order, self._indexes, progress), room.width(), room.height(), progress, way)

        self._small = self._jobs.run(
            _("Draw a small picture of the sheet"), work, lane=Lane.MAP, done=self.form.show_preview
        )


def made(order: Order, indexes: Indexes, progress: Progress) -> MapSheet:
    """A sheet with everything that will be on it."""
    content = gathered(order.layers, order.plan, indexes, Letters(measured), order.at, progress)
    shown = keys(order.layers, content, order.plan, progress) if order.plan.legend else ()
    lines, wish = ruled(order.plan), order.plan.wish
    named = (
        "" if wish.grid is GridKind.NONE else _("Grid: {grid}").format(grid=headline(lines, order.plan.view))
    )
    sources = _("Sources: {names}").format(names=", ".join(content.credits)) if content.credits else ""
    missing = "  ".join(_("Not shown: {reason}").format(reason=each) for each in content.problems)
    words = Words(
        wish.title or order.operation,
        order.operation if wish.title not in ("", order.operation) else "",
        order.moment,
        order.made,
        _("Plane: {plane}").format(plane=plane_name(order.plan.crs)),
        named,
        "  ".join(filter(None, (sources, missing))),
    )
    return MapSheet(order.plan, content, shown, words, lines)
