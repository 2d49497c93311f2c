"""The page: whole, offline, and deaf to whatever people typed into it."""

import http.server
import os
import re
import subprocess
import threading
from base64 import b64encode
from dataclasses import fields, replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from lxml import html as lxml_html
from shapely import Point

from gis.geo.features import Shape
from gis.model.incident import Incident, Severity
from gis.report import html, selfcontained
from gis.report.content import (
    Claim,
    ConflictLine,
    FieldChange,
    Gap,
    IncidentLine,
    MapClass,
    MapLayer,
    Mark,
    Meaning,
    NoteLine,
)
from tests import needs
from tests.gis.report.night import AS_OF, LAT, LON, a_report, an_incident, city_layers, features, instruments


def evil(address="http://evil.example") -> str:
    run = "document.title='pwned'"
    return (
        f'"\'><img src={address}/a.png onerror="{run}"></script></style></title>'
        f"<script src={address}/b.js></script><script>{run}</script>"
        f"<!--<link rel=stylesheet href={address}/c.css> `${{{run}}}` "
        "\\u0022 \u2028 \u202e javascript:alert(1)"
        " {{ 7*7 }} {{ cycler.__init__.__globals__.os.getpid() }} {% raw %} {# comment"
    )


def hostile_report(text: str):
    sensors, alarms = instruments()
    incident = an_incident(1, Severity.EXTREME)
    words = {f.name: text for f in fields(Incident) if f.type in (str, "str") and f.name != "id"}
    incident = replace(incident, **words)
    line = IncidentLine(
        incident, Meaning(text, text), Mark.CHANGED, incident, (FieldChange(text, text, text),)
    )
    sensor = replace(sensors[2].sensor, name=text, key=text, unit=text)
    rule = replace(alarms[0].rule, level=text)
    alarm = replace(alarms[0].alarm, note=text, acknowledged_by=text, acknowledged_at=AS_OF)
    return a_report(
        city=text,
        author=text,
        timezone=text,
        assessment=text,
        incidents=(line, replace(line, incident=replace(incident, id="b", place=None))),
        sensors=(replace(sensors[2], sensor=sensor, limit=rule),),
        alarms=(replace(alarms[0], sensor=sensor, rule=rule, alarm=alarm),),
        conflicts=(ConflictLine(text, text, (Claim(text, text, AS_OF),)),),
        notes=(NoteLine(AS_OF, text, text, text),),
        gaps=(Gap(text, (text, text)),),
    )


def hostile_layers(text: str):
    shelters = features(Shape.POINT, [Point(LON, LAT)], **{text: [text]})
    painted = features(Shape.POINT, [Point(LON, LAT)])
    return (
        MapLayer(text, (MapClass(text, shelters, "#00aa00"),), names=text),
        MapLayer(text, (MapClass(text, painted, "#00aa00"),)),
    )


class Seen(HTMLParser):
    """Every tag, and all text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        if self.tags[-1:] not in (["script"], ["style"]):
            self.text.append(data)


def test_the_page_asks_for_nothing():
    page = html.write(a_report(), city_layers()).decode()
    assert selfcontained.references_of(page) == []
    assert not re.search(r"https?://", page)
    assert "default-src &#39;none&#39;" in page
    assert page.lstrip().startswith("<!DOCTYPE html>")


def test_the_same_report_is_the_same_file():
    assert html.write(a_report(), city_layers()) == html.write(a_report(), city_layers())


def test_the_lists_are_complete_with_no_script():
    content = a_report()
    root = lxml_html.document_fromstring(html.write(content, city_layers()))
    for script in root.iter("script"):
        script.text = ""
    text = " ".join(root.text_content().split())
    for line in content.incidents:
        assert line.incident.number in text
        assert line.incident.where in text
    for line in content.sensors:
        assert line.sensor.name in text
    for gap in content.gaps:
        assert gap.sentence in text
    assert content.digest in text
    assert "EXERCISE" in text


def test_hostile_words_in_every_field_stay_words():
    text = evil()
    plain, attacked = (
        Seen(html.write(hostile_report(t), hostile_layers(t)).decode()) for t in ("word", text)
    )
    assert attacked.tags == plain.tags
    shown = "".join(attacked.text)
    assert shown.count("onerror") == shown.count("{{ 7*7 }} {{ cycler.__init__") >= 20


@pytest.mark.parametrize(
    "piece",
    [
        '<img src="http://a.example/x.png">',
        '<img src="//a.example/x.png">',
        '<img src="x.png">',
        '<script src="data:text/javascript,1"></script>',
        '<link rel="stylesheet" href="data:,">',
        '<a href="javascript:1">x</a>',
        '<p onclick="x()">x</p>',
        '<p style="background:url(http://a.example)">x</p>',
        "<style>@import 'x'</style>",
        "<style>a{background:url( 'http://a.example')}</style>",
        "<script>fetch('https://a.example')</script>",
        '<iframe srcdoc="x"></iframe>',
        '<meta http-equiv="refresh" content="0;url=http://a.example">',
        "<!-- see http://a.example -->",
        '<svg><image xlink:href="x.svg"/></svg>',
    ],
)
def test_a_page_that_points_outside_itself_never_leaves(piece):
    with pytest.raises(ValueError, match="points outside"):
        selfcontained.prove(f"<!DOCTYPE html><html><body>{piece}</body></html>")


def test_words_that_look_like_addresses_may_stand_in_a_page():
    selfcontained.prove(
        '<p title="http://a.example">see http://a.example/x.png</p><img src="data:image/png;base64,">'
    )


def test_a_report_without_any_place_has_no_map_and_no_script():
    page = html.write(a_report(incidents=(), sensors=(), alarms=()), ()).decode()
    assert "<script" not in page
    assert "no map" in page


class Trap(http.server.BaseHTTPRequestHandler):
    """Counts whoever comes."""

    def do_GET(self):
        self.server.caught.append(self.path)
        self.send_error(404)

    def log_message(self, *_args):
        """Nobody needs to read about it."""


@pytest.fixture
def trap():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    server.caught = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def opened(page: str, folder) -> str:
    """The page as a browser has it after its scripts ran and every incident was touched."""
    touch = (
        "window.addEventListener('load', function () {"
        " document.querySelectorAll('a[data-incident]').forEach(function (link) { link.click();"
        "  var box = Array.from(document.querySelectorAll('.leaflet-popup-content')).pop();"
        "  if (box) { document.body.appendChild(box.cloneNode(true)).className = 'touched'; } }); });"
    )
    allowed = f"'sha256-{b64encode(sha256(touch.encode()).digest()).decode()}'"
    page = page.replace("script-src ", f"script-src {allowed} ", 1)
    page = page.replace("</body>", f"<script>{touch}</script></body>")
    browser = needs.program("chromium", "chromium-browser", "google-chrome")
    file = folder / "page.html"
    file.write_text(page, "utf-8")
    flags = [
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
        *("--disable-background-networking", "--virtual-time-budget=3000", "--window-size=1200,900"),
    ]
    run = subprocess.run(
        [browser, *flags, f"--user-data-dir={folder / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
        env=os.environ | {"HOME": str(folder), "LANG": "C.UTF-8"},
    )
    return run.stdout.decode("utf-8")


def test_a_real_browser_shows_the_map_and_runs_nothing_hostile(tmp_path, trap):
    text = evil(f"http://127.0.0.1:{trap.server_port}")
    page = html.write(hostile_report(text), hostile_layers(text)).decode()
    dom = opened(page, tmp_path)
    assert trap.caught == []
    root = lxml_html.document_fromstring(dom)
    assert "situation report 3" in root.findtext(".//title")
    assert "pwned" not in root.findtext(".//title").split("document.title")[0]
    touched = root.find_class("touched")
    assert len(touched) == 1
    assert "onerror" in touched[0].text_content()
    assert "{{ 7*7 }}" in touched[0].text_content()
    assert not list(touched[0].iter("img", "script"))
    assert {image.get("src")[:10] for image in root.iter("img")} == {"data:image"}


def test_a_real_browser_places_every_incident_and_finds_it_from_the_list(tmp_path):
    content = a_report()
    root = lxml_html.document_fromstring(opened(html.write(content, city_layers()).decode(), tmp_path))
    placed = [line for line in content.open_incidents if line.incident.place is not None]
    assert len(root.find_class("chip")) == len(placed)
    assert len(root.find_class("touched")) == len(placed)
    for line, box in zip(placed, root.find_class("touched"), strict=True):
        assert line.incident.number in box.text_content()
        assert line.incident.text in box.text_content()
    assert len(root.find_class("place-name")) >= 10
