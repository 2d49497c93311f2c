"""Builders: an incident, a gauge, a rule, with only what a test cares about said aloud."""

from datetime import UTC, datetime
from typing import Any

from shapely import Point

from gis.model.incident import Incident, Severity
from gis.model.sensor import AlarmRule, Quantity, Sensor

SIX = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
MARKET = Point(116.71, -8.23)


def an_incident(**but: Any) -> Incident:
    given = {
        "number": "I-0001",
        "code": "fl",
        "text": "Water knee high",
        "severity": Severity.SEVERE,
        "reported_at": SIX,
        "place": MARKET,
        "where": "Pasar Lama",
    }
    return Incident(**given | but)


def a_gauge(**but: Any) -> Sensor:
    given = {
        "key": "KALI-3",
        "name": "Kali 3",
        "quantity": Quantity.LEVEL,
        "unit": "m",
        "place": Point(116.70, -8.24),
        "low": 0.0,
        "high": 10.0,
    }
    return Sensor(**given | but)


def a_rule(sensor: Sensor, **but: Any) -> AlarmRule:
    given = {"level": "Siaga 1", "severity": Severity.EXTREME, "raise_at": 4.5, "clear_below": 4.2}
    return AlarmRule(sensor_id=sensor.id, **given | but)
