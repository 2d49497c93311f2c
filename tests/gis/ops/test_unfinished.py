"""Half-typed lines of several windows, of windows that died, and of windows that were closed."""

import shutil
import subprocess
import sys
from datetime import timedelta

import pytest

from gis.ops import unfinished
from gis.ops.unfinished import Unfinished
from gis.store import Store
from tests.build import SIX

TYPED = """
import sys
from datetime import datetime
from pathlib import Path
from gis.clock import SystemClock
from gis.ops import unfinished
from gis.ops.unfinished import Unfinished
from gis.store import Store

store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="other")
line = Unfinished(sys.argv[2], datetime.fromisoformat(sys.argv[3]))
store.write("Keep the line", lambda tx: unfinished.keep(tx, [line]))
print("kept", flush=True)
sys.stdin.read()
"""
FIRST, SECOND = Unfinished("fl2 @market knee", SIX), Unfinished("rb tree on", SIX + timedelta(minutes=2))


class Window:
    """Another program in which somebody has half typed a line."""

    def __init__(self, folder, half):
        words = [sys.executable, "-c", TYPED, str(folder), half.line, half.since.isoformat()]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == "kept"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def opened(store, clock):
    """Another window on the same operation."""
    made = []

    def opened():
        made.append(Store.open(store.folder, clock=clock, author="RS"))
        return made[-1]

    yield opened
    for each in made:
        each.close()


def keep(store, *lines):
    store.write("Keep the line", lambda tx: unfinished.keep(tx, lines))


def take_up(store):
    return store.write("Take up", unfinished.take_up)


def test_each_window_keeps_its_own_half_typed_line(store, opened):
    other = opened()
    keep(store, FIRST)
    keep(other, SECOND)
    keep(store)
    assert take_up(store) == take_up(other) == []
    store.close()
    other.close()
    assert take_up(opened()) == [SECOND]


def test_a_killed_window_leaves_its_line_to_the_next_and_a_living_one_keeps_its_own(store, opened):
    dead, alive = Window(store.folder, FIRST), Window(store.folder, SECOND)
    try:
        assert take_up(store) == []
        dead.kill()
        assert take_up(store) == [FIRST]
        assert take_up(opened()) == [], "it has gone to one window"
        alive.kill()
        assert take_up(store) == [SECOND]
    finally:
        for each in (dead, alive):
            each.kill() if each.process.poll() is None else None


def test_the_lines_of_several_dead_windows_come_back_newest_first_and_once_each(store, opened):
    keep(store, FIRST)
    store.close()
    for half in (SECOND, FIRST):
        window = Window(store.folder, half)
        window.kill()
    assert take_up(opened()) == [SECOND, FIRST]


def test_what_was_taken_up_and_not_dealt_with_is_offered_again(store, opened):
    keep(store, FIRST, SECOND)
    store.close()
    for _again in range(2):
        window = opened()
        assert take_up(window) == [SECOND, FIRST]
        window.close()


def test_a_line_kept_by_an_earlier_version_is_offered_too(store, opened):
    old = {"line": FIRST.line, "since": FIRST.since.isoformat()}
    store.write("As before", lambda tx: tx.keep("unfinished line", old))
    assert take_up(store) == [FIRST]
    assert take_up(opened()) == []


def test_a_copied_folder_offers_what_was_being_typed_when_it_was_copied(store, opened, tmp_path, clock):
    keep(store, FIRST)
    copy = shutil.copytree(store.folder, tmp_path / "copy.kentongan")
    there = Store.open(copy, clock=clock, author="RS")
    assert take_up(there) == [FIRST]
    there.close()
    assert take_up(opened()) == []


def test_an_emptied_line_leaves_nothing_behind(store, opened):
    keep(store, FIRST)
    keep(store)
    store.close()
    with opened().reading() as query:
        assert query.kept("unfinished lines") == {}
