"""The open incidents ward by ward, where a map layer tells who lives in which."""

from collections.abc import Sequence

import numpy as np

from gis.geo.features import Features, Shape
from gis.impact.wards import WardTally, by_ward
from gis.report.content import MapLayer, SitrepContent

COUNTED = {"name", "population"}


def tallies(content: SitrepContent, layers: Sequence[MapLayer]) -> list[WardTally]:
    """The wards that are hit, worst first; none when no layer holds areas with a name and a population."""
    incidents = [line.incident for line in content.open_incidents]
    for areas in _counted_areas(layers):
        return by_ward(areas, incidents)
    return []


def _counted_areas(layers: Sequence[MapLayer]) -> list[Features]:
    found = (drawn.features for layer in layers for drawn in layer.classes)
    areas = [f for f in found if f.shape is Shape.POLYGON and f.counts is None]
    return [f for f in areas if f.columns.keys() >= COUNTED and _are_numbers(f)]


def _are_numbers(features: Features) -> bool:
    """True when the layer's population is a column of numbers."""
    return np.issubdtype(np.asarray(features.columns["population"]).dtype, np.number)
