"""A night small enough to read: one gauge on a rising river, one limit, three reports."""

from datetime import timedelta

from gis.model.incident import Severity
from gis.model.record import Reading
from gis.training.scenario import Act, Inject, Scenario
from tests.build import MARKET, SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)
GAUGE = a_gauge()


def after(minutes):
    return SIX + minutes * MINUTE


def call(minutes, name, text, **details):
    said = {"code": "fl", "severity": Severity.SEVERE, "place": MARKET, "reported_at": after(minutes)}
    return Inject(after(minutes), Act.LOG, name, "A. Putri", said | {"text": text} | details)


def a_night(**but):
    """Rises 0.1 m every ten minutes from 3.0 m; over 4.5 m at 150 minutes, at 5.4 m after four hours."""
    levels = [Reading(GAUGE.id, after(10 * n), round(3.0 + 0.1 * n, 2)) for n in range(25)]
    injects = (
        call(61, "1", "Water in the market"),
        Inject(after(95), Act.AMEND, "1", "R. Sari", {"affected": 40}),
        call(130, "2", "Tree across the road", code="tr", severity=Severity.MINOR),
        Inject(after(140), Act.CLOSE, "2", "R. Sari", {"text": "Cleared"}),
        call(215, "3", "Families on roofs", severity=Severity.EXTREME),
    )
    given = {
        "city": "Muara Seruni",
        "timezone": "Asia/Makassar",
        "starts_at": SIX,
        "officer": "R. Sari",
        "sensors": (GAUGE,),
        "rules": (a_rule(GAUGE),),
        "readings": tuple(levels),
        "injects": injects,
    }
    return Scenario(**given | but)
