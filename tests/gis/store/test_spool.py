"""A spool that was cut off anywhere still gives a state the desk was in."""

import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.model.record import Reading
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.second import SecondCopy
from gis.store.second.base import generations
from gis.store.second.restore import restore
from tests.build import SIX, a_gauge, an_incident
from tests.gis.store.seen import opened, state_of


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A copy of one base and one spool, and every state that the desk was in when a step was taken."""
    place = tmp_path_factory.mktemp("told")
    (place / "stick").mkdir()
    clock = ManualClock(SIX)
    store = Store.create(place / "a.kentongan", Operation("X", SIX), clock=clock, author="R. Sari")
    copy = SecondCopy(store, place / "stick", clock=clock)
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        tx.put(gauge)
    copy.step(Progress())
    states = [state_of(store)]
    for n in range(12):
        with store.writing("Log") as tx:
            if n % 3 != 1:
                tx.put(an_incident(number=f"I-{n}", text="first"))
            if n % 3 != 2:
                tx.append([Reading(gauge.id, SIX + timedelta(minutes=m), float(n)) for m in range(5)])
            tx.keep("round", n)
        copy.step(Progress())
        states.append(state_of(store))
    copy.close()
    store.close()
    return place, states


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1))
def test_any_beginning_of_a_spool_restores_to_a_state_the_desk_was_in(told, tmp_path_factory, cut):
    place, states = told
    here = tmp_path_factory.mktemp("cut")
    shutil.copytree(place / "stick", here / "stick")
    (spool,) = generations(next((here / "stick").iterdir()))[0].spools
    content = spool.read_bytes()
    spool.write_bytes(content[: int(len(content) * cut)])
    made = restore(here / "stick", here / "again.kentongan", Progress())
    assert made.remarks == ()
    (texts, series, kept), *_ = [opened(made.folder, ManualClock(SIX))]
    seen = [state for state in states if state[2] == kept]
    assert seen, "never a state of the desk"
    # A step's readings are on the disk before its records, in the copy as in the store.
    later = states[min(states.index(seen[-1]) + 1, len(states) - 1)]
    assert texts in (seen[-1][0], later[0])
    assert series in (seen[-1][1], later[1])
    shutil.rmtree(here)
