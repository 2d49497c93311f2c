"""Half-typed log lines: each sitting keeps its own, and takes up those of sittings that are over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gis.store import Tx

_KEPT = "unfinished lines"  # desk state: by sitting
_ONCE = "unfinished line"  # the one line that all sittings shared before
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A half-typed line and its first keystroke (UTC)."""

    line: str
    since: datetime | None


def keep(tx: Tx, lines: Iterable[Unfinished]) -> None:
    """Let these be the half-typed lines of this sitting: they are there after a power cut."""
    _put(tx, _kept(tx) | {tx.sitting.id: [*lines]})


def take_up(tx: Tx) -> list[Unfinished]:
    """Make the lines of sittings that are over this one's, and return them, the newest first.

    What others are typing at this moment stays theirs; and since it is one step, no line comes to two.
    """
    kept, living = _kept(tx), tx.sitting.living()
    over = [key for key in kept if key not in living]
    found = [each for key in over for each in kept.pop(key)]
    if once := tx.kept(_ONCE):
        found.append(_line(once))
        tx.keep(_ONCE, None)
    found = sorted(dict.fromkeys(found), key=lambda each: each.since or _LONG_AGO, reverse=True)
    if over or once:
        _put(tx, kept | {tx.sitting.id: [*kept.get(tx.sitting.id, ()), *found]})
    return found


def _kept(tx: Tx) -> dict[str, list[Unfinished]]:
    kept: dict[str, list[dict[str, Any]]] = tx.kept(_KEPT) or {}
    return {sitting: [_line(each) for each in lines] for sitting, lines in kept.items()}


def _line(kept: dict[str, Any]) -> Unfinished:
    return Unfinished(kept["line"], datetime.fromisoformat(kept["since"]) if kept["since"] else None)


def _put(tx: Tx, kept: dict[str, list[Unfinished]]) -> None:
    tx.keep(_KEPT, {sitting: [_told(each) for each in lines] for sitting, lines in kept.items() if lines})


def _told(each: Unfinished) -> dict[str, str | None]:
    return {"line": each.line, "since": each.since.isoformat() if each.since else None}
