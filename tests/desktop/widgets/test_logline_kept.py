"""What was typed outlives an interruption: a pause, a power cut, names that are still coming."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from gis.intake.context import NOTHING_NAMED, Kind
from tests.desktop.widgets.a_line import CONTEXT, key, typed


def test_a_pause_keeps_the_half_typed_line(line, qtbot, clock):
    with qtbot.waitSignal(line.paused, timeout=5000) as kept:
        typed(line, "fl2 @market knee")
    assert kept.args == ["fl2 @market knee", clock.now()]


def test_a_line_left_is_kept_at_once_and_only_once(line, qtbot):
    typed(line, "fl2 half")
    kept = []
    line.paused.connect(lambda text, _since: kept.append(text))
    line.window_for_test.findChild(QPushButton).setFocus()
    line.keep_now()
    assert kept == ["fl2 half"]


def test_a_kept_line_is_let_go_only_after_it_was_handed_over(line):
    told = []
    line.paused.connect(lambda text, _since: told.append(text))
    line.submitted.connect(lambda draft, _since: told.append(draft.kind))
    typed(line, "fl2 @@ deep")
    line.keep_now()
    key(line, Qt.Key.Key_Return)
    assert told == ["fl2 @@ deep", Kind.INCIDENT, ""]


def test_after_a_power_cut_the_line_is_back_and_marked(line, clock):
    before = clock.now() - timedelta(minutes=7)
    line.restore("fl2 @Kampung Baru knee", before)
    assert line.edit.text() == "fl2 @Kampung Baru knee"
    assert "not finished" in line.preview.remark.text()
    key(line, Qt.Key.Key_Return)
    assert line.got[0][1] == before


def test_a_line_being_typed_is_not_replaced_by_an_old_one(line):
    typed(line, "rb now")
    line.restore("fl2 old")
    assert line.edit.text() == "rb now"


def test_what_could_not_be_saved_comes_back(line):
    typed(line, "fl2 @@ deep")
    key(line, Qt.Key.Key_Return)
    draft, since = line.got[0]
    line.give_back(draft, since)
    assert (line.edit.text(), line.since) == ("fl2 @@ deep", since)
    line.edit.clear()
    typed(line, "rb new call")
    line.give_back(draft, since)
    assert line.edit.text() == "rb new call"
    key(line, Qt.Key.Key_Up)
    assert line.edit.text() == "fl2 @@ deep"


def test_a_filled_line_does_not_lose_the_one_being_typed(line):
    typed(line, "fl2 half")
    line.fill("fl1 @Kali 3\tlevel 4.82 m")
    assert line.edit.text() == "fl1 @Kali 3\tlevel 4.82 m"
    key(line, Qt.Key.Key_Up)
    assert line.edit.text() == "fl2 half"


def test_a_line_entered_before_the_names_of_the_city_came_is_saved_when_they_have_come(line):
    line.know(replace(CONTEXT, places=NOTHING_NAMED, coming=True))
    typed(line, "fl2 @Kampung Sari 14 knee high")
    key(line, Qt.Key.Key_Return)
    assert line.got == []
    assert line.preview.remark.text().startswith("Saved as soon as the names of the city have been read")
    line.know(CONTEXT)
    ((draft, _since),) = line.got
    assert (draft.where, draft.text) == ("Kampung Sari 14", "knee high")
    assert line.edit.text() == ""


def test_a_line_that_waits_for_names_is_saved_as_it_stands_by_a_second_enter(line):
    line.know(replace(CONTEXT, places=NOTHING_NAMED, coming=True))
    typed(line, "fl2 @Kampung Sari 14 knee high")
    key(line, Qt.Key.Key_Return)
    key(line, Qt.Key.Key_Return)
    ((draft, _since),) = line.got
    assert (draft.raw, draft.spot) == ("fl2 @Kampung Sari 14 knee high", None)


def test_a_line_that_is_changed_while_it_waits_for_names_waits_for_enter_again(line):
    line.know(replace(CONTEXT, places=NOTHING_NAMED, coming=True))
    typed(line, "fl2 @Kampung Sari 14 knee")
    key(line, Qt.Key.Key_Return)
    typed(line, " high")
    line.know(CONTEXT)
    assert line.got == []
    key(line, Qt.Key.Key_Return)
    assert line.got[0][0].text == "knee high"


def test_a_line_whose_names_could_not_be_read_does_not_wait_any_longer(line):
    line.know(replace(CONTEXT, places=NOTHING_NAMED, coming=True))
    typed(line, "fl2 @Kampung Sari 14 knee high")
    key(line, Qt.Key.Key_Return)
    line.know(replace(CONTEXT, places=NOTHING_NAMED))
    assert line.got[0][0].raw == "fl2 @Kampung Sari 14 knee high"


def test_a_line_with_coordinates_or_none_is_saved_at_once_while_the_names_come(line):
    line.know(replace(CONTEXT, places=NOTHING_NAMED, coming=True))
    for text in ("fl2 @-8.65,115.21 knee high", "fl2 knee high", "a note"):
        typed(line, text)
        key(line, Qt.Key.Key_Return)
    assert [draft.raw for draft, _since in line.got] == [
        "fl2 @-8.65,115.21 knee high",
        "fl2 knee high",
        "a note",
    ]
