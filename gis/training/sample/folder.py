"""Where the files of the sample city lie."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FEEDS = {"gauges.csv": "water level", "rain.csv": "rain", "pumps.csv": "pump"}


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
    def reporting(self) -> Path:
        return self.folder / "reporting.csv"

    @property
    def reports(self) -> Path:
        return self.folder / "reports.csv"

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of the city."""
        feeds = (self.feed / name for name in FEEDS)
        tables_ = (self.sensors, self.rules, self.incidents, self.updates, self.reporting, self.reports)
        prj = self.elevation.with_suffix(".prj")
        return (self.geopackage, self.elevation, prj, *tables_, *feeds, self.about)

    @property
    def about(self) -> Path:
        return self.folder / "city.toml"
