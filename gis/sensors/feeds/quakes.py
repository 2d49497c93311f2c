"""Earthquakes as GeoJSON, in the words of the USGS (summary feeds) and of the EMSC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shapely import Point

from gis.errors import UserError
from gis.geo.extent import Extent, contains
from gis.model.hazard import HazardAlert, HazardMessage
from gis.model.incident import Severity
from gis.sensors.feeds.document import found, from_ms, listed, measured, text
from gis.sensors.feeds.station import Sheet
from gis.sensors.feeds.strict import moment
from gis.texts import _

MOST = 20_000  # in one answer; a month of the whole earth has half of that
_BY_COLOUR = {
    "green": Severity.MINOR,
    "yellow": Severity.MODERATE,
    "orange": Severity.SEVERE,
    "red": Severity.EXTREME,
}
_BY_MAGNITUDE = (
    (7.0, Severity.EXTREME),
    (6.0, Severity.SEVERE),
    (5.0, Severity.MODERATE),
    (-10.0, Severity.MINOR),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which quakes are taken, from where, and how long each is told of."""

    least_magnitude: float = 0.0
    within: Extent | None = None
    kept_h: int = 24


@dataclass(frozen=True, slots=True)
class _Quake:
    """What both kinds of source say of a quake, once it was read."""

    names: tuple[str, ...]
    at: datetime
    sent: datetime
    sender: str
    kind: str
    where: str
    magnitude: float | None
    depth_km: float | None
    place: Point
    colour: str = ""
    web: str = ""
    withdrawn: bool = False
    tsunami: bool = False


def quakes(said: Any, wanted: Wanted, sheet: Sheet) -> None:
    """Take a collection of quakes, one alone, or a message that carries one (EMSC).

    Those that are not wanted (any more) are told as over; those that happened too long ago not at all.
    Raises UserError for more than MOST.
    """
    said = found(said, "data") or said
    features = listed(said, "features") if found(said, "type") == "FeatureCollection" else [said]
    if len(features) > MOST:
        raise UserError(
            _("This source lists more earthquakes than can be taken: {count}.").format(count=len(features)),
            hint=_("Nothing was taken from it. Ask for fewer days or larger magnitudes."),
        )
    for feature in features:
        try:
            quake = _emsc(feature) if found(feature, "properties", "unid") else _usgs(feature)
            sheet.check_past(quake.at)
            sheet.check_past(quake.sent)  # or it would be newer than what corrects it
            if quake.at + timedelta(hours=wanted.kept_h) > sheet.until:
                sheet.hazards.append(_message(quake, wanted))
        except ValueError as error:
            sheet.reject(feature, str(error))


def _usgs(feature: Any) -> _Quake:
    said = found(feature, "properties")
    at = from_ms(found(said, "time"))
    own = text(feature, "id", longest=60)
    others = [name for name in text(said, "ids").split(",") if name]
    names = tuple(f"usgs:{name}" for name in dict.fromkeys([own, *others]) if name)
    if not names:
        raise ValueError(_("The earthquake has no name of its own."))
    lon, lat, depth = _place(feature)
    return _Quake(
        names=names,
        at=at,
        sent=from_ms(found(said, "updated")) if found(said, "updated") is not None else at,
        sender=text(said, "net", longest=60).upper() or "USGS",
        kind=text(said, "type", longest=60) or "earthquake",
        where=text(said, "place", longest=200),
        magnitude=_within(_maybe(said, "mag"), -10, 12),
        depth_km=depth,
        place=Point(lon, lat),
        colour=text(said, "alert", longest=10),
        web=text(said, "url", longest=500),
        withdrawn=text(said, "status") == "deleted",
        tsunami=text(said, "tsunami") == "1",
    )


def _emsc(feature: Any) -> _Quake:
    said = found(feature, "properties")
    at = moment(text(said, "time"), UTC)
    unid = text(said, "unid", longest=60)
    lon, lat, height = _place(feature)
    depth = _maybe(said, "depth")
    return _Quake(
        names=(f"emsc:{unid}",),
        at=at,
        sent=moment(text(said, "lastupdate"), UTC) if text(said, "lastupdate") else at,
        sender=text(said, "auth", longest=60) or "EMSC",
        kind="earthquake" if text(said, "evtype")[1:] in ("", "e") else "other",
        where=text(said, "flynn_region", longest=200),
        magnitude=_within(_maybe(said, "mag"), -10, 12),
        depth_km=_within(depth if depth is not None or height is None else -height, -20, 1_000),
        place=Point(lon, lat),
        web=f"https://www.seismicportal.eu/eventdetails.html?unid={unid}" if unid.isalnum() else "",
    )


def _place(feature: Any) -> tuple[float, float, float | None]:
    """Longitude, latitude and what stands third. Raises ValueError for what is nowhere on earth."""
    place = listed(feature, "geometry", "coordinates")
    if len(place) not in (2, 3):
        raise ValueError(_("The earthquake has no place."))
    lon, lat = measured(place[0]), measured(place[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(_("The place is nowhere on earth."))
    return (
        lon,
        lat,
        _within(measured(place[2]) if len(place) == 3 and place[2] is not None else None, -1_000, 1_000),
    )


def _maybe(said: Any, name: str) -> float | None:
    value = found(said, name)
    return None if value is None else measured(value)


def _within(value: float | None, least: float, most: float) -> float | None:
    return value if value is not None and least <= value <= most else None


def _message(quake: _Quake, wanted: Wanted) -> HazardMessage:
    small = quake.magnitude is not None and quake.magnitude < wanted.least_magnitude
    far = wanted.within is not None and not contains(wanted.within, quake.place.x, quake.place.y)
    over = quake.withdrawn or small or far
    return HazardMessage(quake.names, quake.sent, () if over else (_alert(quake, wanted),), over)


def _alert(quake: _Quake, wanted: Wanted) -> HazardAlert:
    size = _("M {magnitude:.1f}").format(magnitude=quake.magnitude) if quake.magnitude is not None else ""
    told = [
        _("Depth {depth:.0f} km.").format(depth=quake.depth_km) if quake.depth_km is not None else "",
        _("It can have caused a tsunami: look for the warnings of your tsunami centre.")
        if quake.tsunami
        else "",
    ]
    return HazardAlert(
        names="\n".join(quake.names),
        event=_("Earthquake") if quake.kind == "earthquake" else quake.kind.capitalize(),
        sender=quake.sender,
        sent=quake.sent,
        expires=quake.at + timedelta(hours=wanted.kept_h),
        severity=_severity(quake),
        headline=", ".join(part for part in (size, quake.where) if part),
        where=quake.where,
        place=quake.place,
        onset=quake.at,
        urgency="Past",
        certainty="Observed",
        text=" ".join(part for part in told if part),
        web=quake.web,
        magnitude=quake.magnitude,
        depth_km=quake.depth_km,
    )


def _severity(quake: _Quake) -> Severity:
    """By the losses that the USGS estimates (PAGER, a colour); without them by magnitude, a rule of ours."""
    if quake.colour in _BY_COLOUR:
        return _BY_COLOUR[quake.colour]
    if quake.magnitude is None:
        return Severity.UNKNOWN
    return next(severity for least, severity in _BY_MAGNITUDE if quake.magnitude >= least)
