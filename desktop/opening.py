"""Opening an operation: a folder that is there, a new one, or the sample city's night."""

import getpass
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from gis import settings
from gis.clock import ScenarioClock, SystemClock
from gis.progress import Progress
from gis.store import Operation, Store
from gis.training.night import open_night
from gis.training.player import Player, moment_of

NIGHT = "Sample night.kentongan"
BEGINS_AT = time(3, 7)  # the rivers are out, and the next alarm is three minutes off
SPEED = 10.0


@dataclass(frozen=True, slots=True)
class Opening:
    """An open store; in an exercise also what plays the night into it."""

    store: Store
    player: Player | None = None


def open_asked(folder: Path | None, chosen: settings.Settings, progress: Progress) -> Opening:
    """What was asked for: the operation in `folder`, or the sample night."""
    return open_folder(folder, chosen) if folder is not None else open_sample(chosen, progress)


def person(chosen: settings.Settings) -> str:
    """Who sits here: the name in the settings, else the one this computer knows."""
    return chosen.author or getpass.getuser()


def open_folder(folder: Path, chosen: settings.Settings) -> Opening:
    """The operation in this folder; a folder that is not there becomes a new operation, named after it.

    Raises `UserError` when there is something else in it.
    """
    clock, author = SystemClock(), person(chosen)
    if folder.exists():
        store = Store.open(folder, clock=clock, author=author)
        if store.operation.exercise:  # its night is not tonight
            store.clock = ScenarioClock(moment_of(store) or clock.now(), beat=clock)
        return Opening(store)
    folder.parent.mkdir(parents=True, exist_ok=True)
    about = Operation(folder.stem, clock.now(), desk=chosen.desk, timezone=local_zone())
    return Opening(Store.create(folder, about, clock=clock, author=author))


def local_zone() -> str:
    """The IANA name of this computer's time zone, as Qt knows it."""
    from PySide6.QtCore import QTimeZone

    return bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii") or "UTC"


def open_sample(chosen: settings.Settings, progress: Progress) -> Opening:
    """The sample city in its flood night, an exercise; both are made when they are not there yet."""
    own = settings.home()
    own.exercises.mkdir(parents=True, exist_ok=True)
    player = open_night(
        own.sample_city, own.exercises / NIGHT, author=person(chosen), at=BEGINS_AT, progress=progress
    )
    player.clock.run_at(SPEED)
    return Opening(player.store, player)
