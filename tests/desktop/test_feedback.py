"""What the desk shows of what was just done, and what it keeps still."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.acts import incident_in
from gis.errors import UserError
from gis.model.sensor import AlarmState
from gis.report.files import Published


def test_what_was_logged_is_current_in_the_table_and_shown_in_detail_and_nothing_moves_for_the_news(sitting):
    before = sitting.panels.map.canvas.geometry()
    sitting.press("type:fl4 @@ puddle at the gate", "Return")
    sitting.wait(lambda: len(sitting.incidents()) == 4)
    logged = sitting.incidents()[-1]
    table = sitting.panels.incidents.table
    sitting.wait(lambda: table.current().id == logged.id)
    assert "puddle at the gate" in sitting.panels.detail.text.toPlainText()
    assert sitting.panels.map.canvas.geometry() == before
    assert logged.number in sitting.window.regions.status.news.text()


def test_f8_signs_only_what_is_selected(sitting):
    sitting.press("F4", "F8")
    sitting.wait(lambda: any(a.state is AlarmState.ACKED for a in sitting.alarms()))
    table = sitting.panels.alarms.table
    signed = next(a.id for a in sitting.alarms() if a.state is AlarmState.ACKED)
    sitting.wait(lambda: not table.records.records[table.records.row_of(signed)].alarm.needs_attention)
    sitting.panels.alarms.show_alarm(signed)
    sitting.press("F8")
    assert table.current().alarm.needs_attention, "the next one is shown"
    sitting.qtbot.wait(50)
    assert sum(a.state is AlarmState.ACKED for a in sitting.alarms()) == 1


def test_the_desk_begins_with_the_course_of_the_worst_alarm(sitting):
    sitting.desk.work.glance()
    assert "Kali 1" in sitting.panels.detail._chart.title.text()


def test_the_newest_problem_is_in_front_and_the_older_waits_behind_it(sitting):
    notices = sitting.desk.ground.notices
    notices.problem("Look into it", UserError("The first file is broken."))
    notices.problem("Look into it", UserError("The second file is broken."))
    assert "second" in notices.words.text()
    notices.problem("Look into it", UserError("The first file is broken."))
    assert "first" in notices.words.text()
    notices.close_button.click()
    assert "second" in notices.words.text()
    notices.close_button.click()
    assert not notices.isVisible()


def test_a_question_that_is_told_again_keeps_the_keys(sitting):
    notices = sitting.desk.ground.notices
    notices.ask("Begin again?", "Begin again", lambda: None)
    assert notices.answer.hasFocus()
    left = []
    moved = QApplication.instance().focusChanged.connect(lambda old, new: left.append(new))
    notices.withdraw("Nobody asked this")
    notices.offer("Saved.", "Take it back", lambda: None)
    assert not notices.answer.hasFocus(), "what nobody has to answer does not come under the keys"
    notices.withdraw("Saved.")
    notices.answer.setFocus()
    left.clear()
    notices.ask("Begin again?", "Begin again", lambda: None)
    assert notices.answer.hasFocus()
    assert left == [], "the keys were never anywhere else"
    QApplication.instance().focusChanged.disconnect(moved)


def test_a_published_assessment_stays_to_be_read_until_the_next_draft(sitting):
    form = sitting.desk.reports._form
    sitting.press("F12")
    sitting.wait(form.isVisible)
    form.assessment.setPlainText("Boats first.")
    form.published(Published(sitting.desk.store.folder, (), ()))
    assert form.assessment.toPlainText() == "Boats first."
    assert form.assessment.isReadOnly()
    form.again.click()
    sitting.wait(lambda: not form.assessment.isReadOnly())
    assert form.assessment.toPlainText() == ""
    form.hide()


def test_the_name_of_the_highest_limit_has_room_over_its_line(sitting):
    sitting.panels.detail.show_sensor("g4")  # far below its limits
    sitting.qtbot.wait(50)
    _across, (_low, high) = sitting.panels.detail._chart.plot.getViewBox().viewRange()
    assert high > 4.5 + 0.3


def test_a_reason_and_what_to_do_are_two_sentences(sitting):
    notices = sitting.desk.ground.notices
    notices.problem("Publish", UserError("The folder cannot be written: read only", hint="Choose another."))
    assert notices.words.text() == "The folder cannot be written: read only. Choose another."
    notices.close_button.click()


def test_the_old_value_of_a_silent_gauge_is_not_told_as_if_it_were_measured_now(sitting, clock):
    clock.advance(timedelta(hours=3))
    sitting.panels.alarms.look()
    table = sitting.panels.alarms.table
    values = {table.records.index(row, 3).data() for row in range(len(table.records.records))}
    assert values == {"silent"}


def test_a_click_on_the_row_that_is_current_since_the_start_shows_its_incident(sitting):
    table = sitting.panels.incidents.table
    first = table.current()
    assert incident_in(sitting.desk.work) is None
    middle = table.visualRect(table.currentIndex()).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert incident_in(sitting.desk.work) == first
    assert first.text in sitting.panels.detail.text.toPlainText()
