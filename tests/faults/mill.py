"""A warm process that tries one fault after the other.

Run as `python -m tests.faults.mill KIND TOWN SCRATCH SEED...`. Each answer is one line of JSON. A point that
fails itself is told as corrupt, with its traceback.
"""

import json
import sys
import traceback
from pathlib import Path

from tests.faults import burst, damage, iofaults, kills, neighbours, power

KINDS = {
    "moment": kills.killed_at_a_moment,
    "call": kills.killed_at_a_call,
    "power": power.cut,
    "failed sync": power.cut_after_a_failed_sync,
    "burst": burst.burst,
    "neighbours": neighbours.side_by_side,
    "flipped": damage.flipped,
    "failing": iofaults.failing,
    "unsaid": iofaults.unsaid,
    "full": iofaults.full,
    "limited": iofaults.limited,
    "lying disk": power.cut_on_a_disk_that_lies,
}


def main(kind: str, town: str, scratch: str, *seeds: str) -> None:
    room = Path(scratch)
    room.mkdir(parents=True, exist_ok=True)
    for seed in map(int, seeds):
        try:
            said = KINDS[kind](Path(town), room, seed)
        except Exception:  # noqa: BLE001 - an edge: the point failed, the others are still tried
            said = {"lost": [], "corrupt": [traceback.format_exc()]}
        print(json.dumps({"seed": seed} | said), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
