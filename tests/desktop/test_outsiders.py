"""Another program has changed the desk's tables: the desk asks, lists, takes over or puts back."""

import os
import subprocess

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.forms.outside import OutsideForm
from gis.model.incident import Incident
from tests import needs

CHANGES = (
    "UPDATE incidents SET text = 'roof deep', severity = 'Extreme' WHERE number = 'I-0001'",
    "DELETE FROM incidents WHERE number = 'I-0003'",
)


def change(sitting, *statements):
    for statement in statements:
        path = sitting.desk.store.folder / "desk.gpkg"
        subprocess.run(
            [needs.program("ogrinfo"), "-q", path, "-sql", statement], check=True, capture_output=True
        )


def form_of(sitting) -> OutsideForm:
    notices = sitting.desk.ground.notices
    sitting.wait(lambda: "changed by another program" in notices.words.text())
    notices.answer.click()
    form = sitting.window.findChild(OutsideForm)
    sitting.wait(lambda: form.isVisible() and all(label.isVisible() for label in form.findChildren(QLabel)))
    return form


def told(form):
    return "\n".join(label.text() for label in form.findChildren(QLabel))


def incidents(sitting):
    with sitting.desk.store.reading() as query:
        return {each.number: each for each in query.find(Incident, void=None)}


def test_changes_of_another_program_are_listed_and_taken_over(sitting):
    change(sitting, *CHANGES)
    form = form_of(sitting)
    for theme in ("night", "day"):
        if pictures := os.environ.get("PICTURES"):
            sitting.window.grab().save(f"{pictures}/outside-{theme}.png")
            sitting.desk.ground.appearance.toggle()
    assert "I-0001: changed" in told(form)
    assert "what: knee deep → roof deep" in told(form)
    assert "severity: Moderate → Extreme" in told(form)
    assert "I-0003: taken away" in told(form)
    form.take.click()
    sitting.wait(lambda: "I-0003" in incidents(sitting))
    sitting.wait(lambda: "taken over" in sitting.window.regions.status.news.text())
    assert incidents(sitting)["I-0003"].void
    assert incidents(sitting)["I-0001"].text == "roof deep"
    with sitting.desk.store.reading() as query:
        assert query.outside() == []
        assert query.steps(1)[0].label == "Take over changes of another program"


def test_nonsense_of_another_program_can_only_be_put_back(sitting):
    before = incidents(sitting)
    change(sitting, "UPDATE incidents SET severity = 'foo' WHERE number = 'I-0002'")
    form = form_of(sitting)
    assert not form.take.isVisible()
    assert "can only be put back" in form.words.text()
    form.back.click()
    sitting.wait(lambda: not form.isVisible())
    assert incidents(sitting) == before


def test_what_others_changed_is_told_without_taking_the_keys_from_who_is_typing(sitting):
    sitting.press("F2", "type:fl2")
    change(sitting, CHANGES[0])
    sitting.wait(lambda: "changed by another program" in sitting.desk.ground.notices.words.text())
    sitting.press("Space", "type:knee")
    assert sitting.line.edit.text() == "fl2 knee"
    assert not sitting.window.findChild(OutsideForm).isVisible()


def test_what_others_changed_is_still_offered_after_another_question_was_answered(sitting):
    change(sitting, CHANGES[0])
    notices = sitting.desk.ground.notices
    sitting.wait(lambda: "changed by another program" in notices.words.text())
    sitting.desk.work.open_incident(sitting.incidents()[0].id)
    for _question in range(2):  # the second takes the place of the first
        sitting.press("Ctrl+Shift+E")
        sitting.wait(lambda: "Erase the source" in notices.words.text())
    notices.close_button.click()
    assert "changed by another program" in notices.words.text()
    notices.close_button.click()
    assert notices.isHidden()


def test_the_newest_readings_are_there_for_other_programs_while_the_desk_is_open(sitting):
    def shown():
        with sitting.desk.store.glancing() as desk:
            return desk.exec_driver_sql("SELECT count(value) FROM latest_readings").scalar_one()

    sitting.wait(lambda: shown() == 4)


def row_of(sitting, number):
    """What the list says of an incident: its words, whether a sign stands before them, its tooltip."""
    rows = sitting.panels.incidents.table.records
    at = next(n for n, each in enumerate(rows.records) if each.number == number)
    index = rows.index(at, 4)
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.DecorationRole, Qt.ItemDataRole.ToolTipRole)
    words, sign, tip = (rows.data(index, role) for role in roles)
    return words, sign is not None, tip


def test_an_incident_that_another_program_changed_is_marked_until_somebody_decides(sitting):
    first = incidents(sitting)["I-0001"]
    sitting.desk.work.open_incident(first.id)
    mark = sitting.panels.detail.outside
    assert not mark.isVisible()
    change(sitting, CHANGES[0])
    sitting.wait(mark.isVisible)
    words, sign, tip = row_of(sitting, "I-0001")
    assert words == "changed?  Pasar Lama: roof deep"
    assert sign
    assert "nobody has decided" in tip
    assert row_of(sitting, "I-0002")[:2] == ("Kampung Sari: three on a roof", False)
    for theme in ("night", "day"):
        if pictures := os.environ.get("PICTURES"):
            sitting.window.grab().save(f"{pictures}/marked-{theme}.png")
            sitting.desk.ground.appearance.toggle()
    mark.findChild(QPushButton).click()
    form = sitting.window.findChild(OutsideForm)
    assert form.isVisible()
    form.back.click()
    sitting.wait(lambda: row_of(sitting, "I-0001")[:2] == ("Pasar Lama: knee deep", False))
    sitting.wait(lambda: sitting.panels.detail.text.isVisible())
    assert not mark.isVisible()


def test_an_incident_that_another_program_took_away_says_so_where_it_was_shown(sitting):
    sitting.desk.work.open_incident(incidents(sitting)["I-0003"].id)
    change(sitting, CHANGES[1])
    sitting.wait(sitting.panels.detail.outside.isVisible)
    assert "not in the file any more" in sitting.panels.detail.text.toPlainText()
