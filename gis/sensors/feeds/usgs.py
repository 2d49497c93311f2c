"""Instantaneous values as the USGS writes them: WaterML 1.1 as JSON."""

import html
from collections.abc import Mapping
from typing import Any

from gis.model.sensor import Sensor
from gis.sensors.feeds.document import found, listed, measured, text
from gis.sensors.feeds.station import Sheet
from gis.texts import _


def instantaneous(said: Any, bound: Mapping[str, Sensor], sheet: Sheet) -> dict[str, str]:
    """Take the values of all series that are `bound` ("site:parameter", or "site:parameter:method").

    Returns the units of those that were there. What the series itself calls no data is no reading. Where a
    site has several methods and none is named, the first counts: they measure at other places, and must not
    be mixed.
    """
    series = found(said, "value", "timeSeries")
    if not isinstance(series, list):
        sheet.reject(said, _("There are no series of values in this answer."))
        return {}
    units: dict[str, str] = {}
    for each in series:
        site = text(each, "sourceInfo", "siteCode", 0, "value")
        parameter = text(each, "variable", "variableCode", 0, "value")
        _series(each, f"{site}:{parameter}", bound, sheet, units)
    return units


def _series(each: Any, name: str, bound: Mapping[str, Sensor], sheet: Sheet, units: dict[str, str]) -> None:
    unit = html.unescape(text(each, "variable", "unit", "unitCode"))
    nothing = _no_data(each)
    for values in listed(each, "values"):
        station = f"{name}:{text(values, 'method', 0, 'methodID')}"
        station = station if station in bound else name
        if station not in bound or station in units:
            continue
        units[station] = unit
        for value in listed(values, "value"):
            if not _is(found(value, "value"), nothing):
                told = found(value, "dateTime"), found(value, "value")
                sheet.take(bound[station], unit, told, value)


def _no_data(each: Any) -> float | None:
    try:
        return measured(found(each, "variable", "noDataValue"))
    except ValueError:
        return None


def _is(value: Any, nothing: float | None) -> bool:
    """True where the series says that there is no value (-999999.0), however it writes that number."""
    try:
        return nothing is not None and measured(value) == nothing
    except ValueError:
        return False
