"""What somebody does at the desk, at random; each act is told only after the store has acknowledged it."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident, Severity
from gis.model.sensor import Alarm
from gis.ops import alarms, incidents, readings
from gis.progress import Progress
from gis.store import Store, Tx, history
from gis.sync import exchange
from gis.sync.package import unpack
from tests.build import SIX
from tests.faults.town import batch, packages_in

KEPT, FEED = "fault", "kali.csv"
Tell = Callable[[dict], None]


@dataclass(slots=True)
class Told:
    """Everything that was acknowledged: edits by name, everything else by the number of its act."""

    edits: set[str] = field(default_factory=set)
    batches: set[int] = field(default_factory=set)
    rejects: set[int] = field(default_factory=set)
    kept: int = 0
    count: int = 0
    refused: list[str] = field(default_factory=list)  # in plain words
    bugs: list[str] = field(default_factory=list)  # in a programmer's

    def hear(self, line: bytes | str) -> None:
        said = json.loads(line)
        if "edits" not in said:
            self.refused += said.get("refused", [])
            self.bugs += said.get("bugs", [])
            return
        self.edits.update(said["edits"])
        self.batches.update(said.get("batches", ()))
        self.rejects.update(said.get("rejects", ()))
        self.kept = max(self.kept, said.get("kept", 0))
        self.count += 1

    @staticmethod
    def of(heard: bytes) -> "Told":
        """From what came through a pipe; a last line that is not whole was not heard."""
        told = Told()
        for line in heard.split(b"\n")[:-1]:
            told.hear(line)
        return told


class Sitting:
    """Somebody at an open store. `number` is the act's, unlike that of any other act in this store."""

    def __init__(self, store: Store, town: Path, seed: int, *, first: int = 1) -> None:
        self.store, self.packages = store, packages_in(town)
        self.rng, self.number, self.upto = random.Random(seed), first - 1, 0
        with store.reading() as query:
            self.upto = max((n for n, _edit in query.edits_after(0)), default=0)

    def act(self) -> dict:
        """One act; returns what may now be told. Raises what the store raises."""
        self.number += 1
        self.clock.advance(timedelta(seconds=1))
        said = self.rng.choices(*zip(*self._choices, strict=True))[0]()
        with self.store.reading() as query:
            new = query.edits_after(self.upto)
        self.upto = max((n for n, _edit in new), default=self.upto)
        return {"edits": [edit.id for _n, edit in new]} | (said or {})

    @property
    def clock(self) -> ManualClock:
        assert isinstance(self.store.clock, ManualClock)
        return self.store.clock

    @property
    def _choices(self) -> list[tuple[Callable[[], dict | None], int]]:
        return [
            (self.log, 6),
            (self.amend, 4),
            (self.end, 2),
            (self.measure, 6),
            (self.acknowledge, 2),
            (self.take_in, 2),
            (self.take_back, 2),
            (self.seal, 2),
            (self.set_aside, 1),
            (self.keep, 1),
        ]

    def log(self) -> None:
        """An incident and its note: never one without the other."""
        with self.store.writing("Log") as tx:
            call = f"call {self.number}"
            made = incidents.log(tx, "fl", "Water rising", self._pick(list(Severity)), where=call)
            incidents.note(tx, call, made.id)

    def amend(self) -> None:
        with self.store.writing("Amend") as tx:
            incidents.amend(tx, self._one(tx).id, text=f"amended {self.number}", affected=self.number)

    def end(self) -> None:
        with self.store.writing("Close") as tx:
            incident = self._one(tx)
            (incidents.reopen if incident.closed_at else incidents.close)(tx, incident.id)

    def measure(self) -> dict:
        with self.store.writing("Readings") as tx:
            readings.ingest(tx, batch(self.number))
        return {"batches": [self.number]}

    def seal(self) -> None:
        self.store.seal(Progress())

    def set_aside(self) -> dict:
        with self.store.writing("Readings") as tx:
            tx.reject(FEED, self.number, b"KALI-3,noon,\xff", "No time.")
        return {"rejects": [self.number]}

    def acknowledge(self) -> None:
        with self.store.writing("Acknowledge") as tx:
            ringing = [alarm for alarm in tx.find(Alarm) if alarm.acknowledged_at is None]
            if ringing:
                alarms.acknowledge(tx, self._pick(ringing).id, "R. Sari")

    def take_in(self) -> None:
        package = unpack(self._pick(self.packages))
        with self.store.writing("Take in") as tx:
            exchange.receive(tx, package)

    def take_back(self) -> None:
        try:
            with self.store.writing("Undo") as tx:
                self._pick([history.undo, history.undo, history.redo])(tx)
        except UserError as refused:
            if "undone" not in str(refused) and "yours" not in str(refused):
                raise

    def keep(self) -> dict:
        with self.store.writing("View") as tx:
            tx.keep(KEPT, self.number)
        return {"kept": self.number}

    def _one(self, tx: Tx) -> Incident:
        return self._pick(tx.find(Incident, void=None))

    def _pick(self, of):
        return of[self.rng.randrange(len(of))]


def told_of(failure: UserError | DatabaseError) -> dict:
    """What a person would have read."""
    return {"refused" if isinstance(failure, UserError) else "bugs": [str(failure)]}


def persist(folder: Path, town: Path, seed: int, tell: Tell, acts: int) -> None:
    """As `sit`, but go on after whatever was refused, as long as the store can be opened at all."""
    try:
        store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=1)), author="desk")
        sitting = Sitting(store, town, seed)
    except (UserError, DatabaseError) as failure:
        tell(told_of(failure))
        return
    for _each in range(acts):
        try:
            tell(sitting.act())
        except (UserError, DatabaseError) as failure:
            tell(told_of(failure))
    store.close()


def sit(folder: Path, town: Path, seed: int, tell: Tell, acts: int, *, first: int = 1) -> None:
    """Open the store, do that many acts, tell of each; then close."""
    store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=1)), author="desk")
    sitting = Sitting(store, town, seed, first=first)
    for _each in range(acts):
        tell(sitting.act())
    store.close()
