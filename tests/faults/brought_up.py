"""Row 18: an operation of an older format, whose bringing up is killed at one statement and then begun again.

Run as `python -m tests.faults.brought_up ARCHIVE SCRATCH FIRST STRIDE`: tries the statements FIRST,
FIRST + STRIDE and so on up to the last. Each answer is one line of JSON.
"""

import json
import os
import shutil
import signal
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event

from gis.clock import ManualClock
from gis.store import Store, checkup
from gis.store.migrate import format_2
from tests.faults.child import fork
from tests.files.write import START, grown, told

_WORDS = 24  # of a statement that tell it from the one before


def kill_at(number: int, heard: list[str]) -> Callable[[str], None]:
    """Counts statements as SQLite begins them; many rows of one are one, and so are those of a trigger."""

    def begun(statement: str) -> None:
        words = statement[:_WORDS]
        if statement.startswith("--") or (heard and heard[-1] == words):
            return
        heard.append(words)
        if len(heard) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return begun


def bring_up(folder: Path, number: int, tell: Callable[[dict], None]) -> None:
    """Open it, counting every statement of every connection; killed at one of them."""
    format_2.SLICE = 900  # so that there are several
    heard: list[str] = []
    begun = kill_at(number, heard)
    event.listen(Engine, "connect", lambda connection, _record: connection.set_trace_callback(begun))
    opened(folder).close()
    tell({"statements": len(heard)})


def opened(folder: Path) -> Store:
    return Store.open(folder, clock=ManualClock(START), author="R. Sari")


def look(folder: Path, tell: Callable[[dict], None]) -> None:
    """Open it again, and say everything that is in it."""
    store = opened(folder)
    said = told(store)
    store.close()
    names = sorted(path.name for path in folder.glob("*.gpkg"))
    tell(said | {"faults": checkup.faults(folder), "files": names})


def main(archive: str, scratch: str, first: str, stride: str) -> None:
    room = Path(scratch)
    whole = grown(json.loads(Path(archive).with_suffix(".json").read_text("utf-8")))
    whole |= {"faults": [], "files": ["desk.gpkg"]}
    del whole["actor"]  # a folder that was carried here is written on by another
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(room)
    folder, number, ended = room / "tried.kentongan", int(first), False
    while not ended:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(room / "flood.kentongan", folder)
        status = fork(lambda tell, at=number: bring_up(folder, at, tell)).end()
        ended = status == 0
        seen = fork(lambda tell: look(folder, tell))
        wrong = [f"it ended with {status}"] if status not in (0, -9) else []
        wrong += ["it cannot be opened"] if seen.end() else []
        found = json.loads(seen.heard or b"{}")
        wrong += [name for name in whole if found.get(name) != whole[name]]
        print(json.dumps({"statement": number, "wrong": wrong}), flush=True)
        number += int(stride)


if __name__ == "__main__":
    main(*sys.argv[1:])
