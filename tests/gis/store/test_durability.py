"""What was shown as saved is there after the program was killed."""

import random
import signal
import subprocess
import sys

import pytest

from gis.clock import SystemClock
from gis.model.incident import Incident
from gis.store import Operation, Store

WRITER = """
import sys
from pathlib import Path
from gis.clock import SystemClock
from gis.model.incident import Severity
from gis.ops import incidents
from gis.store import Store

store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="desk")
while True:
    with store.writing("Log") as tx:
        made = incidents.log(tx, "fl", "Water rising", Severity.MINOR)
    print(made.number, flush=True)
"""


@pytest.mark.parametrize("seed", range(6))
def test_every_incident_shown_as_saved_survives_kill_9(tmp_path, seed):
    folder = tmp_path / "night.kentongan"
    Store.create(folder, Operation("Seruni", SystemClock().now()), clock=SystemClock(), author="desk").close()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    wanted = random.Random(seed).randrange(1, 60)
    shown = [writer.stdout.readline().strip() for _ in range(wanted)]
    writer.send_signal(signal.SIGKILL)
    shown += writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    store = Store.open(folder, clock=SystemClock(), author="desk")
    with store.reading() as query:
        kept = {incident.number for incident in query.find(Incident)}
        assert query.broken() is None
    store.close()
    assert set(shown) <= kept
    assert len(kept) <= len(shown) + 1
