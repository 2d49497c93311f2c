"""What callers read out, and where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.geo.coords import Form, as_dd, as_dm, as_dms, as_utm, parse
from gis.geo.measure import distance_m

CITY = (115.10, -8.80, 115.35, -8.50)
HERE = (115.21, -8.65)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("-8.65 115.21", Form.DD),
        ("115.21, -8.65", Form.DD),
        ("(-8.65, 115.21)", Form.DD),
        ("-8.65,115.21", Form.DD),
        ("8.65S 115.21E", Form.DD),
        ("115.21E 8.65S", Form.DD),
        ("S8.65 E115.21", Form.DD),
        ("s8.65e115.21", Form.DD),
        ("8.65 S / 115.21 E", Form.DD),
        ("-8,65 115,21", Form.DD),
        ("-8,65; 115,21", Form.DD),
        ("-8,65,115,21", Form.DD),
        ("-8,65, 115,21", Form.DD),
        ("lat: -8.65, lon: 115.21", Form.DD),
        ("lon=115.21 lat=-8.65", Form.DD),
        ("8.65 LS 115.21 BT", Form.DD),
        ("8,65° LS; 115,21° BT", Form.DD),
        ("南緯8.65 東経115.21", Form.DD),
        ("8 39.0 S 115 12.6 E", Form.DM),
        ("8°39.0'S, 115°12.6'E", Form.DM),
        ("8-39.0S 115-12.6E", Form.DM),
        ("8 deg 39 min S 115 deg 12.6 min E", Form.DM),
        ("8°39'00\"S 115°12'36\"E", Form.DMS),
        ("8°39′00″S115°12′36″E", Form.DMS),
        ("8°39''0''S 115°12'36''E".replace("39''", "39'"), Form.DMS),
        ("8 39 0 S 115 12 36 E", Form.DMS),
        ("S 8:39:00 E 115:12:36", Form.DMS),
        ("-8 39 0 115 12 36", Form.DMS),
        ("南緯8度39分0秒 東経115度12分36秒", Form.DMS),
        ("50L 303038 9043380", Form.UTM),
        ("50 L 303038mE 9043380mN", Form.UTM),
        ("UTM zone 50S E 303038 N 9043380", Form.UTM),
        ("303038 9043380", Form.UTM),
        ("50L LR 03037 43379", Form.MGRS),
        ("50llr0303743379", Form.MGRS),
        ("LR 03037 43379", Form.MGRS),
        ("6P3Q9626+22", Form.PLUS),
        ("9626+22", Form.PLUS),
        ("geo:-8.65,115.21", Form.LINK),
        ("geo:-8.65,115.21;u=35", Form.LINK),
        ("geo:0,0?q=-8.65,115.21(the%20clinic)", Form.LINK),
        ("https://www.openstreetmap.org/#map=15/-8.65/115.21", Form.LINK),
        ("https://www.openstreetmap.org/?mlat=-8.65&mlon=115.21#map=5/1/2", Form.LINK),
        ("https://www.google.com/maps/@-8.65,115.21,15z", Form.LINK),
        ("https://www.google.com/maps/place/X/@-8.6,115.2,15z/data=!3m1!8m2!3d-8.65!4d115.21", Form.LINK),
        ("https://maps.google.com/?q=-8.65,115.21", Form.LINK),
        ("https://www.google.com/maps/search/?api=1&query=-8.65%2C115.21", Form.LINK),
        ("https://www.google.com/maps/search/-8.65,+115.21", Form.LINK),
        ("https://maps.apple.com/?ll=-8.65,115.21&q=Pin", Form.LINK),
        ("https://plus.codes/6P3Q9626+22", Form.LINK),
        ("-८.६५ ११५.२१", Form.DD),  # Devanagari
        ("-٨٫٦٥ ١١٥٫٢١", Form.DD),  # Arabic
        ("-๘.๖๕ ๑๑๕.๒๑", Form.DD),  # Thai
        ("৮.৬৫S ১১৫.২১E", Form.DD),  # Bengali
        ("－８．６５　１１５．２１", Form.DD),  # full width
        ("\u200e−8.65\u00a0115.21\u202c", Form.DD),  # a typographer's minus between marks of direction
    ],
)
def test_every_form_leads_to_the_same_place(text, form):
    found = parse(text, CITY)
    assert found, text
    assert found[0].form is form
    assert distance_m((found[0].lon, found[0].lat), HERE)[0] < 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello 3",
        "Jalan 12 3",
        "12",
        "-8.65",
        "8 60 0 S 115 12 36 E",
        "8 39 60 S 115 12 36 E",
        "8.5 39 S 115 12 E",
        "8.65 S 115.21 S",
        "-8.65 N 115.21 E",
        "91 N 115 E",
        "8.65 S 181 E",
        "1_0 2_0",
        "nan nan",
        "inf 12",
        "1e1 2e1",
        "8 39 S 115",
        "8,65,115",
        "geo:-8.65",
        "geo:-8.65,115.21;crs=EPSG:3857",
        "geo:-98.65,115.21",
        "https://example.org/",
        "https://maps.app.goo.gl/abcDEF12",
        "50L 3030380 9043380",
        "61L 303038 9043380",
        "50C 303038 9043380",
        "0812 3456 7890",
    ],
)
def test_what_is_no_coordinate_is_no_place(text):
    assert parse(text, CITY) == []


def test_two_bare_numbers_are_read_both_ways():
    found = parse("12 34")
    assert [(c.lat, c.lon) for c in found] == [(12, 34), (34, 12)]
    assert [c.note for c in found] == ["Latitude was read first.", "Longitude was read first."]


def test_the_reading_inside_the_city_comes_first():
    assert [(c.lat, c.lon) for c in parse("34 12", near=(33, 11, 35, 13))] == [(12, 34), (34, 12)]


def test_a_minus_left_out_is_offered_and_said():
    south, north = parse("8.65, 115.21", CITY)
    assert (south.lat, north.lat) == (-8.65, 8.65)
    assert "minus" in south.note
    assert north.note == ""


def test_a_hemisphere_that_was_said_is_never_turned():
    assert [c.lat for c in parse("8.65 N 115.21 E", CITY)] == [8.65]


def test_the_letter_s_of_a_zone_is_read_as_band_and_as_hemisphere():
    found = parse("50S 303038 4043380")
    assert [round(c.lat, 2) for c in found] == [36.52, -53.72]
    assert found[1].note == "S was read as the southern hemisphere."


def test_an_assumed_zone_is_said():
    (found,) = parse("LR 029 434", CITY)
    assert found.note == "Grid zone 50L assumed. The middle of a square of 100 m."
    assert parse("LR 029 434") == []


def test_the_pin_of_a_link_comes_before_its_view():
    (found,) = parse("https://www.google.com/maps/place/X/@-8.0,115.0,9z/data=!3d-8.65!4d115.21")
    assert (found.lon, found.lat) == HERE


@given(st.text(max_size=300), st.sampled_from([None, CITY, (-180.0, -90.0, 180.0, 90.0)]))
def test_no_text_is_too_strange(text, near):
    for found in parse(text, near):
        assert -180 <= found.lon <= 180
        assert -90 <= found.lat <= 90


@given(st.text(alphabet="0123456789 .,-+'\"°NSEWXYLR/:;@geo", max_size=60))
def test_no_scrap_of_a_coordinate_is_too_strange(text):
    for found in parse(text, CITY):
        assert -180 <= found.lon <= 180
        assert -90 <= found.lat <= 90


@pytest.mark.parametrize("spoken", [as_dd, as_dm, as_dms, as_utm])
@given(lon=st.floats(-180, 180, exclude_max=True), lat=st.floats(-79.9, 83.9))
def test_what_is_printed_reads_as_the_same_place(spoken, lon, lat):
    text = spoken(lon, lat)
    assert text.isascii()
    assert min(distance_m((c.lon, c.lat), (lon, lat))[0] for c in parse(text)) < 2.2


def test_sixty_seconds_are_never_printed():
    assert as_dms(59.9999999, -0.99999999) == "1 00 00.0 S 60 00 00.0 E"
    assert as_dm(59.9999999, -0.99999999) == "1 00.000 S 60 00.000 E"


def test_the_radio_forms_of_a_place():
    assert as_dd(*HERE) == "8.65000 S 115.21000 E"
    assert as_dms(*HERE) == "8 39 00.0 S 115 12 36.0 E"
    assert as_dm(*HERE) == "8 39.000 S 115 12.600 E"
    assert as_utm(*HERE) == "50L 303038 9043380"
