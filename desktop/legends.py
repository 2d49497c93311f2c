"""The layers of the desk: kept in the operation, added from files, restyled."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.forms.add_layer import AddLayerForm, LayerWish, RasterWish
from desktop.forms.layer_style import LayerStyleForm
from desktop.forms.raster_style import RasterStyleForm
from desktop.gathering import Gathering
from desktop.overviews import Overviews
from desktop.panels.running import Running
from desktop.widgets.choose import ask_open, ask_several
from desktop.work import (
    ALARMS,
    DRAWINGS,
    HAZARDS,
    INCIDENTS,
    SENSORS,
    SILENCE,
    Model,
    Panels,
    box_on_map,
)
from gis.exchange.online.courier import Courier
from gis.exchange.qml import read_file
from gis.exchange.vector.answers import Inspection
from gis.exchange.vector.formats import READABLE
from gis.exchange.vector.reader import Reader
from gis.geo.features import WGS84, Features
from gis.jobs import Jobs
from gis.model.record import new_id
from gis.progress import Progress
from gis.store.index import Index
from gis.store.moment import Moment
from gis.texts import _
from layers.colours import MapColours
from layers.layer import Layer
from layers.qgis.styles import Taken, taken
from layers.relief import usual_look
from layers.restyle import by_severity
from layers.roles import Role, drawing_order, fitted_style, role_style, usual_group, usual_scale
from layers.saved import keep_layers, keep_style, kept_styles
from layers.sources import maps
from layers.sources.base import EVERYWHERE, Found, PixelSource, Source
from layers.sources.drawings import DrawingSource
from layers.sources.hazards import HazardSource
from layers.sources.incidents import IncidentSource
from layers.sources.raster import RasterSource
from layers.sources.records import AlarmSource, SensorSource
from layers.sources.seen import from_afar
from layers.sources.silence import SilenceSource
from layers.sources.vector import Chosen, VectorSource
from layers.stack import StackChange
from layers.style import Pixels, Style
from layers.view import Box

T = TypeVar("T")
KEEP_AFTER_MS = 800  # a slider that is dragged is one change
LIVE = frozenset({HAZARDS, DRAWINGS, SILENCE, SENSORS, ALARMS, INCIDENTS})
PATTERNS = (
    "*.gpkg *.shp *.zip *.geojson *.json *.kml *.kmz *.csv *.fgb *.gpx *.tab *.mif *.dxf *.gml *.pbf *.osm "
    "*.parquet *.mbtiles *.pmtiles *.tif *.tiff *.asc"
)


def live_layers(moment: Moment, index: Index) -> tuple[Layer, ...]:
    """What the operation itself knows, above every map."""
    live = (
        (SILENCE, _("Silent"), SilenceSource(), Role.SILENCE),
        (HAZARDS, _("Warnings"), HazardSource(moment), Role.HAZARDS),
        (DRAWINGS, _("Drawings"), DrawingSource(moment), Role.DRAWINGS),
        (SENSORS, _("Sensors"), SensorSource(moment), Role.SENSORS),
        (ALARMS, _("Alarms"), AlarmSource(moment), Role.ALARMS),
        (INCIDENTS, _("Incidents"), IncidentSource(moment, index), Role.INCIDENTS),
    )
    group = _("Situation")
    return tuple(
        Layer(name, title, source, role_style(role), group=group, role=role)
        for name, title, source, role in live
    )


def with_live(kept: tuple[Layer, ...], moment: Moment, index: Index) -> tuple[Layer, ...]:
    """The kept layers, and those live ones that are not among them where a map reader expects them."""
    known, layers = {layer.id for layer in kept}, [*kept]
    for layer in live_layers(moment, index):
        if layer.id not in known:
            order = drawing_order(layer.role)
            over = (n for n, each in enumerate(layers) if drawing_order(each.role) > order)
            layers.insert(next(over, len(layers)), layer)
    return tuple(layers)


def open_source(
    moment: Moment, index: Index, reader: Reader, courier: Courier, origin: Mapping[str, str]
) -> Source:
    """What a kept layer shows. Raises UserError when it cannot be opened again."""
    match origin.get("kind"):
        case "incidents":
            return IncidentSource(moment, index)
        case "sensors":
            return SensorSource(moment)
        case "alarms":
            return AlarmSource(moment)
        case "drawings":
            return DrawingSource(moment)
        case "silence":
            return SilenceSource()
        case "hazards":
            return HazardSource(moment)
        case _:
            return maps.opened(reader, courier, origin)


class Legends(QObject):
    """What can be done to layers. Files are looked into and read on the work lane, by `reader`.

    `arrived` carries where a layer lies that has just been added, its extent in WGS84 degrees, and the ids
    of those that came with it.
    """

    arrived = Signal(object, object)

    def __init__(self, model: Model, jobs: Jobs, running: Running, reader: Reader, panels: Panels) -> None:
        super().__init__()
        self._model, self._jobs, self._running, self._reader = model, jobs, running, reader
        self._panels, self._style, self._add = panels, LayerStyleForm(), AddLayerForm()
        self._lasting = _lasting(model.stack)
        self._raster, self._gathering = RasterStyleForm(), Gathering(jobs, running, reader, panels)
        self._overviews = Overviews(model, jobs, running, panels)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(KEEP_AFTER_MS)
        self._soon.timeout.connect(self.keep)
        self._join()

    def _join(self) -> None:
        tree, detail = self._panels.layers, self._panels.detail
        tree.zoom.connect(self.zoom)
        tree.style_wanted.connect(lambda layer: self.ask_style(layer))
        tree.about.connect(self.tell_about)
        tree.add.connect(self.ask_file)
        self._panels.map.add_wanted.connect(self.ask_file)
        self._style.chosen.connect(lambda layer_id, style: self._model.stack.update(layer_id, style=style))
        self._add.wanted.connect(self.add)
        self._add.again.connect(self.look_into)
        self._gathering.wanted.connect(self.add_all)
        self._style.more.aboutToShow.connect(self._offer_styles)
        self._raster.chosen.connect(lambda layer_id, style: self._model.stack.update(layer_id, style=style))
        self._raster.faded.connect(lambda layer_id, much: self._model.stack.update(layer_id, opacity=much))
        detail.hold(self._style, self._raster, self._add)
        self._model.stack.changed.connect(self._on_changed)

    def keep(self) -> None:
        """Write the legend down: which layers there are, how they look, in which order."""
        layers = tuple(self._model.stack)
        self._model.pen.keep(_("Keep layers"), lambda tx: keep_layers(tx, layers))

    def _on_changed(self, change: StackChange) -> None:
        """What the layers show, and what is wrong with them at the moment, is no change of the legend."""
        if change.fresh:
            return
        self._panels.map.invite(all(layer.id in LIVE for layer in self._model.stack))
        lasting = _lasting(self._model.stack)
        if lasting != self._lasting:
            self._lasting = lasting
            self._soon.start()

    def ask_file(self) -> None:
        """Ask for map files to look into."""
        filters = _("Map files ({patterns})").format(patterns=PATTERNS) + ";;" + _("All files (*)")
        ask_several(self._panels.layers, _("Add a layer"), filters, self.take)

    def take(self, paths: tuple[Path, ...]) -> None:
        """Say in words what is in a file, in several, or in a folder of them."""
        if len(paths) == 1 and not (paths[0].is_dir() and paths[0].suffix.casefold() not in READABLE):
            self.look_into(paths[0])
        elif paths:
            self._gathering.look_into(paths)

    def add_all(self, wishes: tuple[LayerWish | RasterWish, ...]) -> None:
        """Put layers where a map reader expects ones of their roles; what the pen keeps is the legend."""
        layers = [self._put(wish) for wish in wishes]
        self._panels.detail.leave_form()
        came = frozenset(layer.id for layer in layers)
        for wish, layer in zip(wishes, layers, strict=True):
            extent = wish.facts.extent if isinstance(wish, RasterWish) else wish.extent
            if extent is not None:
                self.arrived.emit(extent, came)
            elif isinstance(wish, LayerWish):  # only its shapes say where, on the plane a person named
                self._read(layer, _bounds_of, lambda box: self._arrive(box, came), WGS84)

    def _arrive(self, box: Box | None, came: frozenset[str]) -> None:
        if box is not None:
            self.arrived.emit(box, came)

    def look_into(self, path: Path, encoding: str = "") -> None:
        """Say in words what is in a file; nothing of it is on the map yet."""

        def work(progress: Progress) -> Inspection:
            return self._reader.inspect(path, progress, encoding=encoding or None)

        def done(inspection: Inspection) -> None:
            self._panels.detail.show_form(self._add)
            self._add.ask(inspection)

        label = _("Look into {name}").format(name=path.name)
        self._running.watch(self._jobs.run(label, work, done=done))

    def tell_about(self, layer: Layer) -> None:
        """Look again into the file that a layer comes from."""
        path = layer.source.origin.get("path")
        if path:
            self.look_into(Path(path), layer.source.origin.get("encoding", ""))

    def add(self, wish: LayerWish | RasterWish) -> None:
        """Put one layer on the map."""
        self.add_all((wish,))

    def _put(self, wish: LayerWish | RasterWish) -> Layer:
        if isinstance(wish, RasterWish):
            return self._put_raster(wish)
        chosen = Chosen(wish.path, wish.layer, wish.encoding or None, wish.assume_crs)
        layer = Layer(
            id=new_id(),
            title=wish.title,
            source=VectorSource(self._reader, chosen),
            style=fitted_style(wish.role, wish.columns, points=wish.points),
            group=usual_group(wish.role),
            max_scale=usual_scale(wish.role),
            role=wish.role,
        )
        if wish.style_file is not None:
            self._take_style(wish.style_file, lambda taken: self._dress(layer.id, taken))
        self._model.stack.add(layer, index=self._model.stack.place_for(wish.role))
        return layer

    def _put_raster(self, wish: RasterWish) -> Layer:
        """At the bottom: everything else is drawn on it."""
        facts = wish.facts
        source = RasterSource(self._reader, wish.path, facts.credit, wish.assume_crs, facts.extent)
        role, style = Role.BASEMAP, Style(usual_look(wish.title, facts.low, facts.high))
        layer = Layer(new_id(), wish.title, source, style, group=usual_group(role), role=role)
        self._model.stack.add(layer, index=self._model.stack.place_for(role))
        return layer

    def zoom(self, layer: Layer) -> None:
        """Show all of a layer."""
        if isinstance(layer.source, PixelSource):
            extent = layer.source.extent
            self._zoom_to(box_on_map(extent, self._model.stack.crs) if extent else None)
            return
        crs, source = self._model.stack.crs, layer.source

        def box(progress: Progress) -> Box | None:
            told = source.bounds(crs, progress) if isinstance(source, VectorSource) else None
            return told or _bounds(source.read(EVERYWHERE, crs, progress))

        label = _("Read {layer}").format(layer=layer.title)
        self._running.watch(self._jobs.run(label, box, done=self._zoom_to))

    def _zoom_to(self, box: Box | None) -> None:
        if box is not None:
            self._panels.map.canvas.zoom_to(box)

    def ask_style(self, layer: Layer, said: Sequence[str] = ()) -> None:
        """Ask how a layer shall look; `said` is what a person should know of the look it has."""
        if isinstance(layer.style.rule, Pixels):
            self._panels.detail.show_form(self._raster)
            self._raster.ask(layer)
            return

        def ask(found: Found) -> None:
            self._panels.detail.show_form(self._style)
            partly = _("Values and classes are those of an overview, not of all features.")
            self._style.ask(layer, found.features, (*said, partly) if found.notes else said)

        self._read(layer, lambda found: found, ask)

    def wear(self, colours: MapColours) -> None:
        """Draw what the forms show in the inks of the map."""
        self._style.wear(colours)

    def _dress(self, layer_id: str, taken: Taken) -> None:
        """A new layer takes the style that lay beside its file; what is drawn otherwise is said."""
        if layer_id not in self._model.stack:
            return
        scales = {"min_scale": taken.min_scale, "max_scale": taken.max_scale}
        self._model.stack.update(layer_id, style=taken.style, opacity=taken.opacity, **scales)
        if taken.dropped:
            self.ask_style(self._model.stack.get(layer_id), taken.dropped)

    def _take_style(self, path: Path, done: Callable[[Taken], None]) -> None:
        """Read a style of QGIS. What is wrong with it is said where all work says so."""
        label = _("Read the style {name}").format(name=path.name)
        self._running.watch(self._jobs.run(label, lambda _progress: taken(read_file(path)), done=done))

    def _offer_styles(self) -> None:
        """Where else a look may come from, and where it can be kept."""
        form, menu = self._style, self._style.more
        layer = form.layer
        if layer is None:
            return
        menu.clear()
        names = next(iter(form.columns), "name")
        usual = fitted_style(layer.role, form.columns or (names,), points=form.points)
        menu.addAction(_("The usual look")).triggered.connect(lambda: form.wear_style(usual))
        if form.asked_column:
            severe = replace(layer.style, rule=by_severity(form.asked_column))
            by = menu.addAction(_("Signs of severity, by {column}").format(column=form.asked_column))
            by.triggered.connect(lambda: form.wear_style(severe))
        menu.addAction(_("From a style of QGIS…")).triggered.connect(self._ask_style_file)
        with self._model.store.reading() as query:
            kept = kept_styles(query)
        for name, style in kept.items():
            use = menu.addAction(_("As kept: {name}").format(name=name))
            use.triggered.connect(lambda _checked=False, style=style: form.wear_style(style))
        menu.addSeparator()
        keep = menu.addAction(_("Keep this look as “{name}”").format(name=layer.title))
        keep.triggered.connect(lambda: self._keep_style(layer.title, layer.style))

    def _ask_style_file(self) -> None:
        filters = _("Styles of QGIS ({patterns})").format(patterns="*.qml") + ";;" + _("All files (*)")

        def wear(found: Taken) -> None:
            self._style.wear_style(found.style, found.dropped)

        ask_open(self._panels.layers, _("Style"), filters, lambda path: self._take_style(path, wear))

    def _keep_style(self, name: str, style: Style) -> None:
        self._model.pen.keep(_("Keep a style"), lambda tx: keep_style(tx, name, style))

    def _read(
        self,
        layer: Layer,
        look: Callable[[Found], T],
        done: Callable[[T], None],
        crs: int | None = None,
    ) -> None:
        """Read a layer, of a vast one the overview, on the plane `crs`, usually the map's, and `look` at it,
        off the window's thread."""
        plane = crs or self._model.stack.crs

        def work(progress: Progress) -> T:
            return look(from_afar(layer.source, plane, progress))

        label = _("Read {layer}").format(layer=layer.title)
        self._running.watch(self._jobs.run(label, work, done=done))


def _lasting(stack: Iterable[Layer]) -> tuple[Layer, ...]:
    """The legend as it is kept."""
    return tuple(replace(layer, problem="", notice="") for layer in stack)


def _bounds_of(found: Found) -> Box | None:
    return _bounds(found.features)


def _bounds(found: tuple[Features, ...]) -> Box | None:
    """The rectangle around all corners; None where there are none."""
    corners = np.concatenate([np.zeros((0, 2)), *(features.xy for features in found)])
    corners = corners[np.isfinite(corners).all(axis=1)]
    if not len(corners):
        return None
    (west, south), (east, north) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return (west, south, east, north)
