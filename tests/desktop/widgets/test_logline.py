"""The log line under real keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from shapely import Point, box

from desktop.widgets.logline import LogLine
from gis.geo.gazetteer import Gazetteer, Named
from gis.geo.wards import Wards
from gis.intake.context import NOTHING_NAMED, IntakeContext, Kind, live_places
from gis.model.incident import Incident, Severity

ZONE = ZoneInfo("Asia/Makassar")
NAMES = ["Kampung Sari 14", "Kampung Baru", "Kampung Sari 2"]
NEAR = Incident(
    number="I-0033",
    code="fl",
    text="clinic flooded",
    severity=Severity.EXTREME,
    reported_at=datetime(2026, 3, 14, 5, tzinfo=UTC),
    place=Point(115.2105, -8.65),
)
CONTEXT = IntakeContext(
    places=Gazetteer(Named(NAMES, ["street"] * 3, [115.21, 115.25, 115.29], [-8.65] * 3)),
    live=live_places([], [NEAR]),
    incidents=(NEAR,),
    wards=Wards(["Ward D3"], [box(115.2, -8.7, 115.22, -8.6)]),
    city=(115.1, -8.8, 115.35, -8.5),
    last_click=(115.3, -8.6),
    commands={"report": "Situation report"},
)


@pytest.fixture
def line(qtbot, clock) -> LogLine:
    """A log line at the bottom of a window, with a button beside it."""
    window = QWidget()
    rows = QVBoxLayout(window)
    rows.addStretch(1)
    rows.addWidget(QPushButton("Other"))
    made = LogLine(clock, ZONE)
    made.know(CONTEXT)
    rows.addWidget(made)
    window.resize(1200, 600)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    made.start()
    made.window_for_test = window
    made.got = []
    made.submitted.connect(lambda draft, since: made.got.append((draft, since)))
    return made


def typed(line, text):
    QTest.keyClicks(line.edit, text)


def key(line, which):
    QTest.keyClick(line.edit, which)


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
