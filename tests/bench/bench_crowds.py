"""A million points shown together: circles and warmth, beside numpy counting all of them anew for each view.

Run: `python -m pytest -q -s tests/bench/bench_crowds.py`. Prints processor time of this thread and the ratio;
asserts that both counted the same points, and no time.
"""

import time

import numpy as np
import pytest

from gis.geo.features import Features, Shape
from gis.progress import Progress
from layers.crowds import level_of, tally
from layers.gathering import gathered
from layers.index import index
from layers.style import Clusters, Heat, Marker, Symbol
from layers.view import MapView
from tests.bench import town
from tests.bench.bench_raster import HEIGHT, UTM, WIDTH, cpu_ms

pytestmark = [pytest.mark.bench]
SYMBOL = Symbol(marker=Marker("#807060", size_px=6))


def anew(xy: np.ndarray, size: float, view: MapView) -> tuple[np.ndarray, np.ndarray]:
    """Squares and their numbers, as one would count them without keeping anything."""
    cells = np.floor(xy / size).astype(np.int64)
    west, south, east, north = (int(np.floor(side / size)) for side in view.extent)
    inside = ((cells >= (west, south)) & (cells <= (east, north))).all(axis=1)
    return np.unique(cells[inside], axis=0, return_counts=True)


def test_a_million_points():
    xy = town.points()
    each = np.arange(len(xy) + 1)
    found = index(Features(Shape.POINT, xy, each, each, each[:-1], {}, UTM), Progress())
    begun = time.thread_time()
    tally(found, level_of(town.WIDTH_M / 20), (0, 0, 1, 1))
    print(f"\nfirst count of all points {(time.thread_time() - begun) * 1e3:6.1f} ms")
    for name, share in town.SHARES.items():
        view = MapView(0, 0, town.WIDTH_M * share / WIDTH, WIDTH, HEIGHT)
        level = level_of(72 * view.units_per_pixel)
        ours, plain = tally(found, level, view.extent), anew(xy, 2.0**level, view)
        assert ours.counts.sum() == plain[1].sum()
        circles = cpu_ms(lambda view=view: gathered(found, Clusters(SYMBOL), view, 1.0))
        warmth = cpu_ms(lambda view=view: gathered(found, Heat(SYMBOL), view, 1.0))
        counted = cpu_ms(lambda view=view, level=level: anew(xy, 2.0**level, view))
        print(
            f"{name:9} circles {circles:6.2f} ms   warmth {warmth:6.1f} ms   counted anew {counted:7.1f} ms  "
            f" ratio {counted / circles:6.0f}x"
        )
