"""What is to be there after a power cut: files, and the names they stand under."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path


def sync_file(path: Path) -> None:
    """Make what is written in a file last. Raises `OSError`."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last, where the system lets us ask. Raises `OSError`."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network folders cannot
                raise
        finally:
            os.close(handle)


def put_in_place(part: Path, path: Path) -> None:
    """A finished file takes its name, in place of what had it, whole or not at all. Raises `OSError`."""
    sync_file(part)
    part.replace(path)
    sync_folder(path.parent)


@contextmanager
def whole(path: Path) -> Generator[Path]:
    """A name beside `path`, of the same ending, to write a file under; it takes its own name once all is
    written, in place of what had it. Nothing half-written stays. Raises `OSError`."""
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield part
        put_in_place(part, path)
    finally:
        with suppress(OSError):  # on a disk that has gone away there is nothing to take away
            part.unlink(missing_ok=True)
