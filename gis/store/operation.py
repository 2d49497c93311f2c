"""An operation: one city's desk in one event, kept in a folder of its own."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from secrets import choice
from typing import Any

from gis.store.tables.geometry import time_text

FORMAT = 4
OPERATION = "operation"  # desk state: what `Operation.to_json` says
ACTOR = "actor"  # desk state: whose edits are written here
PREFIX = "number prefix"  # desk state: what numbers of incidents begin with here, unless it is `desk`
SUFFIX = ".kentongan"
COPY_SUFFIX = ".kentongan-copy"  # not an operation: nobody opens a second copy by accident

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # without those that are read as digits
_ADDED = 2  # 529 pairs: short enough for the radio, and the copies of one operation hardly ever meet


@dataclass(frozen=True, slots=True)
class Operation:
    """What never changes about an operation.

    `desk` begins the numbers of incidents logged here ("I" gives I-0001), until the operation is copied:
    the copy gives numbers under letters of its own (`identity.sign_anew`). `timezone` is an IANA name,
    used for text only; `exercise` marks everything in it as not real, for good.
    """

    city: str
    created_at: datetime
    desk: str = "I"
    timezone: str = "UTC"
    exercise: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"created_at": time_text(self.created_at), "format": FORMAT}

    @staticmethod
    def from_json(values: dict[str, Any]) -> "Operation":
        kept = {name: values[name] for name in ("city", "desk", "timezone", "exercise")}
        return Operation(created_at=datetime.fromisoformat(values["created_at"]), **kept)


def desk_file(folder: Path) -> Path:
    """Records and journal: a GeoPackage other programs can read."""
    return folder / "desk.gpkg"


def readings_file(folder: Path) -> Path:
    return folder / "readings.sqlite"


def is_inside(path: Path) -> bool:
    """True for an operation's folder, a second copy, and everything in one."""
    real = path.resolve()
    return any(each.suffix.casefold() in (SUFFIX, COPY_SUFFIX) for each in (real, *real.parents))


def other_letters(desk: str, is_used: Callable[[str], bool]) -> str:
    """The letters of a desk and two more by lot: what numbers begin with where another counts as `desk`."""
    letters = desk + "".join(choice(_LETTERS) for _each in range(_ADDED))
    return other_letters(desk, is_used) if is_used(letters) else letters
