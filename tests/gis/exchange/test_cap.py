"""CAP: strict on the way out, lenient on the way in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from shapely import Polygon

from gis.errors import UserError
from gis.exchange import cap, cap_reading
from gis.exchange.cap import Alert, Area, Circle, Notice, Reference, Resource
from tests.conftest import REALDATA
from tests.gis.exchange.schemas import cap_schema

SENT = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
SQUARE = Polygon([(115.2, -8.6), (115.3, -8.6), (115.3, -8.5), (115.2, -8.5)])
NO_ALERT_INSIDE = {
    *("xee.cap", "xee.atom", "earthquake_index.atom", "weather_index.atom", "empty_weather_index.atom"),
    *("invalid_element.atom", "no_id.atom", "no_link.atom", "no_title.atom", "nws_atom_feed_example.xml"),
}
REAL_FILES = sorted(path.relative_to(REALDATA) for path in (REALDATA / "cap").rglob("*") if path.is_file())


def an_alert(**changes) -> Alert:
    notice = Notice(
        event="Flooding",
        categories=("Met", "Safety"),
        responses=("Evacuate",),
        urgency="Immediate",
        severity="Extreme",
        certainty="Observed",
        onset=SENT - timedelta(hours=1),
        expires=SENT + timedelta(hours=6),
        sender_name="Control desk",
        headline="Flooding in Kampung Sari",
        description="Knee high",
        parameters=(("people affected", "120"),),
        resources=(Resource("Report", "application/pdf", "sitrep-003.pdf"),),
        areas=(Area("Kampung Sari", (SQUARE,), (Circle(115.25, -8.55),), (("ward", "14"),)),),
    )
    values = {"identifier": "city.3.I-0001", "sender": "desk@city", "sent": SENT, "notices": (notice,)}
    return replace(Alert(**values), **changes)


def test_a_written_alert_obeys_the_schema_of_the_standard(realdata):
    earlier = Reference("desk@city", "city.2.I-0001", SENT - timedelta(hours=6))
    for alert in (
        an_alert(),
        an_alert(status="Exercise", note="EXERCISE. Not a real event."),
        an_alert(scope="Restricted", restriction="Control desks of partner cities"),
        an_alert(message_type="Update", references=(earlier,), incidents=("I-0001", "Kali 3 dyke")),
        an_alert(message_type="Cancel", references=(earlier,), notices=()),
    ):
        cap_schema(realdata).assertValid(etree.fromstring(cap.write(alert)))


def test_times_carry_a_numeric_offset_and_no_fraction():
    jakarta = datetime(2026, 3, 14, 13, 0, 0, 999_000, tzinfo=timezone(timedelta(hours=7)))
    content = cap.write(an_alert(sent=jakarta))
    assert b"<sent>2026-03-14T06:00:00-00:00</sent>" in content


def test_shapes_are_written_latitude_first_and_closed():
    content = cap.write(an_alert()).decode()
    corners = content.split("<polygon>")[1].split("</polygon>")[0].split()
    assert corners[0] == corners[-1]
    assert len(corners) == 5
    assert corners[0].startswith("-8.")
    assert "<circle>-8.550000,115.250000 0.000</circle>" in content


def test_an_exercise_without_a_note_never_leaves():
    with pytest.raises(ValueError, match="exercise"):
        cap.write(an_alert(status="Exercise"))


@pytest.mark.parametrize(
    "broken",
    [
        {"identifier": "with blank"},
        {"sender": ""},
        {"sender": "a,b"},
        {"sent": None},
        {"status": "Real"},
        {"message_type": "Update"},
        {"scope": "Private"},
        {"scope": "Restricted"},
        {"restriction": "partners"},
        {"notices": (Notice(event=""),)},
        {"notices": (Notice(event="Fire", severity="Bad"),)},
    ],
)
def test_a_message_that_breaks_a_rule_never_leaves(broken):
    with pytest.raises(ValueError, match=r".+"):
        cap.write(an_alert(**broken))


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_was_written_reads_back_the_same_whatever_people_typed(headline, description):
    alert = an_alert()
    words = replace(alert.notices[0], headline=headline, description=description)
    opened = cap_reading.read(cap.write(replace(alert, notices=(words,))))
    assert opened.deviations == ()
    (notice,) = opened.alerts[0].notices
    assert " ".join(notice.description.split()) == " ".join(cap.clean(description).split())
    assert " ".join(notice.headline.split()) == " ".join(cap.clean(headline).split())


def test_everything_a_desk_says_survives_the_trip():
    alert = an_alert()
    (back,) = cap_reading.read(cap.write(alert)).alerts
    assert replace(back, notices=()) == replace(alert, notices=())
    theirs, ours = back.notices[0], alert.notices[0]
    assert theirs.areas[0].polygons[0].equals(ours.areas[0].polygons[0])
    assert replace(theirs, areas=()) == replace(ours, areas=())


@pytest.mark.parametrize("name", REAL_FILES, ids=str)
def test_every_real_file_reads_or_says_clearly_why_not(realdata, name):
    content = (realdata / name).read_bytes()
    if name.name in NO_ALERT_INSIDE or name.suffix in (".xsd", ".rng", ".pem", ".rss", ".md", ""):
        with pytest.raises(UserError) as refusal:
            cap_reading.read(content)
        assert str(refusal.value)
        assert refusal.value.hint
    else:
        assert cap_reading.read(content).alerts


def test_real_alerts_in_every_shape_are_understood(realdata):
    folder = realdata / "cap/google-cap-library/testdata"
    signed = cap_reading.read((folder / "canada_signed.atom").read_bytes())
    assert signed.alerts[0].identifier.startswith("2.49.0.1.124")
    assert signed.deviations == ("The alert is signed; the signature was not checked.",)
    fires = cap_reading.read((folder / "bushfire_valid.edxlde").read_bytes())
    assert len(fires.alerts) == 7
    assert any(area.polygons or area.circles for area in fires.alerts[0].notices[0].areas)
    accents = cap_reading.read((folder / "earthquake-iso8859-1.cap").read_bytes())
    assert "\ufffd" not in str(accents.alerts)


@pytest.mark.parametrize("attack", ["xee.cap", "xee.atom"])
def test_a_file_that_brings_its_own_entities_is_refused(realdata, attack):
    with pytest.raises(UserError, match="document type"):
        cap_reading.read((realdata / "cap/google-cap-library/testdata" / attack).read_bytes())


def test_a_billion_laughs_are_refused_before_the_first():
    bomb = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><alert>&b;</alert>'
    with pytest.raises(UserError, match="document type"):
        cap_reading.read(bomb)


def test_bottomless_nesting_is_refused():
    with pytest.raises(UserError, match="nested"):
        cap_reading.read(b"<a>" * 100_000)


@pytest.mark.parametrize("encoding", ["klingon", "idna", "undefined", "utf-16"])
def test_a_strange_encoding_ends_in_plain_words(encoding):
    with pytest.raises(UserError):
        cap_reading.read(f'<?xml version="1.0" encoding="{encoding}"?><alert/'.encode())


def test_markup_in_a_description_stays_text():
    content = cap.write(an_alert()).replace(b"Knee high", b"&lt;script&gt;alert(1)&lt;/script&gt;&lt;br/&gt;")
    (alert,) = cap_reading.read(content).alerts
    assert alert.notices[0].description == "<script>alert(1)</script><br/>"


def test_mistakes_are_listed_and_the_rest_is_kept():
    content = cap.write(an_alert()).decode()
    content = content.replace("<sent>2026-03-14T06:00:00-00:00</sent>", "<sent>2026-03-14T06:00:00.5</sent>")
    corners = content.split("<polygon>")[1].split("</polygon>")[0]
    content = content.replace(corners, " ".join(corners.split()[:-1]))
    content = content.replace("<circle>-8.550000,115.250000", "<circle>8.72977),-68.13409")
    content = content.replace("<severity>Extreme", "<severity>EXTREME")
    opened = cap_reading.read(content.encode())
    (notice,) = opened.alerts[0].notices
    assert notice.severity == "Extreme"
    assert notice.areas[0].polygons[0].equals(SQUARE)
    assert notice.areas[0].circles == ()
    assert opened.alerts[0].sent == SENT.replace(microsecond=500_000)
    assert len(opened.deviations) == 4


def test_elements_out_of_order_are_told():
    content = cap.write(an_alert()).decode()
    sent = "<sent>2026-03-14T06:00:00-00:00</sent>"
    content = content.replace(sent, "").replace("<identifier>", sent + "<identifier>")
    opened = cap_reading.read(content.encode())
    assert opened.deviations == ("The elements of alert are out of order.",)
    assert opened.alerts[0].sent == SENT


@given(st.binary(max_size=300))
def test_no_bytes_end_in_a_traceback(content):
    with pytest.raises(UserError):
        cap_reading.read(content)
