"""What whoever takes readings in remembers of the instruments from one batch to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gis.model.sensor import AlarmRule, Condition, Sensor
from gis.sensors.logic import Logic, logics
from gis.sensors.quality import Gauges, memory, recalled
from gis.store import Tx
from gis.store.readings.series import in_columns
from gis.store.readings.tail import NEVER

_NOBODY = -1
_SET_UP = (Sensor, AlarmRule, Condition)


@dataclass(frozen=True, slots=True, eq=False)
class Posted:
    """The instruments that are set up, by id, and what is set on them, as of the journal's edit `number`:
    the plain limits on each, and every rule that needs more than a reading, by each sensor it looks at."""

    number: int
    sensors: Mapping[str, Sensor]
    plain: Mapping[str, Sequence[AlarmRule]]
    woven: Mapping[str, Sequence[Logic]]


class Watch:
    """Memory of one store: what a gauge has said lately (a `Trace`), of the sensors whose readings the rules
    have all seen, and what is set up.

    Everything in it follows from the store and is made again from there when it is new, or when anybody else
    has appended readings or changed an instrument or a limit. It learns only from steps that are on the disk,
    so it may be kept as long as the store is open, and shared by all who let readings into it.
    """

    def __init__(self) -> None:
        self._posted = Posted(_NOBODY, {}, {}, {})
        self._appended = _NOBODY
        self._traces: dict[str, tuple[float, ...]] = {}

    def posted(self, tx: Tx) -> Posted:
        """The instruments and limits as this step sees them."""
        number, kept = tx.upto(), self._posted
        untold = tx.reach > number  # what this step itself has written is not in the journal yet
        if kept.number != _NOBODY and not untold and not tx.changed_since(kept.number, *_SET_UP):
            return kept
        posted = _as_set(tx, number)
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


def _as_set(tx: Tx, number: int) -> Posted:
    sensors = {sensor.id: sensor for sensor in tx.find(Sensor)}
    plain: dict[str, list[AlarmRule]] = {}
    woven: dict[str, list[Logic]] = {}
    for logic in logics(tx.find(AlarmRule, void=None), tx.find(Condition), sensors):
        if logic.is_plain:
            plain.setdefault(logic.rule.sensor_id, []).append(logic.rule)
        else:
            for sensor_id in logic.sensors:
                woven.setdefault(sensor_id, []).append(logic)
    return Posted(number, sensors, plain, woven)


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
