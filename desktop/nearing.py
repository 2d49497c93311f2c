"""What is hidden only by the scale of the map: lifted for what has just come, come near to on request."""

import numpy as np
from PySide6.QtCore import QObject

from desktop.panels.running import Running
from desktop.work import Model, Panels, box_on_map
from gis.geo.features import Features
from gis.jobs import Jobs
from gis.progress import Progress
from gis.texts import _
from layers.ground import metres_per_unit
from layers.layer import Layer
from layers.sources.base import PixelSource
from layers.sources.seen import from_afar
from layers.stack import LayerStack
from layers.view import Box, MapView

SURELY = 0.02  # beyond a limit of scale, so that rounding does not hide again


def lift_limits(stack: LayerStack, came: frozenset[str], scale: float) -> None:
    """Where none of the layers that came would be seen at 1 : `scale`, they are shown at every scale."""
    layers = [layer for layer in stack if layer.id in came]
    if any(layer.near_enough(scale) for layer in layers):
        return
    for layer in layers:
        stack.update(layer.id, max_scale=None)


class Nearing(QObject):
    """Brings the map to where a layer is drawn that is hidden by the scale only."""

    def __init__(self, model: Model, jobs: Jobs, running: Running, panels: Panels) -> None:
        super().__init__()
        self._model, self._jobs, self._running, self._panels = model, jobs, running, panels
        panels.layers.near.connect(self.come)

    def come(self, layer: Layer, scale: float) -> None:
        """Look from 1 : `scale`, at the part of a layer that is nearest to the middle of the map."""
        self._model.stack.update(layer.id, visible=True)
        canvas, crs = self._panels.map.canvas, self._model.stack.crs
        here = at_scale(canvas.view, scale, crs)
        if isinstance(layer.source, PixelSource):
            self._go(nearest_of_box(layer.source.extent, here, crs), scale)
            return

        def work(progress: Progress) -> tuple[float, float] | None:
            return nearest(from_afar(layer.source, crs, progress).features, here)

        def go(place: tuple[float, float] | None) -> None:
            self._go(place, scale)

        label = _("Read {layer}").format(layer=layer.title)
        self._running.watch(self._jobs.run(label, work, done=go))

    def _go(self, place: tuple[float, float] | None, scale: float) -> None:
        canvas = self._panels.map.canvas
        view = canvas.view if place is None else canvas.view.centred(*place)
        surely = scale * (1 + SURELY if scale > canvas.scale else 1 - SURELY)
        canvas.zoom_to(at_scale(view, surely, self._model.stack.crs).extent, margin=0.0)


def at_scale(view: MapView, scale: float, crs: int) -> MapView:
    """The same middle, from 1 : `scale`."""
    return view.zoomed(scale / view.scale(metres_per_unit(view.x, view.y, crs)))


def nearest(found: tuple[Features, ...], view: MapView) -> tuple[float, float] | None:
    """The corner of any feature nearest to the middle of a view; the middle itself where one is in sight,
    None where there are no corners at all."""
    best: tuple[float, float] | None = None
    least = np.inf
    for features in found:
        apart = np.hypot(features.xy[:, 0] - view.x, features.xy[:, 1] - view.y)
        apart = np.where(np.isfinite(apart), apart, np.inf)
        at = int(apart.argmin()) if len(apart) else -1
        if at >= 0 and apart[at] < least:
            least, best = float(apart[at]), (float(features.xy[at, 0]), float(features.xy[at, 1]))
    reach = min(view.width, view.height) * view.units_per_pixel / 2
    return (view.x, view.y) if least < 0.9 * reach else best


def nearest_of_box(extent: Box | None, view: MapView, crs: int) -> tuple[float, float] | None:
    """The middle of the view, brought into a WGS84 extent; None where that is unknown."""
    if extent is None:
        return None
    west, south, east, north = box_on_map(extent, crs)
    return min(max(view.x, west), east), min(max(view.y, south), north)
