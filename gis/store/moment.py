"""Which instant is looked at: now, or an earlier one. Whoever shows the operation asks through it."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise

from gis.clock import Clock
from gis.store.operation import Operation
from gis.store.past import Past, Taken
from gis.store.query import Query
from gis.store.store import Store


class Moment:
    """The instant `at` in UTC, or None for now. Moved by one thread, asked by any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.at: datetime | None = None
        self._taken: Taken | None = None

    @property
    def operation(self) -> Operation:
        return self._store.operation

    @property
    def clock(self) -> Clock:
        return self._store.clock

    @contextmanager
    def reading(self) -> Generator[Query]:
        """A look at the operation as it is at this moment; `Store.reading` while that is now."""
        at = self.at
        with self._store.reading() as query:
            yield query if at is None else self._past(query, at)

    @contextmanager
    def now(self) -> Generator[Query]:
        """A look at the present, whatever the others look at."""
        with self._store.reading() as query:
            yield query

    def _past(self, query: Query, at: datetime) -> Past:
        """The past, going on from the instant that was looked at last."""
        past = Past(query, at)
        self._taken = past.share(self._taken)
        return past


def density(query: Query, edges: Sequence[datetime]) -> list[int]:
    """How many edits came in between each two neighbouring instants; its cost is that of the instants."""
    numbers = [query.number_at(each) for each in edges]
    return [max(0, after - before) for before, after in pairwise(numbers)]
