"""Numbering situation reports, and remembering which have left the desk."""

from datetime import datetime

from gis.errors import UserError
from gis.model.sitrep import Sitrep
from gis.store import Query, Tx
from gis.texts import _


def last(query: Query) -> Sitrep | None:
    """The newest report that has left this desk."""
    return max(query.find(Sitrep), key=lambda sitrep: sitrep.number, default=None)


def next_number(query: Query) -> int:
    """The number the next report will get. A number once used is never given again."""
    numbers: list[int] = query.column(Sitrep, "number")
    return max(numbers, default=0) + 1


def freeze(tx: Tx, *, number: int, since: datetime, as_of: datetime, assessment: str, digest: str) -> Sitrep:
    """Use up a number: from now on this is what the report says.

    Raises `UserError` when the number is not the next one: another report has left meanwhile.
    """
    if number != next_number(tx):
        raise UserError(
            _("Report {number} has already left this desk.").format(number=number),
            hint=_("Nothing was sent twice. Open the report again: it gets the next number."),
        )
    return tx.put(
        Sitrep(number=number, since=since, as_of=as_of, assessment=assessment.strip(), digest=digest)
    )
