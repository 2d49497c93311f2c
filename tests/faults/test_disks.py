"""Rows 3 to 8: disks that are full, that fail, and that take nothing."""

import json

from tests import needs, rooms
from tests.elsewhere import python
from tests.faults import looking
from tests.faults.figures import points
from tests.faults.town import copied, operation_in


def test_row_03_a_full_disk_refuses_the_step_in_plain_words_and_goes_on_once_there_is_room(ground):
    needs.strace()
    full, limited = ground("full", points(24, 1_000)), ground("limited", points(2, 20))
    assert full.bad + limited.bad == []
    assert any("disk is full" in words for words in full.said("refused"))
    assert full.said("bugs") == set()


def test_row_04_a_full_stick_leaves_the_old_package_whole_and_nothing_half(town, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    said = rooms.in_a_small_room(stick, "1m", "-m", "tests.faults.exports", "full", town, tmp_path, stick)
    assert said == ""


def test_row_05_a_failing_disk_loses_nothing_that_was_acknowledged_and_damages_nothing(ground):
    needs.strace()
    for kind, seeds in (("failing", points(40, 3_000)), ("failed sync", points(3, 300))):
        assert ground(kind, seeds).bad == []


def test_row_06_a_step_that_raised_but_happened_can_be_done_again_and_is_there_once(ground):
    needs.strace()
    outcome = ground("unsaid", points(24, 1_000))
    assert outcome.bad == []
    assert outcome.said("refused") | outcome.said("bugs"), "no step ever raised"


def test_row_07_an_operation_in_a_locked_folder_is_shown_whole_says_why_and_is_not_touched(worked):
    with rooms.open_to_everybody() as room:
        folder, stick = copied(worked, operation_in(room)), room / "stick"
        stick.mkdir()
        stick.chmod(0o777)
        before, all_of_it = (
            looking.contents(folder),
            looking.look(copied(worked, room / "free.kentongan"), stick / "a"),
        )
        rooms.locked(folder)
        shown = json.loads(python("-m", "tests.faults.looking", "nobody", folder, stick / "b"))
        assert looking.contents(folder) == before
        looking.is_whole_and_read_only(shown, all_of_it)
        run = ("-m", "tests.faults.looking", "root", folder, stick / "c")
        looking.is_whole_and_read_only(json.loads(rooms.in_a_frozen_room(folder, *run)), all_of_it)
        assert looking.contents(folder) == before


def test_row_08_a_read_only_target_is_refused_with_a_way_out_and_left_as_it_was(town, tmp_path):
    with rooms.open_to_everybody() as room:
        (room / "stick").mkdir(mode=0o555)
        said = python("-m", "tests.faults.exports", "nobody", town, tmp_path, room / "stick")
    assert said == ""
    stick = tmp_path / "stick"
    stick.mkdir()
    said = rooms.in_a_frozen_room(stick, "-m", "tests.faults.exports", "refused", town, tmp_path, stick)
    assert said == ""
