"""Row 16: bytes of a closed operation turn into others."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident, Note
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.store import Store
from gis.store.checkup import faults
from tests.build import SIX
from tests.faults.town import GAUGES, copied, operation_in

FILES = ("desk.gpkg", "readings.sqlite")
KINDS = (Incident, Note, Sensor, AlarmRule, Alarm)


def flipped(worked: Path, scratch: Path, seed: int) -> dict:
    """Some bytes of one page. Either nobody can see a difference, or it is named."""
    rng = random.Random(seed)
    folder = copied(worked, operation_in(scratch))
    before = dict(_contents(folder))
    path = folder / rng.choice(FILES)
    page = rng.randrange(path.stat().st_size // 4096)
    with path.open("r+b") as file:
        for _each in range(rng.choice((1, 1, 16, 256))):
            at = 4096 * page + rng.randrange(4096)
            file.seek(at)
            old = file.read(1)[0]
            file.seek(at)
            file.write(bytes([old ^ rng.randrange(1, 256)]))
    named = faults(folder)
    changed = [name for name, value in _contents(folder) if before[name] != value]
    silent = [f"{path.name}, page {page}: {each} changed and nobody says so" for each in changed if not named]
    return {"lost": silent, "corrupt": [], "named": named[:1]}


def _contents(folder: Path) -> Iterator[tuple[str, object]]:
    """All that a desk shows of an operation, or how it was refused; whatever else is raised is a bug."""
    names = ("journal", *(kind.__name__ for kind in KINDS), *(gauge.id for gauge in GAUGES), "latest")
    try:
        store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=2)), author="desk")
    except UserError as refused:
        yield from ((name, str(refused)) for name in names)
        return
    for name in names:
        try:
            yield name, _one(store, name)
        except (UserError, DatabaseError) as refused:
            yield name, str(refused)
    store.close()


def _one(store: Store, name: str) -> object:
    with store.reading() as query:
        if name == "journal":
            return query.edits_after(0)
        if name == "latest":
            return query.latest()
        if name in {gauge.id for gauge in GAUGES}:
            series = query.series(name)
            return [column.tolist() for column in (series.at_us, series.value, series.quality)]
        return next(query.find(kind, void=None) for kind in KINDS if kind.__name__ == name)
