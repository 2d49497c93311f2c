"""Opening an operation: a folder that is there, a new one, or one for practice."""

import getpass
from dataclasses import dataclass
from pathlib import Path

from gis import settings
from gis.clock import SystemClock
from gis.store import Operation, Store
from gis.training.player import Player

OWN = "My city.kentongan"


@dataclass(frozen=True, slots=True)
class Opening:
    """An open store; in an exercise also what plays the night into it."""

    store: Store
    player: Player | None = None


def person(chosen: settings.Settings) -> str:
    """Who sits here: the name in the settings, else the one this computer knows."""
    return chosen.author or getpass.getuser()


def open_asked(folder: Path | None, chosen: settings.Settings | None = None) -> Opening:
    """What was asked for: the operation in `folder`, or the desk's own one."""
    own = settings.home()
    chosen = chosen or settings.read(own.settings_file)
    return open_folder(folder or own.operations / OWN, chosen)


def open_folder(folder: Path, chosen: settings.Settings) -> Opening:
    """The operation in this folder; a folder that is not there becomes a new operation, named after it.

    Raises `UserError` when there is something else in it.
    """
    clock, author = SystemClock(), person(chosen)
    if folder.exists():
        return Opening(Store.open(folder, clock=clock, author=author))
    about = Operation(folder.stem, clock.now(), desk=chosen.desk, timezone=local_zone())
    return Opening(Store.create(folder, about, clock=clock, author=author))


def local_zone() -> str:
    """The IANA name of this computer's time zone, as Qt knows it."""
    from PySide6.QtCore import QTimeZone

    return bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii") or "UTC"
