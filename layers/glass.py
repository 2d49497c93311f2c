"""All live symbols of the map together: which look each has, and what is drawn over what."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.badges import Badges
from layers.scene import Hit
from layers.style import LiveLook
from layers.view import Box, MapView

REACH = {LiveLook.SENSOR: 6.0, LiveLook.INCIDENT: 12.0, LiveLook.ALARM: 12.0}  # pixels around the middle
RING_PX = 21.0  # of an alarm that nobody has acknowledged
NOTHING_WRONG = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """What a symbol looks like, all of it: `severity` 1 to 5, 0 where nothing is wrong."""

    look: LiveLook
    severity: int
    hollow: bool
    exercise: bool


KINDS = tuple(  # a symbol's `kind` is its place here
    Kind(look, severity, hollow, exercise)
    for look in LiveLook
    for severity in range(NOTHING_WRONG)
    for hollow in (False, True)
    for exercise in (False, True)
)
_EACH = len(KINDS) // len(LiveLook)
_NUMBER = {look: number for number, look in enumerate(LiveLook)}


@dataclass(frozen=True, slots=True, eq=False)
class Glass:
    """n symbols of several layers in drawing order: sensors, then the others, the most severe last.

    Symbol i is entry `entry[i]` of `shown[layer[i]]`, at `xy[i]` in map units; it looks like
    `KINDS[kind[i]]`. `rank` (n,) is 1 (extreme) to 5, or 6 where nothing is wrong; `reach` (n,) how far a
    symbol goes from its middle, in pixels. `speaks` are those with a value that can be written beside them.
    `covered` ones are alarms of an instrument that has a worse one: they are found, but not drawn.
    `count` (n,) is over 0 where it is a cell with so many in it, which are not found one by one.
    """

    shown: tuple[Badges, ...]
    layer: NDArray[np.int64]
    entry: NDArray[np.int64]
    xy: NDArray[np.float64]
    kind: NDArray[np.int64]
    rank: NDArray[np.int64]
    reach: NDArray[np.float64]
    speaks: NDArray[np.bool_]
    covered: NDArray[np.bool_]
    count: NDArray[np.int64]

    def badge(self, number: int) -> tuple[Badges, int]:
        """The layer of a symbol, and which entry of that it is."""
        return self.shown[int(self.layer[number])], int(self.entry[number])

    def label(self, number: int) -> str:
        badges, entry = self.badge(number)
        return badges.labels[entry]

    def within(self, box: Box) -> NDArray[np.bool_]:
        """Which symbols have their middle in a box (west, south, east, north) of the map (n,)."""
        x, y = self.xy.T
        west, south, east, north = box
        return (x >= west) & (x <= east) & (y >= south) & (y <= north)

    def at(self, view: MapView, x: float, y: float) -> tuple[Hit, ...]:
        """Symbols under the pixel (x, y), topmost first."""
        away = np.abs(view.to_pixels(self.xy) - np.array((x, y), np.float32)).max(axis=1, initial=0.0)
        found = np.flatnonzero((away <= REACH[LiveLook.INCIDENT] + 1) & (self.count == 0))[::-1]
        return tuple(badges.hit(entry) for badges, entry in map(self.badge, found.tolist()))


def glass(shown: Sequence[Badges]) -> Glass:
    """The symbols of all these layers, of which the last is the uppermost."""
    counts = [len(badges.xy) for badges in shown]
    layer = np.repeat(np.arange(len(shown)), counts)
    entry = np.concatenate([np.zeros(0, np.int64), *(np.arange(count) for count in counts)])
    severity = np.concatenate([np.zeros(0, np.int64), *(badges.severity for badges in shown)])
    rank = np.where(severity == 0, NOTHING_WRONG, severity)
    sensor = np.array([badges.look is LiveLook.SENSOR for badges in shown], bool)[layer]
    height = np.where(sensor, 0, 1 + NOTHING_WRONG) + NOTHING_WRONG - rank  # what is worse lies higher
    order = np.argsort(height * (len(shown) + 1) + layer, kind="stable")
    xy = np.concatenate([np.zeros((0, 2)), *(badges.xy for badges in shown)])[order]
    return Glass(
        tuple(shown),
        layer[order],
        entry[order],
        xy,
        np.concatenate([np.zeros(0, np.int64), *map(_kinds, shown)])[order],
        rank[order],
        np.concatenate([np.zeros(0), *map(_reach, shown)])[order],
        np.concatenate([np.zeros(0, bool), *map(_speaks, shown)])[order],
        _covered(shown, layer[order], xy),
        np.concatenate([np.zeros(0, np.int64), *(badges.count for badges in shown)])[order],
    )


def _kinds(badges: Badges) -> NDArray[np.int64]:
    flags = 2 * badges.hollow + badges.exercise
    return _NUMBER[badges.look] * _EACH + 4 * badges.severity + flags


def _reach(badges: Badges) -> NDArray[np.float64]:
    ringing = (badges.look is LiveLook.ALARM) & ~badges.hollow
    return np.where(ringing, RING_PX, REACH[badges.look])


def _speaks(badges: Badges) -> NDArray[np.bool_]:
    if badges.look is not LiveLook.SENSOR:
        return np.zeros(len(badges.xy), bool)
    return np.array([bool(label) for label in badges.labels], bool)


def _covered(shown: Sequence[Badges], layer: NDArray[np.int64], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Alarms that another alarm of the same layer is drawn over, at the very same place."""
    covered = np.zeros(len(layer), bool)
    alarms = np.flatnonzero(np.array([badges.look is LiveLook.ALARM for badges in shown], bool)[layer])
    order = alarms[np.lexsort((alarms, *xy[alarms].T, layer[alarms]))]
    below, above = order[:-1], order[1:]
    same = (layer[below] == layer[above]) & (xy[below] == xy[above]).all(axis=1)
    covered[below[same]] = True
    return covered
