"""A seeded town of half a million buildings for the benches: dense in its middle, as towns are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape

WIDTH_M, HEIGHT_M = 40_000.0, 25_000.0
SHARES = {"full": 1.0, "city": 0.5314, "district": 0.1385, "street": 0.0168}
"""How much of the town's width each view shows; 1,600 pixels are 25, 13.3, 3.46 and 0.42 m each."""
_INSIDE = (1.0, 0.24, 0.04, 0.001)  # what part of everything lies inside each of the views
_UTM = 32751


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """Features without attributes: `xy` (m, 2) metres from the town's middle, and their offsets."""

    xy: NDArray[np.float64]
    rings: NDArray[np.int64]
    parts: NDArray[np.int64]

    def features(self, shape: Shape) -> Features:
        """As layers take them."""
        count = len(self.parts) - 1
        return Features(shape, self.xy, self.rings, self.parts, np.arange(count), {}, _UTM)


def places(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """(count, 2) places, denser towards the middle, neighbours near each other in the array."""
    part = np.log(rng.uniform(1e-5, 1.0, count))
    share = np.exp(np.interp(part, np.log(_INSIDE[::-1]), np.log(tuple(SHARES.values())[::-1])))
    along = rng.uniform(-1, 1, count)
    side = rng.integers(0, 4, count)
    sign = np.where(side % 2, 1.0, -1.0)
    x = np.where(side < 2, sign, along) * share * WIDTH_M / 2
    y = np.where(side < 2, along, sign) * share * HEIGHT_M / 2
    cells = np.floor((y + HEIGHT_M) / 250) * 1000 + np.floor((x + WIDTH_M) / 250)
    order = np.argsort(cells, kind="stable")
    return np.column_stack((x, y))[order]


def _rings(
    centre: NDArray[np.float64], radius: NDArray[np.float64], corners: NDArray[np.int64], wave: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Closed wavy rings around centres, anticlockwise."""
    rings = np.concatenate(([0], np.cumsum(corners + 1)))
    ring = np.repeat(np.arange(len(corners)), corners + 1)
    turn = (np.arange(rings[-1]) - rings[ring]) / corners[ring] * 2 * np.pi + ring * 0.7
    wide = radius[ring] * (1 + wave * np.sin(5 * turn) + wave * np.sin(17 * turn + ring))
    xy = centre[ring] + wide[:, None] * np.column_stack((np.cos(turn), np.sin(turn)))
    xy[rings[1:] - 1] = xy[rings[:-1]]
    return xy, rings


def buildings(count: int = 500_000) -> Ragged:
    rng = np.random.default_rng(7)
    corners = rng.choice((4, 6, 8, 12), count, p=(0.5, 0.3, 0.12, 0.08))
    xy, rings = _rings(places(rng, count), rng.uniform(6, 15, count), corners, 0.0)
    return Ragged(xy, rings, np.arange(count + 1))


def zones(count: int = 20_000) -> Ragged:
    """Districts, wards and parcels over each other, the large ones first; every fourteenth has a hole."""
    rng = np.random.default_rng(8)
    large, middle = count // 333, count // 44
    small = count - large - middle
    centre = np.concatenate(
        (rng.uniform(-0.5, 0.5, (large + middle, 2)) * (WIDTH_M, HEIGHT_M), places(rng, small))
    )
    sizes, lengths = (3200.0, 850.0, 75.0), (2600, 240, 34)
    radius = np.repeat(sizes, (large, middle, small)) * rng.uniform(0.7, 1.3, count)
    corners = np.repeat(lengths, (large, middle, small))
    xy, rings = _rings(centre, radius, corners, 0.06)
    holed = np.arange(0, count, 14)
    inner, inner_rings = _rings(centre[holed], radius[holed] * 0.3, np.maximum(corners[holed] // 3, 5), 0.0)
    return _with_holes(Ragged(xy, rings, np.arange(count + 1)), holed, inner[::-1], inner_rings)


def _with_holes(
    outer: Ragged, holed: NDArray[np.int64], inner: NDArray[np.float64], inner_rings: NDArray[np.int64]
) -> Ragged:
    """`inner` runs backwards, so its rings turn the other way and come last first."""
    lengths = np.diff(inner_rings)
    starts = len(inner) - inner_rings[1:]
    at = np.repeat(outer.rings[holed + 1], lengths)
    pick = np.concatenate([np.arange(s, s + n) for s, n in zip(starts, lengths, strict=True)])
    xy = np.insert(outer.xy, at, inner[pick], axis=0)
    counts = np.insert(np.diff(outer.rings), holed + 1, lengths)
    parts = np.ones(len(outer.parts) - 1, np.int64)
    parts[holed] = 2
    return Ragged(xy, np.concatenate(([0], np.cumsum(counts))), np.concatenate(([0], np.cumsum(parts))))


def roads(count: int = 150_000) -> Ragged:
    """Streets of some 130 m, and one in 75 that wanders for a kilometre or two."""
    rng = np.random.default_rng(9)
    lengths = rng.integers(2, 7, count)
    lengths[::75] = rng.integers(60, 260, len(lengths[::75]))
    rings = np.concatenate(([0], np.cumsum(lengths)))
    line = np.repeat(np.arange(count), lengths)
    step = np.where(lengths > 10, 12.0, 130.0 / (lengths - 1))[line]
    way = (rng.integers(0, 4, count) * np.pi / 2 + 0.3)[line] + rng.normal(0, 0.15, len(line))
    moves = step[:, None] * np.column_stack((np.cos(way), np.sin(way)))
    walked = np.cumsum(moves, axis=0)
    xy = walked - walked[rings[:-1]][line] + places(rng, count)[line]
    return Ragged(xy, rings, np.arange(count + 1))


def points(count: int = 1_000_000) -> NDArray[np.float64]:
    rng = np.random.default_rng(10)
    return places(rng, count) + rng.normal(0, 15, (count, 2))
