"""What alerts in CAP mean for the map: which parts of them hold, where, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from gis.exchange.cap import Alert, Area, Notice
from gis.geo import figures
from gis.geo.extent import Extent
from gis.model.hazard import AlertStatus, HazardAlert, HazardMessage
from gis.model.incident import Severity
from gis.texts import _

HELD = timedelta(hours=24)  # an alert that names no end: CAP leaves it to the receiver
LONGEST = timedelta(days=366)  # no alert holds longer, nor begins so long before or after it was sent
LONGEST_TEXT, LONGEST_WORDS, MOST_CORNERS = 8_000, 500, 5_000
_AHEAD = timedelta(hours=24)
_UNHEARD = ("System", "Draft")
_COARSER_DEG = (1e-4, 1e-3, 1e-2, 1e-1)


@dataclass(frozen=True, slots=True)
class Listening:
    """Which parts of an alert are taken: in which language, and where (WGS84). "" and None take all."""

    language: str = ""
    within: Extent | None = None


def message(alert: Alert, listening: Listening, now: datetime) -> HazardMessage | None:
    """What an alert says, as far as it is listened to; None for what warns of nothing (Ack, Error, System,
    Draft). What lies elsewhere, and an all-clear, is told as over. Raises ValueError when it cannot be told
    from others, or from when it is: from tomorrow it would be newer than what corrects it.
    """
    if alert.message_type in ("Ack", "Error") or alert.status in _UNHEARD:
        return None
    if not alert.identifier or not alert.sender:
        raise ValueError(_("The alert does not say who it is from, or which one it is."))
    if alert.sent is None:
        raise ValueError(_("The alert does not say when it was sent."))
    if alert.sent > now + _AHEAD:
        raise ValueError(_("The alert says that it was sent in the future."))
    own, follows = _name(alert.sender, alert.identifier), _earlier(alert)
    heard = _in_language(alert.notices, listening.language)
    clear = [each for each in heard if "AllClear" in each.responses]
    cancelled = alert.message_type == "Cancel" or (bool(heard) and clear == heard)
    heard = heard or [Notice(_("Cancelled"))] if cancelled else [n for n in heard if n not in clear]
    parts = [_part(alert, alert.sent, notice, own) for notice in heard]
    near = [part for part in parts if cancelled or _touches(part, listening.within)]
    told = tuple(replace(part, part=n) for n, part in enumerate(near))
    return HazardMessage((own,), alert.sent, told, cancelled or not told, follows)


def _name(sender: str, identifier: str) -> str:
    """Sender and identifier name a message (CAP 1.2, 3.2.1); the time of sending is told in many ways."""
    return " ".join(f"{sender},{identifier}".split())[:LONGEST_WORDS]


def _earlier(alert: Alert) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(each.sender, each.identifier) for each in alert.references))


def _in_language(notices: Sequence[Notice], wanted: str) -> list[Notice]:
    """Those in the wanted language; else those in the language of the first."""
    if not notices:
        return []
    wanted = wanted.casefold()
    fitting = [n for n in notices if wanted and _speaks(n.language, wanted)]
    first = notices[0].language.casefold()
    return fitting or [n for n in notices if n.language.casefold() == first]


def _speaks(language: str, wanted: str) -> bool:
    said = language.casefold()
    return said == wanted or said.startswith(wanted + "-")


def _part(alert: Alert, sent: datetime, notice: Notice, own: str) -> HazardAlert:
    return HazardAlert(
        names=own,
        event=notice.event[:LONGEST_WORDS] or _("Warning"),
        sender=(notice.sender_name or alert.sender)[:LONGEST_WORDS],
        sent=sent,
        expires=_ends(notice, sent),
        severity=Severity(notice.severity),
        status=AlertStatus(alert.status),
        headline=" ".join(notice.headline.split())[:LONGEST_WORDS],
        where=_where(notice.areas),
        place=_place(notice.areas),
        onset=_begins(notice, sent),
        urgency=notice.urgency,
        certainty=notice.certainty,
        responses=" ".join(notice.responses),
        text=notice.description[:LONGEST_TEXT],
        instruction=notice.instruction[:LONGEST_TEXT],
        web=notice.web[:LONGEST_WORDS],
    )


def _begins(notice: Notice, sent: datetime) -> datetime | None:
    said = notice.onset or notice.effective
    return said if said is not None and abs(said - sent) <= LONGEST else None


def _ends(notice: Notice, sent: datetime) -> datetime:
    if notice.expires is not None:
        return min(notice.expires, sent + LONGEST)
    return (_begins(notice, sent) or sent) + HELD


def _where(areas: Sequence[Area]) -> str:
    """The names of the areas; of those without a name the codes."""
    words = [area.description or ", ".join(code for _kind, code in area.geocodes) for area in areas]
    return "; ".join(dict.fromkeys(filter(None, map(str.strip, words))))[:LONGEST_WORDS]


def _place(areas: Sequence[Area]) -> BaseGeometry | None:
    """All outlines and circles as one shape (WGS84), mended where outlines cross themselves and made coarser
    where they are finer than a map shows; None where no area has one."""
    shapes: list[BaseGeometry] = [polygon for area in areas for polygon in area.polygons]
    shapes += [_round(circle.lon, circle.lat, circle.radius_km) for area in areas for circle in area.circles]
    if not shapes:
        return None
    mended = shapely.make_valid(np.array(shapes, object))
    whole = shapely.union_all(mended)
    for step in _COARSER_DEG:
        if shapely.get_num_coordinates(whole) <= MOST_CORNERS:
            break
        whole = shapely.simplify(whole, step)
    return None if whole.is_empty else whole


def _round(lon: float, lat: float, radius_km: float) -> BaseGeometry:
    if radius_km <= 0:
        return shapely.Point(lon, lat)
    return figures.Circle(lon, lat, min(radius_km * 1_000, figures.LONGEST_M)).polygon()


def _touches(part: HazardAlert, within: Extent | None) -> bool:
    return within is None or part.place is None or bool(part.place.intersects(box(*within)))
