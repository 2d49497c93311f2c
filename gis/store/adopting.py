"""A person decides about what other programs changed: take it over as edits of this desk, or put it back."""

from collections.abc import Collection

from gis.model.record import Record
from gis.store.outside import Foreign
from gis.store.tables.rows import from_values, starting_values, to_values
from gis.store.tx import Tx


def adopt(tx: Tx, asked: Collection[Foreign] | None = None) -> list[Foreign]:
    """Journal what was changed outside as this author's edits. Returns what could not be taken over.

    Of all, or of what the person was `asked` about: what has changed since then waits for the next question.
    A row that was taken away is struck out. What cannot be taken over stays as it is, to be put back.
    """
    fit = [foreign for foreign in _meant(tx, asked) if not foreign.problem]
    tx.settle_outside(fit)
    for foreign in fit:
        tx.put(_record(tx, foreign))
    return [foreign for foreign in tx.outside() if foreign.problem]


def put_back(tx: Tx, asked: Collection[Foreign] | None = None) -> int:
    """Make every row that was touched outside what the journal says. Returns how many were not.

    `asked` as in `adopt`.
    """
    found = _meant(tx, asked)
    tx.settle_outside(found)
    return len(found)


def _meant(tx: Tx, asked: Collection[Foreign] | None) -> list[Foreign]:
    wanted = None if asked is None else {*asked}
    return [foreign for foreign in tx.outside() if wanted is None or foreign in wanted]


def _record(tx: Tx, foreign: Foreign) -> Record:
    values = {said.field: said.after for said in foreign.fields}
    if foreign.is_new:
        return from_values(foreign.kind, foreign.record_id, starting_values(foreign.kind) | values)
    now = to_values(tx.get(foreign.kind, foreign.record_id))
    return from_values(foreign.kind, foreign.record_id, now | values)
