"""When alarms come as a flood, and by what area and cause they are then shown together. Pure.

A flood begins and ends by the figures of ISA-18.2 (`gis.sensors.load`). Alarms belong together when what they
measure is the same and their instruments stand close: a river that rises rings one gauge after the other, and
the desk has one thing to do about it. What says something about instruments alone is a cause of its own.

An area is made of the instruments that are set up and not of those that ring, so it is the same whoever
rings: of one quantity, the first by its key stands for all within `REACH_M` of it, the next one that is left
for those around it, and so on. Wards would cut a river into many areas, and a city without a map has none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import numpy as np

from gis.geo.measure import within
from gis.model.record import to_us
from gis.model.sensor import Alarm, AlarmRule, Quantity, Sensor
from gis.sensors.load import WINDOW, course

REACH_M = 3_000.0
BEFORE = timedelta(hours=3)  # alarms from so far back tell whether a flood is going on


@dataclass(frozen=True, slots=True)
class Flood:
    """`count` alarms rang in the ten minutes up to now; `going_on`: more than people can take one by one."""

    count: int = 0
    going_on: bool = False


def flood(alarms: Iterable[Alarm], now: datetime) -> Flood:
    """Is it a flood at `now` (UTC)? `alarms`, in any order: those that rang in the time `BEFORE`.

    Between the two bounds it is what it was, so the same alarms give the same answer on every desk and after
    every start. An alarm that is suppressed by design did not ring.
    """
    rang = (each.raised_at for each in alarms if not each.suppressed and each.raised_at is not None)
    at_us = np.array([to_us(at) for at in rang if at <= now], np.int64)
    found = course(at_us)
    last = int(np.searchsorted(found.at_us, to_us(now), side="right")) - 1
    if last < 0:
        return Flood()
    count = int((at_us > to_us(now) - WINDOW // timedelta(microseconds=1)).sum())
    return Flood(count, bool(found.flooded[last]))


class Ringing(Protocol):
    """An alarm with its instrument and limit; `waits`: it rings, and nobody has put a name to it."""

    @property
    def alarm(self) -> Alarm: ...
    @property
    def sensor(self) -> Sensor: ...
    @property
    def rule(self) -> AlarmRule: ...
    @property
    def waits(self) -> bool: ...


R = TypeVar("R", bound=Ringing)


@dataclass(frozen=True, slots=True)
class Group(Generic[R]):
    """Alarms of one area and cause, in the order in which they came; never empty.

    `key` names it as long as the instruments are the same. `around` is the instrument that stands for the
    area, `trouble`: they speak of instruments and not of the city.
    """

    key: str
    around: Sensor
    trouble: bool
    members: tuple[R, ...]

    @property
    def quantity(self) -> Quantity:
        return self.around.quantity

    @property
    def alarm(self) -> Alarm:
        """The worst, for which the group stands."""
        return self.worst.alarm

    @property
    def waiting(self) -> tuple[R, ...]:
        """Those that nobody has put a name to."""
        return tuple(each for each in self.members if each.waits)

    @property
    def worst(self) -> R:
        """The worst of those that wait, or of all once none does; of equals the first."""
        return min(self.waiting or self.members, key=lambda each: each.alarm.severity.priority)


def areas(sensors: Iterable[Sensor]) -> dict[str, Sensor]:
    """The instrument that stands for the area of each, by the id of that."""
    found: dict[str, Sensor] = {}
    own: dict[Quantity, list[Sensor]] = {}
    for sensor in sorted(sensors, key=lambda each: (each.key, each.id)):
        own.setdefault(sensor.quantity, []).append(sensor)
    for alike in own.values():
        places = np.array([(each.place.x, each.place.y) for each in alike])
        for leader in alike:
            if leader.id in found:
                continue
            near, _metres = within(places, leader.place.x, leader.place.y, REACH_M)
            found |= {alike[n].id: leader for n in near.tolist() if alike[n].id not in found}
            found[leader.id] = leader
    return found


def grouped(ringing: Sequence[R], area_of: Mapping[str, Sensor]) -> list[Group[R]]:
    """Every alarm in exactly one group. `area_of` as `areas` made it; an instrument it does not know stands
    for itself.

    The groups come by cause and area, each at the same place among the others whoever rings and however
    badly, like the windows of an annunciator panel; those about instruments last.
    """
    found: dict[tuple[bool, str], list[R]] = {}
    leaders: dict[str, Sensor] = {}
    for each in ringing:
        leader = area_of.get(each.sensor.id, each.sensor)
        leaders[leader.id] = leader
        found.setdefault((each.rule.measure.of_trouble, leader.id), []).append(each)
    made = [
        Group(f"{'trouble' if trouble else 'limit'} {leader}", leaders[leader], trouble, tuple(members))
        for (trouble, leader), members in found.items()
    ]
    return sorted(made, key=_place)


_CAUSES = (Quantity.LEVEL, Quantity.RAIN, Quantity.PUMP, Quantity.OTHER)


def _place(group: Group[R]) -> tuple[bool, int, str, str]:
    return group.trouble, _CAUSES.index(group.quantity), group.around.key, group.around.id
