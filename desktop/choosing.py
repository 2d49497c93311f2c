"""Selecting on the map: around many at once, all but these, none; and what all lies under one click."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from shapely import Polygon

from desktop.canvas.canvas import MapCanvas
from desktop.canvas.selecting import AreaTool, Corners
from desktop.notices import Notices
from desktop.panels.running import Running
from desktop.widgets.sketchbar import HintBar
from desktop.work import Model, Panels, Work
from gis.jobs import Job, Jobs, Lane
from gis.progress import Progress
from gis.texts import _, ngettext
from layers.attributes.table import Attributes
from layers.attributes.wording import shown
from layers.badges import Badges
from layers.inside import area_of, touched, touched_points
from layers.layer import Layer
from layers.scene import Hit, Scene
from layers.selection import Selected
from layers.sources.base import EVERYWHERE, PixelSource

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A layer as it is on the map now."""

    layer: Layer
    look: Scene | Badges

    def in_area(self, area: Polygon, progress: Progress) -> list[str | int]:
        if isinstance(self.look, Badges):
            return touched_points(self.look.features, area)
        return touched(self.look, area, progress)


class Choosing(QObject):
    """Joins the map's clicks and areas with the selection."""

    def __init__(self, work: Work, jobs: Jobs, running: Running, notices: Notices) -> None:
        super().__init__()
        self._work, self._jobs, self._running, self._say = work, jobs, running, notices.tell
        self._model: Model = work.model
        self._panels: Panels = work.panels
        self._canvas: MapCanvas = work.panels.map.canvas
        self._tool = AreaTool(self._around)
        hint = _("Drag a box, or click corners and press Enter. Ctrl adds, Shift takes away, Escape ends.")
        self.bar = HintBar(_("Select"), hint)
        work.panels.map.put_under_tools(self.bar)
        self._canvas.tool_changed.connect(lambda tool: self.bar.setVisible(tool is self._tool))
        self._job: Job | None = None
        self._hits: tuple[Hit, ...] = ()
        self._panels.map.clicked.connect(self._click)
        self._panels.detail.hits.chosen.connect(self._step_to)
        self._panels.detail.zoom.connect(self._zoom)
        self._panels.detail.copied.connect(self._copy)
        self._model.selection.changed.connect(self._on_selected)

    # -- one click

    def _click(self, _lon: float, _lat: float, hits: tuple[Hit, ...]) -> None:
        """All that lies under the pointer; with Ctrl one goes into the selection or out of it."""
        if _held() & Qt.KeyboardModifier.ControlModifier:
            self._toggle(hits)
            return
        self._hits = hits
        names = {layer.id: layer.title for layer in self._model.stack}
        self._panels.detail.hits.show_hits([(names.get(hit.layer_id, ""), hit) for hit in hits])
        self._work.present(hits[0] if hits else None)

    def _toggle(self, hits: tuple[Hit, ...]) -> None:
        """One of the layer that is selected from, else the topmost: nothing that is selected is lost."""
        now = self._model.selection.now
        found = [hit for hit in hits if now.layer_id in ("", hit.layer_id)]
        if found:
            self._model.selection.select(found[0].layer_id, *(now.ids ^ {found[0].id}))

    def _step_to(self, number: int) -> None:
        if 0 <= number < len(self._hits):
            self._work.present(self._hits[number])

    def step(self, by: int) -> None:
        """To the next of what lies under the last click, or the one before."""
        self._panels.detail.hits.step(by)

    def _on_selected(self, selected: Selected) -> None:
        """Something else was selected: what lay under the click is of no interest any more."""
        if not any(hit.layer_id == selected.layer_id and hit.id in selected.ids for hit in self._hits):
            self._hits = ()
            self._panels.detail.hits.show_hits([])

    def _zoom(self, incident: object) -> None:
        if incident is None:
            self._canvas.zoom_to_selection()

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._say(_("Copied: {text}").format(text=shown(text)))

    # -- many at once

    def start(self) -> None:
        """Take the tool in hand that selects what is drawn around."""
        self._canvas.use(self._tool)
        self._canvas.setFocus()

    def none(self) -> None:
        self._model.selection.clear()

    def invert(self) -> None:
        """All of a layer that is not selected now; of the current layer where nothing is."""
        now = self._model.selection.now
        layer = self._model.stack.get(now.layer_id) if now.layer_id in self._model.stack else None
        layer = layer or self._panels.layers.current()
        if layer is None or isinstance(layer.source, PixelSource):
            self._say(_("Choose a layer with features in the legend first (F7)."))
            return
        chosen, crs = layer, self._model.stack.crs

        def work(progress: Progress) -> list[str | int]:
            table = Attributes(chosen.source.read(EVERYWHERE, crs, progress))
            return table.ids[~table.where(now.ids if now.layer_id == chosen.id else frozenset())].tolist()

        self._run(_("Select the others"), work, lambda ids: self._select(chosen, frozenset(ids), "set"))

    def _around(self, corners: Corners) -> None:
        """Select what an area touches: of the current layer of the legend, or where that has nothing there of
        the topmost that has. What is added or taken away is of the layer that is selected from already."""
        area, held = area_of(corners), _held()
        if area is None:
            return
        how = "add" if held & Qt.KeyboardModifier.ControlModifier else "set"
        if how == "set" and held & Qt.KeyboardModifier.ShiftModifier:
            how = "remove"
        now = self._model.selection.now.layer_id
        drawn = [each for each in self._drawn() if how == "set" or now in ("", each.layer.id)]

        def work(progress: Progress) -> tuple[Layer, list[str | int]] | None:
            for each in drawn:
                if ids := each.in_area(area, progress):
                    return each.layer, ids
            return (drawn[0].layer, []) if drawn else None

        def done(found: tuple[Layer, list[str | int]] | None) -> None:
            if found is None:
                self._say(_("There is nothing on the map here that can be selected."))
            else:
                self._select(found[0], frozenset(found[1]), how)

        self._run(_("Select in an area"), work, done)

    def _drawn(self) -> list[Drawn]:
        """What is on the map: the current layer of the legend first, then the others from the top."""
        renderer, scale = self._canvas.renderer, self._canvas.scale
        looks = {
            **{name: picture.scene for name, picture in renderer.pictures.items()},
            **renderer.badges,
        }
        shown = [
            Drawn(layer, looks[layer.id])
            for layer in reversed(tuple(self._model.stack))
            if layer.shown_at(scale) and layer.id in looks and not isinstance(layer.source, PixelSource)
        ]
        current = self._panels.layers.current()
        return sorted(shown, key=lambda each: current is None or each.layer.id != current.id)

    def _select(self, layer: Layer, ids: frozenset[str | int], how: str) -> None:
        now = self._model.selection.now
        before = now.ids if now.layer_id == layer.id else frozenset()
        wanted = {"add": before | ids, "remove": before - ids}.get(how, ids)
        self._model.selection.select(layer.id, *wanted)
        said = ngettext("{count} of {layer} selected.", "{count} of {layer} selected.", len(wanted))
        self._say(said.format(count=f"{len(wanted):,}", layer=layer.title))

    def _run(self, label: str, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        """One such question at a time; the newest is answered."""
        if self._job is not None:
            self._job.cancel()

        def tell(answer: T) -> None:
            if job is self._job:
                done(answer)

        job = self._job = self._jobs.run(label, work, lane=Lane.ASK, done=tell)
        self._running.watch(job)


def _held() -> Qt.KeyboardModifier:
    return QGuiApplication.keyboardModifiers()
