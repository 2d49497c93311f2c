"""After the fault: is everything there that was acknowledged, nothing half, and does work go on?"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from gis.clock import ManualClock
from gis.model.incident import Incident, Note
from gis.store import Query, Store
from gis.store.checkup import faults
from tests.build import SIX
from tests.faults.acts import FEED, KEPT, Sitting, Told
from tests.faults.town import GAUGES, batch, edits_in, laid_out, number_of

LATER = 10_000  # the number of an act nobody did before the fault


@dataclass(slots=True)
class Verdict:
    """What was acknowledged and is not there; what is not whole; what is there and was never acknowledged."""

    lost: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    unheard: int = 0

    @property
    def clean(self) -> bool:
        return not self.lost and not self.corrupt


def judge(folder: Path, town: Path, told: Told) -> Verdict:
    """Open the store as after any night, compare, look at every page and chain, and log one more call."""
    verdict = Verdict()
    store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=2)), author="desk")
    verdict.corrupt += [f"said to be missing: {each}" for each in store.findings]
    try:
        with store.reading() as query:
            _compare(query, town, told, verdict)
            _halves(query, town, verdict)
        Sitting(store, town, 0, first=LATER).log()
    finally:
        store.close()
    verdict.corrupt += faults(folder)
    return verdict


def _compare(query: Query, town: Path, told: Told, verdict: Verdict) -> None:
    here = query.arrived(sorted(told.edits))
    verdict.lost += sorted(told.edits - here)
    stored = _batches(query)
    verdict.lost += [f"batch {n}" for n in sorted(told.batches) if stored[n] != len(batch(n))]
    aside = {line.line for line in query.rejected(FEED, limit=LATER)}
    verdict.lost += [f"line {n} that was set aside" for n in sorted(told.rejects - aside)]
    kept = query.kept(KEPT) or 0
    if kept < told.kept:
        verdict.lost.append(f"kept {told.kept}")
    news = [edit for _n, edit in query.edits_after(laid_out(town)) if edit.id not in told.edits]
    steps = {(edit.step, edit.actor) for edit in news}
    verdict.unheard = max(len(steps), len(set(stored) - told.batches))


def _batches(query: Query) -> Counter[int]:
    """How many readings of each batch are there."""
    return Counter(number_of(value) for gauge in GAUGES for value in query.series(gauge.id).value.tolist())


def _halves(query: Query, town: Path, verdict: Verdict) -> None:
    """Steps of which only a part is there."""
    calls = {i.where for i in query.find(Incident, void=None) if i.where.startswith("call ")}
    notes = {note.text for note in query.find(Note, void=None)}
    verdict.corrupt += [f"half of {each}" for each in sorted(calls ^ notes)]
    stored = _batches(query)
    verdict.corrupt += [f"part of batch {n}" for n, found in stored.items() if found != len(batch(n))]
    for name, edits in edits_in(town).items():
        found = len(query.arrived(edits))
        if found not in (0, len(edits)):
            verdict.corrupt.append(f"{found} of {len(edits)} edits of {name}")
