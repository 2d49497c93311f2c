"""Work runs elsewhere; its outcome comes home; three ways to end."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gis.errors import UserError
from gis.jobs import Jobs, Lane
from gis.signal import Signal


class Desk:
    """Jobs whose outcomes are delivered when the test says so, as a GUI thread would."""

    def __init__(self):
        self.waiting, self.failures, self.states = [], [], []
        self.jobs = Jobs(
            deliver=self.waiting.append,
            failed=lambda label, error: self.failures.append((label, str(error))),
            lanes={lane: ThreadPoolExecutor(1) for lane in Lane},
        )
        self.jobs.changed.connect(self.states.append)

    def settle(self):
        self.jobs.close()
        for call in self.waiting:
            call()


@pytest.fixture
def desk():
    made = Desk()
    yield made
    made.jobs.close()


def test_a_value_comes_home_only_when_delivered(desk):
    results = []
    desk.jobs.run("Count", lambda progress: 6 * 7, done=results.append)
    desk.jobs.close()
    assert results == []
    desk.settle()
    assert results == [42]


def test_a_failure_is_told_once_with_the_name_of_the_work(desk):
    def fail(progress):
        raise UserError("The stick is full.")

    desk.jobs.run("Export", fail)
    desk.settle()
    assert desk.failures == [("Export", "The stick is full.")]


def test_work_can_have_its_own_ear_for_failure(desk):
    heard = []
    desk.jobs.run("Read", lambda progress: 1 / 0, failed=heard.append)
    desk.settle()
    assert isinstance(heard[0], ZeroDivisionError)
    assert desk.failures == []


def test_cancelled_work_ends_silently(desk):
    started, go, results = threading.Event(), threading.Event(), []

    def slow(progress):
        started.set()
        go.wait(5)
        progress.step(1, 2)

    job = desk.jobs.run("Import", slow, done=results.append)
    started.wait(5)
    job.cancel()
    go.set()
    desk.settle()
    assert results == desk.failures == []
    assert desk.states[-1].finished


def test_progress_is_told_with_its_label(desk):
    desk.jobs.run("Import", lambda progress: progress.step(3, 10, "wards.gpkg"))
    desk.settle()
    seen = desk.states[0]
    assert (seen.label, seen.done, seen.total, seen.note) == ("Import", 3, 10, "wards.gpkg")


def test_after_closing_nothing_new_is_started(desk):
    ran = []
    desk.jobs.close()
    job = desk.jobs.run("Late", lambda progress: ran.append(1))
    desk.settle()
    assert ran == []
    assert job.progress.cancelled


def test_one_deaf_listener_does_not_silence_the_others(caplog):
    signal, heard = Signal(), []
    signal.connect(lambda value: 1 / 0)
    stop = signal.connect(heard.append)
    with caplog.at_level(logging.CRITICAL):
        signal.emit("one")
    stop()
    with caplog.at_level(logging.CRITICAL):
        signal.emit("two")
    assert heard == ["one"]
