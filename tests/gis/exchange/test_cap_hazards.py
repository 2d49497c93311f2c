"""Real alerts and feeds of alerts, and what is left when somebody breaks them: zones, or words."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import UserError
from gis.exchange import cap_feed
from gis.exchange.cap_feed import CAP_KIND, listing
from gis.exchange.cap_hazards import HELD, MOST_CORNERS, Listening, message
from gis.model.hazard import AlertStatus
from gis.model.incident import Severity
from tests.stations import SQUARE, atom, cap_alert, holding, leading

NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)


def heard(content: bytes, **listening):
    (alert,) = listing(content).alerts
    return message(alert, Listening(**listening), NOW)


def test_a_real_alert_becomes_a_zone_with_all_that_it_says(realdata):
    content = (realdata / "cap/google-cap-library/testdata/earthquake.cap").read_bytes()
    said = heard(content)
    (part,) = said.alerts
    assert part.event == "Earthquake"
    assert part.status in AlertStatus
    assert part.place is not None
    assert part.expires > part.sent


@pytest.mark.parametrize(
    ("file", "alerts", "links", "blind"),
    [
        ("google-cap-library/testdata/amber.atom", 1, 0, 0),
        ("google-cap-library/testdata/canada_signed.atom", 1, 0, 0),
        ("google-cap-library/testdata/weather_index.atom", 0, 2, 0),
        ("google-cap-library/testdata/ny_index.rss", 0, 2, 0),
        ("google-cap-library/testdata/earthquake_index.atom", 0, 1, 0),
        ("google-cap-library/testdata/no_entries.atom", 0, 0, 0),
        ("google-cap-library/testdata/no_link.atom", 0, 0, 1),
        ("google-cap-library/testdata/bushfire_valid.edxlde", 7, 0, 0),
        ("ibm-cap/nws_atom_feed_example.xml", 0, 163, 0),
    ],
)
def test_real_feeds_hold_alerts_or_lead_to_them(realdata, file, alerts, links, blind):
    found = listing((realdata / "cap" / file).read_bytes())
    assert (len(found.alerts), len(found.links), found.blind) == (alerts, links, blind)
    assert all(link.address.startswith("http") for link in found.links)


def test_every_real_alert_is_a_zone_or_says_why_it_is_none(realdata):
    files = sorted(
        p for p in (realdata / "cap").rglob("*") if p.suffix in (".cap", ".xml", ".atom", ".edxlde")
    )
    told = 0
    for path in files:
        try:
            found = listing(path.read_bytes())
        except UserError:
            continue
        for alert in found.alerts:
            with suppress(ValueError):
                said = message(alert, Listening(), NOW)
                for part in said.alerts if said else ():
                    assert part.place is None or part.place.is_valid
                    assert part.expires.tzinfo is not None
                    told += 1
    assert len(files) > 40
    assert told > 30


def test_an_attack_by_entities_is_refused(realdata):
    with pytest.raises(UserError, match="document type"):
        listing((realdata / "cap/google-cap-library/testdata/xee.atom").read_bytes())


def test_of_several_links_the_one_to_the_alert_is_taken():
    entry = (
        '<entry><id>a</id><link rel="self" href="/self"/><link href="/page.html" type="text/html"/>'
        f'<link href="/cap.xml" type="{CAP_KIND}"/></entry>'
    )
    assert [link.address for link in listing(atom(entry)).links] == ["/cap.xml"]


def test_an_alert_in_several_languages_is_taken_in_ours():
    indonesian = cap_alert(NOW, "a", language="id", headline="Banjir")
    english = cap_alert(NOW, "a", headline="Flood")
    info = english[english.index("<info>") : english.index("</alert>")]
    both = indonesian.replace("</alert>", info + "</alert>").encode()
    assert [a.headline for a in heard(both, language="en").alerts] == ["Flood"]
    assert [a.headline for a in heard(both, language="id").alerts] == ["Banjir"]
    assert [a.headline for a in heard(both, language="ja").alerts] == ["Banjir"]  # the first


def test_areas_of_different_severity_stay_apart():
    first = cap_alert(NOW, "a", severity="Extreme")
    other = cap_alert(NOW, "a", severity="Minor", area="<circle>-5.1,119.4 3</circle>")
    info = other[other.index("<info>") : other.index("</alert>")]
    parts = heard(first.replace("</alert>", info + "</alert>").encode()).alerts
    assert [(part.part, part.severity) for part in parts] == [(0, Severity.EXTREME), (1, Severity.MINOR)]


def test_a_circle_is_as_large_as_it_says():
    (part,) = heard(cap_alert(NOW, "a", area="<circle>-5.1,119.4 10</circle>").encode()).alerts
    west, south, east, north = part.place.bounds
    assert (north - south) * 110.6 == pytest.approx(20, rel=0.01)
    assert (east - west) * 110.9 == pytest.approx(20, rel=0.01)


def test_an_outline_that_crosses_itself_is_mended():
    bow = "<polygon>0,0 1,1 1,0 0,1 0,0</polygon>"
    (part,) = heard(cap_alert(NOW, "a", area=bow).encode()).alerts
    assert part.place.is_valid
    assert part.place.area == pytest.approx(0.5)


def test_an_outline_finer_than_any_map_is_made_coarser():
    ring = shapely.Point(119.4, -5.1).buffer(1, quad_segs=20_000).exterior.coords
    text = "<polygon>" + " ".join(f"{y:.6f},{x:.6f}" for x, y in ring) + "</polygon>"
    (part,) = heard(cap_alert(NOW, "a", area=text).encode()).alerts
    assert shapely.get_num_coordinates(part.place) <= MOST_CORNERS
    assert part.place.area == pytest.approx(3.1416, rel=0.001)


def test_an_alert_that_names_no_end_holds_for_a_day():
    endless = cap_alert(NOW, "a")
    start, end = endless.index("<expires>"), endless.index("</expires>") + len("</expires>")
    (part,) = heard((endless[:start] + endless[end:]).encode()).alerts
    assert part.expires == NOW + HELD == NOW + timedelta(hours=24)


def test_no_alert_holds_for_ever_and_none_comes_from_the_future():
    said = cap_alert(NOW, "a").replace("2026-03-14T12:00:00", "9999-12-31T23:59:59")
    (part,) = heard(said.encode()).alerts
    assert part.expires - part.sent == timedelta(days=366)
    for late in (NOW + timedelta(days=2), datetime(9999, 12, 31, 20, tzinfo=UTC)):
        with pytest.raises(ValueError, match="future"):
            heard(cap_alert(late, "a", hours=0).encode())


@pytest.mark.parametrize(
    ("within", "over"), [((119.0, -6.0, 120.0, -5.0), False), ((0.0, 0.0, 1.0, 1.0), True), (None, False)]
)
def test_what_lies_elsewhere_does_not_concern_this_desk(within, over):
    assert heard(cap_alert(NOW, "a").encode(), within=within).over is over
    assert not heard(cap_alert(NOW, "a", area="").encode(), within=within).over  # nobody knows where


def test_an_alert_without_a_name_or_a_time_is_refused_in_words():
    for gone in ("identifier", "sender", "sent"):
        said = cap_alert(NOW, "a")
        start, end = said.index(f"<{gone}>"), said.index(f"</{gone}>") + len(gone) + 3
        with pytest.raises(ValueError, match="alert does not say"):
            heard((said[:start] + said[end:]).encode())


PIECES = [
    *("<", ">", "/", "&", "&#0;", "\x00", "]]>", "<![CDATA[", "<alert>", "</info>", "NaN,NaN", "1e999,0"),
    *(
        "<!DOCTYPE x>",
        "-91,181",
        "9" * 400,
        "２,３",
        "2026-13-45T99:99:99-99:99",
        "0001-01-01T00:00:00+23:59",
    ),
]


@settings(max_examples=200)
@given(st.data())
def test_however_a_feed_is_broken_it_gives_zones_or_words(data):
    said = atom(holding(cap_alert(NOW, "a")), leading("/b")).decode()
    for _each in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(said)))
        until = data.draw(st.integers(at, min(at + 60, len(said))))
        said = said[:at] + data.draw(st.sampled_from(["", *PIECES])) + said[until:]
    with suppress(UserError):
        for alert in listing(said.encode()).alerts:
            with suppress(ValueError):
                message(alert, Listening(within=(119.0, -6.0, 120.0, -5.0)), NOW)


@given(st.text(st.sampled_from("0123456789., -+eEinfa"), max_size=60))
def test_whatever_stands_for_a_place_is_one_or_none(text):
    for tag in ("polygon", "circle"):
        area = f"<polygon>{SQUARE}</polygon><{tag}>{text}</{tag}>"
        (part,) = heard(cap_alert(NOW, "a", area=area).encode()).alerts
        assert part.place.is_valid


def test_more_entries_than_can_be_taken_are_refused_before_any_is_read(monkeypatch):
    monkeypatch.setattr(cap_feed, "MOST_ENTRIES", 3)
    listing(atom(*["<entry/>"] * 3))
    with pytest.raises(UserError, match="lists 4 alerts"):
        listing(atom(*["<entry/>"] * 4))
