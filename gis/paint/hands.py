"""Several threads at one picture."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


class Hands:
    """Threads that help whoever paints; without any he does it all himself. Close them at the end."""

    def __init__(self, helpers: int | None = None) -> None:
        """As many as this computer has processors besides one, at most three, unless told otherwise."""
        self.helpers = min((os.cpu_count() or 1) - 1, 3) if helpers is None else helpers
        self._threads = ThreadPoolExecutor(self.helpers, "hands") if self.helpers else None

    def each(self, act: Callable[[T], object], parts: Iterable[T]) -> None:
        """Do `act` for every part, in any order, some at the same time; returns when none is being done.

        What one of them raises is raised here, and no other is begun after it.
        """
        waiting = deque(parts)

        def take_on() -> None:
            while waiting:
                try:
                    part = waiting.popleft()
                except IndexError:  # another hand was quicker
                    return
                try:
                    act(part)
                except BaseException:  # whatever it is, it is raised: the others need not go on
                    waiting.clear()
                    raise

        wanted = min(self.helpers, len(waiting) - 1)
        helping = [self._threads.submit(take_on) for _each in range(wanted)] if self._threads else []
        try:
            take_on()
        finally:
            begun = [each for each in helping if not each.cancel()]
            wait(begun)
        for each in begun:
            each.result()

    def close(self) -> None:
        """Nothing is begun any more; what is being painted is finished."""
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
