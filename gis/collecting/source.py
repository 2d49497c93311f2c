"""The sources of readings of this desk, kept in its operation and not journaled: another desk has its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gis.collecting.plain import from_plain, to_plain
from gis.model.record import new_id
from gis.store import Query, Tx
from gis.texts import _

KEPT_AS = "feeds"
_BEFORE = "watched_folder"  # the one folder that desks of format 3 could watch


@dataclass(frozen=True, slots=True)
class Source:
    """One source: what people call it, of which kind it is and how it is asked (`settings`, plain JSON).

    Settings never hold a password. A `paused` source is not asked until somebody lets it go on; so is one
    that has given all it had.
    """

    name: str
    kind: str
    settings: Mapping[str, Any]
    paused: bool = False
    id: str = field(default_factory=new_id)


def sources(query: Query) -> list[Source]:
    """All of them, in the order in which they were added. What cannot be read as one is left out."""
    kept = query.kept(KEPT_AS)
    found = list[Source]()
    for values in kept if isinstance(kept, list) else ():
        try:
            found.append(from_plain(Source, values))
        except ValueError:
            continue
    return found


def keep(tx: Tx, source: Source) -> None:
    """Add it, or put it in the place of the one with its id."""
    known = sources(tx)
    if any(each.id == source.id for each in known):
        _keep(tx, [source if each.id == source.id else each for each in known])
    else:
        _keep(tx, [*known, source])


def remove(tx: Tx, source_id: str) -> None:
    """Ask this source no more; what it gave stays."""
    _keep(tx, [each for each in sources(tx) if each.id != source_id])


def adopt_watched(tx: Tx, timezone: str) -> None:
    """The folder that was watched before there were several sources becomes one of them."""
    kept = tx.kept(_BEFORE)
    if not isinstance(kept, Mapping):
        return
    form = {
        "separator": kept.get("separator", ","),
        "decimal": kept.get("decimal", "."),
        "timezone": timezone,
    }
    folder = str(kept.get("folder", ""))
    keep(tx, Source(_("Watched folder"), "folder", {"path": folder, "form": form}))
    tx.keep(_BEFORE, None)


def _keep(tx: Tx, found: Sequence[Source]) -> None:
    tx.keep(KEPT_AS, [to_plain(each) for each in found])
