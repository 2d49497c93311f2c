"""What services say of themselves, and what people paste: read as it is meant, refused when it does harm."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.clock import SystemClock
from gis.errors import UserError
from gis.exchange.online import wms, wmts
from gis.exchange.online.courier import Courier
from gis.exchange.online.document import root_of
from gis.exchange.online.fetching import Fetcher, Patience
from gis.exchange.online.kept import Kept
from gis.exchange.online.service import TileService, around, from_origin, to_origin, world
from gis.exchange.online.typed import look_into, understood
from gis.geo.crs import transform
from gis.progress import Progress
from tests.mapserver import MapServer, Reply, question

UTM_50S = 32750
AT = "https://maps.example.org/wms"

NEW = """<?xml version="1.0" encoding="UTF-8"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>City</Title><MaxWidth>2048</MaxWidth><MaxHeight>400</MaxHeight>
<ContactInformation><ContactPersonPrimary><ContactOrganization>Survey of the city</ContactOrganization>
</ContactPersonPrimary></ContactInformation></Service>
<Capability><Request><GetMap><Format>image/jpeg</Format><Format>image/png</Format>
<DCPType><HTTP><Get><OnlineResource xlink:href="http://internal.lan:8080/wms?"/></Get></HTTP></DCPType></GetMap></Request>
<Layer><Title>All</Title><CRS>EPSG:4326</CRS><CRS>CRS:84</CRS>
<EX_GeographicBoundingBox><westBoundLongitude>116</westBoundLongitude><eastBoundLongitude>117</eastBoundLongitude>
<southBoundLatitude>-9</southBoundLatitude><northBoundLatitude>-8</northBoundLatitude></EX_GeographicBoundingBox>
<Layer opaque="1"><Name>aerial</Name><Title>Aerial  2025</Title><Abstract>Flown in May</Abstract>
<CRS>EPSG:32750</CRS>
<Attribution><Title>&lt;b&gt;Sky&lt;/b&gt; Ltd</Title></Attribution>
<MinScaleDenominator>500</MinScaleDenominator>
<MaxScaleDenominator>50000</MaxScaleDenominator></Layer>
<Layer><Title>Water</Title><Layer><Name>rivers &amp; more</Name><Title>Rivers</Title></Layer>
<Layer><Name>old</Name><CRS>EPSG:999999</CRS></Layer></Layer></Layer></Capability></WMS_Capabilities>"""

OLD = """<?xml version='1.0' encoding="ISO-8859-1" standalone="no" ?>
<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd"
 [
 <!ELEMENT VendorSpecificCapabilities EMPTY>
 ]>  <!-- end of DOCTYPE declaration -->
<WMT_MS_Capabilities version="1.1.1"><Service><Title>Alt</Title></Service><Capability>
<Request><GetMap><Format>image/png</Format></GetMap></Request>
<Layer><Title>All</Title><SRS>EPSG:4326 EPSG:31467</SRS>
<Layer><Name>g</Name><Title>Gel\xe4nde</Title><LatLonBoundingBox minx="7" miny="48" maxx="9" maxy="49"/>
<ScaleHint min="0.5" max="50"/></Layer></Layer></Capability></WMT_MS_Capabilities>""".encode("latin-1")

SQUARES = """<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
 xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
<ows:ServiceProvider><ows:ProviderName>Land office</ows:ProviderName></ows:ServiceProvider>
<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>
<ows:Get xlink:href="https://maps.example.org/wmts?"><ows:Constraint name="GetEncoding">
<ows:AllowedValues><ows:Value>KVP</ows:Value>
</ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>
<Contents>
<Layer><ows:Title>Streets</ows:Title><ows:Identifier>streets</ows:Identifier>
<ows:WGS84BoundingBox><ows:LowerCorner>116 -9</ows:LowerCorner>
<ows:UpperCorner>117 -8</ows:UpperCorner></ows:WGS84BoundingBox>
<Style isDefault="true"><ows:Identifier>plain</ows:Identifier></Style><Format>image/png</Format>
<Dimension><ows:Identifier>Time</ows:Identifier><Default>2025</Default></Dimension>
<TileMatrixSetLink><TileMatrixSet>degrees</TileMatrixSet></TileMatrixSetLink>
<TileMatrixSetLink><TileMatrixSet>world</TileMatrixSet></TileMatrixSetLink>
<ResourceURL format="image/png" resourceType="tile"
 template="https://t.example.org/{Style}/{Time}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png"/></Layer>
<Layer><ows:Title>Parcels</ows:Title><ows:Identifier>parcels</ows:Identifier><Style><ows:Identifier/></Style>
<Format>image/jpeg</Format><TileMatrixSetLink><TileMatrixSet>utm</TileMatrixSet></TileMatrixSetLink></Layer>
<Layer><ows:Title>Degrees</ows:Title><ows:Identifier>d</ows:Identifier><Format>image/png</Format>
<TileMatrixSetLink><TileMatrixSet>degrees</TileMatrixSet></TileMatrixSetLink></Layer>
<Layer><ows:Title>Shapes</ows:Title><ows:Identifier>v</ows:Identifier><Format>application/x-protobuf</Format>
<TileMatrixSetLink><TileMatrixSet>world</TileMatrixSet></TileMatrixSetLink></Layer>
<Layer><ows:Title>Odd</ows:Title><ows:Identifier>o</ows:Identifier><Format>image/png</Format>
<TileMatrixSetLink><TileMatrixSet>broken</TileMatrixSet></TileMatrixSetLink></Layer>
%s</Contents></Capabilities>"""


def matrices(name: str, crs: str, corner: str, *levels: tuple[str, float, int, int]) -> str:
    each = "".join(
        f"<TileMatrix><ows:Identifier>{level}</ows:Identifier><ScaleDenominator>{scale!r}</ScaleDenominator>"
        f"<TopLeftCorner>{corner}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>"
        f"<MatrixWidth>{wide}</MatrixWidth><MatrixHeight>{high}</MatrixHeight></TileMatrix>"
        for level, scale, wide, high in levels
    )
    crs = f"<ows:SupportedCRS>{crs}</ows:SupportedCRS>"
    return f"<TileMatrixSet><ows:Identifier>{name}</ows:Identifier>{crs}{each}</TileMatrixSet>"


def squares() -> bytes:
    sets = (
        matrices(
            "degrees", "urn:ogc:def:crs:EPSG::4326", "90.0 -180.0", ("d0", 279541132.0143589, 2, 1),
            ("d1", 139770566.00717944, 4, 2),
        ),
        matrices(
            "world", "urn:ogc:def:crs:EPSG::3857", "-20037508.3427892 20037508.3427892",
            *((f"w:{z}", 559082264.0287178 / 2**z, 2**z, 2**z) for z in reversed(range(4))),
        ),
        matrices("utm", "EPSG:32750", "100000.0 10000000.0", ("0", 1e6, 10, 10), ("1", 1e5, 100, 100)),
        matrices("broken", "EPSG:3857", "nowhere", ("0", 1e6, 10, 10)),
    )  # fmt: skip
    return (SQUARES % "".join(sets)).encode()


def by_title(offers) -> dict:
    return {offer.title: offer for offer in offers}


def test_a_wms_says_its_layers_with_what_they_inherit():
    found = by_title(wms.offers(root_of(NEW.encode()), AT + "?key=K", UTM_50S))
    assert list(found) == ["Aerial 2025", "Water: Rivers", "Water: old"]
    aerial = found["Aerial 2025"]
    assert (aerial.about, aerial.min_scale, aerial.max_scale) == ("Flown in May", 500.0, 50_000.0)
    assert (aerial.service.crs, aerial.service.credit) == (UTM_50S, "Sky Ltd")
    assert aerial.service.extent == (116.0, -9.0, 117.0, -8.0)
    asked = question(aerial.service.address(3, 2, 1))
    assert (asked["CRS"], asked["FORMAT"], asked["LAYERS"], asked["KEY"]) == (
        "EPSG:32750", "image/jpeg", "aerial", "K",
    )  # fmt: skip
    assert aerial.service.template.startswith(AT + "?")  # not the name that only its own house knows
    rivers = found["Water: Rivers"].service
    assert question(rivers.address(0, 0, 0))["LAYERS"] == "rivers & more"
    assert rivers.credit == "Survey of the city"
    assert rivers.levels[0].wide == 400  # as large as the service draws


def test_wms_130_says_north_first_where_the_system_does_and_111_never():
    rivers = by_title(wms.offers(root_of(NEW.encode()), AT, UTM_50S))["Water: Rivers"].service
    asked = question(rivers.address(1, 1, 0))
    assert (asked["CRS"], asked["BBOX"]) == ("EPSG:4326", "0.0,0.0,180.0,180.0")
    low = question(rivers.address(1, 1, 1))["BBOX"]
    assert low == "-180.0,0.0,0.0,180.0"  # south, west, north, east
    ground = by_title(wms.offers(root_of(OLD), AT, 4326))["Gelände"]
    assert question(ground.service.address(1, 1, 1))["BBOX"] == "0.0,-180.0,180.0,0.0"
    assert question(ground.service.address(1, 1, 1))["SRS"] == "EPSG:4326"
    assert ground.service.extent == (7.0, 48.0, 9.0, 49.0)
    assert ground.max_scale == pytest.approx(126_269, rel=1e-4)  # 50 m along the diagonal of a pixel


def test_a_plane_that_says_north_first_is_asked_so():
    gauss = by_title(wms.offers(root_of(OLD.replace(b"1.1.1", b"1.3.0").replace(b"SRS", b"CRS")), AT, 31467))
    assert gauss["Gelände"].service.crs == 31467
    west, south, east, north = gauss["Gelände"].service.levels[4].box(9, 5)
    said = [float(each) for each in question(gauss["Gelände"].service.address(4, 9, 5))["BBOX"].split(",")]
    assert said == [south, west, north, east]


def test_a_wmts_gives_the_levels_of_its_planes():
    found = by_title(wmts.offers(root_of(squares()), "https://maps.example.org/wmts", UTM_50S))
    streets = found["Streets"].service
    assert (streets.crs, streets.credit, [m.name for m in streets.levels]) == (
        3857, "Land office", ["w:0", "w:1", "w:2", "w:3"],
    )  # fmt: skip
    assert streets.levels[3].unit == pytest.approx(world(3, 3)[0].unit, rel=1e-9)
    assert streets.address(2, 1, 3) == "https://t.example.org/plain/2025/world/w:2/3/1.png"
    parcels = found["Parcels"].service
    assert (parcels.crs, parcels.levels[0].west, parcels.levels[0].north) == (UTM_50S, 1e5, 1e7)
    assert parcels.levels[0].unit == pytest.approx(280.0)
    asked = question(parcels.address(1, 7, 5))
    assert (asked["TILEMATRIX"], asked["TILECOL"], asked["TILEROW"]) == ("1", "7", "5")
    assert (asked["LAYER"], asked["TILEMATRIXSET"]) == ("parcels", "utm")
    assert found["Shapes"].service is None
    assert "neither as PNG" in found["Shapes"].problem
    assert found["Odd"].service is None


def test_the_corner_of_a_wmts_in_degrees_says_north_first_or_as_the_service_got_it_wrong():
    right = by_title(wmts.offers(root_of(squares()), AT, UTM_50S))["Degrees"].service.levels[0]
    assert (right.west, right.north) == (-180.0, 90.0)
    assert right.box(1, 0) == pytest.approx((0.0, -90.0, 180.0, 90.0), abs=1e-6)
    other = squares().replace(b"90.0 -180.0", b"-180.0 90.0")
    wrong = by_title(wmts.offers(root_of(other), AT, UTM_50S))["Degrees"].service.levels[0]
    assert (wrong.west, wrong.north) == (-180.0, 90.0)


@pytest.mark.parametrize(
    "harm",
    [
        b'<!DOCTYPE a [<!ENTITY x "boom">]><WMS_Capabilities>&x;</WMS_Capabilities>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd">%x;]><WMS_Capabilities/>',
        b'<!DOCTYPE a SYSTEM "x" [<!ELEMENT a ANY><!ATTLIST a b CDATA "c">]><a/>',
        b"<a>" * 100 + b"</a>" * 100,
        b"<a>" + b"<b/>" * 500_000 + b"</a>",
        b"not xml at all",
        b"",
        b" " * ((16 << 20) + 1),
        b'<?xml version="1.0" encoding="klingon"?><a/>',
    ],
)
def test_what_does_harm_is_refused_in_words(harm):
    with pytest.raises(UserError) as refused:
        root_of(harm)
    assert str(refused.value)


@given(st.binary(max_size=200), st.integers(0, 3000), st.sampled_from([NEW.encode(), OLD, squares()]))
def test_capabilities_with_anything_written_into_them_are_offers_or_words(harm, at, whole):
    torn = whole[:at] + harm + whole[at + len(harm) :]
    try:
        root = root_of(torn)
    except UserError:
        return
    for offer in (*wms.offers(root, AT, UTM_50S), *wmts.offers(root, AT, UTM_50S)):
        assert (offer.service is None) == bool(offer.problem)


# -- what people paste


@pytest.mark.parametrize(
    ("pasted", "template"),
    [
        ("https://t.org/{z}/{x}/{y}.png", "https://t.org/{z}/{x}/{y}.png"),
        ("  'https://t.org/${z}/${x}/${y}.png' ", "https://t.org/{z}/{x}/{y}.png"),
        ("t.org/{z}/{x}/{-y}.png", "https://t.org/{z}/{x}/{-y}.png"),
        ("https://{s}.t.org/{zoom}/{x}/{y}{r}.png", "https://{s}.t.org/{z}/{x}/{y}.png"),
        ("https://{switch:m,n}.t.org/{z}/{x}/{y}", "https://m.t.org/{z}/{x}/{y}"),
        ("https://t.org/%7Bz%7D/%7Bx%7D/%7By%7D.png", "https://t.org/{z}/{x}/{y}.png"),
        ("https://t.org/tile/{TileMatrix}/{TileRow}/{TileCol}", "https://t.org/tile/{z}/{y}/{x}"),
        ("https://t.org/tiles/{q}.jpeg?g=1", "https://t.org/tiles/{q}.jpeg?g=1"),
        ("https://t.org/osm/14/13413/8512.png?k=1", "https://t.org/osm/{z}/{x}/{y}.png?k=1"),
    ],
)
def test_addresses_of_tiles_are_understood_as_they_are_published(pasted, template):
    assert understood(pasted).template == template


@pytest.mark.parametrize(
    ("pasted", "asked"),
    [
        ("https://m.org/wms", ["SERVICE=WMS", "SERVICE=WMTS"]),
        ("https://m.org/ows?service=WMS&request=GetMap&layers=x&map=/a.map", ["SERVICE=WMS"]),
        ("https://m.org/wmts/1.0.0/WMTSCapabilities.xml", ["WMTSCapabilities.xml"]),
        ("https://m.org/gwc/service/wmts", ["SERVICE=WMTS", "SERVICE=WMS"]),
        ("https://m.org/x?SERVICE=WMTS&REQUEST=GetTile&layer=l&key=K", ["SERVICE=WMTS"]),
    ],
)
def test_addresses_of_services_are_asked_what_they_have(pasted, asked):
    questions = understood(pasted).questions
    assert len(questions) == len(asked)
    for said, wanted in zip(questions, asked, strict=True):
        assert wanted in said
        assert said.count("SERVICE=") + said.count("service=") <= 1
        assert ("map=/a.map" in said, "key=K" in said) == ("map=/a.map" in pasted, "key=K" in pasted)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("file:///etc/passwd", "http"),
        ("https://user:secret@t.org/{z}/{x}/{y}.png", "password"),
        ("https://t.org/{z}/{x}.png", "level, column and row"),
        ("https://t.org/{z}/{x}/{y}.png?key={apikey}", "apikey"),
        ("https://{z}.org/{z}/{x}/{y}", "braces"),
        ("", "http"),
        ("hello", "http"),
        ("https://t.org/" + "x" * 5_000, "too long"),
    ],
)
def test_what_is_no_address_is_refused_and_no_secret_is_repeated(pasted, words):
    with pytest.raises(UserError, match=words) as refused:
        understood(pasted)
    assert "secret" not in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text):
    try:
        typed = understood(text)
    except UserError:
        return
    assert typed.template or typed.questions


def test_rows_from_the_south_subdomains_and_quadkeys_are_put_where_they_belong():
    tms = TileService("xyz", "https://{s}.t.org/{z}/{x}/{-y}.png", world())
    assert tms.address(3, 1, 2) == "https://a.t.org/3/1/5.png"
    assert tms.host == "t.org"
    keys = TileService("xyz", "https://t.org/{q}", world())
    assert keys.address(3, 3, 5) == "https://t.org/213"


@pytest.mark.parametrize("crs", [3857, UTM_50S, 4326])
def test_what_is_written_down_of_a_service_is_read_back(crs):
    said = TileService(
        "wms", "https://t.org/a?BBOX={west},{south},{east},{north}", around(crs), crs, "©", (1, 2, 3, 4)
    )
    assert from_origin(to_origin(said)) == said
    assert from_origin(to_origin(said)).key == said.key


@given(
    st.dictionaries(
        st.sampled_from(["kind", "url", "crs", "levels", "extent", "credit"]), st.text(max_size=30)
    )
)
def test_anything_else_in_its_place_is_refused(origin):
    with pytest.raises(UserError):
        from_origin(origin)


@pytest.mark.parametrize(
    "levels",
    [
        "[]",
        "[[1]]",
        '[["a",0,0,0,1,1,256,256]]',
        '[["a",1,0,0,1,1,1,1]]',
        '[["a",NaN,0,0,1,1,256,256]]',
        "[" * 9_999,
    ],
)
def test_levels_that_cannot_be_are_refused(levels):
    good = to_origin(TileService("xyz", "https://t.org/{z}/{x}/{y}", world()))
    with pytest.raises(UserError):
        from_origin(good | {"levels": levels})


def test_a_service_reaches_as_far_on_its_plane_as_it_says_in_degrees():
    city = TileService(
        "wms", "https://t.org/{z}/{x}/{y}", around(UTM_50S), UTM_50S, "", (116.6, -8.3, 116.8, -8.1)
    )
    west, south, east, north = city.reach
    inside = transform([(116.7, -8.2)], 4326, UTM_50S)[0]
    assert west < inside[0] < east
    assert south < inside[1] < north
    assert east - west == pytest.approx(22_000, rel=0.05)
    assert all(map(math.isfinite, city.reach))


# -- the whole way, from a server


@pytest.fixture
def courier(tmp_path):
    made = Courier(Fetcher(Patience(1.0, 1.0, 2.0)), Kept(tmp_path, 1 << 20), SystemClock())
    yield made
    made.close()


def test_a_service_is_found_behind_its_address(courier):
    server = MapServer(lambda path: Reply(NEW.encode() if "SERVICE=WMS&" in path else b"", "text/xml"))
    offers = look_into(server.address + "/ows", courier, UTM_50S, Progress())
    assert len(offers) == 3
    assert offers[0].service.host == "127.0.0.1"
    server.die()


def test_a_server_that_is_none_of_maps_is_told(courier):
    server = MapServer(lambda _path: Reply(b"<html><body>Hello</body></html>", "text/html"))
    with pytest.raises(UserError, match="not as a service of maps"):
        look_into(server.address + "/ows?key=SECRET", courier, UTM_50S, Progress())
    server.answer = lambda _path: Reply(b"", status=404)
    with pytest.raises(UserError, match=r"error \(404\)"):
        look_into(server.address + "/ows?key=SECRET", courier, UTM_50S, Progress())
    server.die()
