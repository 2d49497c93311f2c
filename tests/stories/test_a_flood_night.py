"""A flood night in the sample city, from the first rise of the river to the report on another city's desk."""

import json
import re
from datetime import datetime, time, timedelta

import pyogrio
import pytest
from lxml import etree
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.panels.strip import ExerciseBand
from desktop.session import Play
from gis.clock import ManualClock, ScenarioClock
from gis.exchange import cap_reading
from gis.model.incident import Incident, Severity, Status
from gis.model.sensor import Alarm, AlarmRule, AlarmState, Quantity, Sensor
from gis.ops import incidents
from gis.store.questions import standing_alarms
from gis.training.night import open_night
from tests.build import SIX
from tests.gis.exchange.schemas import schema_at
from tests.gis.exchange.test_gpkg import pass_the_checker
from tests.stories.conftest import Sitting
from tests.stories.papers import words_of

EVENING = time(22)
TEN = timedelta(minutes=10)
ON_THE_ROOF = "four people on a roof, water still rising"
AMENDED = "all four taken off the roof by boat 2"
ASSESSMENT = "The wave reaches the old bridge before midnight."


class Night:
    """The exercise at a desk, its clock in the hand of the test."""

    def __init__(self, city, sit_down, folder) -> None:
        self.beat = ManualClock(SIX)
        clock = ScenarioClock(city.start, beat=self.beat)
        self.player = open_night(city.folder, folder, author="A. Putri", at=EVENING, clock=clock)
        self.store = self.player.store
        self.sitting: Sitting = sit_down(self.store)
        self.play = Play(self.sitting.desk, self.player)

    def goes_on(self, span: timedelta) -> None:
        before = self.newest_reading()
        self.beat.advance(span)
        self.sitting.wait(lambda: self.newest_reading() > before)

    def newest_reading(self) -> datetime:
        with self.store.reading() as query:
            return max(reading.at for reading in query.latest().values())

    def rings(self, quantity: Quantity):
        """The alarms of one quantity that nobody has put a name to."""
        with self.store.reading() as query:
            standing = standing_alarms(query)
        return [r for r in standing if r.sensor.quantity is quantity and r.alarm.state is AlarmState.UNACK]

    def level(self, sensor: Sensor) -> float:
        with self.store.reading() as query:
            return query.latest()[sensor.id].value

    def incident(self, words: str) -> Incident:
        (found,) = [i for i in self.sitting.find(Incident) if i.text == words]
        return found


@pytest.fixture
def night(sample_city, sit_down, tmp_path):
    return Night(sample_city, sit_down, tmp_path / "night.kentongan")


def test_from_the_first_alarm_to_the_report(night, sample_city, realdata):
    ringing = the_river_rises_until_it_rings(night)
    it_is_acknowledged_by_name(night, ringing)
    number = a_call_is_logged_amended_and_another_closed(night, sample_city)
    it_is_plain_that_this_is_an_exercise(night)
    report = night.sitting.publish(ASSESSMENT)
    every_file_of_the_report_is_there(night, report)
    the_paper_tells_it_all(night, report, number)
    the_page_needs_no_network(report)
    pass_the_checker(report["gpkg"])
    other_desks_read_the_alerts(night, report, realdata)


def the_river_rises_until_it_rings(night):
    """Ten minutes by ten minutes; before it rings, the gauge stands under its limit."""
    assert night.rings(Quantity.LEVEL) == []
    before = {sensor.id: night.level(sensor) for sensor in night.sitting.find(Sensor)}
    while not night.rings(Quantity.LEVEL):
        assert night.player.clock.now() < night.player.scenario.ends_at, "the river never rose"
        night.goes_on(TEN)
    ringing = night.rings(Quantity.LEVEL)[0]
    assert before[ringing.sensor.id] < ringing.rule.raise_at <= ringing.alarm.peak
    lines = night.sitting.panels.alarms.table.records
    night.sitting.wait(lambda: ringing.alarm.id in [line.alarm.id for line in lines.records])
    return ringing


def it_is_acknowledged_by_name(night, ringing):
    night.sitting.panels.alarms.show_alarm(ringing.alarm.id)
    night.sitting.press("F8")
    night.sitting.wait(lambda: ringing not in night.rings(Quantity.LEVEL))
    (alarm,) = night.sitting.find(Alarm, id=ringing.alarm.id)
    assert (alarm.state, alarm.acknowledged_by) == (AlarmState.ACKED, "A. Putri")
    assert night.sitting.find(AlarmRule, id=alarm.rule_id) == [ringing.rule]


def a_call_is_logged_amended_and_another_closed(night, city) -> str:
    """By log line, by form, by the verb of the table's menu; returns the number of what was logged."""
    sitting = night.sitting
    name, place = a_market(city)
    sitting.wait(lambda: sitting.desk.ground.where.look_up(name) != [])
    sitting.window.setFocus()
    sitting.type(f"fl1 @{name},, {ON_THE_ROOF}")
    sitting.press("Return")
    sitting.wait(lambda: any(ON_THE_ROOF in line for line in sitting.incidents_shown()))
    logged = night.incident(ON_THE_ROOF)
    assert (logged.code, logged.severity, logged.where) == ("fl", Severity.EXTREME, name)
    assert logged.place.distance(place) < 1e-6
    assert logged.reported_at == night.player.clock.now()

    table = sitting.panels.incidents.table
    table.pick(logged.id)
    QTest.keyClick(table, Qt.Key.Key_Return)
    form = sitting.panels.form
    sitting.wait(form.isVisible)
    form.text.setPlainText(AMENDED)
    form.text.setFocus()
    sitting.press("Ctrl+Return")
    sitting.wait(lambda: any(AMENDED in line for line in sitting.incidents_shown()))
    assert night.incident(AMENDED).id == logged.id

    other = next(i for i in sitting.find(Incident, closed_at=None) if i.id != logged.id)
    with night.store.writing("Close incident") as tx:
        incidents.close(tx, other.id)
    sitting.wait(lambda: table.records.row_of(other.id) < 0)
    return logged.number


def a_market(city):
    """A place of the gazetteer that no other shares its name with, and where it is in WGS84."""
    places = pyogrio.read_dataframe(city.geopackage, layer="gazetteer").to_crs(4326)
    alone = places[~places["name"].duplicated(keep=False) & (places["kind"] == "market")]
    first = alone.iloc[0]
    return first["name"], first.geometry


def it_is_plain_that_this_is_an_exercise(night):
    window = night.sitting.window
    assert "EXERCISE" in window.windowTitle()
    assert [band.isVisible() for band in window.findChildren(ExerciseBand)] == [True]


def every_file_of_the_report_is_there(night, report):
    worst = {Severity.EXTREME, Severity.SEVERE}
    alarming = [i for i in night.sitting.find(Incident, closed_at=None) if i.severity in worst and i.place]
    forms = {"pdf", "html", "gpkg", "geojson", "csv", "json"}
    alerts = {f"sitrep-001-{i.number}.cap.xml" for i in alarming}
    assert alerts
    assert set(report) == forms | alerts
    folder = report["pdf"].parent
    assert folder.name.startswith("EXERCISE Sitrep 001")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert {each["name"] for each in manifest["files"]} == {p.name for p in folder.iterdir()} - {
        "manifest.json"
    }
    assert manifest["not_made"] == []


def the_paper_tells_it_all(night, report, number):
    paper = unspaced(words_of(report["pdf"]))
    page = unspaced(etree.HTML(report["html"].read_bytes()).xpath("string(//body)"))
    said = [i.text for i in night.sitting.find(Incident, closed_at=None)]
    assert AMENDED in said
    for words in (number, ASSESSMENT, "EXERCISE", "A. Putri", night.store.operation.city, *said):
        assert unspaced(words) in paper, words
        assert unspaced(words) in page, words


def unspaced(text: str) -> str:
    """Without what a line break may have changed."""
    return re.sub(r"[\s\u00ad\u200b-]+", "", text)


def the_page_needs_no_network(report):
    page = report["html"].read_text("utf-8")
    assert re.findall(r"https?://", page) == []


def other_desks_read_the_alerts(night, report, realdata):
    schema = schema_at(realdata / "cap/ibm-cap/CAP-v1.2.xsd")
    alerts = [path for name, path in report.items() if ".cap" in name]
    for path in alerts:
        schema.assertValid(etree.parse(str(path)))
        (alert,) = cap_reading.read(path.read_bytes()).alerts
        assert alert.status == "Exercise"
        assert all(notice.headline.startswith("EXERCISE") for notice in alert.notices)
    closed = [i for i in night.sitting.find(Incident) if i.status is Status.CLOSED]
    assert closed
    assert not any(i.number in path.name for i in closed for path in alerts)
