"""One look at several sensors over a stretch of time: asked beside the window, drawn in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from desktop.charts.course import GAP, Course, Points, doubtful, trace, withheld
from desktop.charts.episodes import Episode
from desktop.charts.gaps import Around, coarsest, gaps, silences
from desktop.charts.ticks import FIRST, LAST, edges
from gis.model.record import from_us
from gis.model.sensor import Alarm, AlarmRule, Quantity, Sensor
from gis.sensors.rain import binned, fallen, sums
from gis.sensors.trend import LOOK_BACK
from gis.store import Query, Series
from gis.store.readings.chunks import EMPTY, merged

MARGIN = 1.0  # of what is seen, asked for on either side of it
PER_PIXEL = 2  # points
WINDOWS = (timedelta(hours=1), timedelta(hours=3), timedelta(hours=24))  # over which rain is summed
BAR_PX = 5  # a bar of rain is at least so wide


@dataclass(frozen=True, slots=True)
class Wish:
    """Which sensors, from `begin` to `end` (seconds UTC), on so many pixels, and what tells hours of them."""

    sensors: tuple[str, ...]
    begin: float
    end: float
    pixels: int
    zone: ZoneInfo

    def serves(self, other: "Wish") -> bool:
        """True when what this one brings shows what the other asks for, as sharply, with room beside it."""
        span = other.end - other.begin
        room = MARGIN * span / 4
        near = self.begin <= other.begin - room and other.end + room <= self.end
        own = (self.end - self.begin) / max(self.pixels, 1)
        return near and self.sensors == other.sensors and own <= 1.25 * span / max(other.pixels, 1)

    @property
    def widened(self) -> "Wish":
        """The same with its margins."""
        room = MARGIN * (self.end - self.begin)
        pixels = round(self.pixels * (1 + 2 * MARGIN))
        return replace(self, begin=self.begin - room, end=self.end + room, pixels=pixels)


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """What fell: the edges of the bars (seconds UTC) and how much in each."""

    edges: NDArray[np.float64]
    fell: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One sensor over the stretch: its newest hour with limits and alarms (`course`), the readings that are
    drawn, where there are none, and what fell."""

    course: Course
    drawn: Series
    gap_s: float
    silent: tuple[Episode, ...]
    reach: tuple[datetime, datetime] | None
    bars: Bars | None = None

    @property
    def sensor(self) -> Sensor:
        return self.course.sensor

    @property
    def is_silent(self) -> bool:
        """More than three of its reports are missing now."""
        late = self.course.now - self.reach[1] if self.reach else timedelta(0)
        return self.reach is None or late > timedelta(seconds=GAP * self.sensor.expected_every_s)

    @property
    def line(self) -> Points:
        return trace(self.drawn, self.gap_s)

    @property
    def crosses(self) -> Points:
        return doubtful(self.drawn)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What was wished for, as it was at `now` (UTC)."""

    wish: Wish
    now: datetime
    past: bool
    stretches: tuple[Stretch, ...]

    @property
    def reach(self) -> tuple[datetime, datetime] | None:
        """From the first to the last of all readings."""
        known = [each.reach for each in self.stretches if each.reach is not None]
        return (min(a for a, _b in known), max(b for _a, b in known)) if known else None


def look(query: Query, wish: Wish, *, past: bool) -> Picture:
    """Everything that is drawn of these sensors; those that are not there at this moment are left out."""
    known = query.known_all(Sensor, wish.sensors)
    sensors = [known[each] for each in wish.sensors if each in known]
    found = tuple(_stretch(query, sensor, wish, past=past) for sensor in sensors)
    return Picture(wish, query.at, past, found)


def grown(query: Query, old: Picture) -> Picture:
    """The same with what has come in since: the newest readings alone are read, and limits and alarms."""
    found = tuple(_tail(query, each, old.wish, past=old.past) for each in old.stretches)
    return replace(old, now=query.at, stretches=found)


def rain_sums(query: Query, sensor_ids: Sequence[str], at: datetime) -> dict[str, list[float]]:
    """What fell up to `at` (UTC) in each of `WINDOWS`, by sensor, of those that measure rain."""
    found = query.known_all(Sensor, sensor_ids).values()
    rain = [sensor for sensor in found if sensor.quantity is Quantity.RAIN]
    return {s.id: sums(s, query.series(s.id, at - WINDOWS[-1], at), at, WINDOWS) for s in rain}


def _instant(second: float) -> datetime:
    return datetime.fromtimestamp(min(max(second, FIRST.timestamp()), LAST.timestamp()), UTC)


def _stretch(query: Query, sensor: Sensor, wish: Wish, *, past: bool) -> Stretch:
    since, until = _instant(wish.begin), min(_instant(wish.end), query.at)
    drawn = query.thinned(sensor.id, since, until, _points(query, sensor, wish)) if since < until else EMPTY
    bars = _bars(query, sensor, wish) if sensor.quantity is Quantity.RAIN else None
    return _finished(query, _course(query, sensor, past=past), drawn, wish, bars)


def _points(query: Query, sensor: Sensor, wish: Wish) -> int:
    """Of the pixels asked for, as many as there are readings on: thinning spreads its points over these."""
    first, last = query.reached(sensor.id) or (query.at, query.at)
    begin, end = max(first.timestamp(), wish.begin), min(last.timestamp(), wish.end)
    share = max(end - begin, 0.0) / max(wish.end - wish.begin, 1.0)
    return max(round(PER_PIXEL * wish.pixels * share), 2)


def _tail(query: Query, old: Stretch, wish: Wish, *, past: bool) -> Stretch:
    since, until = _instant(wish.begin), min(_instant(wish.end), query.at)
    last = from_us(int(old.drawn.at_us[-1])) if len(old.drawn) else since
    fresh = query.series(old.sensor.id, last, until) if last < until else EMPTY
    bars = old.bars and _bars_on(query, old.sensor, old.bars, last)
    return _finished(query, _course(query, old.sensor, past=past), merged(old.drawn, fresh), wish, bars)


def _course(query: Query, sensor: Sensor, *, past: bool) -> Course:
    """Its newest hour, with its limits and alarms."""
    reach = query.reached(sensor.id)
    newest = min(reach[1], query.at) if reach else query.at
    rules = tuple(query.find(AlarmRule, sensor_id=sensor.id))
    alarms = tuple(query.find(Alarm, sensor_id=sensor.id))
    tail = query.series(sensor.id, newest - LOOK_BACK, query.at)
    return Course(sensor, tail, rules, alarms, query.at, past, tuple(withheld(query, sensor.id, rules)))


def _finished(query: Query, course: Course, drawn: Series, wish: Wish, bars: Bars | None) -> Stretch:
    """With its gaps."""
    sensor, at_us = course.sensor, drawn.at_us
    since, until = _instant(wish.begin), min(_instant(wish.end), query.at)
    gap_s = GAP * sensor.expected_every_s
    if len(at_us):
        gap_s = coarsest(at_us, gap_s, (at_us[-1] - at_us[0]) / 1e6 / max(wish.pixels, 1))
    before, after = query.beside(sensor.id, since, max(until, since))
    found = gaps(at_us, gap_s, Around(before, after, query.at))
    return Stretch(
        course, drawn, gap_s, tuple(silences(found, query.at, wish.zone)), query.reached(sensor.id), bars
    )


def _bars(query: Query, sensor: Sensor, wish: Wish) -> Bars:
    """Sums between round times of the wall clock, as narrow as can be seen and no shorter than a report."""
    least = (wish.end - wish.begin) / max(wish.pixels, 1) * BAR_PX
    begin, end = (_instant(each).timestamp() for each in (wish.begin, wish.end))
    found = np.array(edges(begin, end, least, max(sensor.expected_every_s, 1), wish.zone))
    if len(found) < 2:
        return Bars(np.empty(0), np.empty(0))
    return Bars(found, _fell(query, sensor, found))


def _bars_on(query: Query, sensor: Sensor, old: Bars, last: datetime) -> Bars:
    """The sums from the bar on in which the last reading was."""
    n = max(int(np.searchsorted(old.edges, last.timestamp())) - 1, 0)
    if n + 1 >= len(old.edges):
        return old
    return Bars(old.edges, np.concatenate((old.fell[:n], _fell(query, sensor, old.edges[n:]))))


def _fell(query: Query, sensor: Sensor, bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    first = _instant(bounds[0]) - timedelta(seconds=sensor.expected_every_s)
    until = max(min(_instant(bounds[-1]), query.at), first)
    at_us, amount = fallen(sensor, query.series(sensor.id, first, until))
    return binned(at_us, amount, (bounds * 1e6).astype(np.int64))
