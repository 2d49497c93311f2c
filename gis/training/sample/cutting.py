"""Ground cut in two, again and again, until it is as small as a block: where the cuts run, streets are."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points, Shapes, soft_line

ROUNDS = 18
MOST_TRIES = 4
CUT_VERTICES = 11


@dataclass(frozen=True, slots=True, eq=False)
class Manner:
    """How each of n grounds is cut; every field has n entries.

    Pieces come out near `length_m` by `depth_m`. `angle` is the direction of the length in radians, nan
    where each piece follows its own longest side. Cuts bend by `wave_m` and are off the middle by the
    share `jitter`; `snapped` cuts lie on one lattice, so that streets run through.
    """

    length_m: Points
    depth_m: Points
    angle: Points
    wave_m: Points
    jitter: Points
    snapped: NDArray[np.bool_]

    def of(self, which: NDArray[np.integer] | NDArray[np.bool_]) -> "Manner":
        return Manner(*(getattr(self, f.name)[which] for f in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """`pieces` and the `lines` between them; `piece_of` and `line_of` say which ground each came from.

    `line_area` is the size in m2 of what the line cut: the larger, the busier the street.
    """

    pieces: Shapes
    piece_of: NDArray[np.int64]
    lines: Shapes
    line_of: NDArray[np.int64]
    line_area: Points


@dataclass(frozen=True, slots=True, eq=False)
class _Blade:
    lines: Shapes
    halves: Shapes


@dataclass(frozen=True, slots=True, eq=False)
class _Live:
    """Ground that may still be cut, which ground it came from, and how often a cut of it came out unfair."""

    shapes: Shapes
    root: NDArray[np.int64]
    tries: NDArray[np.int64]


def cut(rng: Generator, grounds: Shapes, manner: Manner) -> Cuts:
    """Every ground cut down to the size its manner asks for."""
    live = _Live(grounds, np.arange(len(grounds)), np.zeros(len(grounds), np.int64))
    made: list[Cuts] = []
    for _ in range(ROUNDS):
        live, cuts = _round(rng, live, manner)
        made.append(cuts)
        if not len(live.root):
            break
    nothing = np.empty(0, object), np.empty(0, np.int64), np.empty(0)
    made.append(Cuts(live.shapes, live.root, *nothing))
    return Cuts(*(np.concatenate([getattr(cuts, f.name) for cuts in made]) for f in fields(Cuts)))


def _round(rng: Generator, live: _Live, manner: Manner) -> tuple[_Live, Cuts]:
    """Everything too large cut once. What would leave a sliver is tried again, a few times."""
    wanted, blade = _blades(rng, live.shapes, _bolder(manner.of(live.root), live.tries))
    chosen = live.shapes[wanted]
    left, right = shapely.intersection(chosen, blade.halves), shapely.difference(chosen, blade.halves)
    fair = np.minimum(shapely.area(left), shapely.area(right)) > 0.18 * shapely.area(chosen)
    unfair = wanted.copy()
    unfair[wanted] = ~fair
    again = unfair & (live.tries < MOST_TRIES)
    whole = ~wanted | (unfair & ~again)
    parent, halved = live.root[wanted][fair], chosen[fair]
    lines, line_at = _parts(shapely.intersection(halved, blade.lines[fair]), 1)
    halves, at = _parts(np.concatenate([left[fair], right[fair]]), 2)
    rest = _Live(
        np.concatenate([live.shapes[again], halves]),
        np.concatenate([live.root[again], np.concatenate([parent, parent])[at]]),
        np.concatenate([live.tries[again] + 1, np.zeros(len(halves), np.int64)]),
    )
    area = shapely.area(halved)[line_at]
    return rest, Cuts(live.shapes[whole], live.root[whole], lines, parent[line_at], area)


def _bolder(manner: Manner, tries: NDArray[np.int64]) -> Manner:
    """The manner for ground whose last cut would have left a sliver: other places, other directions."""
    return replace(
        manner,
        jitter=manner.jitter + 0.09 * tries,
        snapped=manner.snapped & (tries == 0),
        angle=np.where(tries > 1, np.nan, manner.angle),
    )


def _parts(shapes: Shapes, dimension: int) -> tuple[Shapes, NDArray[np.int64]]:
    """The simple parts of that dimension, and whose they are."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, again = shapely.get_parts(parts, return_index=True)
    kept = (shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)
    return parts[kept], owner[again][kept]


def _blades(rng: Generator, live: Shapes, manner: Manner) -> tuple[NDArray[np.bool_], _Blade]:
    """Which grounds are still too large, and for those the cut: a line, and all that lies beyond it."""
    own = np.isnan(manner.angle)
    angle = np.where(own, _longest_side(live), manner.angle)
    low, high = _extent(live, angle)
    size = high - low
    ratio = size / np.column_stack([manner.length_m, manner.depth_m])
    across = np.where(own, np.argmax(ratio, axis=1), np.where(ratio[:, 0] > 1.55, 0, 1))
    each = np.arange(len(live))
    too_large = (ratio[each, across] > 1.45) & (shapely.area(live) > 1.3 * manner.length_m * manner.depth_m)
    each, manner, across, angle = each[too_large], manner.of(too_large), across[too_large], angle[too_large]
    low, high, size, ratio = low[too_large], high[too_large], size[too_large], ratio[too_large]
    n = np.arange(len(each))
    count = np.maximum(2, np.round(ratio[n, across]))
    share = (count // 2) / count + rng.uniform(-1, 1, len(n)) * manner.jitter
    at = low[n, across] + share * size[n, across]
    step = np.where(across == 0, manner.length_m, manner.depth_m)
    at = np.where(manner.snapped, np.round(at / step) * step, at)
    wave = soft_line(rng, CUT_VERTICES, 5, lines=len(n)) * manner.wave_m[:, None]
    run = np.linspace(-0.05, 1.05, CUT_VERTICES)
    along = low[n, 1 - across][:, None] + run * size[n, 1 - across][:, None]
    line = _turned(along, at[:, None] + wave, across, angle)
    ends = along[:, [-1, 0]]
    beyond = _turned(ends, np.repeat(high[n, across][:, None] + 50, 2, axis=1), across, angle)
    ring = np.concatenate([line, beyond, line[:, :1]], axis=1)
    return too_large, _Blade(shapely.linestrings(line), shapely.polygons(ring))


def _turned(along: Points, at: Points, across: NDArray[np.integer], angle: Points) -> Points:
    """Points of a cut, given in the frame of its ground, as map coordinates (n, k, 2)."""
    u = np.where(across[:, None] == 0, at, along)
    v = np.where(across[:, None] == 0, along, at)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return np.stack([u * cos - v * sin, u * sin + v * cos], axis=-1)


def _extent(live: Shapes, angle: Points) -> tuple[Points, Points]:
    """The least and greatest coordinates (n, 2) of each ground along and across its angle."""
    xy, owner = shapely.get_coordinates(live, return_index=True)
    cos, sin = np.cos(angle)[owner], np.sin(angle)[owner]
    uv = np.column_stack([xy[:, 0] * cos + xy[:, 1] * sin, xy[:, 1] * cos - xy[:, 0] * sin])
    first = np.searchsorted(owner, np.arange(len(live)))
    return np.minimum.reduceat(uv, first), np.maximum.reduceat(uv, first)


def _longest_side(live: Shapes) -> Points:
    corners = shapely.get_coordinates(shapely.oriented_envelope(shapely.buffer(live, 0.5, quad_segs=1)))
    corners = corners.reshape(-1, 5, 2)
    sides = corners[:, 1:3] - corners[:, :2]
    longest = np.argmax(np.hypot(sides[..., 0], sides[..., 1]), axis=1)
    side = sides[np.arange(len(live)), longest]
    return np.arctan2(side[:, 1], side[:, 0])
