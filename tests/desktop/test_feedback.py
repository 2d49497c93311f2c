"""What the desk shows of what was just done, and what it keeps still."""

from gis.model.sensor import AlarmState


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
