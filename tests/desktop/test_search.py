"""Ctrl+F: what somebody looks for among the entries is there while they type."""

import os
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from gis.model.incident import Severity
from gis.ops import incidents


@pytest.fixture
def panel(sitting):
    sitting.press("Ctrl+F")
    return sitting.panels.incidents


def shown(panel) -> list[str]:
    return [incident.where or incident.text for incident in panel.table.records.records]


def all_there(sitting, panel) -> None:
    sitting.wait(lambda: len(shown(panel)) == 3)


def test_what_is_typed_is_found_among_open_and_closed_incidents(sitting, panel):
    first = next(i for i in sitting.incidents() if i.where == "Kampung Sari")
    with sitting.desk.store.writing("Close") as tx:
        incidents.close(tx, first.id)
    sitting.wait(lambda: panel.table.records.row_of(first.id) < 0)
    sitting.press("type:roof")
    sitting.wait(lambda: shown(panel) == ["Kampung Sari"])
    assert panel.tally.isVisible()
    assert panel.tally.text() == "1 found"
    assert not panel.all.isEnabled()
    assert panel.windowTitle() == "Incidents: 2 open"


def test_escape_takes_the_words_away_and_then_goes_back_to_the_list(sitting, panel):
    sitting.press("type:roof")
    sitting.wait(lambda: len(shown(panel)) == 1)
    sitting.press("Esc")
    all_there(sitting, panel)
    assert panel.words.text() == ""
    assert panel.words.hasFocus()
    assert not panel.tally.isVisible()
    assert panel.all.isEnabled()
    sitting.press("Esc")
    assert panel.table.hasFocus()


def test_nothing_found_is_said_with_the_words_that_were_looked_for(sitting, panel):
    sitting.press("type:volcano")
    sitting.wait(lambda: panel.said_empty() == "Nothing found for “volcano”.")
    sitting.press("Esc")
    sitting.wait(lambda: panel.said_empty() == "")


def test_a_note_leads_to_its_incident_and_is_shown_before_it(sitting, panel):
    first = next(i for i in sitting.incidents() if i.where == "Pasar Lama")
    with sitting.desk.store.writing("Note") as tx:
        incidents.note(tx, "The team that set out at six says that the ferry is stuck", first.id)
        incidents.note(tx, "Ferry company called")
    sitting.press("type:ferry")
    sitting.wait(lambda: shown(panel) == ["Pasar Lama"])
    said = panel.table.records.data(panel.table.records.index(0, 4), Qt.ItemDataRole.DisplayRole)
    assert said.startswith("Note: … at six says that the ferry is stuck  ·  Pasar Lama")
    assert panel.tally.toolTip() == "1 note of the operational log holds these words."


def test_enter_goes_on_to_what_was_found_and_shows_it(sitting, panel):
    sitting.press("type:tank")
    sitting.wait(lambda: len(shown(panel)) == 1)
    sitting.press("Return")
    assert panel.table.hasFocus()
    assert sitting.desk.ground.model.selection.now.ids == {panel.table.current().id}


def test_an_entry_that_is_saved_while_somebody_looks_for_it_appears(sitting, panel):
    sitting.press("type:landslide")
    sitting.wait(lambda: panel.said_empty() != "")
    with sitting.desk.store.writing("Log") as tx:
        incidents.log(tx, "ls", "landslide on the ring road", sitting.incidents()[0].severity)
    sitting.wait(lambda: len(shown(panel)) == 1)


def test_only_the_newest_request_is_answered(sitting, panel):
    for words in ("roof", "tank", "knee", "roof", "knee"):
        panel.words.setText(words)
        panel.words._ask()
    sitting.wait(lambda: shown(panel) == ["Pasar Lama"])
    sitting.qtbot.wait(150)
    assert shown(panel) == ["Pasar Lama"]


def test_ctrl_f_comes_back_from_the_operational_log(sitting):
    window = sitting.window
    window.tabs.setCurrentIndex(1)
    sitting.press("Ctrl+F")
    assert window.tabs.currentIndex() == 0
    assert sitting.panels.incidents.words.hasFocus()


def test_no_row_is_lit_while_the_detail_shows_an_incident_that_was_not_found(sitting, panel):
    numbers = {each.where: each.number for each in sitting.incidents()}
    market = next(i for i in sitting.incidents() if i.where == "Pasar Lama")
    sitting.desk.work.open_incident(market.id)
    assert panel.table.current().id == market.id
    sitting.press("Ctrl+F", "type:roof")
    sitting.wait(lambda: shown(panel) == ["Kampung Sari"])
    assert panel.table.current() is None
    sitting.press("Return")
    assert panel.table.current().number == numbers["Kampung Sari"]
    sitting.wait(lambda: numbers["Kampung Sari"] in sitting.panels.detail.title.text())
    sitting.press("Ctrl+F", "type:tank")
    sitting.wait(lambda: shown(panel) == ["tank wanted"])
    sitting.press("Esc")
    all_there(sitting, panel)
    assert panel.table.current().number == numbers["Kampung Sari"]


def test_after_an_incident_was_closed_the_next_in_the_list_follows_it(sitting):
    panel = sitting.panels.incidents
    first, second, third = panel.table.records.records
    sitting.desk.work.open_incident(second.id)
    with sitting.desk.store.writing("Close") as tx:
        incidents.close(tx, second.id)
    sitting.wait(lambda: len(shown(panel)) == 2)
    assert panel.table.current() is None
    panel.table.setFocus()
    sitting.press("Down")
    assert panel.table.current().id == third.id
    sitting.press("Up")
    assert panel.table.current().id == first.id


@pytest.fixture
def many_closed(sitting):
    """A thousand calls that were dealt with, the later the newer."""
    clock = sitting.desk.store.clock
    for _batch in range(10):
        clock.advance(timedelta(minutes=1))
        with sitting.desk.store.writing("An old night") as tx:
            for n in range(100):
                done = incidents.log(tx, "fl", f"call {n}", Severity.MINOR, where=f"at {clock.now():%H:%M}")
                incidents.close(tx, done.id)
    return sitting.panels.incidents


def test_of_many_closed_incidents_the_newest_are_listed_and_the_others_are_searched_for(sitting, many_closed):
    panel = many_closed
    panel.all.click()
    sitting.wait(lambda: len(shown(panel)) == 503)
    assert panel.more.isVisible()
    if pictures := os.environ.get("PICTURES"):
        sitting.window.grab().save(f"{pictures}/closed.png")
    assert panel.more.text().startswith("Closed incidents: 500 of 1,000 are shown.")
    assert {words[-5:] for words in shown(panel)[3:]} == {"06:09", "06:10", "06:11", "06:12", "06:13"}
    sitting.press("Ctrl+F", "type:06:04")
    sitting.wait(lambda: shown(panel) and set(shown(panel)) == {"at 06:04"})
    assert not panel.more.isVisible()
    sitting.press("Esc")
    sitting.wait(lambda: len(shown(panel)) == 503)
    panel.all.click()
    all_there(sitting, panel)
    assert not panel.more.isVisible()


def test_closed_incidents_are_listed_without_the_window_reading_them(sitting, many_closed):
    before = shown(many_closed)
    many_closed.all.click()
    assert shown(many_closed) == before  # the answer is still on its way
    sitting.wait(lambda: len(shown(many_closed)) > len(before))


def test_an_answer_that_nobody_waits_for_any_more_is_dropped(sitting, many_closed):
    many_closed.all.click()
    many_closed.all.click()
    sitting.qtbot.wait(500)
    all_there(sitting, many_closed)
    assert not many_closed.more.isVisible()


def test_the_list_with_the_closed_ones_stays_where_it_was_scrolled_to(sitting, many_closed):
    many_closed.all.click()
    sitting.wait(lambda: len(shown(many_closed)) == 503)
    bar = many_closed.table.verticalScrollBar()
    bar.setValue(300)
    first = many_closed.table.records.records[0]
    with sitting.desk.store.writing("Close") as tx:
        incidents.close(tx, first.id)
    sitting.wait(lambda: len(shown(many_closed)) == 502)
    assert bar.value() == 300
