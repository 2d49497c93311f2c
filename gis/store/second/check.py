"""Is what lies in a second copy's folder still what was written there? Looks, and changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gis.errors import UserError
from gis.progress import Progress
from gis.store.second import base as second_base
from gis.store.second.base import Unsound
from gis.store.second.spool import read_spool
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Held:
    """One base of a copy: when it was made (UTC), how many entries it had then, and what is wrong with it."""

    made_at: datetime
    entries: int
    faults: tuple[str, ...] = ()


def held(copy: Path) -> list[Held]:
    """The bases of a copy as they say of themselves, the newest first. Raises `UserError`."""
    return [Held(each.made_at, each.entries) for each in _generations(copy)]


def check(copy: Path, progress: Progress) -> list[Held]:
    """Read back every byte of a copy, the newest base first. Raises `UserError` when it is not there,
    `Cancelled`."""
    found = _generations(copy)
    checked: list[Held] = []
    for done, each in enumerate(found):
        progress.step(done, len(found), f"{each.made_at:%Y-%m-%d %H:%M} UTC")
        checked.append(Held(each.made_at, each.entries, tuple(_faults(each, progress))))
    return checked


def _generations(copy: Path) -> list[second_base.Generation]:
    try:
        return second_base.generations(copy)[::-1]
    except OSError as error:
        raise UserError(
            _("The second copy in {folder} cannot be read: {reason}.").format(
                folder=copy, reason=error.strerror or error
            ),
            hint=_("Is the disk or stick there? The operation itself is not touched by this."),
        ) from error


def _faults(generation: second_base.Generation, progress: Progress) -> list[str]:
    found: list[str] = []
    try:
        second_base.verify(generation, progress.check)
        for path in generation.spools:
            progress.check()
            if read_spool(path).damaged:
                found.append(_("Part of {file} is damaged.").format(file=path.name))
    except Unsound as error:
        found.append(str(error))
    except OSError as error:
        found.append(_("It cannot be read: {reason}.").format(reason=error.strerror or error))
    return found
