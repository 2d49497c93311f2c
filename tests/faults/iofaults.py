"""Rows 3, 5 and 6: disks that are full, that fail, and that fail to say they did not."""

import random
import resource
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident
from gis.ops import readings
from gis.store import Store
from gis.store.operation import desk_file
from tests.build import SIX, an_incident
from tests.faults import traced
from tests.faults.acts import Tell, Told, persist, told_of
from tests.faults.child import Child, fork
from tests.faults.judge import judge
from tests.faults.town import GAUGES, batch, copied, number_of

ACTS = 10
CALLS = {"pwrite64": 160, "fsync": 40, "pread64": 60, "ftruncate": 4}  # and about how many there are
_HEADROOM = 60_000


def failing(town: Path, scratch: Path, seed: int) -> dict:
    """One call, or all from one on, ends in an input/output error."""
    return _injected(town, scratch, seed, list(CALLS), "error=EIO")


def unsaid(town: Path, scratch: Path, seed: int) -> dict:
    """A write or sync raises, perhaps after all that mattered was done; what raised is done again."""
    folder = copied(town, scratch / "town.kentongan")
    rng = random.Random(seed)
    call = rng.choice(["pwrite64", "fsync"])
    options = traced.inject([call], "error=EIO", str(rng.randrange(1, CALLS[call])))
    child = traced.traced(lambda tell: _do_again(folder, seed, tell), *options)
    said = outcome(folder, town, child)
    store = Store.open(folder, clock=ManualClock(SIX), author="desk")
    with store.reading() as query:
        for number in range(1, ACTS):
            found = [step for step in query.steps(record_id=_call(number).id)]
            if len(found) != 1:
                said["corrupt"].append(f"call {number} is there {len(found)} times")
    store.close()
    return said | {"unheard": sum("is there" in line for line in said["bugs"] + said["refused"])}


def _call(number: int) -> Incident:
    return an_incident(id=f"again-{number}", number=f"I-9{number}", where=f"street {number}")


def _do_again(folder: Path, seed: int, tell: Tell) -> None:
    """Each call is put until the store says that it is there; in every second sitting after opening anew."""
    store = None
    for number in range(1, ACTS):
        for _time in range(5):
            try:
                store = store or Store.open(folder, clock=ManualClock(SIX + timedelta(days=1)), author="desk")
                with store.writing("Log") as tx:
                    tx.put(_call(number))
                    readings.ingest(tx, batch(number))
                break
            except (UserError, DatabaseError) as failure:
                tell(
                    {
                        name: [f"{words} ({_found(store, number)})" for words in said]
                        for name, said in told_of(failure).items()
                    }
                )
                if store and (seed % 2 or store.read_only):
                    store.close()
                    store = None
        else:
            raise AssertionError("it failed five times")
        tell({"edits": [], "batches": [number]})
    assert store
    store.close()


def _found(store: Store | None, number: int) -> str:
    if store is None:
        return "not opened"
    with store.reading() as query:
        values = [value for gauge in GAUGES for value in query.series(gauge.id).value.tolist()]
        known = query.known(Incident, _call(number).id)
    return "is there" if known or number in map(number_of, values) else "is not there"


def full(town: Path, scratch: Path, seed: int) -> dict:
    """One write, or all from one on, finds no space."""
    return _injected(town, scratch, seed, ["pwrite64"], "error=ENOSPC")


def _injected(town: Path, scratch: Path, seed: int, calls: list[str], what: str) -> dict:
    rng = random.Random(seed)
    call = rng.choice(calls)
    when = f"{rng.randrange(1, CALLS[call])}{rng.choice(('', '+'))}"
    folder = copied(town, scratch / "town.kentongan")
    options = traced.inject([call], what, when)
    child = traced.traced(lambda tell: persist(folder, town, seed, tell, ACTS), *options)
    return outcome(folder, town, child) | {"fault": f"{call} {what} {when}"}


def limited(town: Path, scratch: Path, seed: int) -> dict:
    """No file may grow beyond a size, then it may again, and the same desk goes on."""
    folder = copied(town, scratch / "town.kentongan")

    def work(tell) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        most = desk_file(folder).stat().st_size + _HEADROOM
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        calls = Counter()

        def then_free(said: dict) -> None:
            tell(said)
            calls["refused"] += "edits" not in said
            if calls["refused"] == 3:
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            calls["after"] += calls["refused"] >= 3

        persist(folder, town, seed, then_free, 10 * ACTS)
        assert calls["after"] > ACTS, "the limit was never met"

    return outcome(folder, town, fork(work))


def outcome(folder: Path, town: Path, child: Child) -> dict:
    """What is there after a desk that went on through a fault."""
    assert child.end() == 0, f"the desk ended with {child.end()}"
    told = Told.of(child.heard)
    verdict = judge(folder, town, told)
    return {
        "acts": told.count,
        "lost": verdict.lost,
        "corrupt": verdict.corrupt,
        "unheard": verdict.unheard,
        "refused": told.refused,
        "bugs": told.bugs,
    }
