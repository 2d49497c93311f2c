"""Servers of measurements and warnings as feeds, and one question to each to try it out."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from gis.errors import UserError
from gis.exchange.online.asking import Asking, Bound
from gis.exchange.online.calling import Caller, Pace, TurnedAway, in_words, stops
from gis.exchange.online.fetching import Fetcher, NotFetched
from gis.exchange.online.measured import GaugeValues, Observations
from gis.exchange.online.sources import CapSource, OnlineSource, QuakeSource, SensorThingsSource, UsgsSource
from gis.exchange.online.warned import Alerts, Quakes
from gis.model.sensor import Sensor
from gis.sensors.feeds.feed import Batch, Link, Reject
from gis.texts import _, ngettext

MOST_KNOWN = 20_000  # lines set aside that are remembered, so as not to be told twice


class OnlineFeed:
    """A server as a `Feed`. It is asked when its pace says so; between, a poll gives nothing.

    Nothing that a server does makes `poll` raise anything but UserError.
    """

    def __init__(self, asking: Asking, pace: Pace, caller: Caller) -> None:
        self._asking, self._pace, self._caller = asking, pace, caller
        self._link, self._trouble = Link.CONNECTING, ""
        self._known: set[tuple[bytes, str]] = set()
        self._new: set[tuple[bytes, str]] = set()

    def poll(self, until: datetime) -> Batch:
        """What is new up to `until` (UTC). Raises UserError where the server gave nothing at all."""
        if self._caller.closed or not self._pace.due(until):
            return Batch()
        try:
            told = self._asking.ask(until)
        except (NotFetched, UserError) as error:
            raise self._failed(error, until) from error
        if told.failed is not None and stops(told.failed):
            self._failed(told.failed, until)
        else:
            self._pace.well(until, told.fresh_s)
            self._link, self._trouble = Link.CONNECTED, _words(told.failed)
        if told.more:
            self._pace.at_once()
        return replace(told.batch, rejected=tuple(filter(self._is_new, told.batch.rejected)))

    def kept(self) -> None:
        self._asking.kept()
        self._known = (self._known if len(self._known) < MOST_KNOWN else set()) | self._new
        self._new = set()

    def reread(self) -> None:
        self._asking.reread()
        self._new = set()
        self._pace.at_once()

    def close(self) -> None:
        self._caller.close()

    @property
    def link(self) -> Link:
        return self._link

    @property
    def trouble(self) -> str:
        return self._trouble

    def _failed(self, error: NotFetched | UserError, at: datetime) -> UserError:
        self._pace.badly(at, error.later_s if isinstance(error, TurnedAway) else None)
        self._link, self._trouble = Link.FAILED, _words(error)
        return error if isinstance(error, UserError) else in_words(error)

    def _is_new(self, line: Reject) -> bool:
        """False for one that was told before: a server says the same again and again."""
        key = sha256(line.raw).digest(), line.reason
        if key in self._known or key in self._new:
            return False
        self._new.add(key)
        return True


def _words(error: NotFetched | UserError | None) -> str:
    if error is None:
        return ""
    told = error if isinstance(error, UserError) else in_words(error)
    return f"{told} {told.hint}".strip()


def open_feed(
    source: OnlineSource,
    name: str,
    sensors: Iterable[Sensor],
    last: Mapping[str, datetime],
    secret: str = "",
    chance: Callable[[], float] = random.random,
) -> OnlineFeed:
    """The feed of a source. `last` holds the newest reading known of each sensor (by id, UTC): what came
    since is asked for. `secret` is a token, or user:password.

    Raises UserError when a station is bound to an instrument that is not set up here.
    """
    caller = Caller(Fetcher(), source.address, secret)
    return OnlineFeed(_asking(source, name, sensors, last, caller), Pace(source.every_s, chance), caller)


def _asking(
    source: OnlineSource, name: str, sensors: Iterable[Sensor], last: Mapping[str, datetime], caller: Caller
) -> Asking:
    match source:
        case SensorThingsSource():
            return Observations(source, name, _bound(source, sensors, last), caller)
        case UsgsSource():
            return GaugeValues(source, name, _bound(source, sensors, last), caller)
        case QuakeSource():
            return Quakes(source, name, caller)
        case CapSource():
            return Alerts(source, name, caller)


def _bound(
    source: SensorThingsSource | UsgsSource, sensors: Iterable[Sensor], last: Mapping[str, datetime]
) -> list[Bound]:
    known = {sensor.key: sensor for sensor in sensors}
    if missing := [key for _station, key in source.bindings if key not in known]:
        raise UserError(
            _("No instrument of this operation reports as {key}.").format(key=missing[0]),
            hint=_("Nothing was asked. Set the instrument up, or bind the station to another one."),
        )
    return [Bound(each, known[key], last.get(known[key].id)) for each, key in source.bindings]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a source answered when it was tried: in sentences, and as it would be taken in."""

    words: tuple[str, ...]
    batch: Batch


def probe(source: OnlineSource, sensors: Iterable[Sensor], at: datetime, secret: str = "") -> Probe:
    """Ask once for what a source says at the moment `at` (UTC). Nothing of it is kept.

    Raises UserError, in words of what is wrong, when it gives nothing.
    """
    sensors = tuple(sensors)
    feed = open_feed(_briefly(source), "", sensors, {}, secret)
    try:
        batch = feed.poll(at)
    finally:
        feed.close()
    return Probe((*_said(source, sensors, batch), *([feed.trouble] if feed.trouble else [])), batch)


def _briefly(source: OnlineSource) -> OnlineSource:
    """The same, as far as the last day goes."""
    if isinstance(source, SensorThingsSource | UsgsSource):
        day = min(source.backfill_s, 86_400)
        return replace(source, backfill_s=day, look_back_s=min(source.look_back_s, day))
    return source


def _said(source: OnlineSource, sensors: tuple[Sensor, ...], batch: Batch) -> list[str]:
    words: list[str] = []
    if isinstance(source, SensorThingsSource | UsgsSource):
        known = {sensor.key: sensor for sensor in sensors}
        words = [_of_station(station, known[key], batch) for station, key in source.bindings]
    else:
        standing = sum(not said.over for said in batch.hazards)
        words = [ngettext("{count} warning.", "{count} warnings.", standing).format(count=standing)]
    aside = len(batch.rejected)
    if aside:
        told = ngettext("{count} line is set aside: {why}", "{count} lines are set aside: {why}", aside)
        words.append(told.format(count=aside, why=batch.rejected[0].reason))
    return words


def _of_station(station: str, sensor: Sensor, batch: Batch) -> str:
    of_it = [reading for reading in batch.readings if reading.sensor_id == sensor.id]
    if not of_it:
        return _("{station} ({name}): nothing in the last day.").format(station=station, name=sensor.name)
    newest = max(of_it, key=lambda reading: reading.at)
    words = ngettext(
        "{station} ({name}): {count} reading, the newest {value} {unit} at {time}.",
        "{station} ({name}): {count} readings, the newest {value} {unit} at {time}.",
        len(of_it),
    )
    return words.format(
        station=station,
        name=sensor.name,
        count=len(of_it),
        value=f"{newest.value:g}",
        unit=sensor.unit,
        time=f"{newest.at:%Y-%m-%d %H:%M} UTC",
    )
