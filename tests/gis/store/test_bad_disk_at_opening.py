"""A disk that fails while an operation is opened is told from a damaged operation."""

import os

from tests import needs
from tests.elsewhere import python

OPEN = """
import sys
from pathlib import Path
from gis.clock import SystemClock
from gis.errors import UserError
from gis.store import Store
try:
    Store.open(Path(sys.argv[1]), clock=SystemClock(), author="desk").close()
except UserError as error:
    print(error)
"""


@needs.linux
def test_a_disk_that_cannot_be_read_is_not_called_a_damaged_operation(store):
    needs.strace()
    store.close()
    strace = ("strace", "-qq", "-f", "-o", os.devnull, "-e", "trace=pread64")
    failing = ("-e", "inject=pread64:error=EIO", "-P", str(store.folder / "desk.gpkg"))
    assert "the disk reported an error" in python("-c", OPEN, store.folder, inside=strace + failing)


@needs.linux
def test_a_disk_that_does_not_keep_the_names_of_the_logs_takes_no_entries(store):
    """A log whose name is lost in a power cut is lost with all that was acknowledged in it."""
    needs.strace()
    store.close()
    strace = ("strace", "-qq", "-f", "-o", os.devnull, "-e", "trace=fsync")
    failing = ("-e", "inject=fsync:error=EIO", "-P", str(store.folder))
    assert "the disk reported an error" in python("-c", OPEN, store.folder, inside=strace + failing)
