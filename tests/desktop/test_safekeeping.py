"""The form for safe keeping, and what can and cannot be taken back, with real keys on a real store."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.safekeeping import Medium
from gis.clock import ManualClock
from gis.model.incident import Incident, Note, Severity
from gis.model.record import Reading
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.upkeep import retention
from gis.sync.package import SUFFIX, pack, unpack
from tests.build import SIX
from tests.desktop.conftest import Sitting, fill


@pytest.fixture
def stick(tmp_path):
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def kept(qtbot, store, clock, appearance, stick):
    """A desk with a second copy; `chosen` holds what would be remembered of another choice."""
    fill(store, clock)
    chosen: list[Path | None] = []
    made = Sitting(qtbot, store, appearance, Medium(stick, chosen.append))
    made.chosen = chosen
    yield made
    made.window.close()
    made.window.deleteLater()
    qtbot.wait(1)


def form_of(sitting):
    return sitting.desk.safekeeping.form


def press(sitting, name):
    button = form_of(sitting).buttons[name]
    sitting.wait(button.isEnabled)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    sitting.press("Space")


def says(sitting, words):
    sitting.wait(lambda: words in form_of(sitting).outcome.text())


def test_the_form_tells_where_the_copy_lies_and_checks_every_byte_of_it(kept, stick):
    kept.wait(lambda: "held everything" in kept.desk.safekeeping.line.toolTip())
    kept.press("Ctrl+B")
    kept.wait(form_of(kept).isVisible)
    assert str(stick) in form_of(kept).copy.text()
    kept.wait(lambda: "entries" in form_of(kept).bases.text())
    press(kept, "check")
    says(kept, "every byte is as it was written")
    (base,) = stick.rglob("desk.copy.gpkg")
    content = bytearray(base.read_bytes())
    content[len(content) // 2] ^= 1
    base.write_bytes(content)
    press(kept, "check")
    says(kept, "is damaged")


def test_another_folder_is_remembered_at_once_and_none_stops_the_copying(kept, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    kept.press("Ctrl+B")
    kept.desk.safekeeping.choose(other)
    kept.wait(lambda: list(other.glob("*.kentongan-copy/*/manifest.json")))
    press(kept, "forget")
    assert kept.chosen == [other, None]
    assert "no second copy" in form_of(kept).copy.text().lower()
    assert not form_of(kept).buttons["copy"].isVisible()


def test_a_folder_inside_the_operation_is_refused_in_words(kept):
    kept.desk.safekeeping.choose(kept.desk.store.folder)
    kept.wait(lambda: "cannot hold a second copy" in kept.desk.ground.notices.words.text())
    assert "STOPPED" in kept.desk.safekeeping.line.text()


def test_an_operation_is_made_of_a_copy_and_offered_to_be_opened(kept, stick, tmp_path):
    kept.wait(lambda: "held everything" in kept.desk.safekeeping.line.toolTip())
    kept.press("Ctrl+B")
    wanted = []
    kept.desk.safekeeping.elsewhere.disconnect()
    kept.desk.safekeeping.elsewhere.connect(wanted.append)
    kept.desk.safekeeping.restore(stick, tmp_path / "Again")
    says(kept, "Again.kentongan holds")
    kept.press("Space")  # the offer has the focus
    assert wanted == [tmp_path / "Again.kentongan"]
    kept.wait(form_of(kept).buttons["prove"].isEnabled)
    kept.desk.safekeeping.restore(tmp_path / "nothing here", tmp_path / "No.kentongan")
    says(kept, "is not a second copy")


def test_the_log_is_proven_again_and_the_tables_made_again(kept):
    kept.press("Ctrl+B")
    before = kept.incidents()
    press(kept, "rebuild")
    says(kept, "made again from the log")
    press(kept, "prove")
    kept.wait(lambda: "as it was written" in form_of(kept).log.text())
    assert kept.incidents() == before


def test_what_old_readings_would_go_is_told_before_they_go(kept, clock):
    with kept.desk.store.writing("Readings") as tx:
        old = clock.now() - timedelta(days=400)
        tx.append([Reading("g1", old + timedelta(minutes=n), 1.0) for n in range(5000)])
    kept.desk.store.seal(Progress())
    kept.press("Ctrl+B")
    form_of(kept).days.setFocus()
    kept.press("Ctrl+A", "type:30")
    kept.wait(
        lambda: "would be let go" in form_of(kept).going.text() or "that old" in form_of(kept).going.text()
    )
    with kept.desk.store.reading() as query:
        assert retention(query).days is None, "nothing goes before somebody says so"
    press(kept, "keep")
    says(kept, "let go")
    with kept.desk.store.reading() as query:
        assert retention(query).days == 30


def test_one_file_leaves_without_what_callers_said_of_themselves(kept, tmp_path):
    kept.press("Ctrl+B")
    kept.desk.safekeeping.export(tmp_path / "out.gpkg", personal=False)
    says(kept, "is written")
    assert (tmp_path / "out.gpkg").stat().st_size > 0
    kept.desk.safekeeping.export(tmp_path / "no such folder" / "out.gpkg", personal=False)
    says(kept, "cannot be written there")


# -- taking back


@pytest.fixture
def package(tmp_path):
    """What a team wrote on a desk of its own."""
    clock = ManualClock(SIX)
    operation = Operation("Muara Seruni", SIX, desk="T", timezone="Asia/Makassar")
    team = Store.create(tmp_path / "team.kentongan", operation, clock=clock, author="Team B")
    for text in ("boat at the bridge", "school is empty"):
        with team.writing("Log incident") as tx:
            incidents.log(tx, "fl", text, Severity.MINOR)
    packed = pack(team, tmp_path / f"team{SUFFIX}")
    team.close()
    return packed


def take_in(sitting, package):
    sitting.desk.packages.look_into(package.path)
    sitting.wait(lambda: "Team B" in sitting.desk.packages._form.words.text())
    sitting.desk.packages._form.accept.click()
    sitting.wait(lambda: len(sitting.incidents()) == 5)
    sitting.wait(sitting.desk.ground.notices.answer.isVisible)


def undo_text(sitting):
    return sitting.window.actions_by_id["undo"].text()


def test_a_package_is_taken_back_from_the_notice_that_tells_of_it(sitting, package):
    take_in(sitting, package)
    assert f"Team B, {package.edits} entries" in sitting.desk.ground.notices.words.text()
    sitting.window.undoing.emit(*(sitting.window.actions_by_id[name] for name in ("undo", "redo")))
    sitting.wait(lambda: f"Undo: Take in package of Team B, {package.edits} entries" in undo_text(sitting))
    sitting.desk.ground.notices.answer.setFocus()
    sitting.press("Space")
    sitting.wait(lambda: len(sitting.incidents()) == 3)


def test_the_notice_takes_back_the_package_and_nothing_that_came_after(sitting, package):
    take_in(sitting, package)
    sitting.press("F2", "type:fl2 @@ and one of our own", "Return")
    sitting.wait(lambda: len(sitting.incidents()) == 6)
    sitting.desk.ground.notices.answer.click()
    sitting.wait(lambda: "not your last step any more" in sitting.desk.ground.notices.words.text())
    assert len(sitting.incidents()) == 6


def test_the_notice_of_a_package_goes_once_the_package_was_taken_back_by_key(sitting, package):
    take_in(sitting, package)
    notices = sitting.desk.ground.notices
    sitting.wait(notices.isVisible)
    sitting.press("Ctrl+Z")
    sitting.wait(notices.isHidden)
    assert len(sitting.incidents()) == 3


def test_a_package_can_leave_without_names_and_numbers(sitting, tmp_path):
    with sitting.desk.store.writing("Log") as tx:
        incidents.log(tx, "fl", "cellar", Severity.MINOR, source="Ibu Wati 0812")
    form = sitting.desk.packages._form
    sitting.press("Ctrl+Shift+P")
    assert form.personal.isChecked(), "between desks of one city they go along"
    form.personal.setFocus()
    sitting.press("Space")
    sitting.desk.packages.send(tmp_path / f"out{SUFFIX}", only_new=False)
    sitting.wait(lambda: "entries are in out" in form.words.text())
    assert unpack(tmp_path / f"out{SUFFIX}").personal == ()


def test_what_a_caller_said_of_themself_is_erased_after_a_question_and_the_log_says_so(sitting):
    with sitting.desk.store.writing("Log") as tx:
        made = incidents.log(tx, "fl", "cellar", Severity.MINOR, source="Ibu Wati 0812")
    sitting.wait(lambda: sitting.panels.incidents.table.records.row_of(made.id) >= 0)
    sitting.desk.work.open_incident(made.id)
    sitting.press("Ctrl+Shift+E")
    words = sitting.desk.ground.notices.words.text()
    assert made.number in words
    assert "stays" in words
    assert "Ibu Wati" in sitting.panels.detail.text.toPlainText()
    sitting.press("Space")  # a stray one closes the question
    assert not sitting.desk.ground.notices.isVisible()
    assert "Ibu Wati" in sitting.panels.detail.text.toPlainText()
    sitting.press("Ctrl+Shift+E", "Shift+Tab", "Space")
    sitting.wait(lambda: any("erased" in note.text for note in sitting.records(Note)))
    sitting.wait(lambda: "Ibu Wati" not in sitting.panels.detail.text.toPlainText())
    (left,) = [i for i in sitting.records(Incident) if i.id == made.id]
    assert (left.source, left.text) == ("", "cellar")
    files = sitting.desk.store.folder  # the log is emptied once nobody reads in it any more
    sitting.wait(lambda: not any(b"Ibu Wati" in path.read_bytes() for path in files.glob("desk.gpkg*")))


def test_the_focus_waits_at_cancel_and_comes_back_to_what_was_begun(kept):
    kept.wait(lambda: "held everything" in kept.desk.safekeeping.line.toolTip())
    kept.press("Ctrl+B")
    press(kept, "check")
    form = form_of(kept)
    assert form.is_working
    assert form.buttons["stop"].hasFocus(), "another Space must not forget the copy"
    says(kept, "every byte is as it was written")
    kept.wait(form.buttons["check"].hasFocus)


def test_a_copy_that_was_just_chosen_is_listed_without_opening_the_form_again(sitting, stick):
    sitting.press("Ctrl+B")
    assert form_of(sitting).bases.isHidden()
    sitting.desk.safekeeping.choose(stick)
    sitting.wait(lambda: "entries" in form_of(sitting).bases.text())


def test_names_leave_the_desk_only_when_that_is_said_each_time(kept, tmp_path):
    kept.press("Ctrl+B")
    form = form_of(kept)
    form.personal.setChecked(True)
    kept.desk.safekeeping.export(tmp_path / "one.gpkg", personal=True)
    says(kept, "is written")
    assert not form.personal.isChecked()


def test_what_became_of_a_restored_operation_is_told_in_the_time_of_the_desk(kept, stick, tmp_path):
    kept.wait(lambda: "held everything" in kept.desk.safekeeping.line.toolTip())
    kept.press("Ctrl+B")
    (copy,) = stick.iterdir()
    kept.desk.safekeeping.restore(copy, tmp_path / "back")
    says(kept, "The last came in at")
    assert "UTC" not in form_of(kept).outcome.text()
