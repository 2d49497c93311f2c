"""Two desks on one computer: both work, each hears of the other, neither starves, one lets readings in."""

import errno
import os
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from gis.clock import SystemClock
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.store import Operation, Store
from tests import needs
from tests.build import SIX, an_incident

DESK = """
import sys
from pathlib import Path
from gis.clock import SystemClock
from gis.model.incident import Severity
from gis.model.record import Reading
from gis.ops import incidents
from gis.store import Store
from tests import needs
from tests.build import SIX

store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="other")
for line in sys.stdin:
    word, number = line.split()
    if word == "log":
        for _each in range(int(number)):
            with store.writing("Log") as tx:
                made = incidents.log(tx, "fl", "Water rising", Severity.MINOR)
        print(made.id, flush=True)
    if word == "read":
        with store.writing("Readings") as tx:
            tx.append([Reading("gauge", SIX, float(number))])
        print("read", flush=True)
    if word == "feeds":
        print(store.feeds_here(), flush=True)
    if word == "close":
        store.close()
        print("closed", flush=True)
"""


class Desk:
    """Another program on the same operation."""

    def __init__(self, folder):
        words = [sys.executable, "-c", DESK, str(folder)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def hear(self):
        return self.process.stdout.readline().strip()

    def do(self, words):
        self.tell(words)
        return self.hear()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def store(tmp_path):
    made = Store.create(
        tmp_path / "flood.kentongan", Operation("Seruni", SIX), clock=SystemClock(), author="desk"
    )
    yield made
    made.close()


@pytest.fixture
def other(store):
    desk = Desk(store.folder)
    assert desk.do("feeds 0") in ("True", "False")  # it is open now
    yield desk
    desk.kill()


@pytest.fixture
def heard(store):
    changes = []
    store.changed.connect(changes.append)
    return changes


def log(store, count=1):
    for n in range(count):
        with store.writing("Log") as tx:
            tx.put(an_incident(number=f"O-{n}"))


def test_each_hears_what_the_other_wrote_and_not_its_own_again(store, other, heard):
    log(store)
    store.look_around()
    assert [change.label for change in heard] == ["Log"]
    made = other.do("log 1")
    log(store)
    heard.clear()
    store.look_around()
    (change,) = heard
    assert change.touches(Incident)
    assert change.ids == {made}
    store.look_around()
    assert heard == [change]


def test_a_desk_that_is_alone_never_hears_itself_however_its_threads_meet(store, heard):
    done = threading.Event()

    def look_around():
        while not done.is_set():
            store.look_around()

    ears = [threading.Thread(target=look_around) for _each in range(2)]
    for ear in ears:
        ear.start()
    log(store, 150)
    done.set()
    for ear in ears:
        ear.join()
    store.look_around()
    assert {change.label for change in heard} == {"Log"}


def test_what_the_other_wrote_between_ones_own_steps_is_heard_and_nothing_else(store, other, heard):
    log(store, 2)
    first = other.do("log 1")
    log(store, 3)
    second = other.do("log 1")
    log(store)
    heard.clear()
    store.look_around()
    assert [change.ids for change in heard] == [{first, second}]


def test_readings_that_another_lets_in_are_heard(store, other, heard):
    store.look_around()
    other.do("read 3")
    store.look_around()
    assert [(change.kinds, change.ids) for change in heard] == [({Reading}, {"gauge"})]


def test_two_desks_in_full_flow_share_the_operation_fairly(store, other):
    """Steps of one come between the steps of the other, not after them."""
    other.tell("log 150")
    log(store, 150)
    assert other.hear()
    with store.reading() as query:
        whose = [step.author for step in query.steps(400)]
    changes = sum(one != next_ for one, next_ in pairwise(whose))
    assert whose.count("other") == whose.count("desk") == 150
    assert changes > 75


def test_after_a_long_rest_the_first_step_works_whatever_the_other_did_to_the_log(store, other):
    log(store)
    other.do("log 300")
    other.do("close 0")
    log(store)
    with store.reading() as query:
        assert len(query.find(Incident)) == 302
        assert query.broken() is None


def test_one_desk_lets_readings_in_until_it_goes_even_when_it_is_killed(store, other):
    assert store.feeds_here() is False, "the other asked first"
    other.kill()
    assert store.feeds_here()
    second = Desk(store.folder)
    assert second.do("feeds 0") == "False"
    second.kill()


def test_a_desk_that_was_killed_leaves_word_that_the_files_should_be_looked_at(store, other):
    store.close()
    other.kill()
    for well in (False, True):
        again = Store.open(store.folder, clock=SystemClock(), author="desk")
        assert again.closed_well is well
        again.close()


@pytest.fixture
def windows_files(monkeypatch):
    """As there: a file that this process has open cannot be removed."""
    needs.that(Path("/proc/self/fd").is_dir(), "this system does not say which files are open")
    remove = os.unlink

    def unlink(path, **rest):
        if any(os.path.realpath(each) == str(path) for each in Path("/proc/self/fd").iterdir()):
            raise PermissionError(errno.EACCES, "used by another process", str(path))
        remove(path, **rest)

    monkeypatch.setattr(os, "unlink", unlink)


def test_the_mark_of_a_killed_desk_goes_where_no_open_file_can_be_removed(store, other, windows_files):
    store.close()
    other.kill()
    for well in (False, True):
        again = Store.open(store.folder, clock=SystemClock(), author="desk")
        assert again.closed_well is well
        again.close()
    assert list((store.folder / ".desk").glob("open-*")) == []


def test_a_second_window_is_no_crash(store):
    second = Store.open(store.folder, clock=SystemClock(), author="desk")
    assert second.closed_well
    assert second.actor == store.actor
    second.close()
    assert sorted(path.name for path in (store.folder / ".desk").glob("open-*")) != []
