"""The attribute table at work: read, ordered and asked beside the window, joined with map and selection."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.notices import Notices
from desktop.panels.running import Running
from desktop.panels.table import TablePanel
from desktop.widgets.choose import ask_save
from desktop.work import Model, Panels
from gis.errors import UserError
from gis.exchange import extract
from gis.geo.features import Features
from gis.jobs import Job, Jobs
from gis.progress import Progress
from gis.texts import _, ngettext
from layers.attributes.asking import Asked, asked_for, rows_asked
from layers.attributes.ordering import Ranks, arranged, ranks
from layers.attributes.table import Attributes, Rows
from layers.attributes.wording import as_lines
from layers.handout import only
from layers.index import Indexes
from layers.layer import Layer
from layers.marked import Marked, union
from layers.selection import Selected
from layers.sources.base import PixelSource
from layers.sources.seen import in_view
from layers.sources.vector import VectorSource
from layers.stack import StackChange
from layers.style import Live
from layers.view import Box, MapView

FOR_SIGNS = ("hollow", "exercise")  # columns of live layers that say how their signs look
LOOK_AGAIN_MS = 200  # while the map moves, what it shows is asked for only so often


@dataclass(frozen=True, slots=True)
class Wish:
    """Which rows are wanted, in which order: what the field asks for, what the map shows, by which column."""

    asked: Asked
    seen: Box | None
    only_marked: bool
    sorted_by: str
    falling: bool


class Tables(QObject):
    """The table of one layer at a time, and everything that is done with it."""

    def __init__(self, model: Model, jobs: Jobs, running: Running, panels: Panels, notices: Notices) -> None:
        super().__init__()
        self._say = notices.tell
        self._model, self._jobs, self._running, self._panels = model, jobs, running, panels
        self._panel: TablePanel = panels.table
        self._layer: Layer | None = None
        self._table = Attributes(())
        self._places: dict[tuple[int, str], Ranks] = {}  # by table and column
        self._indexes = Indexes(room=3)
        self._reading: Job | None = None
        self._arranging: Job | None = None
        self._base: Rows = np.zeros(0, np.int64)  # what is wanted, in order, before the selected go on top
        self._wished: Wish | None = None  # what is shown now
        self._mine = False  # the selection is changing because of the table
        self._lifts = True  # it came from elsewhere: it stands on top
        self._in_view = False  # the layer is too large: only what is in view was read
        self._moved = QTimer(self)
        self._moved.setSingleShot(True)
        self._moved.setInterval(LOOK_AGAIN_MS)
        self._moved.timeout.connect(lambda: self._read() if self._in_view else self._arrange())
        self._join()

    def _join(self) -> None:
        panel, model = self._panel, self._model
        panel.arranged.connect(self._arrange)
        panel.marked.connect(self._mark)
        panel.opened.connect(self._go)
        panel.copied.connect(self._copy)
        panel.exported.connect(self._ask_export)
        panel.closed.connect(self.close)
        self._panels.layers.table.connect(self.open)
        self._panels.map.canvas.view_changed.connect(self._on_moved)
        model.selection.changed.connect(self._on_selected)
        model.stack.changed.connect(self._on_stack)

    # -- opening and closing

    def open_current(self) -> None:
        """The table of the layer that is current in the legend, and the keyboard into it."""
        layer = self._panels.layers.current()
        if layer is None or isinstance(layer.source, PixelSource):
            self._say(_("Choose a layer with features in the legend first (F7)."))
            return
        self.open(layer)

    def open(self, layer: Layer) -> None:
        """Show the table of a layer; the one that is open already takes the keyboard."""
        if self._layer is not None and self._layer.id == layer.id and self._panel.isVisible():
            self._panel.view.setFocus()
            return
        self._layer = layer
        self._panel.begin(layer.title)
        if self._panel.isHidden():
            self._panel.show()
            self._panel.take_room()
        self._panel.field.setFocus()
        self._read()

    def close(self) -> None:
        """Put the table away and forget what was read for it."""
        self._stop()
        self._layer, self._table, self._base = None, Attributes(()), np.zeros(0, np.int64)
        self._places.clear()
        self._indexes = Indexes(room=3)
        self._panel.view.show_table(self._table)
        self._panel.hide()
        self._panels.map.canvas.setFocus()

    def _stop(self) -> None:
        for job in (self._reading, self._arranging):
            if job is not None:
                job.cancel()
        self._reading = self._arranging = None

    def _read(self) -> None:
        layer, crs = self._layer, self._model.stack.crs
        if layer is None:
            return
        self._stop()
        seen = self._panels.map.canvas.view.extent

        def work(progress: Progress) -> Attributes:
            return _read(layer, seen, crs, progress)

        def done(table: Attributes) -> None:
            if job is self._reading:
                self._show(table)

        def failed(error: Exception) -> None:
            if job is self._reading:
                self._in_view, self._table = _is_vast(layer, crs), Attributes(())
                self._panel.show_table(self._table)
                self._panel.title.say(self._title(layer))
                self._panel.fail(error)
            if not isinstance(error, UserError):
                raise error

        label = _("Read {layer}").format(layer=layer.title)
        job = self._reading = self._jobs.run(label, work, done=done, failed=failed)
        self._running.watch(job)

    def _show(self, table: Attributes) -> None:
        self._table = table
        self._in_view = self._layer is not None and _is_vast(self._layer, self._model.stack.crs)
        self._places.clear()
        self._panel.show_table(table)
        self._panel.view.rows.mark(self._marks())
        self._arrange()

    def _on_stack(self, change: StackChange) -> None:
        layer = self._layer
        if layer is None:
            return
        if layer.id not in self._model.stack:
            self.close()
            return
        now = self._model.stack.get(layer.id)
        self._layer = now
        if now.source is not layer.source or (layer.id in change.stale and layer.source.kinds):
            self._read()

    # -- which rows, in which order

    def _arrange(self) -> None:
        """Put the rows in the order that is wanted now, beside the window; the newest wish wins."""
        if self._layer is None or self._panel.isHidden():
            return
        wish = self._wish()
        if wish is None:
            return
        if self._arranging is not None:
            self._arranging.cancel()
        table, marks = self._table, self._marks()

        def work(progress: Progress) -> Rows:
            return self._rows(table, marks if wish.only_marked else None, wish, progress)

        def done(rows: Rows) -> None:
            if job is self._arranging:
                top, self._wished = wish != self._wished, wish
                self._base = rows
                self._panel.show_rows(self._lifted(rows), top=top)
                self._count()

        label = _("Put the table in order")
        job = self._arranging = self._jobs.run(label, work, done=done)
        self._running.watch(job)

    def _wish(self) -> Wish | None:
        """What the panel asks for; None where it cannot be read, which is said there."""
        panel = self._panel
        try:
            asked = asked_for(panel.field.text(), self._table.names)
        except UserError as error:
            panel.complain(error)
            return None
        panel.complain(None)
        seen = self._panels.map.canvas.view.extent if panel.only_seen.isChecked() else None
        return Wish(asked, seen, panel.only_marked.isChecked(), panel.sorted_by, panel.falling)

    def _rows(
        self, table: Attributes, marks: NDArray[np.bool_] | None, wish: Wish, progress: Progress
    ) -> Rows:
        """In a worker thread. The places of a column are worked out once for each table."""
        wanted = rows_asked(table, wish.asked, progress)
        if marks is not None:
            wanted &= marks
        if wish.seen is not None:
            wanted &= table.within(wish.seen, self._indexes, progress)
        rows, name = np.flatnonzero(wanted), wish.sorted_by
        if not name:
            return rows
        key = (id(table), name)
        if key not in self._places:
            self._places[key] = ranks(table.values(name), table.column(name), progress)
        progress.check()
        return arranged(rows, self._places[key], falling=wish.falling)

    def _lifted(self, rows: Rows) -> Rows:
        """What was selected on the map stands on top; what was selected here, where the order puts it."""
        marks = self._panel.view.rows.marks
        if not self._lifts or not marks.any():
            return rows
        chosen = marks[rows]
        return np.concatenate((rows[chosen], rows[~chosen]))

    def _count(self) -> None:
        if self._layer is not None:
            self._panel.count(self._title(self._layer))

    def _title(self, layer: Layer) -> str:
        return _("{layer}, in view only").format(layer=layer.title) if self._in_view else layer.title

    def _on_moved(self, _view: MapView) -> None:
        if (self._in_view or self._panel.only_seen.isChecked()) and not self._moved.isActive():
            self._moved.start()

    # -- the selection

    def _marks(self) -> NDArray[np.bool_]:
        now = self._model.selection.now
        mine = self._layer is not None and now.layer_id == self._layer.id
        return self._table.where(now.ids) if mine else np.zeros(len(self._table), bool)

    def _on_selected(self, _selected: Selected) -> None:
        self._lifts = not self._mine
        if self._layer is None:
            return
        self._panel.view.rows.mark(self._marks())
        if self._panel.only_marked.isChecked():
            self._arrange()
        elif not self._mine:
            self._panel.show_rows(self._lifted(self._base), top=True)
        self._count()

    def _mark(self, rows: Rows, how: str) -> None:
        """Select these rows, on the map as well: "set", "add" or "toggle"."""
        if self._layer is None:
            return
        marks = np.zeros(len(self._table), bool) if how == "set" else self._panel.view.rows.marks.copy()
        marks[rows] = ~marks[rows] if how == "toggle" else True
        self._mine = True
        self._model.selection.select(self._layer.id, *self._table.ids_of(np.flatnonzero(marks)))
        self._mine = False

    def _go(self, row: int) -> None:
        """Select this row and bring it onto the map."""
        if self._layer is None:
            return
        self._mark(np.array([row]), "set")
        box = union(marked.bounds for marked in self._table.marked(np.array([row])))
        if box is None:
            self._say(_("This one has no place on the map."))
            return
        self._panels.map.canvas.zoom_to(box, margin=0.2)
        if not self._layer.shown_at(self._panels.map.canvas.scale):
            self._say(_("{layer} is not shown on the map now.").format(layer=self._layer.title))

    # -- taking rows elsewhere

    def _chosen(self) -> Rows:
        """The selected rows that are shown, else the current one."""
        view = self._panel.view
        chosen = view.rows.rows[view.rows.marks[view.rows.rows]]
        return chosen if len(chosen) else np.array([view.current_row()])[np.array([view.current_row()]) >= 0]

    def _copy(self) -> None:
        rows, names, table = self._chosen(), self._panel.view.columns_in_order(), self._table
        zone = self._panel.zone

        def work(progress: Progress) -> str:
            progress.step(0, 0)
            return as_lines(names, [table.values(name)[rows] for name in names], zone)

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            said = ngettext("{count} row copied.", "{count} rows copied.", len(rows))
            self._say(said.format(count=f"{len(rows):,}"))

        if len(rows):
            self._running.watch(self._jobs.run(_("Copy rows"), work, done=done))

    def _ask_export(self) -> None:
        """Ask where to; what is written are the selected rows, or all that are shown where none is."""
        if self._layer is None:
            return
        view = self._panel.view
        chosen = view.rows.rows[view.rows.marks[view.rows.rows]]
        rows = chosen if len(chosen) else view.rows.rows
        name = "".join(c for c in self._layer.title if c.isalnum() or c in " -_").strip() or "layer"
        label = ngettext("Export {count} row", "Export {count} rows", len(rows)).format(
            count=f"{len(rows):,}"
        )
        ask_save(self._panel, label, f"{name}.gpkg", lambda path: self._export(path, rows))

    def _export(self, path: Path, rows: Rows) -> None:
        table, names = self._table, self._panel.view.columns_in_order()
        path = path if path.suffix else path.with_suffix(extract.GPKG)

        def work(progress: Progress) -> Path:
            return extract.write(path, _only(table.marked(rows)), progress, columns=names)

        def done(written: Path) -> None:
            said = ngettext("{count} row written to {file}.", "{count} rows written to {file}.", len(rows))
            self._say(said.format(count=f"{len(rows):,}", file=written.name))

        label = _("Write {file}").format(file=path.name)
        self._running.watch(self._jobs.run(label, work, done=done))


def _read(layer: Layer, seen: Box, crs: int, progress: Progress) -> Attributes:
    """All that a layer says, or a vast one of what is `seen`; texts of a file are made when they are first
    asked for, so they are now."""
    found = in_view(layer.source, seen, crs, progress)
    features, indexes = found.features, found.indexes or Indexes()
    if _is_vast(layer, crs):
        features = [only(each, _rows_in(each, seen, indexes, progress)) for each in features]
    table = Attributes(features, FOR_SIGNS if isinstance(layer.style.rule, Live) else ())
    for n, name in enumerate(table.names):
        progress.step(n, len(table.names))
        table.values(name)
    return table


def _is_vast(layer: Layer, crs: int) -> bool:
    return isinstance(layer.source, VectorSource) and layer.source.is_vast(crs)


def _rows_in(features: Features, box: Box, indexes: Indexes, progress: Progress) -> Rows:
    found = indexes.of(features, progress)
    return np.sort(found.order[found.within(box)])


def _only(found: Sequence[Marked]) -> list[Features]:
    return [only(each.features, each.rows) for each in found]
