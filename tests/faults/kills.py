"""Row 1: a desk killed at a random moment, or before a random call to the system."""

import random
import time
from pathlib import Path

from tests.faults import traced
from tests.faults.acts import Told, sit
from tests.faults.child import Child, fork
from tests.faults.judge import judge
from tests.faults.town import copied

MOST_ACTS, LONGEST_US, OPENING_US = 30, 4_000, 60_000
CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "openat", "mmap")
MOST_CALLS = 900


def killed_at_a_moment(town: Path, scratch: Path, seed: int) -> dict:
    rng = random.Random(seed)
    folder = copied(town, scratch / "town.kentongan")
    acts = rng.randrange(MOST_ACTS)
    delay_us = rng.uniform(0, LONGEST_US if acts else OPENING_US)
    child = fork(lambda tell: sit(folder, town, seed, tell, 1_000))
    child.hear_lines(acts)
    time.sleep(delay_us / 1e6)
    child.kill()
    return _outcome(folder, town, child)


def killed_at_a_call(town: Path, scratch: Path, seed: int) -> dict:
    call = random.Random(seed).randrange(1, MOST_CALLS)
    folder = copied(town, scratch / "town.kentongan")
    options = traced.inject(CALLS, "signal=KILL", str(call))
    child = traced.traced(lambda tell: sit(folder, town, seed, tell, MOST_ACTS), *options)
    return _outcome(folder, town, child)


def _outcome(folder: Path, town: Path, child: Child) -> dict:
    status = child.end()
    assert status in (0, -9), f"the desk ended with {status} before it was killed"
    told = Told.of(child.heard)
    verdict = judge(folder, town, told)
    return {"acts": told.count, "lost": verdict.lost, "corrupt": verdict.corrupt, "unheard": verdict.unheard}
