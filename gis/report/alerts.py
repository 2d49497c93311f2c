"""The worst incidents of a report as CAP messages, one each, for the control desks of other cities."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gis.exchange import cap
from gis.exchange.cap import Alert, Area, Circle, Notice, Reference
from gis.geo.crs import ellipsoid
from gis.model.incident import Confidence, Incident, Severity, Status
from gis.report.content import IncidentLine, SitrepContent
from gis.texts import _

VALID_FOR = timedelta(hours=12)  # the next report replaces it long before; nobody acts on it after
LONGEST_HEADLINE = 160  # CAP 1.2, 3.2.2

_CERTAINTY = {
    Confidence.CONFIRMED: "Observed",
    Confidence.REPORTED: "Likely",
    Confidence.ASSUMED: "Possible",
    Confidence.CONTRADICTED: "Unlikely",
    Confidence.NOT_ASKED: "Unknown",
}


def alerts_of(content: SitrepContent) -> Iterator[tuple[Incident, Alert]]:
    """An alert for every open extreme or severe incident with a place.

    One that the last report alerted of is updated; one it alerted of that has ended, or is no longer
    as bad, is cancelled.
    """
    for line in content.incidents:
        told = content.number > 1 and line.was is not None and _is_alarming(line.was)
        if _is_alarming(line.incident):
            yield line.incident, _alert(line, content, "Update" if told else "Alert")
        elif told:
            yield line.incident, _alert(line, content, "Cancel")


def _is_alarming(incident: Incident) -> bool:
    placed = incident.place is not None and not incident.place.is_empty
    return incident.is_open and placed and incident.severity in (Severity.EXTREME, Severity.SEVERE)


def _alert(line: IncidentLine, content: SitrepContent, kind: str) -> Alert:
    sender = cap.name_of("kentongan", content.city) or "kentongan"
    before = Reference(sender, _identifier(content, content.number - 1, content.since, line), content.since)
    notes = [_("EXERCISE. Nothing in this message is real.")] if content.exercise else []
    if kind == "Cancel":
        notes.append(_("{number} has ended or is no longer severe.").format(number=line.incident.number))
    return Alert(
        identifier=_identifier(content, content.number, content.as_of, line),
        sender=sender,
        sent=content.as_of,
        status="Exercise" if content.exercise else "Actual",
        message_type=kind,
        scope="Restricted",
        restriction=_("Control desks of partner cities. Not a public warning."),
        source=content.author,
        note=" ".join(notes),
        references=() if kind == "Alert" else (before,),
        incidents=(line.incident.number,),
        notices=() if kind == "Cancel" else (_notice(line, content),),
    )


def _identifier(content: SitrepContent, number: int, as_of: datetime, line: IncidentLine) -> str:
    stamp = f"{as_of:%Y%m%dT%H%M%SZ}"
    return cap.name_of(content.city, stamp, f"sitrep-{number}", line.incident.number)


def _notice(line: IncidentLine, content: SitrepContent) -> Notice:
    incident, meaning = line.incident, line.meaning
    where = incident.where or _("a place shown on the map")
    headline = _("{event}: {where}").format(event=meaning.name, where=where)
    exercise = _("EXERCISE. {text}")
    parameters = {
        "kentongan:sitrep": str(content.number),
        "kentongan:incident": incident.number,
        "kentongan:status": incident.status.value,
        "kentongan:people-affected": "" if incident.affected is None else str(incident.affected),
    }
    return Notice(
        event=meaning.event or meaning.name,
        categories=(meaning.category,),
        responses=(meaning.response,) if meaning.response else (),
        urgency="Past" if incident.status is Status.RESOLVED else "Immediate",
        severity=incident.severity.value,
        certainty=_CERTAINTY[incident.confidence],
        effective=content.as_of,
        onset=incident.reported_at,
        expires=content.as_of + VALID_FOR,
        sender_name=_("{city}, control desk").format(city=content.city),
        headline=(exercise.format(text=headline) if content.exercise else headline)[:LONGEST_HEADLINE],
        description=incident.text,
        parameters=tuple((name, value) for name, value in parameters.items() if value),
        areas=() if incident.place is None else (area_of(where, incident.place),),
    )


def area_of(where: str, place: BaseGeometry) -> Area:
    """A place (WGS84) as CAP can say it: points and lines as circles, areas as outlines without holes."""
    parts: list[BaseGeometry] = list(shapely.get_parts(place, return_index=False))
    polygons = tuple(Polygon(part.exterior) for part in parts if isinstance(part, Polygon))
    circles = tuple(_circle(part) for part in parts if not isinstance(part, Polygon))
    return Area(where, polygons, circles)


def _circle(part: BaseGeometry) -> Circle:
    """The place itself, or for a line the circle around its middle that holds all of it."""
    lon, lat = shapely.get_coordinates(part.envelope.centroid)[0]
    corners = shapely.get_coordinates(part)
    here = np.full(len(corners), lon), np.full(len(corners), lat)
    distances = ellipsoid().inv(*here, corners[:, 0], corners[:, 1])[2]
    return Circle(float(lon), float(lat), float(np.max(distances)) / 1000)
