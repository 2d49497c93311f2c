"""Observations of one datastream of an OGC SensorThings 1.1 service (18-088), page by page."""

from dataclasses import dataclass
from typing import Any

from gis.model.sensor import Sensor
from gis.sensors.feeds.document import found, listed, text
from gis.sensors.feeds.station import Sheet
from gis.texts import _

NEXT = "@iot.nextLink"


@dataclass(frozen=True, slots=True)
class Datastream:
    """What a service says of a datastream: its name, and the sign of its unit."""

    name: str
    unit: str


def datastream(said: Any) -> Datastream:
    """A datastream as its service describes it. Empty words where it does not."""
    unit = text(said, "unitOfMeasurement", "symbol") or text(said, "unitOfMeasurement", "name")
    return Datastream(text(said, "name", longest=200), unit)


def observations(said: Any, sensor: Sensor, unit: str, sheet: Sheet) -> str:
    """Take one page of observations, as objects or as tables (dataArray); the address of the next, or ""."""
    entries = found(said, "value")
    if not isinstance(entries, list):
        sheet.reject(said, _("There is no list of observations in this answer."))
        return ""
    for entry in entries:
        if isinstance(entry, dict) and "dataArray" in entry:
            _table(entry, sensor, unit, sheet)
        else:
            _take(entry, sensor, unit, sheet, entry)
    return text(said, NEXT, longest=4_000)


def _table(entry: Any, sensor: Sensor, unit: str, sheet: Sheet) -> None:
    names = listed(entry, "components")
    for row in listed(entry, "dataArray"):
        if isinstance(row, list) and len(row) == len(names) and all(isinstance(n, str) for n in names):
            _take(dict(zip(names, row, strict=True)), sensor, unit, sheet, row)
        else:
            sheet.reject(row, _("The line does not have the columns that its table names."))


def _take(said: Any, sensor: Sensor, unit: str, sheet: Sheet, whole: Any) -> None:
    if isinstance(said, dict) and "result" in said and said["result"] is None:
        return  # the service says itself that nothing was measured
    time: Any = found(said, "phenomenonTime") or found(said, "resultTime")
    if isinstance(time, str):  # of a span its end: from then on the value was known
        time = time.rpartition("/")[2]
    sheet.take(sensor, unit, (time, found(said, "result")), whole)
