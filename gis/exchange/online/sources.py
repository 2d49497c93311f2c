"""Servers that are asked again and again for measurements or warnings: what is asked of each, as values."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias

from gis.errors import UserError
from gis.exchange.online.service import checked
from gis.geo.extent import Extent
from gis.texts import _

Bindings: TypeAlias = tuple[tuple[str, str], ...]

SOONEST_S, LATEST_S, LONGEST_BACK_S, MOST_BOUND, LONGEST_NAME = 10, 86_400, 366 * 86_400, 2_000, 200
MOST_KEPT_H = 24 * 31


@dataclass(frozen=True, slots=True)
class SensorThingsSource:
    """Datastreams of an OGC SensorThings 1.1 service, asked every `every_s` seconds.

    `address` ends with the version, as in https://example.org/FROST-Server/v1.1. `bindings` pairs the id of
    a datastream (42, or 'abc' with its quotes) with the key of a sensor. After an outage, observations of
    up to `backfill_s` are asked for; those that came late within `look_back_s` are noticed as well.
    `compact` asks for tables (dataArray), which not every service gives.
    """

    address: str
    bindings: Bindings
    every_s: int = 300
    look_back_s: int = 3_600
    backfill_s: int = 7 * 86_400
    compact: bool = False

    def __post_init__(self) -> None:
        _check_measured(self.address, self.bindings, self.every_s)
        _check_span(self.look_back_s, self.backfill_s)


@dataclass(frozen=True, slots=True)
class UsgsSource:
    """Gauges of a service of instantaneous values in the JSON of the USGS.

    `bindings` pairs "site:parameter" (03339000:00065; a third part names the method where a site has several)
    with the key of a sensor.
    """

    bindings: Bindings
    address: str = "https://waterservices.usgs.gov/nwis/iv/"
    every_s: int = 900
    look_back_s: int = 7_200
    backfill_s: int = 7 * 86_400

    def __post_init__(self) -> None:
        _check_measured(self.address, self.bindings, self.every_s)
        _check_span(self.look_back_s, self.backfill_s)
        for station, _key in self.bindings:
            parts = station.split(":")
            if len(parts) not in (2, 3) or not all(part.isascii() and part.isalnum() for part in parts):
                raise UserError(
                    _("{station} is no gauge and parameter.").format(station=station or "?"),
                    hint=_("Write site and parameter with a colon between them, as in 03339000:00065."),
                )


@dataclass(frozen=True, slots=True)
class QuakeSource:
    """Earthquakes as GeoJSON, in the words of the USGS or of the EMSC, shown for `kept_h` hours.

    Only those of at least `least_magnitude` inside `within` (WGS84) are taken; None: everywhere.
    """

    address: str = "https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/2.5_day.geojson"
    every_s: int = 60
    least_magnitude: float = 0.0
    within: Extent | None = None
    kept_h: int = 24

    def __post_init__(self) -> None:
        checked(self.address)
        _check_every(self.every_s)
        _check_within(self.within)
        if not -10 <= self.least_magnitude <= 10:
            raise UserError(
                _("There are no earthquakes of that magnitude."), hint=_("Give one from -10 to 10.")
            )
        if not 1 <= self.kept_h <= MOST_KEPT_H:
            raise UserError(
                _("An earthquake cannot stay on the map for {hours} hours.").format(hours=self.kept_h),
                hint=_("Give 1 to {most} hours.").format(most=MOST_KEPT_H),
            )


@dataclass(frozen=True, slots=True)
class CapSource:
    """Alerts in CAP 1.0 to 1.2: an Atom or RSS feed of them, or of links to them, or one alert alone.

    Of an alert in several languages the parts in `language` (a prefix: "id", "en-US") are taken, else the
    first. Only areas that touch `within` (WGS84) are taken, and those known by name alone; None: all.
    """

    address: str
    every_s: int = 120
    language: str = ""
    within: Extent | None = None

    def __post_init__(self) -> None:
        checked(self.address)
        _check_every(self.every_s)
        _check_within(self.within)
        if len(self.language) > 35:
            raise UserError(_("This is no code of a language."), hint=_("Use one such as id or en-US."))


OnlineSource: TypeAlias = SensorThingsSource | UsgsSource | QuakeSource | CapSource
KINDS: dict[str, type[OnlineSource]] = {
    "sensorthings": SensorThingsSource,
    "usgs": UsgsSource,
    "quakes": QuakeSource,
    "cap": CapSource,
}


def to_json(source: OnlineSource) -> dict[str, Any]:
    """The source in plain values, to be kept; it holds no password."""
    kind = next(name for name, kind in KINDS.items() if type(source) is kind)
    return {"kind": kind} | asdict(source)


def from_json(values: Mapping[str, Any]) -> OnlineSource:
    """The source that `to_json` wrote down. Raises UserError for anything that cannot be one."""
    kind = KINDS.get(str(values.get("kind")))
    known = {field.name: field.default for field in fields(kind)} if kind else {}
    try:
        if kind is None:
            raise ValueError(values.get("kind"))
        given = {name: _READ.get(name, _plain)(values[name]) for name in known if name in values}
        return kind(**given)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise UserError(
            _("What was written down of this source cannot be read."),
            hint=_("Nothing is asked of it. Set it up again."),
        ) from error


def _plain(value: Any) -> Any:
    return value


def _of(*kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in kinds:
            raise TypeError(type(value).__name__)
        return value

    return read


def _bindings(value: Any) -> Bindings:
    pairs = [tuple(pair) for pair in value]
    return tuple((_of(str)(station), _of(str)(key)) for station, key in pairs)


def _within(value: Any) -> Extent | None:
    if value is None:
        return None
    west, south, east, north = (float(_of(int, float)(each)) for each in value)
    return west, south, east, north


_READ: dict[str, Callable[[Any], Any]] = {
    "address": _of(str),
    "language": _of(str),
    "bindings": _bindings,
    "within": _within,
    "compact": _of(bool),
    "least_magnitude": _of(int, float),
    **{name: _of(int) for name in ("every_s", "look_back_s", "backfill_s", "kept_h")},
}


def _check_measured(address: str, bindings: Bindings, every_s: int) -> None:
    checked(address)
    _check_every(every_s)
    names = [name for pair in bindings for name in pair]
    if not bindings or len(bindings) > MOST_BOUND:
        raise UserError(
            _("No station is bound to an instrument, or more than {most} are.").format(most=MOST_BOUND),
            hint=_("Name for each station the key of the instrument that its values belong to."),
        )
    if any(not name or len(name) > LONGEST_NAME or not name.isprintable() for name in names):
        raise UserError(
            _("A station or the key of its instrument is missing or too long."),
            hint=_("Name both, up to {most} letters each.").format(most=LONGEST_NAME),
        )
    for column in zip(*bindings, strict=True):
        if twice := next((name for name in column if column.count(name) > 1), ""):
            raise UserError(
                _("{name} is bound twice.").format(name=twice),
                hint=_("One station belongs to one instrument, and one instrument to one station."),
            )


def _check_every(every_s: int) -> None:
    if not SOONEST_S <= every_s <= LATEST_S:
        raise UserError(
            _("A server cannot be asked every {seconds} seconds.").format(seconds=every_s),
            hint=_("Give {least} to {most} seconds.").format(least=SOONEST_S, most=LATEST_S),
        )


def _check_span(look_back_s: int, backfill_s: int) -> None:
    if not 0 <= look_back_s <= backfill_s <= LONGEST_BACK_S:
        raise UserError(
            _("The time to look back on is not within the time that is filled in after an outage."),
            hint=_("Give no less than 0, and up to a year."),
        )


def _check_within(within: Extent | None) -> None:
    if within is None:
        return
    west, south, east, north = within
    if not (all(map(math.isfinite, within)) and -180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise UserError(
            _("This is no part of the earth."), hint=_("Give west, south, east and north in degrees.")
        )
