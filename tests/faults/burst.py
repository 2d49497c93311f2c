"""Row 30: 2,000 instruments reporting ten times as often as they should, for as long as it takes."""

import resource
from datetime import timedelta
from pathlib import Path

from gis.clock import ManualClock
from gis.model.record import Reading
from gis.ops import readings, sensors
from gis.store import Store
from tests.build import SIX, a_gauge, a_rule
from tests.faults.child import fork
from tests.faults.figures import TORTURE
from tests.faults.town import copied

SENSORS, BATCH = 2_000, 5_000
BATCHES = 40 if TORTURE else 8  # of a quarter of a second each: 20,000 readings a second
WARM, MOST_GROWTH_MIB = 0.25, 128


def burst(town: Path, scratch: Path, seed: int) -> dict:
    """Readings pour in through the verb that judges them; then every one is looked for."""
    folder = copied(town, scratch / "town.kentongan")
    child = fork(lambda tell: _pour(folder, seed, tell))
    assert child.end() == 0, "the desk did not get through the burst"
    grown_mib = int(child.heard)
    lost = [] if (found := _count(folder)) == BATCHES * BATCH else [f"{BATCHES * BATCH - found} readings"]
    wide = [f"memory grew by {grown_mib} MiB"] if grown_mib > MOST_GROWTH_MIB else []
    return {"points": 1, "acts": BATCHES, "lost": lost, "corrupt": wide}


def _pour(folder: Path, seed: int, tell) -> None:
    store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=30)), author="desk")
    with store.writing("Set up") as tx:
        for number in range(SENSORS):
            gauge = sensors.register(tx, a_gauge(id=f"flood-{number}", key=f"F-{number}", expected_every_s=5))
            sensors.set_rule(tx, a_rule(gauge, id=f"flood-rule-{number}"))
    before = 0
    for number in range(BATCHES):
        with store.writing("Readings") as tx:
            readings.ingest(tx, _batch(number, seed))
        if number == int(BATCHES * WARM):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tell((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
    store.close()


def _batch(number: int, seed: int) -> list[Reading]:
    start = SIX + timedelta(milliseconds=250 * number)
    step = timedelta(microseconds=50)
    return [
        Reading(
            f"flood-{(number * BATCH + each) % SENSORS}", start + each * step, 2.0 + (each * seed) % 97 / 100
        )
        for each in range(BATCH)
    ]


def _count(folder: Path) -> int:
    store = Store.open(folder, clock=ManualClock(SIX), author="desk")
    with store.reading() as query:
        found = sum(len(query.series(f"flood-{number}")) for number in range(SENSORS))
    store.close()
    return found
