"""How far a sensor's readings reach, and which lie next to a stretch of time that holds none."""

import numpy as np

from gis.store.readings.series import Sight
from gis.store.readings.tail import NEVER

_REACH = "SELECT min(t0), max(t1) FROM chunk WHERE no = :no"
_UP_TO = "SELECT t0, t1 FROM chunk WHERE no = :no AND t0 <= :at ORDER BY t0 DESC LIMIT 1"
_AFTER = "SELECT t0 FROM chunk WHERE no = :no AND t0 > :at ORDER BY t0 LIMIT 1"
_FOREVER = int(np.iinfo(np.int64).max)


def reach(sight: Sight, sensor: str) -> tuple[int, int] | None:
    """The times of a sensor's first and last readings (microseconds UTC); None where it has none."""
    no = sight.number(sensor)
    if no is None:
        return None
    first, last = sight.connection.exec_driver_sql(_REACH, {"no": no}).one()
    waiting = sight.waiting(no, NEVER, _FOREVER).at_us
    times = [*(each for each in (first, last) if each is not None)]
    times += [int(waiting.min()), int(waiting.max())] if len(waiting) else []
    return (min(times), max(times)) if times else None


def beside(sight: Sight, sensor: str, since: int, until: int) -> tuple[int | None, int | None]:
    """The times of the last reading before `since` and of the first after `until` (microseconds UTC).

    A part of the readings that is damaged counts as none.
    """
    no = sight.number(sensor)
    if no is None:
        return None, None
    early, late = sight.waiting(no, NEVER, since - 1).at_us, sight.waiting(no, until + 1, _FOREVER).at_us
    before = [int(early.max())] if len(early) else []
    after = [int(late.min())] if len(late) else []
    row = sight.connection.exec_driver_sql(_UP_TO, {"no": no, "at": since - 1}).first()
    if row is not None:
        sealed = sight.sealed(no, row[0], since - 1, whole=False).at_us
        before += [int(sealed[-1])] if len(sealed) else []
    row = sight.connection.exec_driver_sql(_UP_TO, {"no": no, "at": until}).first()
    if row is not None and row[1] > until:
        sealed = sight.sealed(no, until + 1, row[1], whole=False).at_us
        after += [int(sealed[0])] if len(sealed) else []
    row = sight.connection.exec_driver_sql(_AFTER, {"no": no, "at": until}).first()
    after += [row[0]] if row is not None else []
    return max(before, default=None), min(after, default=None)
