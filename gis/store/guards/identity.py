"""Whose edits are written here. An actor belongs to one folder on one computer: a copy is somebody else,
and gives its incidents numbers of its own."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from gis import settings
from gis.model.incident import Incident
from gis.store import journal
from gis.store.guards.tip import Newest, newest
from gis.store.operation import ACTOR, PREFIX, desk_file, other_letters
from gis.store.tables import schema
from gis.store.tables.desk_state import everything, forget, keep, kept
from gis.store.tables.geometry import time_text
from gis.texts import _, ngettext

_SEAT, _FORMER, _GAPS = "seat", "actors", "gaps"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an actor writes: this computer, this folder, this file."""

    machine: str
    folder: str
    inode: int

    @staticmethod
    def of(folder: Path) -> "Seat":
        return Seat(settings.home().machine(), str(folder.resolve()), desk_file(folder).stat().st_ino)


def new_actor() -> str:
    return os.urandom(8).hex()


def is_settled(desk: Connection, seat: Seat, tip: Newest | None) -> bool:
    """True when the actor of this operation may go on writing at this seat."""
    state = everything(desk)
    return state.get(_SEAT) == asdict(seat) and not _gap(desk, tip) and not _forked(desk, state[ACTOR])


def settle(desk: Connection, seat: Seat, tip: Newest | None, at: datetime) -> str:
    """The actor that writes at this seat from now on; called in a transaction that can write.

    A new one when the operation was made or moved elsewhere, when its journal is older than the tip that was
    noted here, or when somebody else has written under its name: two different edits must never bear the
    same number of the same actor, nor two incidents one number. Former actors are remembered; what they wrote
    stays. Where the folder was only moved, nobody else goes on with the numbers.
    """
    state = everything(desk)
    actor, gap = state[ACTOR], _gap(desk, tip)
    if gap:
        keep(desk, _GAPS, [*state.get(_GAPS, []), gap | {"found_at": time_text(at)}])
    behind, written = bool(gap) or _forked(desk, actor), _has_written(desk, actor)
    was = state.get(_SEAT)
    elsewhere = was != asdict(seat) and (was is not None or written)
    moved = elsewhere and was is not None and _is_moved(was, seat)
    if behind or (elsewhere and not moved):
        actor = sign_anew(desk)
    elif moved and written:
        actor = _another_actor(desk)
    keep(desk, _SEAT, asdict(seat))
    return actor


def sign_anew(desk: Connection) -> str:
    """Whoever else has this journal may go on writing it: from now on edits bear a new actor's name here, and
    incidents are numbered apart. The seat is whoever opens it next."""
    state = everything(desk)
    used = state.get(PREFIX)
    letters = other_letters(state["operation"]["desk"], lambda each: each == used or _numbered(desk, each))
    keep(desk, PREFIX, letters)
    forget(desk, _SEAT)
    return _another_actor(desk)


def actor_of(desk: Connection) -> str:
    """Who writes here."""
    return str(kept(desk, ACTOR))


def part_from_twin(desk: Connection) -> str:
    """As `sign_anew`, in the middle of a sitting, once somebody else was found to write under the actor's
    name. Returns the actor that writes here from now on."""
    actor = actor_of(desk)
    if not _forked(desk, actor):
        return actor
    seat = kept(desk, _SEAT)
    actor = sign_anew(desk)
    if seat is not None:
        keep(desk, _SEAT, seat)
    return actor


def _another_actor(desk: Connection) -> str:
    state, actor = everything(desk), new_actor()
    keep(desk, _FORMER, [*state.get(_FORMER, []), state[ACTOR]])
    keep(desk, ACTOR, actor)
    return actor


def _is_moved(was: Mapping[str, Any], seat: Seat) -> bool:
    """True when it is the same file of the same computer, and nothing is left where it was."""
    same = (was["machine"], was["inode"]) == (seat.machine, seat.inode)
    return same and not desk_file(Path(was["folder"])).exists()


def _numbered(desk: Connection, letters: str) -> bool:
    number = schema.TABLE_OF[Incident].c.number
    begins = number.between(f"{letters}-", f"{letters}.")  # the full stop follows the hyphen
    return desk.scalar(select(number).where(begins).limit(1)) is not None


def losses(desk: Connection, tip: Newest | None) -> tuple[str, ...]:
    """What was saved here once and is not here now, a few sentences each. What has come back is no loss."""
    gap = _gap(desk, tip)
    gaps = [*(kept(desk, _GAPS) or []), *([gap] if gap else [])]
    lost = {each["edit"]: each for each in gaps if not journal.arrived(desk, [each["edit"]])}
    return tuple(_told(each) for each in lost.values())


def _gap(desk: Connection, tip: Newest | None) -> dict[str, Any] | None:
    """What the tip knows and the journal does not: up to which number, since which entry that is there."""
    if tip is None or tip.n == 0:
        return None
    table = schema.journal
    if desk.scalar(select(table.c.edit).where(table.c.n == tip.n)) == tip.edit:
        return None
    last = newest(desk)
    columns = (table.c.label, table.c.who, table.c.at)
    row = desk.execute(select(*columns).where(table.c.n == last.n)).first()
    after = {"label": row.label, "who": row.who, "at": time_text(row.at)} if row else {}
    return {"edit": tip.edit, "upto": tip.n, "since": last.n, **after}


def _told(gap: Mapping[str, Any]) -> str:
    way = _("Take in a package of another desk, or go back to the second copy: what is there comes back.")
    count = gap["upto"] - gap["since"]
    if count <= 0:
        said = _(
            "The journal is not the one that was last written here: its entry {number} is another. An older"
            " copy was put in its place and written on."
        )
        return f"{said.format(number=gap['upto'])} {way}"
    said = ngettext(
        "{count} saved entry of the journal is missing: number {upto}.",
        "{count} saved entries of the journal are missing: the numbers {first} to {upto}.",
        count,
    ).format(count=count, first=gap["since"] + 1, upto=gap["upto"])
    since = _("Nothing is there from before them.")
    if gap["since"]:
        since = _("The last that is there is number {since}, “{label}” by {who} at {at}.").format(**gap)
    return " ".join((said, since, _("The log beside desk.gpkg was removed, or an older copy put in."), way))


def _forked(desk: Connection, actor: str) -> bool:
    """True when two edits bear the same number of this actor: somebody else has written under its name."""
    chain = schema.journal_chain
    return desk.scalar(select(chain.c.forked).where(chain.c.actor == actor)) is not None


def _has_written(desk: Connection, actor: str) -> bool:
    table = schema.journal
    return desk.scalar(select(table.c.n).where(table.c.actor == actor).limit(1)) is not None
