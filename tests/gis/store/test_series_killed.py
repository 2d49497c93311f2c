"""Killed while it appends and seals, a desk keeps every reading it acknowledged, once."""

import random
import signal
import subprocess
import sys

import pytest

from gis.clock import SystemClock
from gis.progress import Progress
from gis.store import Operation, Store, checkup

WRITER = """
import sys, threading
from pathlib import Path
import numpy as np
from gis.clock import SystemClock
from gis.model.record import Readings
from gis.progress import Progress
from gis.store import Store
from gis.store.readings import chunks, seal

chunks.SIZE, seal.SLICE = 64, 2
store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="desk")
sensors = tuple(f"s{n}" for n in range(10))
which = np.tile(np.arange(10, dtype=np.int32), 20)

def sealing():
    while True:
        store.seal(Progress())

threading.Thread(target=sealing, daemon=True).start()
for batch in range(1_000_000):
    at = batch * 1_000 + np.arange(200) // 10
    with store.writing("Readings") as tx:
        tx.append(Readings(sensors, which, at, np.full(200, float(batch)), np.zeros(200, np.uint8)))
    print(batch, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_acknowledged_readings_survive_kill_9_of_a_desk_that_appends_and_seals(tmp_path, seed):
    folder, clock = tmp_path / "night.kentongan", SystemClock()
    Store.create(folder, Operation("Seruni", clock.now()), clock=clock, author="desk").close()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    wanted = random.Random(seed).randrange(10, 120)
    shown = [writer.stdout.readline().strip() for _ in range(wanted)]
    writer.send_signal(signal.SIGKILL)
    shown += writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    assert checkup.faults(folder) == []
    store = Store.open(folder, clock=clock, author="desk")
    for _before_and_after_sealing in range(2):
        with store.reading() as query:
            for sensor in range(10):
                series = query.series(f"s{sensor}")
                batches = len(series) // 20
                assert len(shown) <= batches <= len(shown) + 1
                expected = [batch * 1_000 + n for batch in range(batches) for n in range(20)]
                assert series.at_us.tolist() == expected
        store.seal(Progress())
    store.close()
    assert checkup.faults(folder) == []
