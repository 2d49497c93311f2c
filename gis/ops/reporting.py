"""Who is expected to report: set up, changed, paused, and what is noted when somebody was called."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gis.errors import UserError
from gis.model.reporting import Call, ReportingPoint
from gis.sensors.roster import Post
from gis.store import Tx
from gis.texts import _

EVERY_S = 60, 30 * 86_400  # the shortest and the longest rhythm


@dataclass(frozen=True, slots=True)
class Expecting:
    """What came of it: how many are new, and how many were known and brought up to date."""

    new: int
    known: int


def expect(tx: Tx, posts: Iterable[Post], every_s: int, since: datetime | None = None) -> Expecting:
    """Wait for these from `since` (UTC; now) on, every `every_s` seconds unless they say so themselves.

    One that is known by kind and name keeps what a person said of it, its contact and hazard, and whatever
    is not named here; nobody else is touched. Raises `UserError` as `_checked` does.
    """
    known = {(each.kind, each.name.casefold()): each for each in tx.find(ReportingPoint)}
    new = 0
    total = 0
    for post in posts:
        key = post.kind, post.name.casefold()
        before = known.get(key)
        if before is None:
            new += 1
            before = ReportingPoint(post.kind, post.name, since or tx.at)
        said = {
            "place": post.place,
            "people": post.people,
            "contact": post.contact or None,
            "hazard": post.hazard,
        }
        told = {name: value for name, value in said.items() if value is not None}
        known[key] = tx.put(_checked(replace(before, expected_every_s=post.every_s or every_s, **told)))
        total += 1
    return Expecting(new, total - new)


def change(tx: Tx, ids: Collection[str], **fields: Any) -> list[ReportingPoint]:
    """Give several of them the same rhythm, hazard, contact, people, or time in which they are waited for.

    Raises `UserError` as `_checked` does.
    """
    return [tx.put(_checked(replace(tx.get(ReportingPoint, each), **fields))) for each in ids]


def suspend(tx: Tx, ids: Collection[str]) -> list[ReportingPoint]:
    """Wait for these no longer, until they are `resumed`."""
    return change(tx, ids, suspended=True)


def resume(tx: Tx, ids: Collection[str]) -> list[ReportingPoint]:
    """Wait for these again, from now on."""
    return change(tx, ids, suspended=False, since=tx.at)


def strike(tx: Tx, ids: Collection[str]) -> None:
    """Take these off the list; what is known of them stays in the journal."""
    for each in ids:
        tx.strike(tx.get(ReportingPoint, each))


def heard(tx: Tx, about: str, note: str = "", by: str = "") -> Call:
    """A reporting point or the keeper of an instrument was heard from, by whatever means."""
    return tx.put(Call(about, tx.at, answered=True, by=by or tx.author, note=" ".join(note.split())))


def no_answer(tx: Tx, about: str, note: str = "", by: str = "") -> Call:
    """They were called and did not answer: they stay as silent as they were."""
    return tx.put(Call(about, tx.at, answered=False, by=by or tx.author, note=" ".join(note.split())))


def _checked(point: ReportingPoint) -> ReportingPoint:
    """The same. Raises `UserError` when it has no name, a rhythm nobody can keep, or an end before its
    beginning."""
    if not point.name.strip():
        raise UserError(_("Who is to report needs a name."), hint=_("Nothing was changed."))
    shortest, longest = EVERY_S
    if not shortest <= point.expected_every_s <= longest:
        raise UserError(
            _("{name} cannot report so often or so seldom.").format(name=point.name),
            hint=_("Nothing was changed. Ask for a report every minute at most, every 30 days at least."),
        )
    if point.people is not None and point.people < 0:
        raise UserError(_("{name} cannot have less than no people.").format(name=point.name))
    if point.until is not None and point.until <= point.since:
        raise UserError(
            _("For {name} the waiting would end before it begins.").format(name=point.name),
            hint=_("Nothing was changed."),
        )
    return point
