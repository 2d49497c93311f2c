"""The window goes first, in the interpreter and on its processor."""

import threading

from desktop.canvas.right_of_way import RightOfWay


def test_a_worker_waits_while_a_frame_is_drawn_and_goes_on_afterwards():
    way, passed = RightOfWay(), threading.Event()
    way.give()

    def work():
        way.give()
        passed.set()

    worker = threading.Thread(target=work)
    with way.taken():
        worker.start()
        assert not passed.wait(0.02)
    assert passed.wait(5)
    worker.join()


def test_a_frame_that_never_ends_stops_nobody_for_good():
    way = RightOfWay()
    with way.taken():
        worker = threading.Thread(target=way.give, daemon=True)
        worker.start()
        worker.join(5)
        assert not worker.is_alive()


def test_workers_wait_for_a_frame_that_is_asked_for_but_only_once_for_one_that_does_not_come(monkeypatch):
    monkeypatch.setattr("desktop.canvas.right_of_way.PATIENCE_S", 0.01)
    way = RightOfWay()
    way.ask()
    assert not way.is_free
    way.give()
    assert way.is_free


def test_painters_step_aside_from_when_a_frame_is_asked_for_until_it_is_drawn_or_does_not_come(monkeypatch):
    monkeypatch.setattr("desktop.canvas.right_of_way.PATIENCE_S", 0.01)
    told = []
    monkeypatch.setattr("desktop.canvas.right_of_way.raster.step_aside", told.append)
    way = RightOfWay()
    way.offer()
    assert told == []
    with way.taken():
        assert told == [True]
    assert told == [True, False]
    way.ask()
    way.offer()
    assert told == [True, False, True, False]
