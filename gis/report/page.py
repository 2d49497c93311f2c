"""The report as pages show it: every fact already a text, so that a template only lays out.

`laid_out` gives plain JSON values: strings, numbers, lists, dicts. Templates hold no sentences.
"""

from collections.abc import Sequence
from typing import Any

from gis.exchange.cap import clean
from gis.impact.wards import WardTally
from gis.model.incident import Incident, Severity, Status
from gis.report.bywards import tallies
from gis.report.content import (
    AlarmLine,
    ConflictLine,
    IncidentLine,
    MapLayer,
    Mark,
    SensorLine,
    SitrepContent,
)
from gis.report.ground import middle
from gis.report.signs import SIGNS
from gis.report.times import age_text, both, clock_of, local
from gis.texts import _, ngettext
from gis.words.terms import ALARM_STATE, CONFIDENCE, SEVERITY, STATUS, doubts

MARK = {
    Mark.SAME: "",
    Mark.NEW: _("new"),
    Mark.CHANGED: _("changed"),
    Mark.CLOSED: _("closed"),
    Mark.WITHDRAWN: _("withdrawn"),
}

Page = dict[str, Any]


def laid_out(content: SitrepContent, layers: Sequence[MapLayer]) -> Page:
    """Everything a page needs, in its order. Characters that no form can carry are shown as U+FFFD."""
    return _clean(_page(content, layers))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list) else value


def _page(content: SitrepContent, layers: Sequence[MapLayer]) -> Page:
    return {
        "words": _words() | _table_words(),
        "title": title_of(content),
        "city": content.city,
        "number": content.number,
        "exercise": _("EXERCISE EXERCISE EXERCISE") if content.exercise else "",
        "exercise_note": _("Nothing in this report is real.") if content.exercise else "",
        "as_of": both(content.as_of, content),
        "as_of_short": local(content.as_of, content),
        "period": _("{since} to {until}").format(
            since=local(content.since, content), until=local(content.as_of, content)
        ),
        "author": content.author,
        "assessment": [part.strip() for part in content.assessment.split("\n\n") if part.strip()],
        "severities": [_severity(content, severity) for severity in Severity],
        "statuses": _statuses(content),
        "figures": _figures(content),
        "incidents": [_incident(line, content) for line in content.open_incidents],
        "ended": [_incident(line, content) for line in content.ended_incidents],
        "wards": [_ward(tally) for tally in tallies(content, layers)],
        "alarms": [_alarm(line, content) for line in content.alarms],
        "sensors": [_sensor(line, content) for line in content.sensors],
        "conflicts": [_conflict(line, content) for line in content.conflicts],
        "gaps": [{"sentence": gap.sentence, "items": list(gap.items)} for gap in content.gaps],
        "notes": [
            {"at": local(n.at, content), "text": n.text, "author": n.author, "number": n.number}
            for n in content.notes
        ],
        "legend": _legend(layers),
        "sources": _sources(content, layers),
        "digest": content.digest,
    }


def title_of(content: SitrepContent) -> str:
    return _("{city}: situation report {number}").format(city=content.city, number=content.number)


def _words() -> dict[str, str]:
    """The headings and heads of columns."""
    return {
        "report": _("Situation report"),
        "as_of": _("As of"),
        "period": _("Covers"),
        "author": _("Prepared by"),
        "page": _("Page"),
        "of": _("of"),
        "assessment": _("Assessment of the duty officer"),
        "no_assessment": _("The duty officer has written no assessment."),
        "map": _("Map"),
        "no_map": _("Nothing in this report has a place yet, so there is no map."),
        "incidents": _("Open incidents"),
        "no_incidents": _("There are no open incidents."),
        "ended": _("Closed and withdrawn since the last report"),
        "wards": _("Wards with open incidents"),
        "alarms": _("Alarms"),
        "no_alarms": _("No alarm stood or moved in this period."),
        "sensors": _("Sensors"),
        "no_sensors": _("No sensors report to this desk."),
        "gaps": _("What we do not know"),
        "no_gaps": _("Nothing the desk expects is missing."),
    }


def _table_words() -> dict[str, str]:
    return {
        "conflicts": _("Disputed statements"),
        "notes": _("From the log"),
        "sources": _("Sources and method"),
        "no": _("No."),
        "what": _("What happened"),
        "where": _("Where"),
        "state": _("State"),
        "affected": _("People"),
        "reported": _("Reported"),
        "sensor": _("Sensor"),
        "value": _("Value"),
        "age": _("Age"),
        "limit": _("Limit"),
        "ward": _("Ward"),
        "open": _("Open incidents"),
        "population": _("Population"),
        "level": _("Level"),
        "since": _("Since"),
        "peak": _("Peak"),
        "digest": _("Digest of the report's data"),
        "legend": _("Legend"),
        "sensor_sign": _("Sensor; hollow when silent"),
        "unknown": _("not known"),
        "silent": _("silent"),
        "scripts_off": _("Scripts are off, so the map cannot be shown. The lists below are complete."),
    }


def _severity(content: SitrepContent, severity: Severity) -> Page:
    return {**sign_of(severity), "open": content.open_of(severity)}


def sign_of(severity: Severity) -> Page:
    """Shape, digit, colour and word of a severity."""
    sign = SIGNS[severity]
    return {"word": SEVERITY[severity], "fill": sign.fill, "shape": sign.shape, "digit": sign.digit}


def _statuses(content: SitrepContent) -> list[Page]:
    states = [line.incident.status for line in content.open_incidents]
    return [{"word": STATUS[s], "count": states.count(s)} for s in Status if s in states]


def _figures(content: SitrepContent) -> list[Page]:
    """The headline: number, what it counts, and what qualifies it."""
    lines = content.open_incidents
    new = sum(line.mark is Mark.NEW for line in lines)
    changed = sum(line.mark is Mark.CHANGED for line in lines)
    unheard = sum(line.alarm.needs_attention for line in content.alarms)
    silent = sum(line.silent for line in content.sensors)
    standing = sum(line.alarm.returned_at is None for line in content.alarms)
    people = "≥ {n}" if content.affected_unknown else "{n}"
    return [
        _figure(
            f"{len(lines)}",
            ngettext("open incident", "open incidents", len(lines)),
            _("{new} new, {changed} changed, {ended} ended").format(
                new=new, changed=changed, ended=len(content.ended_incidents)
            ),
        ),
        _figure(
            people.format(n=f"{content.affected:,}"),
            ngettext("person affected", "people affected", content.affected),
            _unknown_people(content),
        ),
        _figure(
            f"{standing}",
            ngettext("standing alarm", "standing alarms", standing),
            _("{n} not acknowledged").format(n=unheard),
        ),
        _figure(
            f"{len(content.sensors) - silent} / {len(content.sensors)}",
            _("sensors reporting"),
            _("{n} silent").format(n=silent),
        ),
    ]


def _figure(value: str, label: str, note: str) -> Page:
    return {"value": value, "label": label, "note": note}


def _unknown_people(content: SitrepContent) -> str:
    n = content.affected_unknown
    if not n:
        return _("counted in every incident")
    return ngettext("not known for {n} incident", "not known for {n} incidents", n).format(n=n)


def _incident(line: IncidentLine, content: SitrepContent) -> Page:
    incident = line.incident
    return {
        **sign_of(incident.severity),
        "number": incident.number,
        "event": line.meaning.name,
        "text": incident.text,
        "where": incident.where,
        "grid": _coordinates(incident),
        "status": STATUS[incident.status],
        "confidence": CONFIDENCE[incident.confidence],
        "affected": "" if incident.affected is None else f"{incident.affected:,}",
        "reported": clock_of(incident.reported_at, content),
        "source": incident.source,
        "mark": MARK[line.mark],
        "changes": [
            _("{field}: {before} → {after}").format(field=c.field, before=c.before, after=c.after)
            for c in line.changes
        ],
    }


def _coordinates(incident: Incident) -> str:
    if incident.place is None or incident.place.is_empty:
        return ""
    lon, lat = middle(incident.place)[0]
    return f"{lat:.5f}, {lon:.5f}"


def _ward(tally: WardTally) -> Page:
    people = f"{tally.affected:,}"
    return {
        **sign_of(tally.worst),
        "ward": tally.ward,
        "incidents": f"{tally.incidents}",
        "affected": people if not tally.unasked else ("?" if not tally.affected else f"≥ {people}"),
        "population": "?" if tally.population is None else f"{tally.population:,}",
    }


def _alarm(line: AlarmLine, content: SitrepContent) -> Page:
    alarm, unit = line.alarm, line.sensor.unit
    who = ""
    if alarm.acknowledged_at:
        who = _("{name}, {time}").format(
            name=alarm.acknowledged_by, time=clock_of(alarm.acknowledged_at, content)
        )
    return {
        **sign_of(alarm.severity),
        "sensor": line.sensor.name,
        "level": line.rule.level,
        "limit": f"≥ {line.rule.raise_at:g} {unit}",
        "since": clock_of(alarm.since, content),
        "peak": f"{alarm.peak:g} {unit}",
        "state": ALARM_STATE[alarm.state],
        "who": who,
        "note": alarm.note,
        "returned": clock_of(alarm.returned_at, content) if alarm.returned_at else "",
        "urgent": alarm.needs_attention,
    }


def _sensor(line: SensorLine, content: SitrepContent) -> Page:
    sensor, reading = line.sensor, line.latest
    limit = line.limit
    return {
        "name": sensor.name,
        "key": sensor.key,
        "value": f"{reading.value:g} {sensor.unit}" if reading else "",
        "at": clock_of(reading.at, content) if reading else "",
        "age": age_text(line.age) if line.age is not None else _("never reported"),
        "silent": line.silent,
        "doubt": ", ".join(doubts(reading.quality)) if reading else "",
        "level": limit.level if limit else "",
        "sign": sign_of(limit.severity) if limit else None,
    }


def _conflict(line: ConflictLine, content: SitrepContent) -> Page:
    said = [
        _("{value} ({author}, {time})").format(
            value=claim.value, author=claim.author, time=local(claim.at, content)
        )
        for claim in line.claims
    ]
    return {"name": line.name, "field": line.field, "claims": said}


def _legend(layers: Sequence[MapLayer]) -> list[Page]:
    """One entry per class that is drawn; a class that only repeats its layer's name is not said twice."""
    entries: list[Page] = []
    for layer in layers:
        for drawn in layer.classes:
            alone = len(layer.classes) == 1 or drawn.label in ("", layer.title)
            entries.append(
                {
                    "label": layer.title if alone else f"{layer.title}: {drawn.label}",
                    "shape": drawn.features.shape.name.lower(),
                    "marker": drawn.marker,
                    "fill": drawn.fill,
                    "stroke": drawn.stroke,
                    "opacity": layer.opacity,
                }
            )
    return entries


def _sources(content: SitrepContent, layers: Sequence[MapLayer]) -> list[str]:
    lines = [
        _(
            "Incidents, alarms and readings: the operational log of {city} as it stood at the as-of time."
        ).format(city=content.city),
        _("“New” and “changed” compare with what this desk knew at {since}.").format(
            since=both(content.since, content)
        ),
        _("People affected are the sum over open incidents with a number; no number is guessed."),
        _("An incident counts in each ward its place touches; “≥” where some numbers are not known."),
        _("A sensor is silent when it has missed three of its reports; its last value is not current."),
        _("Local times are in the zone {zone}.").format(zone=content.timezone),
    ]
    if layers:
        titles = ", ".join(layer.title for layer in layers)
        lines.append(_("Map layers: {titles}. WGS 84, drawn in UTM.").format(titles=titles))
    if credits := dict.fromkeys(layer.credit for layer in layers if layer.credit):
        lines.append(_("Map pictures: {names}.").format(names="; ".join(credits)))
    return lines


def incident_words(line: IncidentLine, content: SitrepContent) -> list[str]:
    """What a marker says when it is touched, line by line; the first is its heading."""
    incident = _incident(line, content)
    people = _("People affected: {n}").format(n=incident["affected"] or _("not known"))
    lines = [
        _("{number}  {event}").format(number=incident["number"], event=incident["event"]),
        _("{severity}, {status}, {confidence}").format(
            severity=incident["word"], status=incident["status"], confidence=incident["confidence"]
        ),
        incident["text"],
        incident["where"],
        people,
        _("Reported {time}").format(time=incident["reported"]),
        *incident["changes"],
    ]
    return [text for text in lines if text]


def sensor_words(line: SensorLine, content: SitrepContent) -> list[str]:
    """The same for a sensor."""
    sensor = _sensor(line, content)
    aged = _("{value}, {age} ago").format(value=sensor["value"], age=sensor["age"])
    lines = [
        sensor["name"],
        aged if line.latest else sensor["age"],
        sensor["level"],
        sensor["doubt"],
        _("silent") if line.silent else "",
    ]
    return [text for text in lines if text]
