"""The files of the sample city, written one after the other."""

from datetime import datetime

import numpy as np

from gis.exchange.gpkg import write_layers
from gis.progress import Progress
from gis.texts import _
from gis.training.sample import tables
from gis.training.sample.callers import calls, updates
from gis.training.sample.city import found_city
from gis.training.sample.drawing import layers
from gis.training.sample.flow import night_flow
from gis.training.sample.folder import SampleCity
from gis.training.sample.given import resource
from gis.training.sample.instruments import gauges, limits, pumps, rain_gauges, reports
from gis.training.sample.rhythms import posts, words
from gis.training.sample.terrain import write_elevation


def write_city(files: SampleCity, seed: int, progress: Progress) -> None:
    """Draw the city of `seed` and write every file of it but `about`, times with the city's own offset."""
    city, night = found_city(seed, progress), resource("night")
    start = datetime.fromisoformat(night["start"])
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
    tables.write_feed(files.feed, reports(rng, instruments, night), start)
    called = calls(rng, city, flow, instruments, night)
    tables.write_incidents(files.incidents, called, epsg)
    tables.write_updates(files.updates, updates(night))
    reporting = posts(np.random.default_rng(seed + 2), city, night)
    tables.write_reporting(files.reporting, reporting, epsg)
    tables.write_reports(files.reports, words(city, reporting, called, night))
    progress.step(8, 10, _("Writing the sample city"))
    write_layers(files.geopackage, layers(rng, city, flow, start))
    write_elevation(files.elevation, city.terrain)
    progress.step(10, 10, _("Writing the sample city"))
