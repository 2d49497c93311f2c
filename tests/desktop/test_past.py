"""The window at an earlier instant: what it shows, what it refuses, and the way back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from desktop.theme import DAY, NIGHT
from desktop.widgets.timeslider import TimeSlider
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.ops import incidents, readings
from tests.build import SIX, a_gauge, a_rule


def at(minutes):
    return SIX + timedelta(minutes=minutes)


class Traveller:
    """Somebody at the desk who looks at earlier times. One incident came in at 06:01, 06:02, 06:03 UTC."""

    def __init__(self, sitting) -> None:
        self.sitting, self.desk = sitting, sitting.desk
        self.outlook = sitting.desk.ground.model.outlook
        self.time = sitting.window.regions.time
        self.banner = sitting.window.regions.past
        self.clock = sitting.desk.store.clock
        self.wait(lambda: self.time.slider.until == self.clock.now())

    def wait(self, holds=lambda: True):
        self.sitting.wait(lambda: not self.outlook.busy and holds())

    def go(self, minutes):
        self.outlook.go(at(minutes))
        self.wait()

    def numbers(self):
        return sorted(each.number for each in self.sitting.panels.incidents.table.records.records)

    def on_the_map(self):
        canvas = self.sitting.panels.map.canvas
        self.wait(lambda: not canvas.composer.busy and "incidents" in canvas.renderer.badges)
        return len(canvas.renderer.badges["incidents"].xy)


@pytest.fixture
def traveller(sitting):
    return Traveller(sitting)


def test_the_table_and_the_map_show_the_instant_under_the_slider(traveller):
    before = traveller.on_the_map()
    traveller.time.slider.setFocus()
    traveller.sitting.press("Left", "Left")
    traveller.wait(lambda: traveller.numbers() == ["I-0001"])
    assert traveller.outlook.at == at(1)
    assert traveller.on_the_map() == before - 1  # the third has no place
    assert "14:01" in traveller.banner.words.text()


def test_keys_move_by_minutes_hours_entries_and_back_to_now(traveller):
    traveller.clock.advance(timedelta(hours=3))
    traveller.time.span.activated.emit(1)
    traveller.wait(lambda: traveller.time.slider.until == traveller.clock.now())
    traveller.time.slider.setFocus()
    press = traveller.sitting.press
    for key, minutes in (("Shift+Left", 173), ("PgUp", 113), ("PgDown", 173), ("Right", 174), ("Home", 0)):
        press(key)
        assert traveller.outlook.at == at(minutes), key
    traveller.go(10)
    for minutes in (3, 2, 1):
        press("Ctrl+Left")
        traveller.wait(lambda minutes=minutes: traveller.outlook.at == at(minutes))
    press("Ctrl+Right")
    traveller.wait(lambda: traveller.outlook.at == at(2))
    press("End")
    assert traveller.outlook.live


def test_the_mouse_draws_the_time_along(traveller):
    slider = traveller.time.slider
    middle = QPoint(slider.width() // 2, 8)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(slider, middle - QPoint(20, 0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle)
    half = slider.since + (slider.until - slider.since) / 2
    assert abs((traveller.outlook.at - half).total_seconds()) < 3
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 1, 8))
    assert traveller.outlook.live


def test_a_typed_time_is_the_last_one_that_was(traveller):
    traveller.sitting.press("Ctrl+T", "type:14:01", "Return")
    assert traveller.outlook.at == at(1)
    traveller.sitting.press("Ctrl+T", "type:25:99", "Return")
    assert traveller.outlook.at == at(1)
    assert any(
        "25:99" in label.text() for label in traveller.sitting.window.regions.status.findChildren(QLabel)
    )


def test_escape_and_the_button_lead_back_and_every_region_is_live_again(traveller):
    live = traveller.numbers()
    for leave in (
        lambda: traveller.sitting.press("Escape"),
        traveller.banner.back.click,
        traveller.time.live.click,
    ):
        traveller.go(1)
        assert traveller.banner.isVisible()
        assert not traveller.sitting.panels.incidents.words.isEnabled()
        traveller.sitting.panels.incidents.table.setFocus()
        leave()
        assert traveller.outlook.live
        assert not traveller.banner.isVisible()
        assert traveller.numbers() == live
        assert traveller.sitting.panels.incidents.words.isEnabled()


def test_nothing_is_signed_or_changed_in_the_past_and_the_way_back_is_offered(traveller):
    traveller.go(2)
    upto = newest(traveller)
    notices = traveller.desk.ground.notices
    press = traveller.sitting.press
    traveller.sitting.panels.alarms.table.setFocus()
    assert not traveller.sitting.panels.alarms.button.isEnabled()
    for keys in ("F8", "Ctrl+Z", "Ctrl+I", "F9"):
        press(keys)
        assert notices.answer.isVisible(), keys
        notices.close_button.click()
    menu_close = traveller.sitting.panels.incidents._do("Close", lambda tx: 1 / 0)
    menu_close()
    traveller.sitting.qtbot.wait(50)
    assert newest(traveller) == upto
    assert not traveller.outlook.live
    notices.answer.click()
    assert traveller.outlook.live
    assert not notices.isVisible()


def newest(traveller):
    with traveller.desk.store.reading() as query:
        return query.upto()


def test_amending_from_the_past_begins_with_what_stands_now(traveller):
    store = traveller.desk.store
    first = traveller.sitting.incidents()[0]
    traveller.clock.advance(timedelta(minutes=1))
    with store.writing("Amend") as tx:
        incidents.amend(tx, first.id, text="chest deep")
    traveller.go(1)
    traveller.desk.work.open_incident(first.id)
    traveller.wait(lambda: "knee deep" in traveller.sitting.panels.detail.text.toPlainText())
    (then,) = traveller.sitting.panels.incidents.table.records.records
    traveller.desk.work.amend(then)
    traveller.desk.ground.notices.answer.click()
    assert traveller.outlook.live
    assert traveller.sitting.panels.form.text.toPlainText() == "chest deep"


def test_a_filled_form_stays_filled_when_it_is_saved_from_the_past(traveller):
    traveller.sitting.press("Ctrl+I")
    form = traveller.sitting.panels.form
    form.text.setPlainText("a long story")
    form.code.setEditText("fl")
    traveller.go(1)
    form.submit()
    assert traveller.desk.ground.notices.answer.isVisible()
    assert form.text.toPlainText() == "a long story"
    traveller.desk.ground.notices.answer.click()
    form.submit()
    traveller.sitting.wait(lambda: len(traveller.sitting.incidents()) == 4)


def test_who_types_is_back_at_now_and_no_letter_is_lost(traveller):
    traveller.go(1)
    traveller.sitting.panels.incidents.table.setFocus()
    traveller.sitting.press("type:fl2 @@ at the school")
    assert traveller.outlook.live
    assert traveller.sitting.line.edit.text() == "fl2 @@ at the school"
    traveller.sitting.press("Return")
    traveller.sitting.wait(lambda: len(traveller.sitting.incidents()) == 4)


def test_an_alarm_rings_in_the_past_too_and_leaves_the_keyboard_and_the_picture(traveller):
    store = traveller.desk.store
    traveller.go(2)
    shown = [line.alarm.id for line in traveller.sitting.panels.alarms.table.records.records]
    traveller.time.slider.setFocus()
    strip = traveller.sitting.window.regions.strip
    with store.writing("Set up") as tx:
        gauge = tx.put(a_gauge(id="g9", key="KALI-9", name="Kali 9"))
        tx.put(a_rule(gauge, severity=Severity.EXTREME))
    traveller.clock.advance(timedelta(minutes=30))
    with store.writing("Readings") as tx:
        readings.ingest(tx, [Reading("g9", traveller.clock.now(), 9.0)])
    traveller.sitting.wait(lambda: "Kali 9" in strip.alarm.toolTip())
    assert QApplication.focusWidget() is traveller.time.slider
    assert traveller.outlook.at == at(2)
    assert [x.alarm.id for x in traveller.sitting.panels.alarms.table.records.records] == shown
    strip.alarm.click()
    assert traveller.outlook.live
    assert traveller.sitting.panels.alarms.table.current().sensor.id == "g9"


def test_a_line_of_the_history_leads_to_its_instant(traveller):
    first = traveller.sitting.incidents()[0]
    traveller.clock.advance(timedelta(minutes=5))
    with traveller.desk.store.writing("Amend") as tx:
        incidents.amend(tx, first.id, text="chest deep")
    traveller.desk.work.open_incident(first.id)
    detail = traveller.sitting.panels.detail
    links = [line.split('"')[0] for line in detail.text.toHtml().split('href="')[1:]]
    assert len(links) == 2
    detail.text.anchorClicked.emit(QUrl(links[-1]))
    traveller.wait(lambda: "knee deep" in detail.text.toPlainText())
    assert traveller.outlook.at == at(1)
    assert not detail.change.isEnabled()


def test_an_incident_that_had_not_been_logged_says_so(traveller):
    last = traveller.sitting.incidents()[-1]
    traveller.go(1)
    traveller.desk.work.open_incident(last.id)
    traveller.wait(lambda: "had not been logged" in traveller.sitting.panels.detail.text.toPlainText())


def test_what_changed_since_is_listed_and_leads_to_the_incident(traveller):
    first = traveller.sitting.incidents()[0]
    with traveller.desk.store.writing("Amend") as tx:
        incidents.amend(tx, first.id, severity=Severity.EXTREME)
    traveller.go(1)
    traveller.banner.changes.click()
    table = traveller.sitting.window.regions.changes.table
    traveller.wait(lambda: table.records.rowCount() == 3)
    ways = {line.what[:6]: line.way for line in table.records.records}
    assert ways == {"I-0001": "changed", "I-0002": "new", "I-0003": "new"}
    assert any("severity: Moderate → Extreme" in line.what for line in table.records.records)
    table.pick(first.id)
    traveller.wait(lambda: "I-0001" in traveller.sitting.panels.detail.title.text())
    traveller.outlook.go(None)
    assert traveller.sitting.window.tabs.currentWidget() is traveller.sitting.panels.incidents


def test_the_chart_and_the_log_end_at_the_instant(traveller):
    traveller.desk.work.open_sensor("g1")
    detail = traveller.sitting.panels.detail
    traveller.go(-1)
    assert "had not been set up" in detail.text.toPlainText()
    with traveller.desk.store.writing("Readings") as tx:
        readings.ingest(tx, [Reading("g1", at(3), 5.0)])
    traveller.go(1)
    assert detail._chart.isVisible()
    assert detail._chart._course.past
    assert len(detail._chart._course.series) == 6
    traveller.outlook.go(None)
    assert len(detail._chart._course.series) == 7
    traveller.go(1)
    traveller.sitting.window.tabs.setCurrentWidget(traveller.sitting.window.regions.logbook)
    lines = traveller.sitting.window.regions.logbook.table.records
    traveller.wait(lambda: lines.rowCount() > 0)
    assert not any("I-0002" in line.what for line in lines.records)


def test_the_past_plays_by_itself_until_it_is_now(traveller):
    traveller.go(1)
    traveller.time.rate.setCurrentIndex(1)
    traveller.time.play.click()
    traveller.sitting.wait(lambda: traveller.outlook.live)
    assert not traveller.time.playing


def test_the_line_of_time_shows_where_entries_came_in(traveller):
    traveller.wait(lambda: sum(traveller.time.slider._counts) > 0)
    counts = traveller.time.slider._counts
    assert sum(counts) <= newest(traveller)
    assert sum(1 for count in counts if count) >= 3


def test_a_line_of_time_that_knows_nothing_yet_can_be_painted(qtbot):
    slider = TimeSlider(ZoneInfo("Asia/Makassar"), at(0), at(0))
    qtbot.addWidget(slider)
    slider.resize(300, 40)
    assert not slider.grab().isNull()
    assert slider.at == slider.until


def test_every_tab_can_be_read_on_a_small_screen_also_in_the_past(sitting, clock):
    clock.advance(timedelta(minutes=5))
    sitting.desk.ground.model.outlook.go(clock.now() - timedelta(minutes=4))
    tabs = sitting.window.tabs
    sitting.wait(lambda: tabs.isTabVisible(2))
    sitting.qtbot.wait(50)
    bar = tabs.tabBar()
    assert bar.tabRect(2).right() <= tabs.width()
    assert not [button for button in bar.findChildren(QToolButton) if button.isVisible()], "tabs are cut off"


def test_the_frame_of_the_past_leaves_the_screen_also_after_a_change_between_day_and_night(traveller):
    window = traveller.sitting.window

    def on_the_screen():
        """As it was painted last: a grab would paint it anew."""
        edge = QPoint(1, window.stage.height() // 2)
        return window.backingStore().paintDevice().pixelColor(window.stage.mapTo(window, edge)).name()

    traveller.wait(lambda: on_the_screen() == NIGHT.window.lower())
    traveller.go(1)
    traveller.wait(lambda: on_the_screen() == NIGHT.past.lower())
    traveller.sitting.press("Ctrl+Shift+N")
    traveller.wait(lambda: on_the_screen() == DAY.past.lower())
    traveller.time.slider.setFocus()
    traveller.sitting.press("Esc")
    traveller.wait(lambda: on_the_screen() == DAY.window.lower())
