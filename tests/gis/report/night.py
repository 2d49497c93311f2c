"""A small river city on a flood night, built by hand: what the report tests look at."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import shapely
from shapely import Point, Polygon

from gis.geo.features import Features, Shape
from gis.geo.shapes import from_shapely
from gis.model.incident import Confidence, Incident, Severity, Status
from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm, AlarmRule, Quantity, Sensor
from gis.report.content import (
    AlarmLine,
    Claim,
    ConflictLine,
    FieldChange,
    IncidentLine,
    MapClass,
    MapLayer,
    Mark,
    Meaning,
    NoteLine,
    SensorLine,
    SitrepContent,
)
from gis.report.gaps import gaps_in
from gis.report.gather import sealed

AS_OF = datetime(2026, 3, 14, 23, 0, tzinfo=UTC)
SINCE = AS_OF - timedelta(hours=6)
LON, LAT, HALF = 115.21, -8.65, 0.045
FLOOD = Meaning("Flooding", "Flood", "Met", "Evacuate")


def features(shape, shapes, crs=4326, **columns) -> Features:
    """Shapely shapes of one kind as ragged arrays."""
    kept = {name: v if isinstance(v, np.ndarray) else np.array(v, object) for name, v in columns.items()}
    (made,) = from_shapely(np.array(shapes, object), columns=kept, crs=crs)
    assert made.shape is shape
    return made


def river(t: float) -> tuple[float, float]:
    return LON - 0.012 + 0.010 * math.sin(t * 3.1) + 0.004 * math.sin(t * 9), LAT - HALF + 2 * HALF * t


RIVER = shapely.LineString([river(i / 60) for i in range(61)])
FLOODED = shapely.difference(RIVER.buffer(0.006), Point(river(0.5)).buffer(0.002))


def wards() -> MapLayer:
    side = np.linspace(-HALF, HALF, 7)
    squares = [
        shapely.box(LON + side[i], LAT + side[j], LON + side[i + 1], LAT + side[j + 1])
        for i in range(6)
        for j in range(6)
    ]
    names = [f"Kampung {a}{b}" for a in "ABCDEF" for b in range(1, 7)]
    people = np.arange(800, 800 + len(names))
    drawn = features(Shape.POLYGON, squares, name=names, population=people)
    return MapLayer("Wards", (MapClass("Ward", drawn, "", "#8A7F70", 1.0),), names="name")


def city_layers(buildings: int = 300) -> tuple[MapLayer, ...]:
    dice = np.random.default_rng(7)
    xy = np.array([LON, LAT]) + dice.normal(0, 0.4, (buildings, 2)) * HALF
    wh = dice.uniform(0.0001, 0.0003, (buildings, 2))
    homes = shapely.box(xy[:, 0], xy[:, 1], xy[:, 0] + wh[:, 0], xy[:, 1] + wh[:, 1])
    water = shapely.orient_polygons(np.array([RIVER.buffer(0.0012), FLOODED]))
    return (
        MapLayer("River", (MapClass("Kali Besar", features(Shape.POLYGON, [water[0]]), "#A9C9DD"),)),
        MapLayer(
            "Buildings",
            (MapClass("Building", features(Shape.POLYGON, shapely.orient_polygons(homes)), "#D5D0C7"),),
        ),
        wards(),
        MapLayer(
            "Flood extent",
            (MapClass("Under water", features(Shape.POLYGON, [water[1]]), "#2F7FBF", "#0B5FA5", 1.5),),
            opacity=0.35,
        ),
        MapLayer(
            "Shelters",
            (
                MapClass(
                    "Shelter",
                    features(Shape.POINT, [Point(LON + 0.02, LAT - 0.01), Point(LON - 0.03, LAT + 0.02)]),
                    "#2E7D32",
                    "#FFFFFF",
                    10,
                    "square",
                ),
            ),
        ),
    )


def an_incident(n: int, severity=Severity.MODERATE, **changes) -> Incident:
    t = (n * 0.37) % 1
    x, y = river(t)
    values = {
        "id": f"incident-{n}",
        "number": f"I-{n:04d}",
        "code": "fl",
        "text": f"Water {20 + n * 7 % 130} cm deep, street impassable",
        "severity": severity,
        "reported_at": AS_OF - timedelta(minutes=17 * n + 5),
        "place": Point(x + 0.004 * math.sin(n * 2.4), y),
        "where": f"Kampung {'ABCDEF'[n % 6]}{n % 6 + 1}, Jalan Sungai {n}",
        "source": "phone",
        "affected": n * 11 % 90 or None,
    }
    return Incident(**values | changes)


def incident_lines(count: int = 14) -> list[IncidentLine]:
    lines = []
    for n in range(1, count + 1):
        severity = list(Severity)[(0, 1, 1, 2, 2, 2, 3, 3, 4)[n % 9]]
        lines.append(IncidentLine(an_incident(n, severity), FLOOD, Mark.NEW if n % 3 == 0 else Mark.SAME))
    now = an_incident(90, Severity.EXTREME, text="Dyke overtopped at Kali 3, 40 homes", affected=160)
    was = an_incident(90, Severity.SEVERE, text="Dyke overtopped at Kali 3, 40 homes", affected=12)
    changes = (FieldChange("severity", "Severe", "Extreme"), FieldChange("people affected", "12", "160"))
    lines.append(
        IncidentLine(
            now, Meaning("Dyke failure", "Dyke failure", "Infra", "Evacuate"), Mark.CHANGED, was, changes
        )
    )
    area = Polygon(
        [(LON, LAT), (LON + 0.012, LAT + 0.002), (LON + 0.01, LAT + 0.012), (LON - 0.002, LAT + 0.008)]
    )
    confirmed = {"confidence": Confidence.CONFIRMED, "status": Status.IN_PROGRESS}
    lines.append(IncidentLine(an_incident(91, Severity.SEVERE, place=area, **confirmed), FLOOD, Mark.NEW))
    lines.append(
        IncidentLine(an_incident(92, place=None, where="near the market", affected=None), FLOOD, Mark.NEW)
    )
    closed = an_incident(93, Severity.MINOR, status=Status.CLOSED, closed_at=AS_OF - timedelta(hours=2))
    lines.append(IncidentLine(closed, FLOOD, Mark.CLOSED, an_incident(93, Severity.MINOR)))
    return sorted(lines, key=lambda line: (line.incident.severity.priority, line.incident.number))


def instruments() -> tuple[list[SensorLine], list[AlarmLine]]:
    sensors, alarms = [], []
    for n in range(1, 7):
        sensor = Sensor(
            id=f"s{n}",
            key=f"KALI-{n}",
            name=f"Kali {n}",
            quantity=Quantity.LEVEL,
            unit="m",
            place=Point(*river(n / 7)),
        )
        rule = AlarmRule(sensor.id, "Siaga 2", Severity.SEVERE, 3.5, 3.3, id=f"r{n}")
        age = timedelta(minutes=4 * n) if n < 5 else timedelta(hours=n)
        quality = Quality.STUCK if n == 2 else Quality.GOOD
        reading = Reading(sensor.id, AS_OF - age, 4.82 if n == 3 else 1.2 + n / 10, quality)
        sensors.append(SensorLine(sensor, reading, age, rule if n == 3 else None, silent=n >= 5))
        if n in (3, 4):
            alarm = Alarm(
                rule.id, sensor.id, Severity.SEVERE, AS_OF - timedelta(hours=3), 4.9, id=f"a{n}",
                raised_at=AS_OF - timedelta(hours=3),
            )  # fmt: skip
            alarms.append(AlarmLine(alarm, rule, sensor))
    never = Sensor(
        id="s9", key="PUMP-9", name="Pump 9", quantity=Quantity.PUMP, unit="l/s", place=Point(LON, LAT)
    )
    return [*sensors, SensorLine(never, silent=True)], alarms


def a_report(**changes) -> SitrepContent:
    sensors, alarms = instruments()
    values = {
        "number": 3,
        "city": "Kota Tirta",
        "desk": "I",
        "exercise": True,
        "timezone": "Asia/Makassar",
        "since": SINCE,
        "as_of": AS_OF,
        "author": "R. Sari",
        "assessment": "Kali 3 keeps rising. We expect the peak at 02:00.\n\nAll pumps but one are running.",
        "incidents": tuple(incident_lines()),
        "alarms": tuple(alarms),
        "sensors": tuple(sensors),
        "conflicts": (
            ConflictLine(
                "I-0005", "status", (Claim("verified", "Team 2", SINCE), Claim("resolved", "Desk", AS_OF))
            ),
        ),
        "notes": (NoteLine(AS_OF - timedelta(hours=1), "Governor informed", "R. Sari"),),
    }
    content = SitrepContent(**values | changes)
    gaps = changes.get("gaps", gaps_in(content))
    return sealed(SitrepContent(**values | changes | {"gaps": gaps}))
