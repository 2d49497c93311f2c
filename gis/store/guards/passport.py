"""Whose operation this is and what we may do with it, read before anything is trusted to it."""

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import DatabaseError, OperationalError

from gis.errors import UserError
from gis.store.guards import version
from gis.store.operation import ACTOR, SUFFIX, Operation, desk_file, readings_file
from gis.store.tables import desk_state
from gis.store.tables.engine import open_looking
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Passport:
    """`read_only` says why nothing may be written, "" when all is well; `frozen`: not even shared memory."""

    operation: Operation
    actor: str
    read_only: str
    frozen: bool = False
    older: bool = False  # it has to be brought to this version's format before it can be read


def read(folder: Path) -> Passport:
    """Looks at the files and changes nothing in them.

    Raises `UserError` when the folder is no operation, not whole, of a newer version that cannot be read, or
    when it cannot be read from where it lies.
    """
    _require_whole(folder)
    barred = _barred(folder)
    frozen = bool(barred) and not _has_log(folder)
    views = open_looking(desk_file(folder), frozen=frozen)
    try:
        with views.begin() as desk:
            state = desk_state.everything(desk)
        newer = version.writing_refused(folder.name, state)
        older = version.is_older(state)
        if older and barred:
            raise _too_old(folder)
        return Passport(Operation.from_json(state["operation"]), state[ACTOR], barred or newer, frozen, older)
    except (DatabaseError, KeyError, TypeError, ValueError) as error:
        if barred and not frozen:
            raise _locked_away(folder) from error
        raise unreadable(folder, error) from error
    finally:
        views.dispose()


def is_frozen(folder: Path) -> bool:
    """True where not even the shared memory can be made that a look at a live file needs."""
    return bool(_barred(folder)) and not _has_log(folder)


def _require_whole(folder: Path) -> None:
    if not desk_file(folder).is_file():
        raise UserError(
            _("{name} is not an operation of this program.").format(name=folder.name),
            hint=_("Choose a folder ending in {suffix}.").format(suffix=SUFFIX),
        )
    if not readings_file(folder).is_file():
        raise UserError(
            _("{name} is not whole: {file} is missing.").format(
                name=folder.name, file=readings_file(folder).name
            ),
            hint=_("Nothing was changed. Copy the folder again, with everything in it."),
        )


def _logs(folder: Path) -> Iterable[Path]:
    return (each.with_name(each.name + "-wal") for each in (desk_file(folder), readings_file(folder)))


def _has_log(folder: Path) -> bool:
    """True when something was committed that does not stand in the databases themselves yet."""
    return any(log.exists() and log.stat().st_size > 0 for log in _logs(folder))


def _barred(folder: Path) -> str:
    """Why nothing can be written in this folder; "" when it can. Found by trying, never on a database."""
    files = (desk_file(folder), readings_file(folder))
    try:
        trial = folder / f".trial-{uuid4().hex}"
        trial.touch(exist_ok=False)
        trial.unlink()
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):  # a full disk is no closed door
            return ""
        return _("Nothing can be written in {name} ({reason}): everything can be looked at.").format(
            name=folder.name, reason=error.strerror
        )
    locked = next((each.name for each in files if not os.access(each, os.W_OK)), None)
    if locked:
        return _("{file} in {name} is write-protected: everything can be looked at.").format(
            file=locked, name=folder.name
        )
    return ""


def _too_old(folder: Path) -> UserError:
    return UserError(
        _("{name} was made by an older version and nothing can be written where it lies.").format(
            name=folder.name
        ),
        hint=_("It was left as it is. Copy the folder to a disk of this computer and open the copy."),
    )


def _locked_away(folder: Path) -> UserError:
    return UserError(
        _("{name} cannot be opened where it lies: its last entries still stand in a log beside it.").format(
            name=folder.name
        ),
        hint=_(
            "Nothing was changed. Copy the whole folder, with the files ending in -wal, to a place that you"
            " may write to, and open the copy."
        ),
    )


_BARRED = ("readonly", "unable to open", "locked", "busy", "access permission")


def unreadable(folder: Path, error: Exception) -> UserError:
    """A file we may not have is not a damaged one: the way out is another."""
    reason = _reason(error)
    if "full" in reason:
        return UserError(
            _("{name} cannot be opened: the disk is full.").format(name=folder.name),
            hint=_("It is unharmed. Free some space, then open it again."),
        )
    if "I/O" in reason or getattr(error, "errno", None) == errno.EIO:
        return UserError(
            _("{name} cannot be opened: the disk reported an error.").format(name=folder.name),
            hint=_(
                "It was left as it is. See that the disk is not full, then copy the folder to another disk."
            ),
        )
    if isinstance(error, OSError) or any(word in reason for word in _BARRED):
        return UserError(
            _("{name} cannot be opened for writing: {reason}.").format(name=folder.name, reason=reason),
            hint=_("It is unharmed. Close other programs that use it, or see that you may write to it."),
        )
    return UserError(
        _("{name} cannot be read as an operation.").format(name=folder.name),
        hint=_("It was left as it is. Open a backup of it, and keep the damaged folder."),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return "full" if full else f"{error.strerror} ({Path(error.filename or '').name})"
    return str(error.orig) if isinstance(error, OperationalError) else ""
