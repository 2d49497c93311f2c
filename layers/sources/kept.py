"""Records that the map needs at every reading, read again only once something has touched their kind."""

import threading
from typing import Any, TypeVar, cast

from gis.model.record import Record
from gis.store.past import Past
from gis.store.query import Query

R = TypeVar("R", bound=Record)


class Kept:
    """All records of a kind as the present has them. Any thread may ask; the lists are not to be changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[type, bool | None], tuple[int, list[Any]]] = {}

    def find(self, query: Query, kind: type[R], *, void: bool | None = False) -> list[R]:
        """What `query.find` gives; the very same list until an edit or another program touches the kind. Of
        the past nothing is kept."""
        if isinstance(query, Past):
            return query.find(kind, void=void)
        with self._lock:
            upto = query.upto()
            since, found = self._known.get((kind, void), (0, None))
            if found is None or query.changed_since(since, kind) or query.touched_outside():
                found = query.find(kind, void=void)
            self._known[kind, void] = upto, found
            return cast(list[R], found)
