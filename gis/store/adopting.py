"""A person decides about what other programs changed: take it over as edits of this desk, or put it back."""

from gis.model.record import Record
from gis.store.outside import Foreign
from gis.store.tables.rows import from_values, starting_values, to_values
from gis.store.tx import Tx


def adopt(tx: Tx) -> list[Foreign]:
    """Journal what was changed outside as this author's edits. Returns what could not be taken over.

    A row that was taken away is struck out. What cannot be taken over stays as it is, to be put back.
    """
    found = tx.outside()
    for foreign in found:
        if not foreign.problem:
            tx.settle_outside(foreign)
            tx.put(_meant(tx, foreign))
    left = [foreign for foreign in found if foreign.problem]
    tx.forget_outside(left)
    return left


def put_back(tx: Tx) -> int:
    """Make every row that was touched outside what the journal says. Returns how many were not."""
    found = tx.outside()
    for foreign in found:
        tx.settle_outside(foreign)
    tx.forget_outside([])
    return len(found)


def _meant(tx: Tx, foreign: Foreign) -> Record:
    values = {said.field: said.after for said in foreign.fields}
    if foreign.is_new:
        return from_values(foreign.kind, foreign.record_id, starting_values(foreign.kind) | values)
    now = to_values(tx.get(foreign.kind, foreign.record_id))
    return from_values(foreign.kind, foreign.record_id, now | values)
