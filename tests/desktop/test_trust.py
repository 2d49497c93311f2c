"""The promises about the log, in the strip of a whole desk."""

import re
import sqlite3
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.assurance import Assurance, Weight, say
from desktop.safekeeping import Medium
from gis.clock import ManualClock
from gis.model.incident import Incident
from gis.progress import Progress
from gis.store import Store
from gis.store.second import CopyState
from gis.store.second.restore import restore
from gis.store.trust import Trust
from tests.architecture.source import ROOT
from tests.build import SIX
from tests.desktop.conftest import Sitting, fill


def trust_of(sitting):
    return sitting.desk.safekeeping.line


def whole(sitting):
    return trust_of(sitting).toolTip()


def test_every_entry_is_proven_after_the_start_and_new_ones_after_they_are_written(sitting):
    sitting.wait(lambda: "unbroken" in trust_of(sitting).text())
    with sitting.desk.store.reading() as query:
        assert f"{query.upto():,} entries" in whole(sitting)
    sitting.press("type:fl2 @@ one more", "Return")
    sitting.wait(lambda: len(sitting.incidents()) == 4)
    with sitting.desk.store.reading() as query:
        upto = query.upto()
    sitting.wait(lambda: f"{upto:,} entries" in whole(sitting))
    assert "on the disk" in whole(sitting)


def flip_a_byte(store: Store, label: str, word: str = "knee", to: bytes = b"s") -> int:
    """The first byte of a word in an entry, in the file itself, as a hex editor would."""
    store.close()
    path = store.folder / "desk.gpkg"
    with sqlite3.connect(path) as raw:
        number, body = raw.execute(
            "SELECT n, body FROM journal WHERE label = ? AND field = 'text' ORDER BY n", (label,)
        ).fetchone()
    raw.close()
    content = path.read_bytes()
    assert content.count(body.encode()) == 1
    at = content.index(body.encode()) + body.index(word)
    with path.open("r+b") as file:
        file.seek(at)
        file.write(to)
    return number


def test_a_single_altered_byte_is_named_loudly_and_leads_to_its_line_of_the_log(
    qtbot, store, clock, appearance
):
    fill(store, clock)
    number = flip_a_byte(store, "Log incident")
    again = Store.open(store.folder, clock=clock, author="R. Sari")
    sitting = Sitting(qtbot, again, appearance)
    try:
        sitting.wait(lambda: "ALTERED" in trust_of(sitting).text())
        assert f"entry {number:,}" in trust_of(sitting).text()
        assert trust_of(sitting).property("weight") == "grave"
        words = sitting.desk.ground.notices.words.text()
        assert f"Entry {number:,}" in words
        assert "Log incident, R. Sari" in words
        trust_of(sitting).setFocus()
        sitting.press("Space")
        logbook = sitting.desk.logbook
        sitting.wait(logbook.isVisible)
        sitting.wait(lambda: logbook.table.current() is not None)
        assert "Log incident" in logbook.table.current().what
        assert "snee" in logbook.table.current().what or "Pasar Lama" in logbook.table.current().what
    finally:
        sitting.window.close()
        sitting.window.deleteLater()
        qtbot.wait(1)


@pytest.mark.parametrize(("word", "to"), [("{", b"s"), ('"text"', b"\xa2")])
def test_an_entry_that_cannot_even_be_read_keeps_nobody_from_the_desk(
    qtbot, store, clock, appearance, word, to
):
    fill(store, clock)
    number = flip_a_byte(store, "Log incident", word, to)
    again = Store.open(store.folder, clock=clock, author="R. Sari")
    sitting = Sitting(qtbot, again, appearance)
    try:
        sitting.wait(lambda: f"Entry {number:,} (Log incident, R. Sari) was altered" in whole(sitting))
        trust_of(sitting).click()
        sitting.wait(lambda: sitting.desk.logbook.table.current() is not None)
        assert sitting.desk.logbook.table.current().what.startswith("Log incident")
    finally:
        sitting.window.close()
        sitting.window.deleteLater()
        qtbot.wait(1)


def test_the_second_copy_follows_and_its_loss_and_return_are_told(qtbot, store, clock, appearance, tmp_path):
    fill(store, clock)
    stick, away = tmp_path / "stick", tmp_path / "away"
    stick.mkdir()
    sitting = Sitting(qtbot, store, appearance, Medium(stick))
    try:
        sitting.wait(lambda: re.search(r"copy .* ago|copy \d", trust_of(sitting).text()))
        assert "held everything" in whole(sitting)
        stick.rename(away)
        sitting.press("type:fl2 @@ while the stick is out", "Return")
        sitting.wait(lambda: "copy STOPPED" in trust_of(sitting).text())
        assert "is not there" in whole(sitting)
        assert trust_of(sitting).property("weight") == "warn"
        away.rename(stick)
        sitting.press("type:fl2 @@ and is back", "Return")
        sitting.wait(lambda: "held everything" in whole(sitting))
    finally:
        sitting.window.close()
        sitting.window.deleteLater()
        qtbot.wait(1)


def test_what_is_written_last_is_in_the_second_copy_when_the_window_is_closed(
    qtbot, store, clock, appearance, tmp_path
):
    fill(store, clock)
    sitting = Sitting(qtbot, store, appearance, Medium(tmp_path))
    sitting.wait(lambda: "held everything" in whole(sitting))
    sitting.press("type:fl2 @@ the very last", "Return")
    sitting.wait(lambda: len(sitting.incidents()) == 4)
    sitting.window.close()
    (copy,) = tmp_path.glob("*.kentongan-copy")
    made = restore(copy, tmp_path / "again.kentongan", Progress())
    assert not made.missing
    again = Store.open(made.folder, clock=clock, author="R. Sari")
    with again.reading() as query:
        assert any("the very last" in each.text for each in query.find(Incident))
    again.close()
    sitting.window.deleteLater()
    qtbot.wait(1)


NOW = SIX + timedelta(minutes=5)
COPY = CopyState(folder=Path("/media/stick/flood.kentongan-copy"))


def said(**but):
    usual = {"trust": Trust(12_418, 12_418), "saved_at": NOW - timedelta(seconds=0.4)}
    return say(Assurance(**usual | but), NOW)


def test_the_usual_words_are_short_enough_for_a_strip_and_complete():
    held = said(copy=replace(COPY, saved_at=NOW - timedelta(seconds=2)))
    assert held.forms[0] == "12,418 entries, unbroken, saved 0.4 s ago, second copy 2 s ago"
    assert held.forms[1] == "12,418 unbroken, saved 0.4 s, copy 2 s"
    assert held.weight is Weight.CALM


@pytest.mark.parametrize(
    ("state", "shortest", "weight"),
    [
        ({"proving": 34}, "proving 34 %", Weight.BUSY),
        ({"unsaved": "The disk is full."}, "NOT SAVED", Weight.GRAVE),
        ({"read_only": "A newer version wrote it."}, "read-only", Weight.WARN),
        ({"copy": COPY}, "copy begins", Weight.BUSY),
        ({"copy": None}, "no second copy", Weight.WARN),
        ({"copy": CopyState(COPY.folder, NOW, 3, "No room.")}, "copy STOPPED", Weight.WARN),
        ({"copy": CopyState(COPY.folder, NOW, same_disk=True)}, "copy 0.0 s, SAME DISK", Weight.WARN),
        ({"copy": CopyState(COPY.folder, NOW - timedelta(minutes=3), 9)}, "copy 3 min", Weight.WARN),
    ],
)
def test_where_there_is_little_room_the_worst_is_said(state, shortest, weight):
    usual = {"copy": CopyState(COPY.folder, NOW)}
    held = said(**usual | state)
    assert (held.forms[-1], held.weight) == (shortest, weight)


def test_in_an_exercise_a_missing_second_copy_is_no_matter():
    assert said(exercise=True).weight is Weight.CALM


def test_an_age_is_told_in_the_unit_that_says_enough():
    clock = ManualClock(NOW)
    for seconds, words in ((0.4, "0.4 s"), (12, "12 s"), (125, "2 min"), (7300, "2 h"), (200_000, "2 d")):
        held = say(Assurance(saved_at=NOW - timedelta(seconds=seconds)), clock.now())
        assert held.forms[1].startswith(f"0 unbroken, saved {words},")


@pytest.mark.parametrize("damaged", [False, True])
def test_after_a_sitting_that_was_cut_off_the_files_are_examined_and_it_is_said(
    qtbot, store, clock, appearance, damaged
):
    fill(store, clock)
    store.close()
    (store.folder / ".desk" / "open-cut-off").touch()
    if damaged:
        raw = sqlite3.connect(store.folder / "readings.sqlite")
        with raw:
            raw.execute("UPDATE pending SET data = zeroblob(40)")
        raw.close()
    again = Store.open(store.folder, clock=clock, author=store.author)
    sitting = Sitting(qtbot, again, appearance)
    notices, news = sitting.desk.ground.notices, sitting.window.regions.status.news
    try:
        if damaged:
            sitting.wait(lambda: "damaged" in notices.words.text())
            assert "lost" in notices.words.text()
        else:
            sitting.wait(lambda: "every one is whole" in news.text())
            assert notices.isHidden()
    finally:
        sitting.window.close()


def test_what_an_older_version_made_is_said_to_be_of_this_one_now(qtbot, tmp_path, clock, appearance):
    with zipfile.ZipFile(ROOT / "tests" / "files" / "format-1.zip") as archive:
        archive.extractall(tmp_path)
    for told in (True, False):
        store = Store.open(tmp_path / "flood.kentongan", clock=clock, author="R. Sari")
        sitting = Sitting(qtbot, store, appearance)
        assert ("brought to this version" in sitting.window.regions.status.news.text()) == told
        sitting.window.close()
