"""What must not or cannot be written is opened to be looked at, says so, and is not touched by it."""

import errno
import os
from hashlib import sha256

import pytest

from gis.errors import UserError
from gis.model.incident import Incident
from gis.store import Operation, Store
from gis.sync.package import pack, unpack
from tests import needs
from tests.build import SIX, an_incident
from tests.elsewhere import python
from tests.rooms import in_a_frozen_room

NEWER = {"format": 99, "min_reader": 1, "min_writer": 99}
UNWRITTEN_LOG = """
import os, sys
from pathlib import Path
from gis.clock import SystemClock
from gis.store import Store
from tests.build import an_incident
store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="desk")
with store.writing("Log") as tx:
    tx.put(an_incident(number="I-0002"))
    tx.keep("format", {"format": 99, "min_reader": 1, "min_writer": 99} if sys.argv[2:] else None)
os._exit(0)
"""
LOOK = """
import sys
from pathlib import Path
from gis.clock import SystemClock
from gis.errors import UserError
from gis.model.incident import Incident
from gis.store import Store
from tests.build import an_incident
from tests.rooms import become_nobody
if sys.argv[2:] == ["as nobody"]:
    become_nobody()
try:
    store = Store.open(Path(sys.argv[1]), clock=SystemClock(), author="guest")
    with store.reading() as query:
        print(len(query.find(Incident)))
    print(store.read_only)
    try:
        with store.writing("Log") as tx:
            tx.put(an_incident())
    except UserError as error:
        print("refused")
    store.close()
except UserError as error:
    print(error, error.hint)
"""


def prints(folder):
    """What lies in a folder, by the bytes; shared memory is no content."""
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix[-4:] != "-shm")
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in files if path.stat().st_size}


@pytest.fixture
def folder(tmp_path, clock):
    made = Store.create(tmp_path / "flood.kentongan", Operation("Seruni", SIX), clock=clock, author="R. Sari")
    with made.writing("Log") as tx:
        tx.put(an_incident())
    made.close()
    return made.folder


def test_an_operation_that_a_newer_version_must_write_can_be_read_and_packed_and_nothing_changes(
    folder, clock, tmp_path
):
    python("-c", UNWRITTEN_LOG, folder, "newer")  # it ended without closing: its log lies there
    before = prints(folder)
    assert "desk.gpkg-wal" in before
    store = Store.open(folder, clock=clock, author="R. Sari")
    assert "newer version" in store.read_only
    with store.reading() as query:
        assert [each.number for each in query.find(Incident)] == ["I-0001", "I-0002"]
    pack(store, tmp_path / "out.kpack")
    assert unpack(tmp_path / "out.kpack").manifest.edits > 0
    with pytest.raises(UserError, match="newer version"), store.writing("Log") as tx:
        tx.put(an_incident())
    store.close()
    assert prints(folder) == before


def test_an_operation_that_only_newer_versions_can_read_is_refused(folder, clock):
    store = Store.open(folder, clock=clock, author="R. Sari")
    with store.writing("Newer") as tx:
        tx.keep("format", {"format": 99, "min_reader": 98, "min_writer": 99})
    store.close()
    before = prints(folder)
    with pytest.raises(UserError, match="newer version"):
        Store.open(folder, clock=clock, author="R. Sari")
    assert prints(folder) == before


@pytest.mark.parametrize(
    "said", [{}, {"min_reader": "2", "min_writer": 2}, {"min_reader": 1, "min_writer": True}, 2]
)
def test_a_version_that_is_no_number_is_a_damaged_operation(folder, clock, said):
    store = Store.open(folder, clock=clock, author="R. Sari")
    with store.writing("Newer") as tx:
        tx.keep("format", said)
    store.close()
    with pytest.raises(UserError, match="cannot be read"):
        Store.open(folder, clock=clock, author="R. Sari")


def closed_to_others(folder, mode):
    os.chmod(folder, 0o555)
    for each in folder.iterdir():
        os.chmod(each, mode)
    for each in folder.parents:  # pytest's own folders are for their owner only
        if each.stat().st_uid == os.getuid() and not each.stat().st_mode & 1:
            os.chmod(each, each.stat().st_mode | 0o055)


@needs.unix
def test_a_folder_without_rights_to_write_is_opened_to_be_looked_at(folder):
    closed_to_others(folder, 0o444)
    before = prints(folder)
    count, why, refused = python("-c", LOOK, folder, "as nobody").splitlines()
    assert (count, refused) == ("1", "refused")
    assert os.strerror(errno.EACCES) in why
    assert prints(folder) == before
    os.chmod(folder, 0o755)


@needs.unix
def test_a_write_protected_file_in_an_open_folder_is_looked_at(folder):
    closed_to_others(folder, 0o444)
    os.chmod(folder, 0o777)
    count, why, refused = python("-c", LOOK, folder, "as nobody").splitlines()
    assert (count, refused) == ("1", "refused")
    assert "write-protected" in why


@needs.unix
def test_a_locked_folder_with_entries_in_its_log_says_what_to_do(folder):
    python("-c", UNWRITTEN_LOG, folder)
    for each in folder.glob("*-shm"):
        each.unlink()
    closed_to_others(folder, 0o444)
    before = prints(folder)
    assert "desk.gpkg-wal" in before
    (said,) = python("-c", LOOK, folder, "as nobody").splitlines()
    assert "-wal" in said
    assert "Copy the whole folder" in said
    assert prints(folder) == before
    os.chmod(folder, 0o755)


def test_a_read_only_disk_is_opened_to_be_looked_at(folder):
    count, why, refused = in_a_frozen_room(folder, "-c", LOOK, folder).splitlines()
    assert (count, refused) == ("1", "refused")
    assert os.strerror(errno.EROFS) in why


def test_a_closed_operation_is_neither_read_nor_written(store):
    store.close()
    with pytest.raises(UserError, match="closed"), store.reading():
        pass
    with pytest.raises(UserError, match="closed"), store.writing("Log"):
        pass
    assert not [path for path in store.folder.iterdir() if path.name.endswith("-wal")]
