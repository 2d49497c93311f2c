"""The operational log: read beside the window, and of the moment that is looked at."""

from PySide6.QtWidgets import QLabel

from gis.model.incident import Severity
from gis.ops import incidents


def test_the_window_does_not_wait_for_the_log_however_long_its_steps_are(sitting):
    def said_last():
        return " ".join(
            label.toolTip() or label.text() for label in sitting.line.preview.findChildren(QLabel)
        )

    logbook = sitting.window.regions.logbook
    with sitting.desk.store.writing("Import") as tx:
        for n in range(200):
            incidents.log(tx, "fl", f"call {n}", Severity.MINOR)
    sitting.wait(lambda: "call 0" in said_last())
    sitting.window.tabs.setCurrentWidget(logbook)
    assert not logbook.table.records.records  # the answer is on its way
    sitting.wait(lambda: any("call 0" in each.what for each in logbook.table.records.records))
    with sitting.desk.store.writing("Log") as tx:
        incidents.note(tx, "ferry gone")
    sitting.wait(lambda: "ferry gone" in logbook.table.records.records[0].what)


def test_an_answer_about_now_does_not_come_into_the_log_of_the_past(sitting):
    outlook, logbook = sitting.desk.ground.model.outlook, sitting.window.regions.logbook
    first = sitting.incidents()[0]
    sitting.window.tabs.setCurrentWidget(logbook)
    outlook.go(first.reported_at)
    sitting.wait(lambda: not outlook.busy and logbook.table.records.records)
    sitting.qtbot.wait(300)
    assert not any("tank wanted" in each.what for each in logbook.table.records.records)
    outlook.go(None)
    sitting.wait(lambda: any("tank wanted" in each.what for each in logbook.table.records.records))
