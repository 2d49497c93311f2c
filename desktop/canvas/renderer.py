"""Keeps one picture per visible layer true, off the window's thread. The newest request wins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from desktop.canvas.growing import Growing
from desktop.canvas.lettering import measured, paint_labels
from desktop.canvas.painter import Paint, paint
from desktop.canvas.right_of_way import RightOfWay
from desktop.canvas.sheets import Picture, Shelf, aligned, extended, is_of_use
from gis.errors import UserError
from gis.jobs import Job, Jobs, Lane
from gis.paint.hands import Hands
from gis.progress import Progress
from gis.texts import _
from gis.thrift import give_back
from layers.badges import Badges, badges
from layers.build import Sheet, build, reach
from layers.colours import MapColours
from layers.ground import metres_per_unit
from layers.index import Indexes
from layers.labels import avoided, place
from layers.layer import Layer
from layers.letters import Letters
from layers.scene import Scene
from layers.sources.base import EVERYWHERE, GrowingSource, LocalSource, PixelSource, Source
from layers.stack import LayerStack, StackChange
from layers.style import Live
from layers.view import MapView

T = TypeVar("T")
FIRST_PX = 16  # painted around it at a new scale, so that it is soon sharp; the rest of the margin follows
MARGIN_PX = 192  # painted around the window, so that a small pan needs nothing new
AHEAD_PX = 320  # painted around it once nothing else is to be done, for who goes on panning
USED_PX = 96  # so much of it may be used up by panning before more is painted
IDLE_MS = 250
SOON_MS = 15  # requests within this time become one
_NAMES = ""  # the key of the picture of all names; no layer has an empty id


@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    ticket: object
    job: Job
    view: MapView
    reading: Source | None = None  # what is read by it, if it is not there yet


class MapRenderer(QObject):
    """Turns (layer stack, view) into pictures. `updated` when there is something new to show.

    Pictures: `pictures[layer_id]`, `badges[layer_id]` for live layers, `names` for the names of all. A layer
    that fails gets its `problem` in the stack; the others go on.
    """

    updated = Signal()
    settled = Signal()  # every picture shows the newest view
    _gained = Signal(str, object, object)  # from the thread that reads: layer id, Source, Picture so far

    def __init__(
        self, stack: LayerStack, jobs: Jobs, colours: MapColours, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._stack, self._jobs, self._colours = stack, jobs, colours
        self._view: MapView | None = None
        self._wanted: Sheet | None = None  # last
        self._ratio = 1.0
        self._indexes, self._letters, self._measured = Indexes(), Letters(measured), 0
        self.way, self._hands = RightOfWay(), Hands()
        self._running: dict[str, _Running] = {}
        self._read: dict[str, tuple[object, int, MapView]] = {}  # of growing layers what was read last
        self._gained.connect(self._show_part)
        self._stale: set[str] = set()
        self._named: list[Scene] = []  # whose names were placed last
        self.pictures: dict[str, Picture] = {}
        self.badges: dict[str, Badges] = {}
        self._shelf = Shelf()
        self._soon, self._begun = QTimer(self, singleShot=True), QElapsedTimer()
        self._begun.start()
        self._soon.timeout.connect(lambda: self._start(MARGIN_PX))
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(lambda: self._start(AHEAD_PX))
        self._leave: Callable[[], None] | None = stack.changed.connect(self._on_stack_changed)

    def share(self, other: "MapRenderer") -> None:
        """Work with what another map of the same layers knows of them: nothing is put in order twice."""
        self._indexes, self._letters = other._indexes, other._letters

    @property
    def names(self) -> Picture | None:
        return self.pictures.get(_NAMES)

    @property
    def busy(self) -> bool:
        """True while a picture is on its way."""
        return self._soon.isActive() or bool(self._running)

    def look(self, view: MapView, ratio: float = 1.0) -> None:
        """Show another piece of the map, on a screen of `ratio` device pixels per pixel."""
        if ratio != self._ratio:
            self._spoil(layer.id for layer in self._stack)
        self._view, self._ratio = view, ratio
        self._request()

    def recolour(self, colours: MapColours) -> None:
        """Paint everything anew in other colours."""
        self._colours = colours
        self._spoil(layer.id for layer in self._stack)
        self._request()

    def forget(self) -> None:
        """Nothing that was painted or is being painted is of use any more: the plane is another."""
        for key in tuple(self._running):
            self._cancel(key)
        self.pictures.clear()
        self.badges.clear()
        self._spoil(layer.id for layer in self._stack)

    def close(self) -> None:
        """Stop painting and listening, for good. To be called before the window goes."""
        self._soon.stop()
        self._idle.stop()
        if self._leave:
            self._leave()
            self._leave = None
        for key in tuple(self._running):
            self._cancel(key)
        self._hands.close()

    def _request(self) -> None:
        self._idle.stop()
        if self._leave and not self._soon.isActive():
            self._soon.start(max(0, SOON_MS - self._begun.elapsed()))  # the first of many begins at once

    def _spoil(self, layer_ids: Iterable[str]) -> None:
        """What was painted of these layers is not true any more; it is shown until the next picture."""
        for layer_id in layer_ids:
            self._stale.add(layer_id)
            self._shelf.forget(layer_id)

    def _on_stack_changed(self, change: StackChange) -> None:
        self._spoil(change.stale)
        known = {layer.id for layer in self._stack} | {_NAMES}
        kept = self.pictures.keys() | self.badges.keys() | self._running.keys() | self._read.keys()
        for gone in kept - known:
            self._read.pop(gone, None)
            self.pictures.pop(gone, None)
            self.badges.pop(gone, None)
            self._cancel(gone)
            self._shelf.forget(gone)
        self._request()
        self.updated.emit()

    def _start(self, margin: int) -> None:
        """Begin what is missing in the window and around it; leave alone what is still of use."""
        if self._view is None:
            return
        self._begun.restart()
        x, y = self._view.x, self._view.y
        metres = metres_per_unit(x, y, self._stack.crs)
        view = aligned(self._view.grown(margin))
        sheet = Sheet(view, self._stack.crs, metres, self._ratio, self._letters, at=self._stack.at)
        self._wanted = sheet
        for layer in self._stack:
            if layer.shown_at(sheet.scale):
                self._start_layer(layer, sheet)
        if not self._running:
            self._start_names(sheet)
        if not self.busy:
            self.settled.emit()
            if margin < AHEAD_PX:
                self._idle.start()
            else:
                self._give_back()

    def _give_back(self) -> None:
        """What it took to put features in order is not kept once the map rests."""
        if self._measured != self._indexes.made:
            self._measured = self._indexes.made
            self._jobs.run(_("Give memory back"), lambda _progress: give_back(), lane=Lane.MAP)

    def _start_layer(self, layer: Layer, sheet: Sheet) -> None:
        live = isinstance(layer.style.rule, Live)
        stale = layer.id in self._stale
        running = self._running.get(layer.id)
        if running and running.reading is layer.source and self._goes_on(running, sheet.crs):
            return  # what is asked of it now is painted when it is there
        if isinstance(layer.source, GrowingSource) and self._to_be_read(layer, layer.source, sheet):
            self._run_reading(layer, layer.source, sheet)
            return
        if running and (live or (not stale and self._of_use(running.view))):
            return  # what became stale meanwhile is read again afterwards
        if not stale and (self._served if live else self._covered)(layer.id, sheet.view):
            return
        self._stale.discard(layer.id)
        if live:
            self._run_live(layer, sheet)
            return
        old = None if stale else self._at_hand(layer.id, sheet.view)
        if old and (self._covered(layer.id, sheet.view) or self._can_wait(old)):
            return
        if not old and not stale and layer.id in self.pictures and not isinstance(layer.source, PixelSource):
            assert self._view is not None
            sheet = replace(sheet, view=aligned(self._view.grown(FIRST_PX)))
        self._run_picture(layer, sheet, old)

    def _goes_on(self, running: _Running, crs: int) -> bool:
        """A layer is read on whatever the map does, but of a vast one only what is still looked at."""
        vast = isinstance(running.reading, GrowingSource) and running.reading.is_vast(crs)
        return not vast or self._of_use(running.view)

    def _can_wait(self, picture: Picture) -> bool:
        """What lies around the window is painted once every layer shows the window itself."""
        assert self._view is not None
        first = self._view.width + 2 * FIRST_PX
        hurried = any(running.view.width == first for running in self._running.values())
        return hurried and picture.view.covers(self._view)

    def _to_be_read(self, layer: Layer, source: GrowingSource, sheet: Sheet) -> bool:
        """For a view once: what cannot be held until it is painted is read by the painting itself."""
        read = (source, sheet.crs, sheet.view)
        if self._read.get(layer.id) == read or not source.lacks(reach(layer, sheet), sheet.crs):
            return False
        return (
            not source.is_vast(sheet.crs)
            or layer.id in self._stale
            or not self._covered(layer.id, sheet.view)
        )

    def _of_use(self, view: MapView) -> bool:
        """A picture on its way is let finish when it shows the middle of the window at the right scale."""
        assert self._view is not None
        return view.units_per_pixel == self._view.units_per_pixel and view.covers(self._view.sized(1, 1))

    def _served(self, key: str, wanted: MapView) -> bool:
        """True when the live symbols at hand are all there are nearly as far around the window as wanted."""
        return key in self.badges and self.badges[key].serves(wanted.grown(-USED_PX))

    def _covered(self, key: str, wanted: MapView) -> bool:
        """True when the picture reaches nearly as far around the window as the one that is wanted."""
        assert self._view is not None
        margin = (wanted.width - self._view.width) // 2 - USED_PX
        picture = self.pictures.get(key)
        return picture is not None and picture.shows(self._view.grown(margin))

    def _at_hand(self, layer_id: str, view: MapView) -> Picture | None:
        """A true picture at the scale of `view`: the one on screen, or one from before, put on screen now."""
        shown = self.pictures.get(layer_id)
        if shown and shown.view.units_per_pixel == view.units_per_pixel:
            return shown
        kept = self._shelf.find(layer_id, view)
        if kept:
            self.pictures[layer_id] = kept
            self.updated.emit()
        return kept

    def _run_reading(self, layer: Layer, source: GrowingSource, sheet: Sheet) -> None:
        """Read a layer and show what comes, unless a picture of this scale is there; the map may be moved
        meanwhile."""
        crs, shown = sheet.crs, self.pictures.get(layer.id)
        quiet = shown is not None and shown.view.units_per_pixel == sheet.view.units_per_pixel

        def work(progress: Progress) -> None:
            style = Paint(self._colours, self._ratio, progress, self.way)
            show = partial(self._gained.emit, layer.id, source)
            growing = Growing(layer, lambda: self._wanted or sheet, style, show)
            arrived = (lambda _piece: None) if quiet else growing.take
            source.grow(reach(layer, sheet), crs, progress, arrived)
            growing.finish()

        def done(_none: None) -> None:
            self._read[layer.id] = source, crs, sheet.view
            if not quiet:
                self._stale.add(layer.id)  # names, and what covers what, are still to come

        self._run(layer.id, layer.title, sheet.view, work, done, layer.source)

    def _show_part(self, layer_id: str, source: Source, picture: Picture) -> None:
        running = self._running.get(layer_id)
        if running and running.reading is source:
            self.pictures[layer_id] = picture
            self.updated.emit()

    def _run_picture(self, layer: Layer, sheet: Sheet, old: Picture | None) -> None:
        """Paint a layer; of `old`, which is still true, goes over what it shows."""
        colours, ratio, view = self._colours, self._ratio, sheet.view

        def work(progress: Progress) -> Picture:
            scene = build(layer, sheet, self._indexes, progress)
            style = Paint(colours, ratio, progress, self.way, self._hands)

            def painted(piece: MapView) -> QImage | None:
                seen = scene.on(piece)
                return paint(seen, style) if seen.marks else None

            if old and is_of_use(old, view, ratio):
                return Picture(view, extended(old, view, ratio, painted), scene)
            return Picture(view, paint(scene, style) if scene.marks else None, scene)

        def show(picture: Picture) -> None:
            self.pictures[layer.id] = picture
            if not (isinstance(layer.source, GrowingSource) and layer.source.is_vast(sheet.crs)):
                self._shelf.put(layer.id, picture)  # of a vast layer it would hold what was read

        self._run(layer.id, layer.title, view, work, show)

    def _run_live(self, layer: Layer, sheet: Sheet) -> None:
        assert isinstance(layer.style.rule, Live)
        look = layer.style.rule.look

        def work(progress: Progress) -> Badges:
            if isinstance(layer.source, LocalSource):
                found = layer.source.around(sheet.view.extent, sheet.crs, progress)
                return badges(layer.id, look, found.features, found.extent)
            return badges(layer.id, look, layer.source.read(EVERYWHERE, sheet.crs, progress))

        def show(made: Badges) -> None:
            self.badges[layer.id] = made

        self._run(layer.id, layer.title, sheet.view, work, show)

    def _start_names(self, sheet: Sheet) -> None:
        """Names of all layers share one picture: they must not cover each other. It is of those scenes that
        ask for names, and as good as long as they are."""
        shown = [layer for layer in reversed(tuple(self._stack)) if layer.shown_at(sheet.scale)]
        scenes = [self.pictures[layer.id].scene for layer in shown if layer.id in self.pictures]
        scenes = [scene for scene in scenes if scene.names]
        if scenes == self._named and self._covered(_NAMES, sheet.view):
            return
        self._named, view = scenes, sheet.view
        wanted = [names for scene in scenes for names in scene.names_on(view)]
        wanted.append(avoided([self.badges[a.id].xy for a in shown if a.id in self.badges], view))
        colours, ratio = self._colours, self._ratio

        def work(progress: Progress) -> Picture:
            labels = place(wanted, view.width, view.height)
            style = Paint(colours, ratio, progress, self.way)
            image = paint_labels(labels, view.width, view.height, style) if labels else None
            return Picture(view, image, Scene(_NAMES, view))

        def show(picture: Picture) -> None:
            self.pictures[_NAMES] = picture

        self._run(_NAMES, _("Names on the map"), view, work, show)

    def _run(
        self,
        key: str,
        title: str,
        view: MapView,
        work: Callable[[Progress], T],
        show: Callable[[T], None],
        reading: Source | None = None,
    ) -> None:
        """Start a job under `key`; only the newest job of a key may show or complain."""
        self._cancel(key)
        ticket = object()

        def done(made: T) -> None:
            if self._is_newest(key, ticket):
                show(made)
                self._request()
                self.updated.emit()

        def failed(error: Exception) -> None:
            if self._is_newest(key, ticket):
                self._request()
                self._complain(key, error)

        label = _("Draw {layer}").format(layer=title)
        job = self._jobs.run(label, work, lane=Lane.MAP, done=done, failed=failed)
        if not job.progress.cancelled:  # a closed Jobs answers with a job that will never run
            self._running[key] = _Running(ticket, job, view, reading)

    def _is_newest(self, key: str, ticket: object) -> bool:
        """Take a finished job off the list; False when another has taken its place."""
        running = self._running.get(key)
        if running is None or running.ticket is not ticket:
            return False
        del self._running[key]
        return True

    def _cancel(self, key: str) -> None:
        running = self._running.pop(key, None)
        if running:
            running.job.cancel()

    def _complain(self, layer_id: str, error: Exception) -> None:
        self.pictures.pop(layer_id, None)
        self.badges.pop(layer_id, None)
        if layer_id in self._stack:
            words = str(error) if isinstance(error, UserError) else _("A fault in the program stopped it.")
            self._stack.update(layer_id, problem=words)
        if not isinstance(error, UserError):
            raise error
