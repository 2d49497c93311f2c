"""The look at all of an operation's files finds what is wrong in them and changes nothing."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256

import pytest

from gis.store import checkup
from gis.store.operation import desk_file
from gis.store.tables.engine import open_writer
from tests.build import an_incident

KILLED = """
import os, sys
from pathlib import Path
from gis.clock import SystemClock
from gis.store import Store
from tests.build import an_incident
store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="desk")
with store.writing("Log") as tx:
    tx.put(an_incident())
os._exit(0)
"""


def edited(store, statement):
    """As another program does it, past the journal."""
    desk = open_writer(desk_file(store.folder))
    with desk.begin() as connection:
        connection.exec_driver_sql(statement)
    desk.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM incidents WHERE fid = (SELECT max(fid) FROM incidents)",
        "UPDATE incidents SET text = 'another' WHERE fid = (SELECT min(fid) FROM incidents)",
        "INSERT INTO notes (fid, id, void, incident_id, at, text)"
        " SELECT 99, 'made up', 0, id, reported_at, 'never said' FROM incidents LIMIT 1",
        "UPDATE incidents SET status = 'what' WHERE fid = (SELECT max(fid) FROM incidents)",
    ],
)
def test_a_record_that_does_not_follow_from_the_journal_is_counted(store, monkeypatch, statement):
    monkeypatch.setattr(checkup, "_BATCH", 2)
    with store.writing("Log") as tx:
        tx.put_all([an_incident(text=str(n)) for n in range(5)])
    assert checkup.faults(store.folder) == []
    edited(store, statement)
    assert checkup.faults(store.folder) == ["desk.gpkg: 1 record is not what the journal says."]


def test_a_look_at_a_folder_whose_desk_was_killed_leaves_every_byte_as_it_was(store, tmp_path):
    folder = tmp_path / "killed.kentongan"
    store.close()
    shutil.copytree(store.folder, folder)
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=True, env=dict(os.environ))
    before = digests(folder)
    assert "desk.gpkg-wal" in before
    assert checkup.faults(folder) == []
    assert digests(folder) == before


def digests(folder):
    """Of all that says anything: shared memory is made anew by whoever opens the file."""
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith("-shm")
    }
