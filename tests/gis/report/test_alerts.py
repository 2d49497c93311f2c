"""One CAP message for each of the worst incidents, and word when it is over."""

from dataclasses import replace

from lxml import etree
from shapely import LineString, MultiPolygon, Point, Polygon

from gis.exchange import cap, cap_reading
from gis.model.incident import Severity, Status
from gis.report.alerts import alerts_of, area_of
from gis.report.content import IncidentLine, Mark
from tests.gis.exchange.schemas import cap_schema
from tests.gis.report.night import AS_OF, FLOOD, SINCE, a_report, an_incident

SQUARE = Polygon(
    [(115.2, -8.6), (115.3, -8.6), (115.3, -8.5)], [[(115.27, -8.57), (115.28, -8.57), (115.28, -8.56)]]
)


def messages(*lines, **changes):
    return {incident.number: alert for incident, alert in alerts_of(a_report(incidents=lines, **changes))}


def test_only_the_worst_open_incidents_with_a_place_are_alerted_of():
    lines = [
        IncidentLine(an_incident(n, severity), FLOOD, Mark.NEW) for n, severity in enumerate(Severity, 1)
    ]
    lines.append(IncidentLine(an_incident(8, Severity.EXTREME, place=None), FLOOD, Mark.NEW))
    lines.append(IncidentLine(an_incident(9, Severity.EXTREME, closed_at=AS_OF), FLOOD, Mark.CLOSED))
    assert set(messages(*lines)) == {"I-0001", "I-0002"}


def test_every_message_obeys_the_schema(realdata):
    gone = IncidentLine(
        an_incident(3, Severity.EXTREME, closed_at=AS_OF, status=Status.CLOSED),
        FLOOD,
        Mark.CLOSED,
        an_incident(3, Severity.EXTREME),
    )
    hostile = an_incident(4, Severity.SEVERE, number="I 4, <&>", where="<b>", text="]]>\x00\ud800 &amp;")
    shape = an_incident(5, Severity.SEVERE, place=MultiPolygon([SQUARE]))
    lines = [gone, *(IncidentLine(incident, FLOOD) for incident in (hostile, shape))]
    for alert in messages(*lines, city="Kota, Tirta & <Sari>").values():
        content = cap.write(alert)
        cap_schema(realdata).assertValid(etree.fromstring(content))
        assert cap_reading.read(content).deviations == ()


def test_the_next_report_updates_what_the_last_alerted_of():
    incident = an_incident(1, Severity.EXTREME)
    first = messages(IncidentLine(incident, FLOOD, Mark.NEW), number=2, as_of=SINCE)["I-0001"]
    second = messages(IncidentLine(incident, FLOOD, Mark.SAME, incident), number=3)["I-0001"]
    assert (first.message_type, second.message_type) == ("Alert", "Update")
    (earlier,) = second.references
    assert (earlier.sender, earlier.identifier, earlier.sent) == (first.sender, first.identifier, first.sent)


def test_what_is_over_or_no_longer_severe_is_cancelled():
    was = an_incident(1, Severity.EXTREME)
    for now in (
        replace(was, closed_at=AS_OF),
        replace(was, severity=Severity.MINOR),
        replace(was, void=True),
    ):
        alert = messages(IncidentLine(now, FLOOD, Mark.CHANGED, was))["I-0001"]
        assert alert.message_type == "Cancel"
        assert alert.references
        assert not alert.notices


def test_an_exercise_says_so_in_status_note_and_headline():
    line = IncidentLine(an_incident(1, Severity.EXTREME), FLOOD, Mark.NEW)
    drill, real = messages(line)["I-0001"], messages(line, exercise=False)["I-0001"]
    assert (drill.status, real.status) == ("Exercise", "Actual")
    assert "EXERCISE" in drill.note
    assert drill.notices[0].headline.startswith("EXERCISE")
    assert "EXERCISE" not in real.note + real.notices[0].headline


def test_places_of_every_shape_become_areas():
    point = area_of("x", Point(115.2, -8.6))
    assert (point.circles[0].lon, point.circles[0].lat, point.circles[0].radius_km) == (115.2, -8.6, 0)
    area = area_of("x", MultiPolygon([SQUARE]))
    assert area.polygons[0].equals(Polygon(SQUARE.exterior))
    road = area_of("x", LineString([(115.2, -8.6), (115.22, -8.6)]))
    assert 1.0 < road.circles[0].radius_km < 1.2
