"""Places to write to that are too small or that refuse: a tiny file system, a folder of somebody else's."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from tests import needs
from tests.elsewhere import python

NOBODY = 65534
_SMALL = 'mount -t tmpfs -o size="$1" tmpfs "$2"'
_FROZEN = 'mount --bind "$2" "$2" && mount -o remount,bind,ro "$2"'


def in_a_small_room(room: Path, size: str, *words: object) -> str:
    """What `python WORDS` prints with a file system of that size mounted at `room`."""
    return _inside(_SMALL, size, room, words)


def in_a_frozen_room(room: Path, *words: object) -> str:
    """What `python WORDS` prints while nobody, not even root, can write in `room`."""
    return _inside(_FROZEN, "", room, words)


def _inside(mount: str, size: str, room: Path, words: tuple[object, ...]) -> str:
    needs.namespaces()
    script = f'{mount} && shift 2 && exec "$@"'
    return python(*words, inside=("unshare", "-rm", "sh", "-c", script, "sh", size, str(room)))


@contextmanager
def open_to_everybody() -> Iterator[Path]:
    """A new folder whose path a process without rights can walk; taken away afterwards."""
    room = Path(tempfile.mkdtemp(prefix="kentongan-"))
    room.chmod(0o755)
    try:
        yield room
    finally:
        for folder, _folders, _files in os.walk(room):
            os.chmod(folder, 0o755)
        rmtree(room)


def locked(folder: Path) -> None:
    """From now on only root could write in it."""
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)


def become_nobody() -> None:
    """Give up root for good; whoever is not root stays who he is."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
