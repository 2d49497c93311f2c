"""Saying who reports: a layer in one act, a table, one by hand; several changed at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel
from shapely import box, points

from desktop.forms.expecting import ExpectingForm
from desktop.times import next_time
from gis.exchange.gpkg import Table, write_layers
from gis.model.reporting import Hazard, PointKind, ReportingPoint
from layers.city import kept_city
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.sources.vector import Chosen, VectorSource
from tests.build import SIX

ZONE = ZoneInfo("Asia/Makassar")


@pytest.fixture
def form(sitting, tmp_path) -> ExpectingForm:
    """A city with a layer of wards and one of shelters."""
    path = tmp_path / "town.gpkg"
    areas = np.array([box(116.6, -8.2, 116.8, -8.15), box(116.6, -8.35, 116.8, -8.2)], object)
    wards = {"kel": np.array(["North", "South"], object), "population": np.array([4_000, 9_000])}
    halls = {"name": np.array(["Hall"], object), "capacity": np.array([300])}
    places = np.asarray(points(np.array([[116.7, -8.16]])), object)
    write_layers(
        path,
        {"wards": Table(areas, wards | {"name": wards["kel"]}, 4326), "halls": Table(places, halls, 4326)},
    )
    desk, reader = sitting.desk, sitting.desk.ground.reader
    for name, role in (("halls", Role.SHELTERS), ("wards", Role.WARDS)):
        source = VectorSource(reader, Chosen(path, name))
        desk.ground.model.stack.add(Layer(name, name.title(), source, role_style(role), role=role))
    desk.watch.silences.open()
    desk.watch.silences.form.posting.emit()
    sitting.wait(lambda: desk.watch.expecting.form.name.count() > 0)
    return desk.watch.expecting.form


def choose(form, row):
    table = form.points
    chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().setCurrentIndex(table.records.index(row, 0), chosen)


def points_of(sitting):
    return {each.name: each for each in sitting.records(ReportingPoint) if not each.void}


def test_one_act_waits_for_every_ward_with_the_people_in_it(sitting, form):
    assert form.isVisible()
    assert (form.layer.currentText(), form.kind.currentData()) == ("Wards", PointKind.WARD)
    assert (form.name.currentText(), form.people.currentText()) == ("name", "population")
    form.wait.click()
    sitting.wait(lambda: len(points_of(sitting)) == 2)
    south = points_of(sitting)["South"]
    assert (south.kind, south.people, south.expected_every_s) == (PointKind.WARD, 9_000, 21_600)
    assert box(116.6, -8.35, 116.8, -8.2).contains(south.place)
    sitting.wait(lambda: form.outcome.text().startswith("2 new, 0 brought up to date."))
    sitting.wait(lambda: form.total.text() == "2 of 2 waited for")


def test_the_wards_of_the_layer_are_the_wards_of_the_city_from_then_on(sitting, form):
    form.name.setCurrentIndex(form.name.findData("kel"))
    form.wait.click()
    where = sitting.desk.ground.where
    sitting.wait(lambda: where.context.wards.of(116.7, -8.25) == "South")
    sitting.wait(lambda: len(points_of(sitting)) == 2)
    with sitting.desk.store.reading() as query:
        assert kept_city(query).wards["name"] == "kel"
    again = sitting.reopen()
    again.wait(lambda: again.desk.ground.where.context.wards.of(116.7, -8.25) == "South")


def test_another_layer_is_another_kind(sitting, form):
    form.layer.setCurrentIndex(form.layer.findText("Halls"))
    form.layer.activated.emit(form.layer.currentIndex())
    sitting.wait(lambda: form.people.currentText() == "capacity")
    form.every.setText("90 min")
    form.submit()
    sitting.wait(lambda: "Hall" in points_of(sitting))
    hall = points_of(sitting)["Hall"]
    assert (hall.kind, hall.people, hall.expected_every_s) == (PointKind.SHELTER, 300, 5_400)


def test_a_rhythm_that_is_none_is_said_and_nothing_is_written(sitting, form):
    form.every.setText("often")
    form.wait.click()
    assert "no rhythm" in form.outcome.text()
    assert not points_of(sitting)


def test_a_team_is_added_by_hand_and_many_from_a_table(sitting, form, tmp_path):
    form.every.setText("1 h")
    form.team.setFocus()
    sitting.press("type:Team B", "Return")
    sitting.wait(lambda: "Team B" in points_of(sitting))
    table = tmp_path / "teams.csv"
    table.write_text("name,contact,every\nTeam B,Budi 0812,2 h\nTeam C,,\n")
    sitting.desk.watch.expecting.take_table(table)
    sitting.wait(lambda: form.outcome.text().startswith("1 new, 1 brought up to date."))
    team = points_of(sitting)["Team B"]
    assert (team.contact, team.expected_every_s, team.kind) == ("Budi 0812", 7_200, PointKind.TEAM)


def test_a_table_of_nobody_is_refused_in_words(sitting, form, tmp_path):
    table = tmp_path / "teams.csv"
    table.write_text("name,contact,every\n")
    sitting.desk.watch.expecting.take_table(table)
    notices = sitting.desk.ground.notices
    sitting.wait(lambda: "teams.csv names nobody." in notices.words.text())


def test_several_are_changed_at_once_and_the_rest_of_them_stays(sitting, form):
    form.wait.click()
    sitting.wait(lambda: form.points.records.rowCount() == 2)
    form.points.selectAll()
    assert form.fields.every.placeholderText() == "6 h"
    form.fields.every.setText("3 h")
    form.fields.hazard.setCurrentIndex(form.fields.hazard.findData(Hazard.HIGH))
    form.fields.until.setText("06:00")
    form.change.click()
    sitting.wait(lambda: {each.expected_every_s for each in points_of(sitting).values()} == {10_800})
    changed = points_of(sitting).values()
    assert {each.hazard for each in changed} == {Hazard.HIGH}
    assert {each.until for each in changed} == {next_time("06:00", sitting.desk.store.clock.now(), ZONE)}
    assert {each.people for each in changed} == {4_000, 9_000}
    sitting.press("Ctrl+Z")
    sitting.wait(lambda: {each.expected_every_s for each in points_of(sitting).values()} == {21_600})


def test_pausing_waiting_again_and_removing(sitting, form):
    form.wait.click()
    sitting.wait(lambda: form.points.records.rowCount() == 2)
    choose(form, 1)
    form.acts[1].click()
    sitting.wait(lambda: points_of(sitting)["South"].suspended)
    assert not points_of(sitting)["North"].suspended
    sitting.wait(lambda: form.total.text() == "1 of 2 waited for")
    choose(form, 1)
    form.acts[2].click()
    sitting.wait(lambda: not points_of(sitting)["South"].suspended)
    choose(form, 1)
    form.acts[3].click()
    sitting.wait(lambda: set(points_of(sitting)) == {"North"})


def test_without_a_layer_there_is_nothing_to_wait_for_and_it_says_so(empty_sitting):
    form = empty_sitting.desk.watch.expecting.form
    empty_sitting.desk.watch.expecting.open()
    assert form.isVisible()
    assert not form.wait.isEnabled()
    assert not form.points.isVisible()


def test_the_next_time_is_tonight_or_tomorrow_and_what_is_none_is_said():
    assert next_time("18:00", SIX, ZONE) == datetime(2026, 3, 14, 10, 0, tzinfo=UTC)
    assert next_time("600", SIX, ZONE) == datetime(2026, 3, 14, 22, 0, tzinfo=UTC)
    assert next_time("14:00", SIX, ZONE) == SIX + timedelta(days=1), "it is just that time now"
    assert next_time("2026-04-01 00:30", SIX, ZONE) == datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    for text in ("soon", "25:00", "2026-13-01 00:00", "-"):
        with pytest.raises(ValueError, match="is no time"):
            next_time(text, SIX, ZONE)


def test_a_point_applies_between_its_times():
    point = ReportingPoint(PointKind.TEAM, "Team B", SIX, until=SIX + timedelta(hours=2))
    assert [point.applies(SIX + timedelta(hours=n)) for n in (-1, 0, 1, 2)] == [False, True, True, False]
    assert not replace(point, suspended=True).applies(SIX)
