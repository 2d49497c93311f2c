"""Opening an operation: a folder that is there, a new one, or the sample city's night."""

import getpass
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gis import settings
from gis.clock import SystemClock
from gis.exchange.vector.reader import Reader
from gis.progress import Progress
from gis.store import Operation, Store
from gis.texts import _
from gis.training.player import Player, open_exercise
from gis.training.sample import SampleCity, build
from gis.training.sample.plan import read_plan
from gis.training.scenario import read_scenario
from layers.city import CityFiles, keep_city
from layers.ground import lonlat
from layers.sample import sample_layers
from layers.saved import keep_layers

NIGHT = "Sample night.kentongan"
OFFICER = "D. Lestari"
BEGINS_AFTER = timedelta(hours=9, minutes=7)  # the rivers are out, and the next alarm is three minutes off
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
        return Opening(Store.open(folder, clock=clock, author=author))
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
    city = build(own.sample_city, progress=progress)
    progress.step(0, 0, _("Playing the night so far"))
    scenario = read_scenario(city.folder, city=city.name, timezone=city.timezone, officer=OFFICER)
    own.exercises.mkdir(parents=True, exist_ok=True)
    player = open_exercise(
        own.exercises / NIGHT, scenario, at=scenario.starts_at + BEGINS_AFTER, author=person(chosen)
    )
    player.clock.run_at(SPEED)
    with player.store.reading() as query:
        known = query.kept("layers") is not None
    if not known:
        furnish(player.store, city)
    return Opening(player.store, player)


def furnish(store: Store, city: SampleCity) -> None:
    """Lay the sample city's layers under the live ones, and tell where the city is."""
    path = str(city.geopackage)
    west, south, east, north = read_plan().sheet
    corners = (*lonlat(west, south, city.epsg), *lonlat(east, north, city.epsg))
    files = CityFiles(corners, {"path": path, "layer": "gazetteer"}, {"path": path, "layer": "wards"})
    reader = Reader()
    with store.writing(_("Keep layers")) as tx:
        keep_city(tx, files)
        keep_layers(tx, sample_layers(city.geopackage, reader))
    reader.close()
