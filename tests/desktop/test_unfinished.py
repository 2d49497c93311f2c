"""Half-typed lines come back: after a cut, after a closed window, of several windows."""

from datetime import timedelta

from desktop.app import open_desk
from gis.model.incident import Note
from gis.ops import unfinished
from gis.ops.unfinished import Unfinished
from gis.store import Store


def test_a_half_typed_line_is_there_again_after_the_desk_was_closed(sitting):
    sitting.press("type:fl2 @pasar half a senten")
    again = sitting.reopen()
    again.wait(lambda: again.line.edit.text() == "fl2 @pasar half a senten")


def test_lines_of_several_windows_are_offered_one_by_one_and_none_is_lost(sitting):
    def left_by(store, *lines):
        begun = store.clock.now()
        halves = [Unfinished(line, begun - timedelta(minutes=n)) for n, line in enumerate(lines)]
        store.write("Keep", lambda tx: unfinished.keep(tx, halves))
        store.close()

    store = sitting.desk.store
    left_by(
        Store.open(store.folder, clock=store.clock, author="other"), "tree fell", "fl2 @pasar", "me faint"
    )
    again = sitting.reopen()
    again.wait(lambda: again.line.edit.text() == "tree fell")
    leftover = again.line.leftover
    assert "1 of 2" in leftover.words.text()
    assert "fl2 @pasar" in leftover.words.text()
    leftover.take.click()
    assert again.line.edit.text() == "fl2 @pasar"
    assert "tree fell" in leftover.words.text()
    again = again.reopen()
    leftover = again.line.leftover
    again.wait(lambda: again.line.edit.text() == "tree fell")  # the newest of them
    leftover.drop.click()
    assert "me faint" in leftover.words.text()
    again.press("Return")
    again.wait(lambda: len(again.records(Note)) == 1)
    again = again.reopen()
    again.wait(lambda: again.line.edit.text() == "me faint")
    assert not again.line.leftover.isVisible()


def test_a_line_begun_before_the_old_ones_came_stays_in_the_line(qtbot, store, appearance):
    half = Unfinished("tree fell", store.clock.now())
    other = Store.open(store.folder, clock=store.clock, author="other")
    other.write("Keep", lambda tx: unfinished.keep(tx, [half]))
    other.close()
    desk = open_desk(store, appearance)
    desk.window.show()
    desk.line.edit.setText("rb now")
    qtbot.waitUntil(desk.line.leftover.isVisible)
    assert desk.line.edit.text() == "rb now"
    assert "tree fell" in desk.line.leftover.words.text()
    desk.window.close()
