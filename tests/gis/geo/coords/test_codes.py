"""Grid references and plus codes against figures of the `mgrs` 1.6 and `openlocationcode` 1.0 packages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.geo.coords import as_mgrs, as_plus_code, as_utm, mgrs, parse, pluscode
from gis.geo.measure import distance_m

ORACLE = [
    ("Denpasar", 115.21, -8.65, "50LLR0303743379", "6P3Q9626+22"),
    ("Jakarta", 106.8272, -6.1754, "48MYU0218317059", "6P58RRFG+RV"),
    ("Kathmandu", 85.324, 27.7172, "45RUL3476967000", "7MV7P88F+VJ"),
    ("Suva", 178.4419, -18.1416, "60KXE5253493550", "5VHWVC5R+9Q"),
    ("Taveuni", -179.98, -16.85, "1KAB8242734643", "52M2522C+22"),
    ("Ulaanbaatar", 106.9057, 47.8864, "48TXU4246505432", "8PV8VWP4+H7"),
    ("Tokyo", 139.6917, 35.6895, "54SUE8162250298", "8Q7XMMQR+RM"),
    ("Wellington", 174.7762, -41.2865, "60GUV1378127052", "4VCPPQ7G+CF"),
    ("Bergen", 5.3221, 60.3913, "32VKN9735300648", "9FG798RC+GR"),
    ("Longyearbyen", 15.6356, 78.2232, "33XWG1448183357", "CFCQ6JFP+76"),
    ("Gulf of Guinea", 0.0001, 0.0001, "31NAA6603200011", "6FG22222+22"),
    ("Apia", -171.7514, -13.8333, "2LMK1879570582", "52RC568X+MC"),
    ("Hobart", 147.3272, -42.8821, "55GEN2672052225", "4R99489G+5V"),
    ("Singapore", 103.8198, 1.3521, "48NUG6870049479", "6PH59R29+RW"),
    ("Manila", 120.9842, 14.5995, "51PTS8284814992", "7Q62HXXM+RM"),
    ("Qaanaaq", -69.2, 77.5, "19XDG9516702578", "C79GGR22+22"),
    ("Ushuaia", -68.303, -54.8019, "19FEV4480527029", "37QH5MXW+6R"),
    ("north of Svalbard", 20.3, 83.9, "33XWP6279019819", "CGM2W822+22"),
    ("Antarctica", -60.1, -79.9, "20CNS5675228161", "27GX4W22+22"),
]
PLACES = {"lon": st.floats(-180, 180, exclude_max=True), "lat": st.floats(-79.9, 83.9)}


@pytest.mark.parametrize(("name", "lon", "lat", "reference", "code"), ORACLE)
def test_the_whole_earth_has_the_references_others_give(name, lon, lat, reference, code):
    assert as_mgrs(lon, lat).replace(" ", "") == reference
    assert as_plus_code(lon, lat) == code


@pytest.mark.parametrize(("name", "lon", "lat", "reference", "code"), ORACLE)
def test_a_reference_leads_back_to_its_place(name, lon, lat, reference, code):
    for text, reach_m in ((reference, 1), (code, 14), (code.lower(), 14)):
        (found,) = parse(text)
        assert distance_m((found.lon, found.lat), (lon, lat))[0] < reach_m, text


@given(**PLACES)
def test_a_printed_reference_reads_as_itself(lon, lat):
    (found,) = parse(as_mgrs(lon, lat))
    assert distance_m((found.lon, found.lat), (lon, lat))[0] <= 0.72


@given(**PLACES)
def test_a_printed_utm_position_reads_as_itself(lon, lat):
    near = [distance_m((c.lon, c.lat), (lon, lat))[0] for c in parse(as_utm(lon, lat))]
    assert near
    assert min(near) < 0.72


@given(lon=st.floats(-180, 180, exclude_max=True), lat=st.floats(-90, 90))
def test_a_plus_code_holds_its_place(lon, lat):
    found = pluscode.decode(as_plus_code(lon, lat))
    assert found is not None
    assert abs(found[1] - lat) <= 0.0000626
    assert min(abs(found[0] - lon), 360 - abs(found[0] - lon)) <= 0.0000626


def test_a_reference_is_cut_and_never_rounded():
    assert as_mgrs(115.21, -8.65, digits=5) == "50L LR 03037 43379"
    assert as_mgrs(115.21, -8.65, digits=4) == "50L LR 0303 4337"
    assert as_mgrs(115.21, -8.65, digits=1) == "50L LR 0 4"


def test_the_poles_have_no_square():
    assert as_mgrs(0, 89) == as_utm(0, 89) == as_mgrs(0, -85) == ""


@pytest.mark.parametrize(
    ("short", "lon", "lat", "full_lon", "full_lat"),
    [  # openlocationcode.recoverNearest, then decode
        ("9626+22", 115.3, -8.5, 115.2100625, -8.6499375),
        ("26+22", 115.2, -8.66, 115.2100625, -8.6499375),
        ("9G8F+6X", 8.5, 47.4, 8.5249375, 47.3655625),
        ("22+22", 179.999, 10.0, -179.9999375, 10.0000625),
    ],
)
def test_a_short_code_is_the_nearest_place_it_can_mean(short, lon, lat, full_lon, full_lat):
    assert pluscode.recover(short, lon, lat) == pytest.approx((full_lon, full_lat), abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "61L LR 0303 4337",  # no such zone
        "50I LR 0303 4337",  # no such band
        "50L ZZ 0303 4337",  # no such square in this zone
        "50L LR 030 4337",  # uneven
        "50L LR 030",  # odd
        "50L LR 030374 433790",  # finer than a metre
        "50S LR 0303 4337",  # the square is not in that band
        "Z6262626+22",
        "6P3Q9626+2",  # one digit after the plus
        "XX222222+22",  # north of the pole
        "6P3Q00+22",
    ],
)
def test_what_is_no_reference_is_no_place(text):
    assert parse(text, near=(115.1, -8.8, 115.35, -8.5)) == []


def test_a_padded_code_is_its_large_cell():
    assert pluscode.decode("6P3Q0000+") == pytest.approx((115.5, -8.5))


def test_a_city_on_a_zone_border_tries_both_zones():
    assert {zone for *_, zone, _ in mgrs.from_mgrs("LR0303743379", ("50L", "51L", "49L"))} == {"50L"}
