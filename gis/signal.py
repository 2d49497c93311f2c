"""A typed list of listeners. Nothing here knows about threads or Qt."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Signal(Generic[T]):
    """Calls every listener with each emitted value, in the emitting thread, in connection order.

    One listener's failure is logged and does not keep the others from hearing.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], object]] = []

    def connect(self, listener: Callable[[T], object]) -> Callable[[], None]:
        """Add a listener; call the returned function to remove it again."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def emit(self, value: T) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(value)
            except Exception:  # an edge: one deaf view must not silence the others
                log.exception("listener %r failed on %r", listener, value)
