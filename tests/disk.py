"""A disk without room, for a moment: no file of this process can grow."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_MOST_BYTES = 4096  # less than one page of a log with its header


@contextmanager
def no_room() -> Iterator[None]:
    """What is written meanwhile meets a full disk."""
    import resource  # Windows has none

    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
