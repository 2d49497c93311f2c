"""Rows 7 and 19: somebody opens an operation that must not or cannot be written.

Run as `python -m tests.faults.looking root|nobody FOLDER OUT`: prints what the desk shows and says, as JSON.
"""

import json
import sys
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident, Severity
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Store
from gis.sync.package import pack
from tests.build import SIX
from tests.faults.town import GAUGES
from tests.rooms import become_nobody


def look(folder: Path, out: Path) -> dict:
    """What can be seen, what a new entry is told, and a package that still leaves, into `out`."""
    store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=2)), author="guest")
    said = {"read_only": store.read_only, "refused": ""}
    with store.reading() as query:
        said["incidents"] = len(query.find(Incident, void=None))
        said["readings"] = sum(len(query.series(gauge.id)) for gauge in GAUGES)
    try:
        with store.writing("Log") as tx:
            incidents.log(tx, "fl", "Written where nothing may be", Severity.MINOR)
    except UserError as refused:
        said["refused"] = str(refused)
    with suppress(UserError):
        store.seal(Progress())
        said["refused"] = ""
    said["packed"] = pack(store, out).edits
    store.close()
    return said


def contents(folder: Path) -> dict[str, str]:
    """Every file that is not empty by the sum of its bytes; shared memory is none."""
    files = (path for path in folder.iterdir() if path.is_file() and not path.name.endswith("-shm"))
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in files if path.stat().st_size}


def is_whole_and_read_only(shown: dict, all_of_it: dict) -> None:
    """What was shown is all there is, and whoever wanted to write was told why not."""
    assert shown["incidents"] == all_of_it["incidents"] > 0
    assert shown["readings"] == all_of_it["readings"] > 0
    assert shown["packed"] > 0
    assert shown["read_only"] == shown["refused"] != ""


def main(who: str, folder: str, out: str) -> None:
    if who == "nobody":
        become_nobody()
    print(json.dumps(look(Path(folder), Path(out))))


if __name__ == "__main__":
    main(*sys.argv[1:])
