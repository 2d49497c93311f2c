"""The log line under real keys."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from shapely import Point

from gis.intake.context import IntakeContext, Kind
from tests.desktop.widgets.a_line import NEAR, key, typed


def rows(line):
    return [line._list.item(i).text() for i in range(line._list.count())] if line._list.isVisible() else []


def test_a_call_is_logged_with_thirty_six_keys(line):
    typed(line, "fl2 @kam sa")
    assert rows(line)[0].startswith("Kampung Sari 2")
    typed(line, "ri 14")
    key(line, Qt.Key.Key_Tab)
    assert line.edit.text() == "fl2 @Kampung Sari 14\t"
    typed(line, "knee high, 12 in clinic")
    key(line, Qt.Key.Key_Return)
    ((draft, _since),) = line.got
    assert (draft.kind, draft.where, draft.text) == (
        Kind.INCIDENT,
        "Kampung Sari 14",
        "knee high, 12 in clinic",
    )
    assert line.edit.text() == ""


def test_the_card_says_what_will_be_saved(line):
    typed(line, "fl2 @Kampung Sari 14 water knee high")
    assert line.preview.meaning.words == (
        "Flooding, severe at Kampung Sari 14, Ward D3 (50L LR 0303 4337)   water knee high"
    )
    assert line.preview.near.text().startswith("1 open incident within 300 m: I-0033")
    assert line.edit.accessibleDescription() == line.preview.meaning.words
    line.edit.clear()
    assert line.preview.currentIndex() == 1  # cleared by code, not by a key
    typed(line, "a")
    key(line, Qt.Key.Key_Backspace)
    assert line.preview.currentIndex() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fl", "Flooding, moderate, no location yet"),
        ("fl @kam sa", "Flooding, moderate at kam sa, not on the map yet"),
        ("fl @kam ba", "Flooding, moderate at Kampung Baru (50L LR 0744 4340), perhaps"),
        ("what now", "Note in the log   what now"),
        ("i33 two injured", "Add to I-0033  FL  clinic flooded   two injured"),
        ("i33 >", "Show I-0033  FL  clinic flooded"),
        ("/report now", "Command report now"),
        ("?", "Choose a code"),
    ],
)
def test_every_kind_of_line_is_said_back(line, text, said):
    typed(line, text)
    assert line.preview.meaning.words == said


def test_the_time_of_the_call_is_its_first_keystroke(line, clock):
    typed(line, "f")
    began = clock.now()
    clock.advance(timedelta(seconds=40))
    typed(line, "l2 @@ deep")
    key(line, Qt.Key.Key_Return)
    clock.advance(timedelta(seconds=5))
    typed(line, "rb @@")
    key(line, Qt.Key.Key_Return)
    assert [since for _draft, since in line.got] == [began, began + timedelta(seconds=45)]


def test_down_and_enter_add_to_what_is_near_instead(line):
    typed(line, "fl2 @Kampung Sari 14\twater rising")
    assert rows(line) == []
    key(line, Qt.Key.Key_Down)
    assert rows(line) == ["Add to I-0033: clinic flooded, 55 m away"]
    key(line, Qt.Key.Key_Return)
    ((draft, _since),) = line.got
    assert (draft.kind, draft.incident, draft.text) == (Kind.ADDITION, NEAR, "water rising")


def test_down_chooses_an_offer_and_enter_takes_it_without_saving(line):
    typed(line, "fl2 @kam sa")
    key(line, Qt.Key.Key_Down)
    key(line, Qt.Key.Key_Down)
    key(line, Qt.Key.Key_Return)
    assert line.edit.text() == "fl2 @Kampung Sari 14\t"
    assert line.got == []


def test_enter_without_choosing_saves_the_line_as_it_is(line):
    typed(line, "fl2 @kam sa")
    key(line, Qt.Key.Key_Return)
    assert line.got[0][0].where == "kam sa"
    assert line.got[0][0].spot is None


def test_a_tab_parts_the_line_where_nothing_is_offered(line):
    typed(line, "fl2")
    key(line, Qt.Key.Key_Tab)
    typed(line, "behind the mosque")
    key(line, Qt.Key.Key_Tab)
    typed(line, "knee high")
    assert line.edit.text() == "fl2\tbehind the mosque\tknee high"
    assert (line.draft.where, line.draft.text) == ("behind the mosque", "knee high")
    assert line.edit.hasFocus()


def test_a_tab_in_an_empty_line_moves_on(line):
    key(line, Qt.Key.Key_Tab)
    assert not line.edit.hasFocus()


def test_a_question_mark_lists_the_codes(line):
    typed(line, "?")
    assert "fl   Flooding" in rows(line)
    typed(line, "land")
    key(line, Qt.Key.Key_Tab)
    assert line.edit.text() == "ls"
    key(line, Qt.Key.Key_Return)
    assert line.got[0][0].code.code == "ls"


def test_enter_on_nothing_saves_nothing(line):
    for text in ("", "   ", "?"):
        typed(line, text)
        key(line, Qt.Key.Key_Return)
    assert line.got == []


def test_up_recalls_and_down_comes_back_to_what_was_being_typed(line):
    for text in ("fl2 @@ one", "fl2 @@ two"):
        typed(line, text)
        key(line, Qt.Key.Key_Return)
    typed(line, "rb half")
    seen = []
    for which in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        key(line, which)
        seen.append(line.edit.text())
    assert seen == ["fl2 @@ two", "fl2 @@ one", "fl2 @@ one", "fl2 @@ two", "rb half"]


def test_escape_never_loses_a_word(line):
    typed(line, "fl2 @kam")
    assert rows(line)
    for _ in range(3):
        key(line, Qt.Key.Key_Escape)
    assert rows(line) == []
    assert line.edit.text() == "fl2 @kam"


def composed(line, preedit, commit=""):
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(line.edit, event)


def test_the_enter_that_ends_a_composition_saves_nothing(line, qtbot):
    typed(line, "fl2 @@ ")
    composed(line, "すい")
    QTest.keyPress(line.edit, Qt.Key.Key_Return)
    composed(line, "", "水位")
    QTest.keyPress(line.edit, Qt.Key.Key_Return)
    assert line.got == []
    QTest.keyRelease(line.edit, Qt.Key.Key_Return)
    key(line, Qt.Key.Key_Return)
    assert line.got[0][0].text == "水位"


def test_a_composition_ended_by_another_key_leaves_enter_free(line, qtbot):
    typed(line, "fl2 ")
    composed(line, "水")
    composed(line, "", "水")
    qtbot.wait(150)
    key(line, Qt.Key.Key_Return)
    assert len(line.got) == 1


def test_letters_typed_elsewhere_start_the_line(line):
    line.window_for_test.findChild(QPushButton).setFocus()
    line.start("f")
    typed(line, "l2")
    assert line.edit.text() == "fl2"


def test_the_map_hears_where_the_line_points(line):
    aims = []
    line.aimed.connect(aims.append)
    typed(line, "fl2 @@")
    assert (aims[-1].lon, aims[-1].lat) == (115.3, -8.6)
    key(line, Qt.Key.Key_Return)
    assert aims[-1] is None


def test_a_new_click_moves_the_spot_while_the_line_stands(line):
    typed(line, "fl2 @@ deep")
    line.know(IntakeContext(last_click=(115.2, -8.7)))
    assert line.draft.point == Point(115.2, -8.7)


def test_a_long_paste_is_kept_whole(line):
    words = "fl2 @Kampung Baru\t" + "water " * 20_000
    QApplication.clipboard().setText(words)
    line.edit.paste()
    key(line, Qt.Key.Key_Return)
    draft = line.got[0][0]
    assert draft.where == "Kampung Baru"
    assert len(draft.text.split()) == 20_000


def test_while_nothing_is_typed_the_last_two_entries_stand_there(line):
    line.show_last(["05:58 old", "05:59 I-0036 logged", "06:00 PUMP 7 called"])
    assert [label.text() for label in line.preview._last] == ["05:59 I-0036 logged", "06:00 PUMP 7 called"]
    assert line.preview.currentIndex() == 0


def test_undo_of_an_empty_line_belongs_to_the_window(line):
    empty = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QApplication.sendEvent(line.edit, empty)
    assert not empty.isAccepted()
    typed(line, "fl")
    begun = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QApplication.sendEvent(line.edit, begun)
    assert begun.isAccepted()


def test_hostile_words_stay_words(line):
    typed(line, "fl2 @@ <img src=x> & <b>")
    assert "<img" not in line.preview.meaning.text()
    assert "<img src=x> & <b>" in line.preview.meaning.words


def test_the_line_fits_a_narrow_window(line):
    typed(line, "fl2 @Kampung Sari 14 " + "very long words " * 30)
    assert line.minimumSizeHint().width() <= 640
