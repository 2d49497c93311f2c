"""Who is waited for and when each was heard last, gathered from everything that is known.

A word is: a call that was answered, an incident inside the ward or within NEAR_M of a shelter, entries that a
team wrote and a package brought, a reading of a gauge.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from gis.geo.measure import distance_m
from gis.geo.wards import Wards
from gis.model.incident import Incident
from gis.model.reporting import Call, Hazard, PointKind, ReportingPoint
from gis.model.sensor import AlarmRule, Sensor, Suppression, Withholding
from gis.sensors.silence import GAUGE, LOOKED_BACK, Expected, Word
from gis.store import Query
from gis.store.query import From
from gis.store.questions import MISSED, Level, levels_of
from gis.texts import _

NEAR_M = 300.0
_MARGIN_DEG = 0.01  # more than NEAR_M on every side, short of the poles
_AT_RISK = {1: Hazard.EXTREME, 2: Hazard.HIGH}  # by the priority of the limit that the last value was over


class _Told(NamedTuple):
    """An incident as something that was heard from its place."""

    at: datetime
    number: str
    lon: float
    lat: float


def waited_for(query: Query, wards: Wards) -> list[Expected]:
    """Everybody whose word is waited for at the moment of this look, with what was heard of them last.

    `wards` are those of the city: an incident is word from the ward it lies in, and a gauge concerns as many
    people as its ward. What is older than LOOKED_BACK is not looked for.
    """
    calls = _Calls(query.find(Call, at=From(query.at - LOOKED_BACK)))
    found = [each for each in query.find(ReportingPoint) if each.applies(query.at)]
    people = {each.name: each.people for each in found if each.kind is PointKind.WARD}
    told = _told(query) if any(each.kind is not PointKind.TEAM for each in found) else []
    by_ward = _last_by_ward(told, wards)
    teams = {who.casefold(): at for who, at in query.wrote_elsewhere(query.at - LOOKED_BACK).items()}
    points = [_point(each, calls, _heard(each, told, by_ward, teams)) for each in found]
    return [*points, *_gauges(query, calls, wards, people)]


class _Calls:
    """The last call that was answered and the last that was not, by whom they are about."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self._last: dict[tuple[str, bool], Call] = {}
        for call in sorted(calls, key=lambda each: each.at):
            self._last[call.about, call.answered] = call

    def word(self, about: str) -> Word | None:
        call = self._last.get((about, True))
        if call is None:
            return None
        return Word(
            call.at, _("{name}: {note}").format(name=call.by, note=call.note) if call.note else call.by
        )

    def tried(self, about: str, heard: Word | None) -> Call | None:
        """The newest call that was not answered, if nothing was heard since."""
        call = self._last.get((about, False))
        return None if call is None or (heard is not None and heard.at >= call.at) else call


def _told(query: Query) -> list[_Told]:
    """The incidents that were reported lately and have a place, newest first."""
    found: list[_Told] = []
    for each in query.find(Incident, reported_at=From(query.at - LOOKED_BACK)):
        if each.place is not None and not each.place.is_empty and each.reported_at <= query.at:
            inside = each.place.representative_point()
            found.append(_Told(each.reported_at, each.number, inside.x, inside.y))
    return sorted(found, key=lambda each: each.at, reverse=True)


def _last_by_ward(told: Iterable[_Told], wards: Wards) -> dict[str, Word]:
    last: dict[str, Word] = {}
    for each in told if len(wards) else ():
        last.setdefault(wards.of(each.lon, each.lat), _of_incident(each))
    return last


def _of_incident(told: _Told) -> Word:
    return Word(told.at, _("incident {number}").format(number=told.number))


def _heard(
    point: ReportingPoint,
    told: Sequence[_Told],
    by_ward: Mapping[str, Word],
    teams: Mapping[str, datetime],
) -> Word | None:
    """What was heard of a point beside the calls."""
    match point.kind:
        case PointKind.WARD:
            return by_ward.get(point.name)
        case PointKind.TEAM:
            at = teams.get(point.name.casefold())
            return None if at is None else Word(at, _("package"))
        case _:
            return _near(point, told)


def _near(point: ReportingPoint, told: Sequence[_Told]) -> Word | None:
    """The newest incident within NEAR_M of a point."""
    if point.place is None or point.place.is_empty or not told:
        return None
    here = np.array([point.place.x, point.place.y])
    there = np.array([(each.lon, each.lat) for each in told])
    near = np.flatnonzero((np.abs(there - here) <= _MARGIN_DEG).all(axis=1))
    close = near[distance_m(here, there[near]) <= NEAR_M] if len(near) else near
    return _of_incident(told[int(close[0])]) if len(close) else None


def _newer(one: Word | None, other: Word | None) -> Word | None:
    words = [word for word in (one, other) if word is not None]
    return max(words, key=lambda word: word.at, default=None)


def _point(point: ReportingPoint, calls: _Calls, heard: Word | None) -> Expected:
    word = _newer(calls.word(point.id), heard)
    there = point.place is not None and not point.place.is_empty
    return Expected(
        point.id,
        str(point.kind),
        point.name,
        timedelta(seconds=point.expected_every_s),
        point.since,
        people=point.people,
        hazard=point.hazard,
        contact=point.contact,
        lon=point.place.x if there and point.place else None,
        lat=point.place.y if there and point.place else None,
        word=word,
        tried=calls.tried(point.id, word),
    )


def _gauges(query: Query, calls: _Calls, wards: Wards, people: Mapping[str, int | None]) -> list[Expected]:
    """The instruments that are in service."""
    held = query.find(Suppression, why=Withholding.OUT_OF_SERVICE)
    out = {each.sensor_id for each in held if each.holds(query.at)}
    sensors = [sensor for sensor in query.find(Sensor) if sensor.id not in out]
    levels = levels_of(query, sensors, query.find(AlarmRule))
    return [_gauge(query, level, calls, _people_at(level.sensor, wards, people)) for level in levels]


def _people_at(sensor: Sensor, wards: Wards, people: Mapping[str, int | None]) -> int | None:
    place = sensor.place
    return None if place.is_empty else people.get(wards.of(place.x, place.y))


def _gauge(query: Query, level: Level, calls: _Calls, people: int | None) -> Expected:
    sensor, reading = level.sensor, level.reading
    word = _newer(calls.word(sensor.id), None if reading is None else Word(reading.at, _("reading")))
    there = not sensor.place.is_empty
    priority = 3 if level.over is None else level.over.severity.priority
    return Expected(
        sensor.id,
        GAUGE,
        sensor.name,
        timedelta(seconds=sensor.expected_every_s),
        _set_up(query, sensor) if word is None else word.at,
        missed=MISSED,
        people=people,
        hazard=_AT_RISK.get(priority, Hazard.MODERATE),
        contact=sensor.contact,
        lon=sensor.place.x if there else None,
        lat=sensor.place.y if there else None,
        word=word,
        tried=calls.tried(sensor.id, word),
    )


def _set_up(query: Query, sensor: Sensor) -> datetime:
    """Since when an instrument that never said anything is waited for."""
    steps = query.steps(1_000, record_id=sensor.id)
    return steps[-1].received_at or steps[-1].at if steps else query.at
