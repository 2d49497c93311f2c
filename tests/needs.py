"""What a test needs from this computer. Where it is missing a developer's run skips, the check (CI) fails."""

import os
import subprocess
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from shutil import which
from types import ModuleType

import pytest

linux = pytest.mark.skipif(sys.platform != "linux", reason="this is done by means of Linux")
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither these rights nor these limits")


def that(holds: object, lacking: str) -> None:
    """The test goes on if it holds. Otherwise it ends here, and the reason says what is lacking."""
    __tracebackhide__ = True
    if not holds:
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain(lacking)


def program(*names: str) -> str:
    """The path of the first of these programs that is installed."""
    __tracebackhide__ = True
    found = next(filter(None, map(which, names)), "")
    that(found, f"{names[0]} is not on this computer; .ci/run names its package")
    return found


def library(name: str) -> ModuleType:
    """A library that the program itself can do without."""
    __tracebackhide__ = True
    that(find_spec(name), f"the library {name} is not installed")
    return import_module(name)


def strace() -> None:
    """The tool, and the right to trace one's own children."""
    __tracebackhide__ = True
    program("strace")
    that(_works("strace", "-qq", "true"), "this system lets nobody trace a process (strace true)")


def namespaces() -> None:
    """The right to mount a file system for oneself alone."""
    __tracebackhide__ = True
    program("unshare")
    mount = ("unshare", "-rm", "mount", "-t", "tmpfs", "none", tempfile.gettempdir())
    that(_works(*mount), "this system lets nobody mount a file system of his own (unshare -rm)")


def _works(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
