"""What whoever takes readings in remembers of the instruments from one batch to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gis.model.sensor import AlarmRule, Sensor
from gis.sensors.quality import Gauges, memory, recalled
from gis.store import Tx
from gis.store.readings.series import in_columns
from gis.store.readings.tail import NEVER

_NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Posted:
    """The instruments that are set up, by id, and the limits on each, as of the journal's edit `number`."""

    number: int
    sensors: Mapping[str, Sensor]
    rules: Mapping[str, Sequence[AlarmRule]]


class Watch:
    """Memory of one store: what a gauge has said lately (a `Trace`), of the sensors whose readings the rules
    have all seen, and what is set up.

    Everything in it follows from the store and is made again from there when it is new, or when anybody else
    has appended readings or changed an instrument or a limit. It learns only from steps that are on the disk,
    so it may be kept as long as the store is open, and shared by all who let readings into it.
    """

    def __init__(self) -> None:
        self._posted = Posted(_NOBODY, {}, {})
        self._appended = _NOBODY
        self._traces: dict[str, tuple[float, ...]] = {}

    def posted(self, tx: Tx) -> Posted:
        """The instruments and limits as this step sees them."""
        number, kept = tx.upto(), self._posted
        untold = tx.reach > number  # what this step itself has written is not in the journal yet
        if kept.number != _NOBODY and not untold and not tx.changed_since(kept.number, Sensor, AlarmRule):
            return kept
        rules: dict[str, list[AlarmRule]] = {}
        for rule in tx.find(AlarmRule, void=None):
            rules.setdefault(rule.sensor_id, []).append(rule)
        posted = Posted(number, {sensor.id: sensor for sensor in tx.find(Sensor)}, rules)
        tx.afterwards(lambda: self._post(posted))
        return posted

    def _post(self, posted: Posted) -> None:
        self._posted = posted

    def kept(self, tx: Tx) -> Mapping[str, tuple[float, ...]]:
        """The traces that still hold, by sensor: of these the rules have seen every reading stored."""
        return self._traces if tx.sight.appended() == self._appended else {}

    def learn(self, tx: Tx, before: int, told: Mapping[str, tuple[float, ...]], unsure: set[str]) -> None:
        """Remember these traces once the step is on the disk; `before` it so much had been appended. Those of
        `unsure` sensors are to be recalled."""
        now = tx.sight.appended()

        def keep() -> None:
            if self._appended != before:
                self._traces = {}
            self._traces.update(told)
            for sensor_id in unsure:
                self._traces.pop(sensor_id, None)
            self._appended = now

        tx.afterwards(keep)


def recall(tx: Tx, sensors: Iterable[Sensor]) -> dict[str, tuple[float, ...]]:
    """The traces of these sensors, made from what is stored of them."""
    wanted = {sensor.id: sensor for sensor in sensors}
    newest, since = tx.sight.newest(), dict[str, int]()
    for sensor in wanted.values():
        no = tx.sight.number(sensor.id)
        if no is not None and memory(sensor) and newest.at_us[no] != NEVER:
            since[sensor.id] = int(newest.at_us[no]) - memory(sensor) // timedelta(microseconds=1) - 1
    past = in_columns([*wanted], tx.sight.after(since))
    return dict(zip(wanted, recalled(Gauges.of(wanted.values()), past).tolist(), strict=True))
