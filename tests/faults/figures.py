"""How many points are tried, and what came out: the bounded form, or the long one under `make torture`."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.source import ROOT

TORTURE = bool(os.environ.get("TORTURE"))
HANDS = 2  # processes at work at once


def points(bounded: int, long: int) -> list[int]:
    """The seeds of this run. `SEED=n` tries the one point n again."""
    if given := os.environ.get("SEED"):
        return [int(given)]
    first = random.SystemRandom().randrange(10**9)
    return list(range(first, first + (long if TORTURE else bounded)))


@dataclass(slots=True)
class Outcome:
    """What the points of one kind of fault came to."""

    kind: str
    results: list[dict] = field(default_factory=list)

    def total(self, name: str) -> int:
        return sum(len(r[name]) if isinstance(r.get(name), list) else r.get(name, 0) for r in self.results)

    def said(self, name: str) -> set[str]:
        """Everything that was said under this name."""
        return {words for result in self.results for words in result.get(name, ())}

    @property
    def bad(self) -> list[dict]:
        return [result for result in self.results if result["lost"] or result["corrupt"]]

    def __str__(self) -> str:
        acts, unheard = self.total("acts"), self.total("unheard")
        tried = sum(result.get("points", 1) for result in self.results)
        return (
            f"{self.kind}: {tried} points from seed {self.results[0]['seed']},"
            f" {acts} acts acknowledged, lost {self.total('lost')}, corrupt {self.total('corrupt')},"
            f" there though never acknowledged {unheard}"
        )


def grind(kind: str, town: Path, scratch: Path, seeds: Sequence[int]) -> Outcome:
    """Try this kind of fault with every seed, in warm processes side by side."""
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.faults.mill", kind, str(town)]
    mills = []
    for hand in range(HANDS):
        own = [str(seed) for seed in seeds[hand::HANDS]]
        out = (scratch / f"{kind}-{hand}.jsonl").open("w+")
        run = [*command, str(scratch / f"{kind}-{hand}"), *own]
        mills.append((subprocess.Popen(run, cwd=ROOT, env=env, stdout=out), out))
    outcome = Outcome(kind)
    for mill, out in mills:
        mill.wait()
        out.seek(0)
        outcome.results += [json.loads(line) for line in out]
        out.close()
    outcome.results.sort(key=lambda result: result["seed"])
    assert len(outcome.results) == len(seeds), f"{kind}: a mill ended before its last point"
    return outcome
