"""The whole window with real keys: what an operator does in a night."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
    QWidget,
)

from desktop.actions import acts
from gis.model.incident import Note, Severity
from gis.model.sensor import AlarmState
from gis.ops import incidents


def test_a_letter_typed_anywhere_begins_the_log_line_and_enter_saves(sitting):
    sitting.panels.incidents.table.setFocus()
    sitting.press("type:fl2 @@ water in the school", "Return")
    sitting.wait(lambda: len(sitting.incidents()) == 4)
    logged = sitting.incidents()[-1]
    assert (logged.code, logged.severity) == ("fl", Severity.SEVERE)
    assert "water in the school" in logged.text
    sitting.wait(lambda: sitting.panels.incidents.table.records.row_of(logged.id) >= 0)


def test_a_letter_typed_into_a_field_stays_there(sitting):
    sitting.press("F3", "type:kali")
    assert sitting.panels.map.goto.text() == "kali"
    assert sitting.line.edit.text() == ""


def test_undo_takes_the_entry_back_and_redo_brings_it_again(sitting):
    sitting.press("type:fl2 @@ gone soon", "Return")
    sitting.wait(lambda: len(sitting.incidents()) == 4)
    sitting.panels.incidents.table.setFocus()
    said: list[str] = []
    sitting.desk.ground.notices.told.connect(said.append)
    sitting.press("Ctrl+Z")
    sitting.wait(lambda: len(sitting.incidents()) == 3)
    sitting.press("Ctrl+Shift+Z")
    sitting.wait(lambda: len(sitting.incidents()) == 4)
    sitting.wait(lambda: any("Done again" in words for words in said))
    assert not any("Undo:" in words for words in said)


def test_f4_and_f8_put_the_name_at_the_desk_to_the_worst_alarm(sitting):
    sitting.press("F4", "F8")
    sitting.wait(lambda: any(a.state is AlarmState.ACKED for a in sitting.alarms()))
    (acknowledged,) = [a for a in sitting.alarms() if a.state is AlarmState.ACKED]
    assert acknowledged.severity is Severity.EXTREME
    assert acknowledged.acknowledged_by == sitting.desk.store.author
    table = sitting.panels.alarms.table
    sitting.wait(lambda: any(not line.alarm.needs_attention for line in table.records.records))


def test_f4_again_goes_to_the_next_alarm_and_not_back_to_the_first(sitting):
    sitting.press("F4")
    first = sitting.panels.alarms.table.current().alarm.id
    sitting.press("F4")
    assert sitting.panels.alarms.table.current().alarm.id != first


def test_an_acknowledgement_can_carry_a_note(sitting):
    sitting.press("F4", "Ctrl+F8")
    sitting.press("type:engineer called", "Return")
    sitting.wait(lambda: any(a.note == "engineer called" for a in sitting.alarms()))


def test_nobody_is_asked_for_a_name_they_have_given_but_a_nameless_desk_is(sitting):
    sitting.desk.store.author = ""
    sitting.press("F4", "F8")
    assert sitting.panels.alarms.form.isVisible()
    sitting.press("type:R. Shrestha", "Return")
    sitting.wait(lambda: any(a.acknowledged_by == "R. Shrestha" for a in sitting.alarms()))


def test_f9_makes_an_incident_of_the_alarm_and_enter_saves_it_linked(sitting):
    sitting.press("F4", "F9", "Return")
    sitting.wait(lambda: any(i.alarm_id for i in sitting.incidents()))
    (made,) = [i for i in sitting.incidents() if i.alarm_id]
    assert made.where == "Kali 1"
    assert "Kali 1" not in made.text
    assert made.severity is Severity.EXTREME
    assert made.place is not None
    assert made.alarm_id in {a.id for a in sitting.alarms()}


def test_closing_an_incident_takes_it_from_the_open_ones_and_leaves_the_alarm(sitting):
    first = sitting.panels.incidents.table.records.records[0]
    sitting.desk.ground.model.pen.write("Close incident", lambda tx: incidents.close(tx, first.id))
    sitting.wait(lambda: sitting.panels.incidents.table.records.row_of(first.id) < 0)
    sitting.panels.incidents.all.click()
    sitting.wait(lambda: sitting.panels.incidents.table.records.row_of(first.id) >= 0)
    assert any(a.needs_attention for a in sitting.alarms())


def test_incidents_stand_worst_first_and_then_newest(sitting):
    shown = [i.severity for i in sitting.panels.incidents.table.records.records]
    assert shown == [Severity.EXTREME, Severity.MODERATE, Severity.MINOR]


def test_an_amendment_by_form_shows_in_the_history_of_the_incident(sitting):
    incident = sitting.panels.incidents.table.records.records[0]
    sitting.desk.work.amend(incident)
    sitting.panels.form.text.setPlainText("four on a roof")
    sitting.press("Ctrl+Return")
    sitting.wait(lambda: any(i.text == "four on a roof" for i in sitting.incidents()))
    sitting.wait(lambda: "four on a roof" in sitting.panels.detail.text.toPlainText())
    assert "Amend incident" in sitting.panels.detail.text.toPlainText()


def test_the_form_keeps_a_place_that_was_not_touched(sitting):
    incident = sitting.panels.incidents.table.records.records[0]
    sitting.desk.work.amend(incident)
    assert sitting.panels.form.read().place == incident.place
    assert sitting.panels.form.read().where == incident.where


def test_the_next_click_on_the_map_is_the_place_of_the_form(sitting):
    sitting.desk.work.log_by_form()
    sitting.panels.form.pick.click()
    canvas = sitting.panels.map.canvas
    sitting.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    entry = sitting.panels.form.read()
    assert entry.place.distance(__middle(sitting)) < 0.01


def test_who_leaves_the_place_or_the_form_clicks_on_the_map_as_always(sitting):
    bar = sitting.panels.map.place_bar
    for leave in (lambda: sitting.press("Escape"), sitting.panels.form.cancel):
        sitting.press("Ctrl+I")
        sitting.panels.form.pick.click()
        assert bar.isVisible()
        assert bar.hint.text() == "Click the place on the map. Esc leaves it."
        leave()
        assert not bar.isVisible()
        before = sitting.panels.form.read().place
        canvas = sitting.panels.map.canvas
        sitting.qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
        assert sitting.panels.form.read().place == before
        sitting.panels.form.cancel()


def __middle(sitting):
    from shapely import Point

    from layers.ground import lonlat

    view = sitting.panels.map.canvas.view
    return Point(lonlat(view.x, view.y, sitting.desk.ground.model.stack.crs))


def test_words_of_a_stranger_stay_words_in_the_detail(sitting):
    hostile = '<img src="http://evil.example/x.png"><b>bold</b>'
    record = sitting.incidents()[0]
    sitting.desk.ground.model.pen.write("Amend", lambda tx: tx.put(replace(record, text=hostile)))
    sitting.wait(lambda: any(i.text == hostile for i in sitting.incidents()))
    sitting.desk.work.open_incident(record.id)
    assert hostile in sitting.panels.detail.text.toPlainText()


def test_a_note_on_an_incident_is_in_its_history_and_in_the_log(sitting):
    sitting.press("type:i1 two injured", "Return")
    sitting.wait(lambda: any("two injured" in note.text for note in sitting.records(Note)))
    (incident,) = [i for i in sitting.incidents() if i.number == "I-0001"]
    sitting.desk.work.open_incident(incident.id)
    assert "two injured" in sitting.panels.detail.text.toPlainText()
    sitting.window.tabs.setCurrentIndex(1)
    logbook = sitting.window.regions.logbook
    sitting.wait(lambda: any("two injured" in each.what for each in logbook.table.records.records))


def test_what_was_struck_out_stays_in_the_log_struck_through(sitting):
    incident = sitting.incidents()[0]
    sitting.desk.ground.model.pen.write("Strike incident out", lambda tx: incidents.strike(tx, incident.id))
    sitting.wait(lambda: len(sitting.incidents()) == 2)
    sitting.window.tabs.setCurrentIndex(1)
    logbook = sitting.window.regions.logbook
    sitting.wait(lambda: any(each.struck for each in logbook.table.records.records))


def test_an_error_of_the_person_is_said_in_the_window_and_nothing_is_lost(sitting):
    first = sitting.panels.incidents.table.records.records[0]
    for _twice in range(2):
        sitting.desk.ground.model.pen.write("Close incident", lambda tx: incidents.close(tx, first.id))
    notices = sitting.desk.ground.notices
    sitting.wait(notices.isVisible)
    assert "closed already" in notices.words.text()
    notices.close_button.click()
    assert not notices.isVisible()


def test_every_act_is_performed_by_somebody_and_has_a_key(sitting):
    for act in acts():
        action = sitting.window.actions_by_id[act.id]
        assert act.keys
        assert [key.toString() for key in action.shortcuts()]
        assert action.toolTip()


def test_no_two_acts_share_a_key():
    keys = [key for act in acts() for key in act.keys]
    assert len(keys) == len(set(keys))


def test_the_window_fits_a_small_projector(sitting):
    hint = sitting.window.minimumSizeHint()
    assert hint.width() <= 1024
    assert hint.height() <= 700


def test_the_window_still_fits_when_all_text_is_half_as_large_again(sitting):
    for _step in range(5):
        sitting.press("Ctrl++")
    hint = sitting.window.minimumSizeHint()
    assert hint.width() <= 1366
    assert hint.height() <= 768


def test_everything_one_can_reach_has_a_name_to_be_read_aloud(sitting):
    for form in (sitting.panels.form, sitting.desk.reports._form):
        form.show()
    kinds = (
        QAbstractButton,
        QAbstractItemView,
        QAbstractSlider,
        QAbstractSpinBox,
        QComboBox,
        QLineEdit,
        QPlainTextEdit,
        QTextBrowser,
    )
    nameless = [
        w
        for w in sitting.window.findChildren(QWidget)
        if isinstance(w, kinds) and w.focusPolicy() & Qt.FocusPolicy.TabFocus and not _name(w)
    ]
    assert not nameless, [(type(w).__name__, type(w.parent()).__name__) for w in nameless]


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    outer = widget.parentWidget()
    while outer is not None and not isinstance(outer, QComboBox | QAbstractSpinBox):
        outer = outer.parentWidget()
    if outer is not None:  # a box's list and line edit speak with the name of the box
        return outer.accessibleName()
    return widget.accessibleName() or (
        text() if callable(text) and isinstance(widget, QAbstractButton) else ""
    )


def test_a_table_with_rows_always_has_a_current_row(sitting):
    table = sitting.panels.incidents.table
    assert table.currentIndex().row() == 0
    current = table.records.records[0]
    sitting.desk.ground.model.pen.write("Close", lambda tx: incidents.close(tx, current.id))
    sitting.wait(lambda: table.records.row_of(current.id) < 0)
    assert table.currentIndex().isValid()


def test_a_new_row_does_not_move_the_person_who_reads_another(sitting):
    table = sitting.panels.incidents.table
    reading = table.records.records[1].id
    table.pick(reading)
    with sitting.desk.store.writing("Log incident") as tx:
        incidents.log(tx, "fl", "worse", Severity.EXTREME)
    sitting.wait(lambda: len(table.records.records) == 4)
    assert table.current().id == reading


def test_what_arrives_never_scrolls_the_list_away_from_its_reader(sitting):
    for _many in range(30):
        with sitting.desk.store.writing("Log incident") as tx:
            incidents.log(tx, "fl", "more", Severity.MINOR)
    table = sitting.panels.incidents.table
    sitting.wait(lambda: len(table.records.records) == 33)
    top = table.records.records[0]
    bar = table.verticalScrollBar()
    bar.setValue(bar.maximum())
    there = bar.value()
    sitting.desk.ground.model.pen.write("Close", lambda tx: incidents.close(tx, top.id))
    sitting.wait(lambda: len(table.records.records) == 32)
    assert 0 < bar.value() <= there


def test_f6_goes_round_all_panes_and_comes_back(sitting):
    seen = []
    for _step in range(12):
        sitting.press("F6")
        focus = sitting.qtbot and sitting.window.focusWidget()
        seen.append(focus.accessibleName())
    assert "Alarms" in seen
    assert "Incidents" in seen
    assert "Layers" in seen
    assert "Map" in seen
    assert len(set(seen)) < len(seen)


def test_an_empty_desk_says_what_to_do_first(empty_sitting):
    labels = [each for each in empty_sitting.window.findChildren(QLabel) if each.isVisible()]
    words = " ".join(each.text() for each in labels)
    assert "fl2 @market knee-deep water" in words
    assert "No sensors are set up." in words


def test_an_exercise_says_so_in_the_strip_and_in_the_title(qtbot, tmp_path, clock, appearance):
    from gis.store import Operation, Store
    from tests.desktop.conftest import Sitting

    about = Operation("Seruni", clock.now(), exercise=True)
    practice = Sitting(
        qtbot, Store.create(tmp_path / "x.kentongan", about, clock=clock, author="RS"), appearance
    )
    assert "EXERCISE" in practice.window.windowTitle()
    assert any(w.accessibleName() == "This is an exercise" for w in practice.window.findChildren(QWidget))
    practice.window.close()


def test_a_real_operation_shows_no_word_of_exercise(sitting):
    assert "EXERCISE" not in sitting.window.windowTitle()
    assert not [w for w in sitting.window.findChildren(QWidget) if "exercise" in w.accessibleName().lower()]


def test_a_saved_view_brings_the_map_back_to_where_it_was(sitting):
    canvas = sitting.panels.map.canvas
    canvas.fly_to(116.7, -8.24, 5_000)
    there = canvas.view
    sitting.panels.views.add.click()
    canvas.show_all()
    sitting.press("Ctrl+1")
    assert canvas.view.x == pytest.approx(there.x, abs=2)
    sitting.wait(lambda: bool(sitting.desk.store) and _kept(sitting))


def _kept(sitting) -> bool:
    with sitting.desk.store.reading() as query:
        return bool(query.kept("views"))


def test_a_layer_that_cannot_be_read_keeps_its_line_and_says_why(sitting):
    stack = sitting.desk.ground.model.stack
    stack.update("sensors", problem="The disk was pulled out.")
    tree = sitting.panels.layers.tree
    group = tree.topLevelItem(0)
    lines = {group.child(n).text(0): group.child(n) for n in range(group.childCount())}
    assert lines["⚠ Sensors"].toolTip(0) == "The disk was pulled out."
    assert lines["⚠ Sensors"].child(0).text(0) == "The disk was pulled out."


def test_a_layer_is_hidden_by_its_tick_and_stays_hidden_after_reopening(sitting):
    tree = sitting.panels.layers.tree
    item = tree.topLevelItem(0).child(0)
    layer_id = tree.layer_at(item)
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert not sitting.desk.ground.model.stack.get(layer_id).visible
    sitting.desk.legends.keep()
    from layers.saved import KEPT

    def hidden() -> bool:
        with sitting.desk.store.reading() as query:
            kept = query.kept(KEPT) or []
        return any(entry["id"] == layer_id and not entry["visible"] for entry in kept)

    sitting.wait(hidden)


def test_alt_and_the_arrows_move_a_layer_in_its_group(sitting):
    tree, stack = sitting.panels.layers.tree, sitting.desk.ground.model.stack
    tree.setFocus()
    before = [layer.id for layer in stack]
    sitting.press("Alt+Down")
    after = [layer.id for layer in stack]
    assert after != before
    assert sorted(after) == sorted(before)
    sitting.press("Alt+Up")
    assert [layer.id for layer in stack] == before


def test_the_chart_of_an_alarm_shows_its_limits_and_its_time(sitting):
    sitting.press("F4")
    chart = sitting.panels.detail._chart
    assert chart.isVisible()
    assert chart.title.text().startswith("Kali 1")
    assert len(chart._marks) >= 2


def test_a_command_in_the_log_line_does_what_the_key_does(sitting):
    sitting.press("type:/day_night", "Return")
    assert not sitting.appearance.theme.dark
