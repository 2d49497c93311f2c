"""What rings now, whatever instant is looked at, and whether it is a flood, which the strip says."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.bridge import Bridge
from desktop.sounding import Source, next_higher
from desktop.widgets.stripmark import StripMark
from gis.model.incident import Severity
from gis.model.sensor import Alarm, AlarmRule, Sensor, Suppression
from gis.sensors.flood import BEFORE, Flood, areas, flood, grouped
from gis.store import Change, Query, Store
from gis.store.query import From
from gis.store.questions import Ringing, standing_alarms
from gis.texts import _

BEAT_MS = 1_000
LOOK_BEATS = 10  # what is shelved rings again by itself


class RingingNow(QObject):
    """`ticked` about once a second and whenever something changed. Alarms are `grouped` in a flood; a person
    may turn that round until the next flood begins or ends."""

    ticked = Signal()
    turned = Signal()

    def __init__(self, store: Store, bridge: Bridge) -> None:
        super().__init__()
        self._store, self.mark = store, StripMark(_("Alarms in groups"))
        self.mark.clicked.connect(lambda _checked=False: self.turn())
        self.standing: list[Ringing] = []
        self.flood = Flood()
        self._rung: list[Alarm] = []
        self._areas: Mapping[str, Sensor] = {}
        self._turned, self._beats = False, 0
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self._go_on)
        bridge.changed.connect(self._on_changed)
        self.look()
        self._beat.start()

    @property
    def grouped(self) -> bool:
        return self.flood.going_on != self._turned

    @property
    def waiting(self) -> list[Ringing]:
        """Those that ring, worst first."""
        return [each for each in self.standing if each.waits]

    def area_of(self) -> Mapping[str, Sensor] | None:
        """The area of each instrument; None while alarms are shown one by one."""
        return self._areas if self.grouped else None

    def sources(self) -> list[Source]:
        """What is heard as one: each alarm, or in a flood each group."""
        if not self.grouped:
            return [_source([each]) for each in self.waiting]
        return [_source(group.members) for group in grouped(self.waiting, self._areas)]

    def turn(self) -> None:
        """Show alarms one by one in a flood, or in groups without one."""
        self._turned = not self._turned
        self._tell()
        self.turned.emit()

    def rest(self) -> None:
        self._beat.stop()

    def look(self) -> None:
        """Read again what stands."""
        with self._store.reading() as query:
            self.standing = standing_alarms(query)
            self._rung = query.find(Alarm, raised_at=From(query.at - BEFORE))
            if not self._areas:
                self._areas = self._asked_areas(query)
        self.tick()

    def _asked_areas(self, query: Query) -> Mapping[str, Sensor]:
        return areas(query.find(Sensor, void=None))

    def tick(self) -> None:
        """What rang grows older though nothing rings."""
        before, self.flood = self.flood, flood(self._rung, self._store.clock.now())
        if self.flood.going_on != before.going_on:
            self._turned = False
        self._tell()
        self.ticked.emit()

    def _go_on(self) -> None:
        self._beats += 1
        if self._beats % LOOK_BEATS == 0:
            self.look()
        else:
            self.tick()

    def _tell(self) -> None:
        if not self.flood.going_on:
            said = _("Alarms in groups") if self.grouped else ""
            self.mark.say(said, _("Alarms are shown by area and cause. Press to show them one by one."))
            return
        how = _("grouped") if self.grouped else _("one by one")
        words = _("Flood of alarms: {count} in 10 min, {how}").format(count=self.flood.count, how=how)
        then = _("Press to show them one by one.") if self.grouped else _("Press to show them in groups.")
        self.mark.say(words, f"{words}. {then}", warns=True)

    def _on_changed(self, change: Change) -> None:
        if change.touches(Sensor):
            self._areas = {}
        if change.touches(Alarm, AlarmRule, Sensor, Suppression):
            self.look()


def _source(ringing: list[Ringing] | tuple[Ringing, ...]) -> Source:
    worst = min((_sounds_as(each.alarm) for each in ringing), key=lambda severity: severity.priority)
    return Source(worst, frozenset(each.alarm.id for each in ringing))


def _sounds_as(alarm: Alarm) -> Severity:
    return alarm.severity if alarm.escalated_at is None else next_higher(alarm.severity)
