"""What the readings' file needs now and then: sealing what waits, and letting go of what is past keeping."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlalchemy import Connection

from gis.errors import UserError
from gis.model.record import to_us
from gis.progress import Progress
from gis.store.query import Query
from gis.store.readings.seal import Overtaken, next_generation
from gis.store.readings.series import Sight
from gis.store.readings.tail import NEVER
from gis.store.store import Store
from gis.store.tx import Tx
from gis.texts import _

KEPT_AS = "retention"  # desk state
_US = timedelta(microseconds=1)
_SLICE = 500  # chunks let go in one write
_OLD = "SELECT id, no, t0, t1, n FROM chunk WHERE no > 0 AND t1 < :before ORDER BY no, t0"


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days of readings are kept; None keeps everything, and is what an operation starts with.

    Readings go by whole chunks: only when all of a chunk are older (than the newest reading of all, should
    the clock be ahead of it), when the alarm rules have seen every one of them, and never the newest of a
    sensor. A reading that comes in again after it was let go is new.
    """

    days: int | None = None

    def __post_init__(self) -> None:
        if self.days is not None and not 1 <= self.days <= 36_500:
            raise UserError(
                _("Readings can be kept for one day or longer."), hint=_("Leave it empty to keep them all.")
            )


def retention(query: Query) -> Retention:
    return Retention(query.kept(KEPT_AS))


def set_retention(tx: Tx, policy: Retention) -> None:
    tx.keep(KEPT_AS, policy.days)


def past_keeping(query: Query, policy: Retention) -> int:
    """How many readings this policy would let go of now; none is touched."""
    if policy.days is None:
        return 0
    before = to_us(query.at - timedelta(days=policy.days))
    return sum(count for _chunk, count in _past_keeping(query.sight, before, query.judged())[1])


def maintain(store: Store, progress: Progress) -> int:
    """Seal when it is due, retire what the policy lets go. Returns how many readings were retired.

    Meant for a timer, every minute or so, in any lane; raises `Cancelled` between two small writes.
    """
    if store.pending().is_due(store.clock.now()):
        store.seal(progress)
    return retire(store, progress)


def retire(store: Store, progress: Progress) -> int:
    """Let go of the chunks that are past keeping, in small writes. Returns how many readings that were."""
    with store.reading() as query:
        policy = retention(query)
        if policy.days is None:
            return 0
        before = _latest(query) - timedelta(days=policy.days) // _US
        generation, old = _past_keeping(query.sight, before, query.judged())
    gone = 0
    for start in range(0, len(old), _SLICE):
        progress.step(start, len(old), _("Letting go of old readings"))
        some = old[start : start + _SLICE]
        try:
            with store.rewriting() as connection:
                generation = next_generation(connection, generation)
                _delete(connection, [chunk for chunk, _count in some])
        except Overtaken:  # a sealing came between: the rest goes next time
            break
        gone += sum(count for _chunk, count in some)
    return gone


def _latest(query: Query) -> int:
    """From when age is counted: now, and never from beyond the newest reading of all. A clock that runs years
    ahead would otherwise let go of everything."""
    return min(to_us(query.at), int(query.sight.newest().at_us.max(initial=0)))


def _past_keeping(sight: Sight, before: int, judged: Mapping[str, int]) -> tuple[int, list[tuple[int, int]]]:
    """The generation seen, and the id and size of each chunk that may go."""
    newest, names = sight.newest(), sight.names()
    seen = np.array([judged.get(name, NEVER) for name in names])
    rows = sight.connection.exec_driver_sql(_OLD, {"before": before}).all()
    return sight.generation, [
        (row.id, row.n)
        for row in rows
        if row.t1 <= seen[row.no] and newest.at_us[row.no] != NEVER and newest.at_us[row.no] > row.t1
    ]


def _delete(connection: Connection, ids: list[int]) -> None:
    connection.exec_driver_sql("DELETE FROM chunk WHERE id = :id", [{"id": each} for each in ids])
