"""The compiled part of the package (`native/`), where it was built on this computer."""

import importlib
from typing import Any, Protocol, cast


class Compiled(Protocol):
    """What `native/door.c` offers; each checks its arrays."""

    def areas(self, *arguments: Any) -> bool: ...
    def lines(self, *arguments: Any) -> bool: ...
    def marks(self, *arguments: Any) -> bool: ...
    def slices(self, width: float) -> bytes: ...
    def places(self, *arguments: Any) -> bool: ...
    def measure(self, *arguments: Any) -> bool: ...
    def keys(self, *arguments: Any) -> bool: ...
    def gather(self, *arguments: Any) -> bool: ...


def _load() -> Compiled | None:
    try:
        found = cast(Compiled, importlib.import_module("gis.paint._raster"))
    except ImportError:  # no compiler when it was installed, or built for another computer
        return None
    return found if hasattr(found, "keys") else None  # built before there was all of this


compiled = _load()
