"""Layers that follow time: asked about in a form, moved by the line of time, and live."""

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from desktop.forms.layer_time import LayerTimeForm, Span
from desktop.panels.running import Running
from desktop.work import Model, Panels, zone_of
from gis.jobs import Jobs
from gis.progress import Progress
from gis.texts import _
from layers.layer import Layer
from layers.sources.base import EVERYWHERE
from layers.stack import StackChange
from layers.timed import columns_of_time, span_of

LOOK_MS = 1_000
STEP = timedelta(seconds=30)  # live, what belongs to now is looked at so often in the time of the desk


class LayerTimes(QObject):
    """Tells the legend which instant is looked at, as long as a layer follows time."""

    def __init__(self, model: Model, jobs: Jobs, running: Running, panels: Panels) -> None:
        super().__init__()
        self._model, self._jobs, self._running, self._detail = model, jobs, running, panels.detail
        self._shown: datetime | None = None
        self.form = LayerTimeForm(zone_of(model.store))
        panels.detail.hold(self.form)
        panels.layers.time_wanted.connect(self.ask)
        self.form.chosen.connect(self._choose)
        model.outlook.moved.connect(lambda _at: self._show())
        model.stack.changed.connect(self._on_stack)
        self._beat = QTimer(self, interval=LOOK_MS)
        self._beat.timeout.connect(self._tick)
        self._on_stack(StackChange())

    def ask(self, layer: Layer) -> None:
        """Ask whether a layer shall follow time, and by which column."""
        crs, zone = self._model.stack.crs, zone_of(self._model.store).key

        def work(progress: Progress) -> dict[str, Span]:
            found = layer.source.read(EVERYWHERE, crs, progress)
            spans = {name: span_of(found, name, zone) for name in columns_of_time(found)}
            return {name: span for name, span in spans.items() if span is not None}

        def show(spans: dict[str, Span]) -> None:
            if layer.id in self._model.stack:
                self._detail.show_form(self.form)
                self.form.ask(self._model.stack.get(layer.id), spans)

        label = _("Read {layer}").format(layer=layer.title)
        self._running.watch(self._jobs.run(label, work, done=show))

    def _choose(self, layer_id: str, timing: object) -> None:
        if layer_id in self._model.stack:
            self._model.stack.update(layer_id, timing=timing)

    def _on_stack(self, change: StackChange) -> None:
        """Time has to be told from the first layer that follows it to the last."""
        follows = any(layer.timing is not None for layer in self._model.stack)
        if follows == self._beat.isActive() or change.fresh:
            return
        if follows:
            self._beat.start()
            self._show()
        else:
            self._beat.stop()

    def _show(self) -> None:
        if self._beat.isActive():
            self._shown = self._model.outlook.at or self._model.store.clock.now()
            self._model.stack.show_time(self._shown)

    def _tick(self) -> None:
        now = self._model.store.clock.now()
        if self._model.outlook.live and (self._shown is None or abs(now - self._shown) >= STEP):
            self._show()

    def rest(self) -> None:
        """The desk is going."""
        self._beat.stop()
