"""What a failing disk means for the step that met it, in plain words."""

from enum import Enum
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError

from gis.errors import UserError
from gis.store.guards.reserve import is_full
from gis.store.operation import desk_file
from gis.store.tables import schema
from gis.texts import _


class Trouble(Enum):
    """What stands in the way. NONE: a database error that is a bug of ours."""

    BUSY = "busy"
    FULL = "full"
    SICK = "sick"  # the disk cannot be trusted any more
    NONE = "none"


class Standing(Enum):
    """Is a step whose commit failed in the journal?"""

    SAVED = "saved"
    UNCERTAIN = "uncertain"
    NOT_SAVED = "not saved"


class DiskFull(UserError):
    """`room_made`: the room kept back was given up, and the same step can be done once more at once."""

    def __init__(self, *, room_made: bool) -> None:
        self.room_made = room_made
        super().__init__(
            _("The disk is full. This step was not saved; everything before it is."),
            hint=_("Free some space, then do it again. What you typed is still here."),
        )


_SICK = ("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_READONLY")
_BELIEVED = ("SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC", "SQLITE_IOERR_READ", "SQLITE_IOERR_CORRUPTFS")


def trouble_of(error: DatabaseError, folder: Path) -> Trouble:
    """What a database error stands for. A quota and a limit of size come as I/O errors; they are FULL."""
    name: str = getattr(error.orig, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Trouble.BUSY
    if name.startswith("SQLITE_FULL"):
        return Trouble.FULL
    if name.startswith("SQLITE_IOERR") and not name.startswith(_BELIEVED) and _no_growth(folder):
        return Trouble.FULL
    return Trouble.SICK if name.startswith(_SICK) else Trouble.NONE


def _no_growth(folder: Path) -> bool:
    log = desk_file(folder).with_name(desk_file(folder).name + "-wal")
    try:
        return is_full(folder, log.stat().st_size)
    except OSError:
        return False


def standing_of(step: str, views: Engine, folder: Path) -> Standing:
    """Is this step in the journal, or may it come to be there? Found by looking: a commit that raised may
    have happened (18 of 83 points where the disk failed)."""
    if not step:  # it only changed how readings are kept
        return Standing.NOT_SAVED
    table = schema.journal
    try:
        with views.begin() as desk:
            found = desk.scalar(select(table.c.n).where(table.c.step == step).limit(1))
    except DatabaseError:
        return Standing.UNCERTAIN
    if found is not None:
        return Standing.SAVED
    return Standing.UNCERTAIN if _is_in_log(step, folder) else Standing.NOT_SAVED


def _is_in_log(step: str, folder: Path) -> bool:
    """True when the log holds words of this step, which may come back when the operation is opened again.

    A log may be opened and closed here: SQLite keeps its locks on the other two files.
    """
    log = desk_file(folder).with_name(desk_file(folder).name + "-wal")
    try:
        return step.encode() in log.read_bytes()
    except OSError:
        return True


def sick(error: DatabaseError, standing: Standing) -> UserError:
    """What is said to the person whose step met a disk that cannot be trusted."""
    said = {
        Standing.SAVED: _("The disk reported an error. This step stands in the journal all the same."),
        Standing.UNCERTAIN: _(
            "The disk reported an error. Whether this step was saved shows once the operation is opened anew."
        ),
        Standing.NOT_SAVED: _(
            "The disk reported an error. This step was not saved; everything before it was."
        ),
    }
    return UserError(said[standing], hint=why_closed(error))


def room_given_up() -> str:
    """What a person should know once the room kept back is in use."""
    return _(
        "The disk is full. The room that was kept back for this is in use now, so work goes on:"
        " free some space soon."
    )


def why_closed(error: DatabaseError) -> str:
    """Why nothing more is written in this sitting."""
    return _(
        "The disk with the operation cannot be trusted now ({reason}), so nothing more is written to it."
        " Everything can be looked at. Go on in a copy on another disk: restore the second copy there."
    ).format(reason=error.orig)
