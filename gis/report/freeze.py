"""The moment a draft becomes a numbered report."""

from gis.ops import sitreps
from gis.report.content import SitrepContent
from gis.report.gather import gather
from gis.store import Operation, Query, Tx


def draft(query: Query, operation: Operation, *, author: str, assessment: str = "") -> SitrepContent:
    """What the next report would say now. Nothing is written, no number is used up."""
    before = sitreps.last(query)
    return gather(
        query,
        operation,
        number=sitreps.next_number(query),
        before=before,
        author=author,
        assessment=assessment,
    )


def freeze(tx: Tx, *, assessment: str = "") -> SitrepContent:
    """Gather the next report and use up its number, in one step: what it says is what stood at `tx.at`."""
    content = draft(tx, tx.operation, author=tx.author, assessment=assessment)
    sitreps.freeze(
        tx,
        number=content.number,
        since=content.since,
        as_of=content.as_of,
        assessment=content.assessment,
        digest=content.digest,
    )
    return content
