"""Layers too large for memory: an overview of each is made, and its line says what is shown."""

from PySide6.QtCore import QObject

from desktop.panels.running import Running
from desktop.work import Model, Panels
from gis.jobs import Jobs, JobState
from gis.progress import Progress
from gis.texts import _
from layers.layer import Layer
from layers.sources.vector import VectorSource


class Overviews(QObject):
    """Looks at the layers each time the map has come to rest."""

    def __init__(self, model: Model, jobs: Jobs, running: Running, panels: Panels) -> None:
        super().__init__()
        self._stack, self._jobs, self._running = model.stack, jobs, running
        self._renderer = panels.map.canvas.renderer
        self._begun: dict[str, tuple[VectorSource, int]] = {}  # once for each plane, unless the file changes
        self._layers: dict[int, str] = {}  # by the number of the job
        self._renderer.settled.connect(self._look)
        jobs.changed.connect(self._hear)

    def _look(self) -> None:
        for layer in tuple(self._stack):
            if isinstance(layer.source, VectorSource):
                self._say(layer)
                self._begin(layer, layer.source)

    def _say(self, layer: Layer) -> None:
        """What the map says of the layer stands at its line as well."""
        picture = self._renderer.pictures.get(layer.id)
        notice = " ".join(picture.scene.notes) if picture else ""
        if notice != layer.notice:
            self._stack.update(layer.id, notice=notice)

    def _begin(self, layer: Layer, source: VectorSource) -> None:
        crs = self._stack.crs
        if not source.lacks_overview(crs) or self._begun.get(layer.id) == (source, crs):
            return
        self._begun[layer.id] = source, crs

        def work(progress: Progress) -> None:
            source.survey(crs, progress)

        job = self._jobs.run(_("Make an overview of {layer}").format(layer=layer.title), work)
        self._layers[job.number] = layer.id
        self._running.watch(job)

    def _hear(self, state: JobState) -> None:
        """An overview is there, or was stopped: what is shown is another."""
        if state.finished and state.number in self._layers:
            self._stack.freshen(frozenset({self._layers.pop(state.number)}))
