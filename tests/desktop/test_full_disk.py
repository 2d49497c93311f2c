"""A full disk costs nothing that was typed, and the same desk goes on once there is room."""

from gis.model.incident import Incident
from gis.store import Store
from tests import needs
from tests.build import an_incident
from tests.disk import no_room

pytestmark = needs.unix


def told(sitting, words):
    sitting.wait(lambda: words in sitting.desk.ground.notices.words.text())


def test_a_line_comes_back_and_is_saved_by_enter_once_there_is_room(sitting):
    with no_room():
        sitting.press("type:fl water at the mill", "Return")
        told(sitting, "disk is full")
        sitting.wait(lambda: sitting.line.edit.text() == "fl water at the mill")
    sitting.press("Return")
    sitting.wait(lambda: any("water at the mill" in each.text for each in sitting.incidents()))
    assert sitting.line.edit.text() == ""


def test_a_form_keeps_its_text_until_it_is_saved(sitting):
    form = sitting.panels.form
    sitting.desk.work.log_by_form()
    form.code.setCurrentIndex(form.code.findData("fl"))
    form.text.setPlainText("three on a roof by the mill")
    with no_room():
        form.submit()
        told(sitting, "disk is full")
        assert form.isVisible()
        assert form.text.toPlainText() == "three on a roof by the mill"
    form.submit()
    sitting.wait(lambda: any("by the mill" in each.text for each in sitting.incidents()))


def test_the_note_of_an_acknowledgement_stays_until_it_is_saved(sitting):
    form = sitting.panels.alarms.form
    sitting.press("F4", "Ctrl+F8")
    with no_room():
        sitting.press("type:engineer called", "Return")
        told(sitting, "disk is full")
        assert form.isVisible()
        assert form.note.text() == "engineer called"
    sitting.press("Return")
    sitting.wait(lambda: any(a.note == "engineer called" for a in sitting.alarms()))
    sitting.wait(lambda: not form.isVisible())


def test_what_another_window_writes_is_shown_here(sitting):
    store = sitting.desk.store
    other = Store.open(store.folder, clock=store.clock, author="other")
    with other.writing("Log") as tx:
        tx.put(an_incident(number="O-1", text="seen from the other window"))
    shown = sitting.panels.incidents.table.records
    sitting.wait(lambda: any(getattr(each, "number", "") == "O-1" for each in shown.records))
    other.close()
    assert any(each.number == "O-1" for each in sitting.records(Incident))


def test_an_operation_that_may_only_be_looked_at_says_so_and_keeps_what_is_typed(sitting):
    store = sitting.desk.store
    with store.writing("Newer") as tx:
        tx.keep("format", {"format": 99, "min_reader": 1, "min_writer": 99})
    sitting.reopen()
    told(sitting, "newer version")
    before = len(sitting.incidents())
    sitting.press("type:fl water at the mill", "Return")
    sitting.wait(lambda: sitting.line.edit.text() == "fl water at the mill")
    assert len(sitting.incidents()) == before
