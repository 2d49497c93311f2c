"""Can this log be believed? The proof that runs beside the work, and what it has found so far."""

from dataclasses import dataclass, replace

from gis.progress import Progress
from gis.store.journal import proof
from gis.store.journal.proof import Altered
from gis.store.store import Store
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Trust:
    """`entries` edits are here; those up to number `proven` are as they were written, unless `altered`."""

    entries: int = 0
    proven: int = 0
    altered: Altered | None = None

    @property
    def is_whole(self) -> bool:
        """True once every entry is proven."""
        return self.altered is None and self.proven >= self.entries


def prove(store: Store, progress: Progress, known: Trust | None = None) -> Trust:
    """Prove the journal's chains, in short looks beside all other work; `known` is what was proven before.

    Stops at the first altered entry. Raises `Cancelled`.
    """
    trust = known or Trust()
    with store.reading() as query:
        trust = replace(trust, entries=query.upto())
    for after in proof.slices(trust.proven, trust.entries):
        progress.step(after, trust.entries, _("Proving the log"))
        with store.reading() as query:
            altered = query.altered(after)
        if altered is not None:
            return replace(trust, altered=altered)
        trust = replace(trust, proven=min(after + proof.SLICE, trust.entries))
    return trust
