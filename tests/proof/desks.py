"""A desk of the proofs: a real store in real files, and beside it what it must hold and show."""

import json
import shutil
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import shapely
from shapely import from_wkt
from shapely.geometry.base import BaseGeometry

from gis.clock import ManualClock
from gis.model.incident import Incident, Note, Severity
from gis.model.record import Record
from gis.progress import Progress
from gis.store import Past, Query, Store, Tx, checkup
from gis.store.journal.edit import read
from gis.store.journal.personal import Personal
from gis.store.questions import conflicts
from tests.build import SIX
from tests.proof.oracle import STARTS, Mind, Said

SHOWN: tuple[type[Record], ...] = (Incident, Note)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # what is proven here asks no disk
KIND = {kind.__name__: kind for kind in SHOWN}


@contextmanager
def room() -> Generator[Path]:
    """A folder for one example; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="proof-", dir=MEMORY) as folder:
        yield Path(folder)


class Desk:
    """`mind` hears what the store acknowledged, and predicts everything else."""

    def __init__(self, source: Path, folder: Path, name: str, days: float = 0) -> None:
        """`source` is the folder of an operation that nobody has open: a blank one, or a copy to work in."""
        self.name, self.folder = name, folder / f"{name}.kentongan"
        self.clock = ManualClock(SIX + timedelta(days=days))
        self.mind = Mind()
        shutil.copytree(source, self.folder)
        self.store = Store.open(self.folder, clock=self.clock, author=name)
        self.becomes(sha256(name.encode()).hexdigest()[:16])

    def becomes(self, actor: str) -> None:
        """Write under this name from here on."""
        with self.store.writing("Name the desk") as tx:
            tx.keep("actor", actor)
        self.store.actor = actor

    def copied(self, name: str, *, told: bool) -> "Desk":
        """A copy of this desk's folder to work in; not told that it is one, it writes under the same name."""
        self.store.close()
        copy = Desk(self.folder, self.folder.parent, name)
        copy.now((self.clock.now() - SIX) / timedelta(days=1))
        copy.mind = Mind([*self.mind.came], dict(self.mind.whispers), dict(self.mind.arrivals))
        if not told:
            copy.becomes(self.store.actor)
        self.reopen()
        return copy

    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder, clock=self.clock, author=self.name)

    def now(self, days: float) -> None:
        self.clock.advance(SIX + timedelta(days=days) - self.clock.now())

    # what is written here

    def write(self, kind: str, record: str, author: str | None = None, **wanted: Any) -> list[Said]:
        """Put values (as the journal keeps them) into one record, in one step of its own."""
        expected = self.expect(kind, record, wanted)
        with self.store.writing(f"Put {kind}", author) as tx:
            put(tx, kind, record, wanted)
        return self.listen(expected)

    def expect(self, kind: str, record: str, wanted: dict[str, Any]) -> set[tuple[Any, ...]]:
        """The edits that putting these values must write: a field that differs, over all that stands."""
        heads, before = self.mind.heads(), self.mind.records().get((kind, record))
        was = STARTS[kind] if before is None else before
        return {
            (kind, record, name, json.dumps(value), over_of(heads, (kind, record, name)))
            for name, value in wanted.items()
            if name not in was or was[name] != value
        }

    def settle(self, place: tuple[str, str, str], value: Any) -> list[Said]:
        heads = self.mind.heads()
        expected = {(*place, json.dumps(value), over_of(heads, place))}
        with self.store.writing("Settle") as tx:
            tx.settle(KIND[place[0]], place[1], place[2], value)
        return self.listen(expected)

    def listen(self, expected: set[tuple[Any, ...]] | None = None) -> list[Said]:
        """Hear what was written here since, and that it is what had to be written."""
        with self.store.reading() as query:
            edits = [edit for _n, edit in query.edits_after(len(self.mind.came))]
            apart = query.personal(edits)
        said = self.mind.hear([edit.body for edit in edits], self.clock.now())
        self.overhear(apart)
        if expected is not None:
            got = {(*s.place, json.dumps(self.mind.reveal(s.value)), s.over) for s in said}
            assert got == expected
            assert len(said) == len(expected)
        return said

    def overhear(self, apart: Iterable[Personal]) -> None:
        for each in apart:
            assert sha256(f"{each.salt}\n{each.value}".encode()).hexdigest() == each.name
            self.mind.whispers.setdefault(each.name, json.loads(each.value)["v"])

    # what is brought here

    def take(self, bodies: list[str], apart: Iterable[Personal] = ()) -> int:
        """Take edits in; returns how many were new."""
        new = [
            body for body in dict.fromkeys(bodies) if sha256(body.encode()).hexdigest() not in self.mind.names
        ]
        apart = list(apart)
        with self.store.writing("Take in") as tx:
            taken = tx.receive([read(body) for body in bodies], apart)
        assert [edit.body for edit in taken] == new
        number = max((each.arrival or 0 for each in self.mind.came), default=0) + 1
        self.mind.hear(new, self.clock.now(), number)
        self.overhear(apart)
        if new:
            with self.store.reading() as query:
                self.mind.arrivals[number] = query.arrivals(1)[0].id, self.store.author
        return len(new)

    def bodies(self) -> list[str]:
        return [each.said.body for each in self.mind.came]

    def apart(self, bodies: Iterable[str]) -> list[Personal]:
        with self.store.reading() as query:
            return query.personal([read(body) for body in bodies])

    # what must hold at any time

    def agree(self, *instants: datetime) -> None:
        """The store is what the mind says: edits, records, conflicts, gaps, forks, and the past."""
        with self.store.reading() as query:
            assert [(n, edit.body) for n, edit in query.edits_after(0)] == [*enumerate(self.bodies(), 1)]
            assert shown(query) == self.mind.records()
            assert disputed(query) == self.mind.conflicts()
            assert (query.missing(), query.forks()) == (self.mind.missing(), self.mind.forks())
            assert query.broken() is None
            for at in instants:
                then, number = Past(query, at), self.mind.number_at(at)
                assert then.upto() == number
                assert shown(then) == self.mind.records(number)
                assert disputed(then) == self.mind.conflicts(number)
        self.rows_agree()

    def rows_agree(self) -> None:
        """What stands beside the journal follows from it."""
        with self.store.glancing() as desk:

            def rows(sql: str) -> list[tuple[Any, ...]]:
                return [tuple(row) for row in desk.exec_driver_sql(sql)]

            assert (
                rows("SELECT n, edit, until, opens, arrival FROM journal ORDER BY n") == self.mind.journal()
            )
            assert {*rows("SELECT edit, by FROM journal_awaited")} == self.mind.awaited()
            assert {*rows("SELECT kind, record, field FROM journal_dispute")} == self.mind.disputes()
            assert {actor: row for actor, *row in rows("SELECT * FROM journal_chain")} == self.mind.chains()

    def made_again_is_the_same(self) -> None:
        before = self.tables()
        self.store.rebuild(Progress())
        assert self.tables() == before
        assert checkup.faults(self.folder) == []

    def tables(self) -> dict[str, list[str]]:
        """Every row of every table but the extents, which may shrink when they are made again."""
        with self.store.glancing() as desk:
            named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            names = [n for n in desk.exec_driver_sql(named).scalars() if n != "gpkg_contents"]
            shadows = (
                "_node",
                "_parent",
                "_rowid",
            )  # how a tree of boxes lies on its pages is its own affair
            kept = [n for n in names if not (n.startswith("rtree_") and n.endswith(shadows))]
            return {n: sorted(map(repr, desk.exec_driver_sql(f"SELECT * FROM {n}").all())) for n in kept}


def over_of(heads: dict[tuple[str, str, str], list[Said]], place: tuple[str, str, str]) -> frozenset[str]:
    return frozenset(said.name for said in heads.get(place, ()))


def put(tx: Tx, kind: str, record: str, wanted: dict[str, Any]) -> None:
    """Put a record with these values over what is shown of it, as a form of the window would."""
    made = KIND[kind]
    present = tx.known(made, record)
    values = {} if present is None else {f.name: getattr(present, f.name) for f in fields(made)}
    given = {name: _MADE.get(name, same)(value) for name, value in wanted.items()}
    tx.put(made(**values | given | {"id": record}))


def same(value: Any) -> Any:
    return value


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


_MADE = {"reported_at": moment, "at": moment, "closed_at": moment, "severity": Severity, "place": from_wkt}


def plain(value: Any) -> Any:
    """A field's value as the oracle writes it."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case StrEnum():
            return str(value)
        case BaseGeometry():
            return shapely.to_wkt(value, rounding_precision=7)
    return value


def shown(query: Query) -> dict[tuple[str, str], dict[str, Any]]:
    found = [record for kind in SHOWN for record in query.find(kind, void=None)]
    return {
        (type(r).__name__, r.id): {f.name: plain(getattr(r, f.name)) for f in fields(r) if f.name != "id"}
        for r in found
    }


def disputed(query: Query) -> set[tuple[str, str, str, frozenset[str]]]:
    return {(c.kind, c.record_id, c.field, frozenset(e.id for e in c.values)) for c in conflicts(query)}


def statement(place: tuple[str, str, str], value: Any, over: Iterable[str] = (), **but: Any) -> str:
    """An edit as any other desk could have written it."""
    kind, record, field = place
    values = {"v": 1, "actor": "a" * 16, "seq": 1, "prev": "", "step": "s", "label": "Put", "who": "B"}
    values |= {"at": "2026-03-14T06:00:00.000Z", "kind": kind, "record": record, "field": field}
    values |= {"value": value, "over": sorted(over), **but}
    return spelled(values)


def spelled(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
