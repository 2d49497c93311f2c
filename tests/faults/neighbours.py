"""Row 13: two desks on one computer, at one store, at the same time."""

import random
from pathlib import Path

from tests.faults.acts import Told, sit
from tests.faults.child import fork
from tests.faults.judge import judge
from tests.faults.town import copied

ACTS, SECOND = 25, 5_000


def side_by_side(town: Path, scratch: Path, seed: int) -> dict:
    """Both sit at once; in every second point one of them is killed in the middle of it."""
    folder = copied(town, scratch / "town.kentongan")
    rng = random.Random(seed)
    one = fork(lambda tell: sit(folder, town, seed, tell, ACTS))
    other = fork(lambda tell: sit(folder, town, seed + 1, tell, ACTS, first=SECOND))
    killed = seed % 2 == 0
    if killed:
        other.hear_lines(rng.randrange(ACTS))
        other.kill()
    assert one.end() == 0, f"one desk ended with {one.end()}"
    assert other.end() == (-9 if killed else 0) or killed, f"the other desk ended with {other.end()}"
    told = Told.of(one.heard + other.heard[: other.heard.rfind(b"\n") + 1])
    told.kept = 0  # the last of two to keep a thing wins
    verdict = judge(folder, town, told)
    lost = verdict.lost if one.heard.count(b"\n") == ACTS else [*verdict.lost, "a desk that did not finish"]
    return {"acts": told.count, "lost": lost, "corrupt": verdict.corrupt, "unheard": verdict.unheard}
