"""What is to be there after a power cut: files, and the names they stand under."""

import errno
import os
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
