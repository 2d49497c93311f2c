"""A disk that fails while an operation is opened is told from a damaged operation."""

import shutil
import subprocess
import sys

import pytest

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


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_disk_that_cannot_be_read_is_not_called_a_damaged_operation(store):
    store.close()
    inject = ["strace", "-qq", "-f", "-o", "/dev/null", "-e", "trace=pread64"]
    inject += ["-e", "inject=pread64:error=EIO", "-P", str(store.folder / "desk.gpkg")]
    said = subprocess.run(
        [*inject, sys.executable, "-c", OPEN, str(store.folder)], capture_output=True, text=True, check=True
    )
    assert "the disk reported an error" in said.stdout
