"""One box finds acts, places, layers and incidents; places leave the desk in every form."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop.locating import fit
from desktop.widgets.place_edit import Spot, told_apart
from gis.geo.coords import Written, parse, written
from gis.geo.names import folded
from layers.ground import on_map
from layers.layer import Layer
from layers.roles import Role, role_style
from tests.shapes import Shelf, points

LON, LAT = 116.7, -8.25


def answers(sitting, text: str) -> list[tuple[str, str]]:
    return [(answer.text, answer.kind) for answer in sitting.desk.locator.answers(text)]


def test_the_box_opens_on_its_key_does_what_is_chosen_and_gives_the_keyboard_back(sitting):
    palette = sitting.desk.locator.palette
    before = sitting.window.focusWidget()
    sitting.press("Ctrl+K", "type:day or n")
    assert palette.isVisible()
    night = sitting.appearance.theme.dark
    sitting.press("Return")
    assert sitting.appearance.theme.dark is not night
    assert not palette.isVisible()
    assert sitting.window.focusWidget() is before
    sitting.press("Ctrl+K", "Escape")
    assert not palette.isVisible()


def test_before_anything_is_typed_it_lists_every_act_with_its_key(sitting):
    listed = dict(answers(sitting, ""))
    assert listed["Situation report"] == "F12"
    assert len(listed) > 30


def test_an_incident_is_found_by_its_number_however_it_is_said_and_by_its_words(sitting):
    for said in ("i2", "2", "I-0002", "roof"):
        text, kind = answers(sitting, said)[0]
        assert text.startswith("I-0002"), said
        assert kind == "incident"
    sitting.press("Ctrl+K", "type:i2", "Return")
    sitting.wait(lambda: sitting.desk.ground.model.selection.now.layer_id == "incidents")


def test_a_sensor_and_a_layer_are_found_by_name(sitting):
    assert ("Kali 3", "sensor") in answers(sitting, "kali 3")
    assert ("Sensors", "layer") in answers(sitting, "sens")
    sitting.press("Ctrl+K", "type:kali 3", "Return")
    assert sitting.panels.map.canvas.scale <= 5_001


def test_a_coordinate_that_can_be_read_in_two_ways_is_offered_in_both(sitting):
    found = [kind for _text, kind in answers(sitting, "8.25 S, 116.7 E")]
    assert found[0] == "decimal degrees"
    both = [kind for _text, kind in answers(sitting, "8.2, 16.7")]
    assert any("Latitude was read first" in kind for kind in both)
    assert any("Longitude was read first" in kind for kind in both)


def test_words_with_two_meanings_are_told_apart_in_the_field_on_the_map():
    two = [Spot("8.2, 16.7", 16.7, 8.2, "Latitude was read first."), Spot("8.2, 16.7", 8.2, 16.7)]
    assert len(told_apart(two)) == 2
    assert list(told_apart([Spot("Pasar", 1.0, 2.0)])) == ["Pasar"]


def test_a_place_outside_the_city_is_said_to_be_there_before_and_after_going(sitting):
    goto = sitting.panels.map.goto
    sitting.press("F3", "type:51.5, 0.1")
    assert "This place is outside the city." in goto.completer().model().index(0, 0).data()
    sitting.press("Return")
    words = sitting.panels.map.words
    assert (words.toolTip() or words.text()).startswith("This place is outside the city.")


@pytest.mark.parametrize(
    ("typed", "said"), [("qqxxzz", "No place called 'qqxxzz'"), ("3 75 20 S 115 57 10 E", "seconds at 59")]
)
def test_what_is_not_found_is_said_whole_where_it_was_typed(sitting, typed, said):
    sitting.press("F3", f"type:{typed}", "Return")
    goto = sitting.panels.map.goto
    under = goto.completer().popup()
    assert under.isVisible()
    assert said in under.model().index(0, 0).data()
    sitting.press("Down", "Return")
    assert goto.text() == typed
    assert goto.hasFocus()


def test_things_of_a_layer_that_was_chosen_for_it_are_found_by_name_and_by_id(sitting):
    stack = sitting.desk.ground.model.stack
    x, y = on_map(LON, LAT, stack.crs)
    pumps = points((x, y), (x + 500, y), name=["Pompa Tepian", None], asset_id=["PW-0071", "PW-0072"])
    layer = Layer("pumps", "Pumps", Shelf(pumps, origin={"kind": "test"}), role_style(Role.PUMPS))
    stack.add(layer)
    assert not answers(sitting, "pw-0071")
    sitting.panels.layers.names_wanted.emit(layer)
    sitting.wait(lambda: answers(sitting, "pw-0071"))
    assert answers(sitting, "tepian") == [("Pompa Tepian", "Pumps")]
    assert answers(sitting, "PW-0072") == [("PW-0072", "Pumps")]
    sitting.panels.layers.names_wanted.emit(layer)
    sitting.wait(lambda: not answers(sitting, "pw-0071"))


def test_nothing_that_is_found_is_said_with_what_can_be_typed(sitting):
    sitting.press("Ctrl+K", "type:qqxxzz")
    palette = sitting.desk.locator.palette
    assert not palette.list.isVisible()
    assert "coordinate" in palette.words.text()


@pytest.mark.parametrize("form", list(Written))
def test_every_form_is_read_again_as_the_same_place(form):
    text = written(form, LON, LAT)
    assert text.isascii()
    readings = parse(text)
    assert any(abs(r.lon - LON) < 2e-4 and abs(r.lat - LAT) < 2e-4 for r in readings), text


def test_the_form_of_the_status_line_is_remembered_and_is_what_the_key_copies(sitting):
    status = sitting.window.regions.status
    status.point(LON, LAT)
    assert status.place.text() == written(Written.DMS, LON, LAT)
    status.place.menu().actions()[list(Written).index(Written.PLUS)].trigger()
    assert status.place.text() == written(Written.PLUS, LON, LAT)
    canvas = sitting.panels.map.canvas
    canvas.clicked.emit(LON, LAT, ())
    canvas.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)  # wherever the tests before left the pointer
    sitting.press("Ctrl+Shift+C")
    assert QGuiApplication.clipboard().text() == written(Written.PLUS, LON, LAT)
    again = sitting.reopen()
    again.window.regions.status.point(LON, LAT)
    assert again.window.regions.status.place.text() == written(Written.PLUS, LON, LAT)


def test_the_menu_of_the_map_hands_the_place_on_and_logs_what_happened_there(sitting):
    menu = sitting.desk.mapmenu.menu(QPoint(100, 100))
    texts = [action.text() for action in menu.actions()]
    assert sum(text.startswith("Copy ") for text in texts) == len(Written)
    next(a for a in menu.actions() if "geo:" in a.text()).trigger()
    assert QGuiApplication.clipboard().text().startswith("geo:-8.")
    next(a for a in menu.actions() if "incident" in a.text()).trigger()
    assert sitting.panels.form.isVisible()
    assert sitting.panels.form.place.spot is not None
    menu.deleteLater()


def test_the_menu_key_opens_the_menu_of_the_map(sitting):
    canvas = sitting.panels.map.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    canvas.customContextMenuRequested.emit(QPoint(50, 50))
    popup = QGuiApplication.instance().activePopupWidget()
    assert popup is not None
    popup.close()


@pytest.mark.parametrize(
    ("typed", "rank"), [("sensors", 0), ("sen", 1), ("and rea", 2), ("eading", 3), ("zebra", None)]
)
def test_what_begins_so_goes_before_what_only_holds_it(typed, rank):
    name = "Sensors" if rank == 0 else "Sensors and readings"
    assert fit(folded(typed), name) == rank
