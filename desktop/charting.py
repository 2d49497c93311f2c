"""The large chart at work: asked of the log beside the window, kept up to date, and saved."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.charts.look import Picture, Wish, grown, look, rain_sums
from desktop.ground import Ground
from desktop.theme import Theme
from desktop.times import full
from desktop.titles import title_for
from desktop.window import MainWindow
from desktop.work import ALARMS, SENSORS, Work, zone_of
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, Sensor, Suppression
from gis.store import Change, Query
from gis.texts import _

if TYPE_CHECKING:
    from desktop.chartwindow import ChartWindow

T = TypeVar("T")
KEYS = ("chart", "second_map", "wall", "day_night", "as_of", "live", "quit")  # acts heard in its window, too
FRESH_MS = 500  # readings may come thick; a chart twice a second is enough
TICK_MS = 1_000
REST_MS = 120  # a pointer that stays so long is asked for what fell
WHOLE = timedelta(seconds=30)  # so often all that is seen is read again while readings come: some come late


class Charting(QObject):
    """`changed` says that its window has come or gone. Of the moment that is looked at, now or earlier."""

    changed = Signal()

    def __init__(self, ground: Ground, work: Work, beside: MainWindow) -> None:
        super().__init__()
        self._ground, self._work, self._beside = ground, work, beside
        self._outlook, self._clock = work.model.outlook, work.model.store.clock
        self._whole: datetime | None = None  # when all that is seen was read last
        self._late = False  # readings have come since
        self._at: float | None = None
        self.window: ChartWindow | None = None
        self._outlook.changed.connect(self._on_changed)
        ground.appearance.changed.connect(self._wear)

    # -- opening

    def open(self) -> None:
        """The selected sensors, else the one whose chart is on show, are added to those that are there."""
        window = self.window or self._make()
        chosen = self._chosen()
        window.show_sensors((*window.sensors, *chosen))
        window.show()
        window.begin()
        window.raise_()
        window.activateWindow()

    def show_sensors(self, sensor_ids: Sequence[str]) -> None:
        """Exactly these."""
        window = self.window or self._make()
        window.show_sensors(sensor_ids)
        window.show()

    def _make(self) -> "ChartWindow":
        from desktop.chartsaving import ask_picture, ask_readings
        from desktop.chartwindow import ChartWindow  # pyqtgraph stays off the way to the first paint

        store, appearance = self._work.model.store, self._ground.appearance
        title = _("Chart – {title}").format(title=title_for(store))
        made = ChartWindow(appearance.theme, zone_of(store), title, exercise=store.operation.exercise)
        self.window = made
        made.wanted.connect(self._ask)
        made.pointed.connect(self._point)
        made.picked.connect(self._work.open_sensor)
        made.closed.connect(self._gone)
        made.pictured.connect(lambda: ask_picture(made, self._ground))
        made.listed.connect(lambda: ask_readings(made, self._ground))
        made.addActions([self._beside.actions_by_id[act] for act in KEYS])
        self._soon = QTimer(made, singleShot=True, interval=FRESH_MS)
        self._soon.timeout.connect(self._ask_tail)
        self._rest = QTimer(made, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask_sums)
        self._tick = QTimer(made, interval=TICK_MS)
        self._tick.timeout.connect(self._go_on)
        self._tick.start()
        with store.reading() as query:
            made.offer(query.find(Sensor))
        self._tell_time()
        self.changed.emit()
        return made

    def _gone(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
        self.window = None
        self.changed.emit()

    def close(self) -> None:
        """With the desk."""
        if self.window is not None:
            self.window.close()

    def _chosen(self) -> list[str]:
        """What is selected on the map or in a table, as sensors."""
        now = self._work.model.selection.now
        ids = sorted(str(each) for each in now.ids)
        if now.layer_id == SENSORS:
            return ids
        if now.layer_id == ALARMS:
            with self._outlook.moment.reading() as query:
                alarms = query.known_all(Alarm, ids)
            return [alarms[each].sensor_id for each in ids if each in alarms]
        shown = self._work.panels.detail.sensor_id
        return [shown] if shown else []

    # -- asking

    def _question(self, who: str, question: Callable[[Query], T], show: Callable[[T], object]) -> None:
        """Of the moment that is looked at; of what `who` asked and was not answered the newest alone."""
        if self._outlook.live:
            self._outlook.ask_now(question, show, who)
        else:
            self._outlook.ask(who, question, show)

    def _ask(self, wish: Wish) -> None:
        past = not self._outlook.live
        self._whole, self._late = self._clock.now(), False
        self._question("chart", partial(_look, wish, past), self._show)

    def _show(self, picture: Picture) -> None:
        if self.window is not None and picture.past is not self._outlook.live:
            self.window.show_picture(picture)
            self._rest.start()

    def _ask_tail(self) -> None:
        """What has come since the picture was asked for; now and then all of it, for some come late."""
        window = self.window
        if window is None or not window.isVisible():
            return
        old = window.picture
        stale = self._whole is None or self._clock.now() - self._whole >= WHOLE
        if old is None or not self._outlook.live or (self._late and stale):
            window.need(anew=True)
        else:
            self._question("chart tail", partial(grown, old=old), partial(self._show_tail, old))

    def _show_tail(self, old: Picture, new: Picture) -> None:
        if self.window is None or not self._outlook.live:
            return
        if self.window.picture is old:
            self._show(new)
        else:
            self._soon.start()  # another stretch came in between: its own tail

    def _point(self, at: float | None) -> None:
        self._at = at
        self._rest.start()

    def _ask_sums(self) -> None:
        """What fell up to the time that is read out."""
        picture = self.window.picture if self.window is not None else None
        rain = [each.sensor.id for each in picture.stretches if each.bars is not None] if picture else []
        if rain:
            self._question("chart sums", partial(_sums, rain, self._at), self._show_sums)

    def _show_sums(self, sums: dict[str, list[float]]) -> None:
        if self.window is not None:
            self.window.legend.tell_sums(sums)

    # -- going on

    def _on_changed(self, change: Change) -> None:
        window = self.window
        if window is None:
            return
        if change.whole:
            self._tell_time()
            window.need(anew=True)
        elif any(change.names(each) for each in window.sensors) and change.touches(Reading, Sensor):
            self._late = True
            self._begin_soon()
        elif change.touches(Alarm, AlarmRule, Suppression):
            self._begin_soon()
        if change.touches(Sensor):
            with self._outlook.moment.now() as query:
                window.offer(query.find(Sensor))

    def _begin_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _go_on(self) -> None:
        """The time goes on: what follows it moves, and what is silent is silent for longer."""
        window = self.window
        if window is None or not self._outlook.live:
            return
        self._tell_time()
        if window.picture is not None and self._clock.now() - window.picture.now >= WHOLE:
            self._begin_soon()

    def _tell_time(self) -> None:
        at = self._outlook.at
        if self.window is not None:
            words = _("AS IT WAS {time}").format(time=full(at, zone_of(self._work.model.store))) if at else ""
            self.window.tell_time(at or self._clock.now(), past=words)

    def _wear(self, theme: Theme) -> None:
        if self.window is not None:
            self.window.wear(theme)


def _look(wish: Wish, past: bool, query: Query) -> Picture:
    return look(query, wish, past=past)


def _sums(sensor_ids: Sequence[str], at: float | None, query: Query) -> dict[str, list[float]]:
    when = query.at if at is None else min(datetime.fromtimestamp(at, UTC), query.at)
    return rain_sums(query, sensor_ids, when)
