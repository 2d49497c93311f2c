"""The sample night: a city that does not exist, opened in the middle of its flood."""

from datetime import time
from pathlib import Path

from gis.clock import ScenarioClock
from gis.geo.crs import transform
from gis.geo.features import WGS84
from gis.progress import Progress
from gis.texts import _
from gis.training.player import Player, open_exercise
from gis.training.sample import SampleCity, build
from gis.training.sample.plan import read_plan
from gis.training.scenario import Scenario, read_scenario

OFFICER = "R. Sari"
OPENS_AT = time(5, 40)
CITY = "city"
"""The name under which an operation keeps where its city is: {"extent": west, south, east, north in WGS84
degrees, "geopackage": the path of its layers}."""


def open_night(
    city_folder: Path,
    exercise: Path,
    *,
    author: str,
    at: time = OPENS_AT,
    clock: ScenarioClock | None = None,
    progress: Progress | None = None,
) -> Player:
    """The sample night in the folder `exercise`, played to `at` (the city's own time) or as far as it was.

    The city is made in `city_folder` where it is not there yet. Raises `UserError` as `build` and
    `open_exercise` do, and `Cancelled`.
    """
    city = build(city_folder, progress=progress)
    if progress is not None:
        progress.step(0, 0, _("Playing the night so far"))
    scenario = scenario_of(city)
    player = open_exercise(exercise, scenario, at=scenario.when(at), author=author, clock=clock)
    with player.store.writing(_("Say where the city is")) as tx:
        tx.keep(CITY, {"extent": _extent(city), "geopackage": str(city.geopackage.absolute())})
    return player


def scenario_of(city: SampleCity) -> Scenario:
    """What happens in the sample city. Raises `UserError` when its tables were altered."""
    return read_scenario(city.folder, city=city.name, timezone=city.timezone, officer=OFFICER)


def _extent(city: SampleCity) -> list[float]:
    """West, south, east, north of the city in WGS84 degrees."""
    west, south, east, north = read_plan().sheet
    corners = transform([[west, south], [west, north], [east, south], [east, north]], city.epsg, WGS84)
    return [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]
