"""What a log line in the tests knows of its city, and the hands at it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtTest import QTest
from shapely import Point, box

from gis.geo.gazetteer import Gazetteer, Named
from gis.geo.wards import Wards
from gis.intake.context import IntakeContext, live_places
from gis.model.incident import Incident, Severity

ZONE = ZoneInfo("Asia/Makassar")
NAMES = ["Kampung Sari 14", "Kampung Baru", "Kampung Sari 2"]
NEAR = Incident(
    number="I-0033",
    code="fl",
    text="clinic flooded",
    severity=Severity.EXTREME,
    reported_at=datetime(2026, 3, 14, 5, tzinfo=UTC),
    place=Point(115.2105, -8.65),
)
CONTEXT = IntakeContext(
    places=Gazetteer(Named(NAMES, ["street"] * 3, [115.21, 115.25, 115.29], [-8.65] * 3)),
    live=live_places([], [NEAR]),
    incidents=(NEAR,),
    wards=Wards(["Ward D3"], [box(115.2, -8.7, 115.22, -8.6)]),
    city=(115.1, -8.8, 115.35, -8.5),
    last_click=(115.3, -8.6),
    commands={"report": "Situation report"},
)


def typed(line, text):
    QTest.keyClicks(line.edit, text)


def key(line, which):
    QTest.keyClick(line.edit, which)
