"""Who has not been heard from: listed, hatched, counted, and heard with one key."""

from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog
from shapely import Point, box
from shiboken6 import delete

from desktop import silence
from desktop.silence import Silences
from desktop.work import SILENCE
from gis.geo.features import Shape
from gis.geo.gazetteer import Gazetteer, Named
from gis.geo.wards import Wards
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.model.reporting import Call, Hazard, PointKind, ReportingPoint
from gis.ops import incidents, readings, reporting
from gis.progress import Progress
from gis.sensors.roster import Post
from tests.build import MARKET

HOUR = timedelta(hours=1)
NO_NAMES = Gazetteer(Named([], [], np.zeros(0), np.zeros(0), []))
WARDS = Wards(["North", "South"], [box(116.6, -8.2, 116.8, -8.15), box(116.6, -8.35, 116.8, -8.2)])
POSTS = (
    Post(PointKind.WARD, "North", Point(116.7, -8.17), 4_000, contact="Lurah, 0811-222"),
    Post(PointKind.WARD, "South", Point(116.7, -8.25), 9_000),
    Post(PointKind.SHELTER, "Hall", Point(116.72, -8.16), 300),
    Post(PointKind.TEAM, "Team B", every_s=3_600),
)


@pytest.fixture
def late(sitting, clock):
    """Seven hours later: the gauges went on reporting, nobody else did."""
    desk = sitting.desk
    desk.ground.where.learn(NO_NAMES, WARDS)
    with desk.store.writing("Expect reports") as tx:
        reporting.expect(tx, POSTS, 6 * 3600)
    clock.advance(7 * HOUR)
    with desk.store.writing("Readings", "Instruments") as tx:
        readings.ingest(tx, [Reading(f"g{n}", clock.now(), 1.0) for n in range(1, 5)])
    sitting.press("Ctrl+Alt+S")
    sitting.wait(lambda: names(desk) == ["South", "Team B", "North", "Hall"])
    return sitting


def names(desk):
    return [line.expected.name for line in desk.watch.silences.form.table.records.records]


def calls(sitting):
    return sitting.records(Call)


def drawn(desk, shape):
    found = desk.ground.model.stack.get(SILENCE).source.read((), 4326, Progress())
    return [(name, said) for f in found if f.shape is shape for name, said in told(f)]


def told(features):
    return zip(features.columns["name"], features.columns["silent"], strict=True)


def test_the_most_urgent_stands_first_and_the_totals_say_how_many(late):
    form = late.desk.watch.silences.form
    assert form.isVisible()
    assert form.total.text() == "4 of 8 silent, 13,000 people"
    assert form.table.hasFocus()
    assert "ward, every 6 h, hazard moderate." in form.about.text()
    assert "Not called yet." in form.about.text()


def test_one_key_says_they_were_heard_and_the_note_goes_with_it(late):
    form = late.desk.watch.silences.form
    form.note.setText("all dry")
    form.table.setFocus()
    late.press("H")
    late.wait(lambda: names(late.desk) == ["Team B", "North", "Hall"])
    [call] = calls(late)
    assert (call.answered, call.note, call.by) == (True, "all dry", "R. Sari")
    assert form.note.text() == ""
    assert form.table.hasFocus()
    late.press("Ctrl+Z")
    late.wait(lambda: names(late.desk)[0] == "South")


def test_no_answer_is_noted_with_who_called_and_they_stay_where_they_are(late):
    form = late.desk.watch.silences.form
    late.press("N")
    late.wait(lambda: "by R. Sari, no answer" in form.about.text())
    assert names(late.desk)[0] == "South"
    assert not calls(late)[0].answered


def test_a_paused_one_is_not_waited_for(late):
    late.press("P")
    late.wait(lambda: set(names(late.desk)) == {"Team B", "North", "Hall"})
    assert late.desk.watch.silences.form.total.text() == "3 of 7 silent, 4,000 people"


def test_silent_wards_are_their_outlines_on_the_map_and_the_rest_are_marked(late):
    desk = late.desk
    assert drawn(desk, Shape.POLYGON) == [("South", "silent 7 h"), ("North", "silent 7 h")]
    assert drawn(desk, Shape.POINT) == [("Hall", "silent 7 h")]
    late.press("H")
    late.wait(lambda: drawn(desk, Shape.POLYGON) == [("North", "silent 7 h")])


def test_no_number_to_call_is_on_the_map(late):
    found = late.desk.ground.model.stack.get(SILENCE).source.read((), 4326, Progress())
    assert not any("0811" in str(value) for f in found for column in f.columns.values() for value in column)


def test_how_many_stands_below_the_map_and_leads_there(late):
    button = late.window.regions.status.silent
    assert (button.isVisible(), button.text()) == (True, "4 silent")
    late.press("Escape")
    assert not late.desk.watch.silences.form.isVisible()
    button.click()
    assert late.desk.watch.silences.form.isVisible()


def test_the_ages_go_on_though_nothing_happens(late, clock):
    form = late.desk.watch.silences.form
    clock.advance(5 * timedelta(minutes=1))
    late.desk.watch.silences._beat.timeout.emit()
    assert form.table.records.records[0].silent == 7 * HOUR + timedelta(minutes=5)


def test_a_gauge_that_falls_silent_climbs_the_list(late, clock, monkeypatch):
    clock.advance(40 * timedelta(minutes=1))
    with late.desk.store.writing("Readings", "Instruments") as tx:
        readings.ingest(tx, [Reading(f"g{n}", clock.now(), 1.0) for n in range(1, 4)])
    late.desk.watch.silences.look()
    late.wait(lambda: names(late.desk) == ["South", "Team B", "North", "Kali 4", "Hall"])
    clock.advance(20 * HOUR)
    with late.desk.store.writing("Heard") as tx:
        for point in late.records(ReportingPoint):
            reporting.heard(tx, point.id)
        readings.ingest(tx, [Reading(f"g{n}", clock.now(), 1.0) for n in range(1, 4)])
    late.wait(lambda: names(late.desk) == ["Kali 4"])


def test_an_incident_logged_in_a_ward_is_word_from_it(late):
    with late.desk.store.writing("Log incident") as tx:
        incidents.log(tx, "fl", "water", Severity.MINOR, place=MARKET)
    late.wait(lambda: names(late.desk) == ["Team B", "North", "Hall"])


def test_show_goes_to_where_they_are_and_says_so_where_nobody_knows(late):
    model = late.desk.ground.model
    late.press("M")
    late.wait(lambda: model.selection.now.layer_id == SILENCE)
    assert set(model.selection.now.ids) == {late.desk.watch.silences.form.table.current().expected.id}
    late.press("Down", "M")
    late.wait(lambda: "Nobody has said where Team B is." in late.window.regions.status.news.text())


def test_the_list_of_an_earlier_moment_has_no_acts(late, clock):
    then = clock.now()
    clock.advance(HOUR)
    with late.desk.store.writing("Heard") as tx:
        for point in late.records(ReportingPoint):
            reporting.heard(tx, point.id)
    late.wait(lambda: "Kali 1" in names(late.desk) and "South" not in names(late.desk))
    late.desk.ground.model.outlook.go(then)
    late.wait(lambda: names(late.desk) == ["South", "Team B", "North", "Hall"])
    form = late.desk.watch.silences.form
    assert [button.isEnabled() for button in form.acts] == [False, False, True, False]
    assert form.table.records.records[0].silent == 7 * HOUR
    late.desk.ground.model.outlook.go(None)
    late.wait(lambda: "South" not in names(late.desk))
    assert form.acts[0].isEnabled()


def test_while_all_are_heard_the_form_says_so_and_nothing_stands_below_the_map(sitting):
    sitting.press("Ctrl+Alt+S")
    form = sitting.desk.watch.silences.form
    sitting.wait(lambda: form.total.text() == "All 4 were heard from in time.")
    assert not form.table.isVisible()
    assert not form.print.isVisible()
    assert not sitting.window.regions.status.silent.isVisible()


def test_while_nobody_is_waited_for_the_form_says_what_to_do(empty_sitting):
    empty_sitting.press("Ctrl+Alt+S")
    form = empty_sitting.desk.watch.silences.form
    empty_sitting.wait(lambda: form.total.text().startswith("Nobody is waited for yet"))


def test_a_hazard_that_somebody_raises_moves_its_ward_up(late):
    north = next(point for point in late.records(ReportingPoint) if point.name == "North")
    with late.desk.store.writing("Hazard") as tx:
        reporting.change(tx, [north.id], hazard=Hazard.EXTREME, people=9_000)
    late.wait(lambda: names(late.desk)[0] == "North")


def test_what_was_heard_stands_in_the_log_by_name(late):
    late.press("H")
    late.wait(lambda: calls(late))
    late.desk.logbook.look()
    late.wait(lambda: any("Heard from: South" in e.what for e in late.desk.logbook.table.records.records))


def test_the_call_list_is_written_where_somebody_says_with_a_table_beside_it(late, tmp_path):
    form = late.desk.watch.silences.form
    form.print.click()
    [dialog] = late.window.findChildren(QFileDialog)
    name = dialog.selectedFiles()[0].rpartition("/")[2]
    assert name == "Call list 2026-03-14 1303Z.pdf"
    dialog.fileSelected.emit(str(tmp_path / name))
    late.wait(lambda: (tmp_path / name).is_file() and (tmp_path / name).with_suffix(".csv").is_file())
    assert "Lurah, 0811-222" in (tmp_path / name).with_suffix(".csv").read_text("utf-8-sig")
    late.wait(lambda: "hold personal numbers" in late.window.regions.status.news.text())
    dialog.close()


def test_the_beat_ends_with_the_form(qtbot, sitting, monkeypatch):
    monkeypatch.setattr(silence, "BEAT_MS", 1)
    desk = sitting.desk
    made = Silences(desk.work, desk.ground.where, desk.ground.jobs, desk.ground.notices)
    delete(made.form)
    qtbot.wait(20)  # a beat that went on would ask a form that is no more
