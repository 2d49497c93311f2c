"""Maps of others on a network: chosen from what a service has, shown as they come, said when they do not."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.forms.add_service import AddServiceForm, ServiceWish
from desktop.panels.running import Running
from desktop.whereabouts import is_city
from desktop.work import Model, Panels, box_on_map, zone_of
from gis import settings
from gis.clock import SystemClock
from gis.errors import UserError
from gis.exchange.online.courier import Courier
from gis.exchange.online.fetching import Fetcher
from gis.exchange.online.kept import Kept
from gis.exchange.online.offers import Offer
from gis.exchange.online.typed import look_into
from gis.exchange.vector.reader import Reader
from gis.jobs import Jobs
from gis.model.record import new_id
from gis.progress import Progress
from gis.texts import _
from layers.layer import Layer
from layers.roles import Role, usual_group
from layers.sources.online import OnlineSource
from layers.style import Pixels, Style

SHOW_AFTER_MS = 200  # tiles that come in within this time are painted together
AGAIN_MS = 60_000  # so often a service in trouble is asked for what is on the map, besides its own rests


@dataclass(frozen=True, slots=True)
class Readers:
    """Who brings pictures, and who makes them out."""

    courier: Courier
    reader: Reader


def usual_courier() -> Courier:
    """The courier of this computer, with what it has kept."""
    home = settings.home()
    kept = Kept(home.tiles, settings.read(home.settings_file).tiles_mb << 20)
    return Courier(Fetcher(), kept, SystemClock())


class Online(QObject):
    """Services are asked on the work lane. `arrived` carries where a map lies that is to be looked at."""

    arrived = Signal(object)

    def __init__(self, model: Model, jobs: Jobs, running: Running, readers: Readers, panels: Panels) -> None:
        super().__init__()
        self._model, self._jobs, self._running = model, jobs, running
        self._courier, self._reader, self._panels = readers.courier, readers.reader, panels
        self._zone, self._form, self._heard = zone_of(model.store), AddServiceForm(), set[str]()
        self._asking: object = None
        self._soon = QTimer(self, singleShot=True, interval=SHOW_AFTER_MS)
        self._soon.timeout.connect(self._show)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self._try)
        self._form.asked.connect(self.look_into)
        self._form.wanted.connect(self.add)
        panels.detail.hold(self._form)
        panels.layers.again.connect(self.retry)
        panels.map.canvas.renderer.settled.connect(self._say)

    def open(self) -> None:
        """Ask for the address of a map."""
        self._panels.detail.show_form(self._form)
        self._form.start()

    def look_into(self, text: str) -> None:
        """Say in words what is behind an address; nothing of it is on the map yet."""
        courier, crs = self._courier, self._model.stack.crs
        asking = self._asking = object()

        def work(progress: Progress) -> tuple[Offer, ...]:
            return look_into(text, courier, crs, progress)

        def done(offers: tuple[Offer, ...]) -> None:
            if self._asking is asking:
                self._form.show_offers(offers)

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            if self._asking is asking:
                self._form.say(f"{error} {error.hint}")

        self._running.watch(self._jobs.run(_("Ask a map service"), work, done=done, failed=failed))

    def add(self, wish: ServiceWish) -> None:
        """At the bottom: everything else is drawn on it."""
        source = OnlineSource(wish.service, self._reader, self._courier)
        role, style = Role.BASEMAP, Style(Pixels())
        layer = Layer(
            new_id(),
            wish.title,
            source,
            style,
            group=usual_group(role),
            min_scale=wish.min_scale,
            max_scale=wish.max_scale,
            role=role,
        )
        self._model.stack.add(layer, index=self._model.stack.place_for(role))
        self._panels.detail.leave_form()
        self._look_at(wish.service.extent)

    def _look_at(self, extent: tuple[float, float, float, float] | None) -> None:
        """Go to a map of a city that is not in sight; one of half the world needs no move."""
        if extent is None or not is_city(extent):
            return
        west, south, east, north = box_on_map(extent, self._model.stack.crs)
        w, s, e, n = self._panels.map.canvas.view.extent
        if not (west < e and w < east and south < n and s < north):
            self.arrived.emit(extent)

    def hear(self, key: str) -> None:
        """Tiles of a service came in, or it stands otherwise."""
        self._heard.add(key)
        if not self._soon.isActive():
            self._soon.start()

    def retry(self, layer: Layer) -> None:
        """Ask a service again now, because a person says so."""
        if isinstance(layer.source, OnlineSource):
            self._courier.retry(layer.source.service.key)

    def rest(self) -> None:
        """Look no more; to be called before the window goes."""
        self._soon.stop()
        self._again.stop()

    def _show(self) -> None:
        """What came in is painted once the pictures on their way are done: else none would ever be."""
        if self._panels.map.canvas.composer.busy:
            self._soon.start()
            return
        heard, self._heard = self._heard, set[str]()
        self._say()
        stack = self._model.stack
        stack.freshen(frozenset(layer.id for layer, key in self._layers() if key in heard and layer.visible))

    def _say(self) -> None:
        """The lines of the layers say how their services stand."""
        in_trouble = False
        for layer, key in self._layers():
            notice = self._words(layer, key)
            in_trouble = in_trouble or bool(notice)
            if notice != layer.notice:
                self._model.stack.update(layer.id, notice=notice)
        if not in_trouble:
            self._again.stop()
        elif not self._again.isActive():
            self._again.start()

    def _try(self) -> None:
        stack = self._model.stack
        stack.freshen(frozenset(layer.id for layer, _key in self._layers() if layer.notice and layer.visible))

    def _layers(self) -> list[tuple[Layer, str]]:
        found = [(layer, layer.source) for layer in self._model.stack]
        return [(layer, source.service.key) for layer, source in found if isinstance(source, OnlineSource)]

    def _words(self, layer: Layer, key: str) -> str:
        trouble = self._courier.trouble(key)
        if not trouble or not isinstance(layer.source, OnlineSource):
            return ""
        kept = layer.source.shown.kept
        if kept is None:
            return trouble + " " + self._of_other_scales(layer)
        since, until = (self._day(each) for each in kept)
        if since == until:
            return trouble + " " + _("Shown is what was kept on {day}.").format(day=since)
        return (
            trouble
            + " "
            + _("Shown is what was kept from {since} to {until}.").format(since=since, until=until)
        )

    def _of_other_scales(self, layer: Layer) -> str:
        picture = self._panels.map.canvas.renderer.pictures.get(layer.id)
        if picture is not None and picture.scene.marks:
            return _("Shown is what is kept of other scales.")
        return _("Nothing of this place is kept here.")

    def _day(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d}"
