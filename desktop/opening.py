"""Opening an operation: a folder that is there, a new one, or the sample city's night."""

from dataclasses import dataclass
from pathlib import Path

from gis import settings
from gis.clock import ScenarioClock, SystemClock
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.operation import SUFFIX
from gis.training.night import open_night
from gis.training.player import Player, moment_of

NIGHT = "Sample night"
SPEED = 10.0


@dataclass(frozen=True, slots=True)
class Opening:
    """An open store; in an exercise also what plays the night into it."""

    store: Store
    player: Player | None = None


def open_asked(folder: Path | None, chosen: settings.Settings, progress: Progress) -> Opening:
    """What was asked for: the operation in `folder`, or the sample night."""
    return open_folder(folder, chosen, progress) if folder is not None else open_sample(chosen, progress)


def open_folder(folder: Path, chosen: settings.Settings, progress: Progress | None = None) -> Opening:
    """The operation in this folder; a folder that is not there becomes a new operation, named after it.

    Raises `UserError` when there is something else in it.
    """
    clock, author = SystemClock(), settings.person(chosen)
    if folder.exists():
        store = Store.open(folder, clock=clock, author=author, progress=progress)
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


def open_sample(chosen: settings.Settings, progress: Progress, *, again: bool = False) -> Opening:
    """The sample city in its flood night, an exercise; both are made when they are not there yet.

    A night that was left goes on. One that is over stays as it is, and the next begins in a folder of its
    own; so it does when it is asked for `again`.
    """
    own = settings.home()
    own.exercises.mkdir(parents=True, exist_ok=True)

    def open_in(folder: Path) -> Player:
        return open_night(own.sample_city, folder, author=settings.person(chosen), progress=progress)

    player = open_in(night_folder(own.exercises, again=again))
    if player.finished:
        player.store.close()
        player = open_in(night_folder(own.exercises, again=True))
    player.clock.run_at(SPEED)
    return Opening(player.store, player)


def night_folder(exercises: Path, *, again: bool) -> Path:
    """The newest sample night among the exercises; the one after it where it shall begin `again`."""
    played = [number for number in map(_number, exercises.glob(f"{NIGHT}*{SUFFIX}")) if number]
    number = max(played, default=0) + (1 if again or not played else 0)
    return exercises / (f"{NIGHT}{SUFFIX}" if number == 1 else f"{NIGHT} {number}{SUFFIX}")


def _number(folder: Path) -> int:
    """Which night a folder holds, from 1; 0 when it holds none of ours."""
    rest = folder.name.removeprefix(NIGHT).removesuffix(SUFFIX).strip()
    return 1 if not rest else int(rest) if rest.isdecimal() else 0
