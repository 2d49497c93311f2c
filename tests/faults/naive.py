"""Row 15: a program that reads its own live store with a second SQLite, and ours in the same place.

Run as `python -m tests.faults.naive KIND FOLDER FILE TOWN`: tells what was committed, then kills itself. GDAL
looks at FILE in this very process half-way; "none" for no look.
"""

import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.raw

from gis.clock import ManualClock
from gis.errors import UserError
from gis.store import Store
from tests.architecture.source import ROOT
from tests.build import SIX
from tests.faults.acts import Sitting, told_of

COMMITS, ACTS = 50, 16


def bare(folder: Path, look: Callable[[], None], _town: Path) -> Any:
    """A writer as most are written: SQLite's own promises, and nobody watching the log."""
    connection = _sqlite().connect(folder / "desk.gpkg", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE bare (number)")
    for number in range(2 * COMMITS):
        if number == COMMITS:
            look()
        connection.execute("INSERT INTO bare VALUES (?)", (number,))
        _tell(number)
    return connection


def ours(folder: Path, look: Callable[[], None], town: Path) -> Any:
    """The store, at its usual work."""
    store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=1)), author="desk")
    sitting = Sitting(store, town, 1)
    for number in range(ACTS):
        if number == ACTS // 2:
            look()
        try:
            _tell(sitting.act())
            sitting.measure()
            _tell({"edits": [], "batches": [sitting.number]})
        except UserError as failure:
            _tell(told_of(failure))
    return store


def committed_by(kind: str, folder: Path, file: str, town: Path) -> bytes:
    """What a process of this kind told before it was killed."""
    command = [sys.executable, "-m", "tests.faults.naive", kind, str(folder), file, str(town)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    return done.stdout


def committed(folder: Path) -> int:
    """How many rows of `bare` a new reader finds."""
    connection = _sqlite().connect(folder / "desk.gpkg")
    found = connection.execute("SELECT count(*) FROM bare").fetchone()[0]
    connection.close()
    return found


def _sqlite():
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3")


def _tell(what: object) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def main(kind: str, folder: str, file: str, town: str) -> None:
    warnings.simplefilter("ignore")  # GDAL's, about columns it takes for smaller numbers

    def look() -> None:
        if file != "none":
            for name, _kind in pyogrio.list_layers(Path(folder) / file):
                pyogrio.raw.read(Path(folder) / file, layer=name)

    opened = {"bare": bare, "ours": ours}[kind](Path(folder), look, Path(town))
    os.kill(os.getpid(), signal.SIGKILL)
    del opened  # not before: closing it would write what the log has lost


if __name__ == "__main__":
    main(*sys.argv[1:])
