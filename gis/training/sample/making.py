"""The sample city as a folder of files that any program can open."""

import os
import shutil
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from gis.errors import UserError
from gis.exchange.gpkg import write_layers
from gis.progress import Progress
from gis.texts import _
from gis.training.sample import tables
from gis.training.sample.callers import calls, updates
from gis.training.sample.city import found_city
from gis.training.sample.drawing import layers
from gis.training.sample.flow import night_flow
from gis.training.sample.instruments import gauges, limits, pumps, rain_gauges, reports
from gis.training.sample.plan import read_plan, resource
from gis.training.sample.terrain import Terrain, read_elevation, write_elevation

SEED = 2026
_ABOUT = "city.toml"


@dataclass(frozen=True, slots=True)
class SampleCity:
    """Where the files of the city lie. `start` and `end` are the night, in UTC; `timezone` is IANA.

    `geopackage` holds the layers in the CRS `epsg`; `feed` is a folder of CSV files of readings.
    """

    folder: Path
    name: str
    timezone: str
    epsg: int
    start: datetime
    end: datetime

    @property
    def geopackage(self) -> Path:
        return self.folder / "city.gpkg"

    @property
    def elevation(self) -> Path:
        return self.folder / "elevation.asc"

    @property
    def sensors(self) -> Path:
        return self.folder / "sensors.csv"

    @property
    def rules(self) -> Path:
        return self.folder / "rules.csv"

    @property
    def feed(self) -> Path:
        return self.folder / "feed"

    @property
    def incidents(self) -> Path:
        return self.folder / "incidents.csv"

    @property
    def updates(self) -> Path:
        return self.folder / "updates.csv"

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of the city."""
        feeds = (self.feed / name for name in tables.FEEDS)
        tables_ = (self.sensors, self.rules, self.incidents, self.updates)
        about, prj = self.folder / _ABOUT, self.elevation.with_suffix(".prj")
        return (self.geopackage, self.elevation, prj, *tables_, *feeds, about)

    def terrain(self) -> Terrain:
        """The ground, with `elevation_at(lon, lat)`."""
        return read_elevation(self.elevation, self.epsg)


def build(folder: Path, *, seed: int = SEED, progress: Progress | None = None) -> SampleCity:
    """The sample city in `folder`, made if it is not there yet: all of it or nothing.

    A complete city of the same recipe and seed is left as it is, an older one replaced. Raises
    `UserError` when the folder holds something else, or cannot be written; `Cancelled` when stopped.
    """
    progress = progress or Progress()
    wanted = _about(seed)
    city = _described(folder)
    if (
        (folder / _ABOUT).is_file()
        and _written(folder / _ABOUT) == wanted
        and all(map(Path.is_file, city.files))
    ):
        return city
    if folder.exists() and any(folder.iterdir()) and not (folder / _ABOUT).is_file():
        raise UserError(
            _("The folder {folder} holds other files.").format(folder=folder.name),
            hint=_("Nothing was changed. Choose an empty folder for the sample city."),
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write(_described(draft), seed, progress)
            (draft / _ABOUT).write_text(wanted, "utf-8")
            _put(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise UserError(
            _("The sample city could not be written to {folder}.").format(folder=folder.name),
            hint=_("Nothing was left half done. Reason: {reason}").format(reason=error),
        ) from error
    return city


def _put(draft: Path, folder: Path) -> None:
    """`draft` takes the place of `folder`; what was there before goes once it has."""
    old = draft.with_name(draft.name + "-old")
    if folder.exists():
        os.replace(folder, old)
    os.replace(draft, folder)
    shutil.rmtree(old, ignore_errors=True)


def _described(folder: Path) -> SampleCity:
    plan, night = read_plan(), resource("night")
    start = datetime.fromisoformat(night["start"])
    return SampleCity(
        folder, plan.city, plan.timezone, plan.epsg, start, start + timedelta(hours=night["hours"])
    )


def _about(seed: int) -> str:
    plan = read_plan()
    return (
        f'city = "{plan.city}"\ntimezone = "{plan.timezone}"\n'
        f"epsg = {plan.epsg}\nrecipe = {plan.recipe}\nseed = {seed}\n"
    )


def _written(path: Path) -> str:
    try:
        text = path.read_text("utf-8")
        tomllib.loads(text)
    except (OSError, ValueError):
        return ""
    return text


def _write(files: SampleCity, seed: int, progress: Progress) -> None:
    city, night = found_city(seed, progress), resource("night")
    rng, epsg = np.random.default_rng(seed + 1), city.plan.epsg
    flow = night_flow(city.waters, city.terrain, night)
    instruments = [
        *gauges(rng, city, flow, night),
        *rain_gauges(rng, city, night),
        *pumps(rng, city, flow, night),
    ]
    progress.step(7, 10, _("Letting the river rise"))
    tables.write_sensors(files.sensors, instruments, epsg)
    tables.write_rules(files.rules, limits(instruments, flow, night))
    tables.write_feed(files.feed, reports(rng, instruments, night), files.start)
    tables.write_incidents(files.incidents, calls(rng, city, flow, instruments, night), epsg)
    tables.write_updates(files.updates, updates(night))
    progress.step(8, 10, _("Writing the sample city"))
    write_layers(files.geopackage, layers(rng, city, flow, files.start))
    write_elevation(files.elevation, city.terrain)
    progress.step(10, 10, _("Writing the sample city"))
