"""An operation: one city's desk in one event, kept in a folder of its own."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gis.store.tables.geometry import time_text

FORMAT = 2
ACTOR = "actor"  # desk state: whose edits are written here
SUFFIX = ".kentongan"
COPY_SUFFIX = ".kentongan-copy"  # not an operation: nobody opens a second copy by accident


@dataclass(frozen=True, slots=True)
class Operation:
    """What never changes about an operation.

    `desk` begins the numbers of incidents logged here ("I" gives I-0001); `timezone` is an IANA name,
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
