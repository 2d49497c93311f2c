"""How far readings reach, and which lie beside a stretch that has none, sealed or not."""

from datetime import timedelta

import numpy as np
import pytest

from gis.model.record import Readings, to_us
from gis.progress import Progress
from gis.store.past import Past
from tests.build import SIX


def after(minutes):
    return SIX + timedelta(minutes=minutes)


def put(store, *minutes):
    at = np.array([to_us(after(each)) for each in minutes], np.int64)
    none = np.zeros(len(at), np.int32)
    with store.writing("Readings") as tx:
        tx.append(Readings(("kali",), none, at, at * 0.0, none.astype(np.uint8)))


@pytest.mark.parametrize("sealed", [True, False])
def test_the_neighbours_of_a_stretch_are_the_last_before_and_the_first_after(store, monkeypatch, sealed):
    monkeypatch.setattr("gis.store.readings.chunks.SIZE", 3)
    put(store, 0, 10, 20, 30, 300, 310, 320, 400)
    if sealed:
        store.seal(Progress())
    with store.reading() as query:
        assert query.reached("kali") == (after(0), after(400))
        assert query.beside("kali", after(60), after(90)) == (after(30), after(300))
        assert query.beside("kali", after(30), after(300)) == (after(20), after(310))
        assert query.beside("kali", after(-60), after(-30)) == (None, after(0))
        assert query.beside("kali", after(500), after(600)) == (after(400), None)
        assert query.reached("nobody") is None
        assert query.beside("nobody", SIX, SIX) == (None, None)
        past = Past(query, after(310))
        assert past.reached("kali") == (after(0), after(310))
        assert past.beside("kali", after(60), after(310)) == (after(30), None)
        assert Past(query, after(-5)).reached("kali") is None


def test_what_waits_and_what_is_sealed_are_one(store):
    put(store, 0, 10)
    store.seal(Progress())
    put(store, 5, 40)
    with store.reading() as query:
        assert query.reached("kali") == (after(0), after(40))
        assert query.beside("kali", after(7), after(8)) == (after(5), after(10))
