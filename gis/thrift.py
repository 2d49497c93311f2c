"""Memory that is free again goes back to the system, where it would otherwise be kept for later."""

import ctypes
import sys


def give_back() -> None:
    """Of what was asked for and returned, glibc keeps a part: 100 MiB after a city was loaded.

    Some ten milliseconds, in which other threads run; elsewhere than on Linux with glibc nothing happens.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
