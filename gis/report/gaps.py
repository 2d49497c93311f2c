"""What the desk does not know: named in the report, never left out."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from gis.model.incident import Confidence
from gis.report.content import Gap, IncidentLine, SensorLine, SitrepContent
from gis.report.times import clock_of, local
from gis.texts import _, ngettext


def gaps_in(content: SitrepContent) -> tuple[Gap, ...]:
    """The gaps of a report whose facts are all gathered."""
    return (*_incident_gaps(content.open_incidents), *_sensor_gaps(content), *_conflict_gaps(content))


def _incident_gaps(lines: tuple[IncidentLine, ...]) -> Iterator[Gap]:
    nowhere = [line for line in lines if line.incident.place is None]
    if nowhere:
        text = ngettext(
            "{n} open incident has no place on the map yet.",
            "{n} open incidents have no place on the map yet.",
            len(nowhere),
        )
        yield Gap(text.format(n=len(nowhere)), _numbers(nowhere))
    unconfirmed = [line for line in lines if line.incident.confidence is not Confidence.CONFIRMED]
    if unconfirmed:
        text = ngettext(
            "{n} open incident is not confirmed.", "{n} open incidents are not confirmed.", len(unconfirmed)
        )
        yield Gap(text.format(n=len(unconfirmed)), _numbers(unconfirmed))
    uncounted = [line for line in lines if line.incident.affected is None]
    if uncounted:
        text = ngettext(
            "How many people are affected is not known for {n} open incident.",
            "How many people are affected is not known for {n} open incidents.",
            len(uncounted),
        )
        yield Gap(text.format(n=len(uncounted)), _numbers(uncounted))


def _numbers(lines: Iterable[IncidentLine]) -> tuple[str, ...]:
    return tuple(line.incident.number for line in lines)


def _sensor_gaps(content: SitrepContent) -> Iterator[Gap]:
    if not content.sensors:
        yield Gap(_("No sensors report to this desk."))
        return
    silent = [line for line in content.sensors if line.silent and line.latest]
    if silent:
        since = max(line.latest.at for line in silent if line.latest)
        text = ngettext(
            "No reading from {n} sensor since {time}.",
            "No reading from {n} sensors since {time}.",
            len(silent),
        )
        when = clock_of(since, content)
        yield Gap(text.format(n=len(silent), time=when), tuple(_last_heard(line, content) for line in silent))
    never = [line.sensor.name for line in content.sensors if line.latest is None]
    if never:
        text = ngettext("{n} sensor has never reported.", "{n} sensors have never reported.", len(never))
        yield Gap(text.format(n=len(never)), tuple(never))
    doubtful = [line.sensor.name for line in content.sensors if line.latest and line.latest.quality]
    if doubtful:
        text = ngettext(
            "The latest reading of {n} sensor is doubtful.",
            "The latest readings of {n} sensors are doubtful.",
            len(doubtful),
        )
        yield Gap(text.format(n=len(doubtful)), tuple(doubtful))


def _last_heard(line: SensorLine, content: SitrepContent) -> str:
    heard: datetime = line.latest.at if line.latest else content.since
    return _("{sensor} (last {time})").format(sensor=line.sensor.name, time=local(heard, content))


def _conflict_gaps(content: SitrepContent) -> Iterator[Gap]:
    disputed = content.conflicts
    if disputed:
        text = ngettext(
            "{n} statement is disputed and not yet decided.",
            "{n} statements are disputed and not yet decided.",
            len(disputed),
        )
        yield Gap(text.format(n=len(disputed)), tuple(f"{line.name}: {line.field}" for line in disputed))
