"""Places to write to that are too small or that refuse: a tiny file system, a folder of somebody else's."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree, which

import pytest

from tests.architecture.source import ROOT

NOBODY = 65534
_SMALL = 'mount -t tmpfs -o size="$1" tmpfs "$2"'
_FROZEN = 'mount --bind "$2" "$2" && mount -o remount,bind,ro "$2"'


def need_namespaces() -> None:
    """Skip where nobody may mount anything for himself alone; a check that must be able to fails."""
    tried = which("unshare") and subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    if not tried or tried.returncode:
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain("this system lets nobody mount a file system of his own (unshare -rm)")


def run_in_a_small_room(room: Path, size: str, *command: str) -> str:
    """What `python -m COMMAND` prints with a file system of that size mounted at `room`."""
    return _run(_SMALL, size, room, command)


def run_in_a_frozen_room(room: Path, *command: str) -> str:
    """What `python -m COMMAND` prints while nobody, not even root, can write in `room`."""
    return _run(_FROZEN, "", room, command)


def run(*command: str, inside: tuple[str, ...] = ()) -> str:
    """What `python -m COMMAND` prints."""
    whole = [*inside, sys.executable, "-m", *command]
    done = subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(mount: str, size: str, room: Path, command: tuple[str, ...]) -> str:
    script = f'{mount} && shift 2 && exec "$@"'
    return run(*command, inside=("unshare", "-rm", "sh", "-c", script, "sh", size, str(room)))


@contextmanager
def open_to_everybody() -> Iterator[Path]:
    """A new folder whose path a process without rights can walk; taken away afterwards."""
    room = Path(tempfile.mkdtemp(prefix="kentongan-"))
    room.chmod(0o755)
    try:
        yield room
    finally:
        rmtree(room)


def become_nobody() -> None:
    """Give up root for good; whoever is not root stays who he is."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
