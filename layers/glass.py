"""All live symbols of the map together: what is drawn over what, and which values have room to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.badges import Badges
from layers.letters import text_width
from layers.scene import Hit
from layers.style import LiveLook
from layers.view import MapView

FAR = 22_000.0  # beyond 1 : FAR only values over a limit are written out
TEXT_PX, PLATE_PX, MARGIN_PX, APART_PX = 11.0, 16.0, 4.0, 3.0
REACH = {LiveLook.SENSOR: 6.0, LiveLook.INCIDENT: 12.0, LiveLook.ALARM: 12.0}  # pixels around the middle
RING_PX = 21.0  # of an alarm that nobody has acknowledged
NOTHING_WRONG = 6
Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plate:
    """A value to be written beside symbol `number`: its box from the symbol's middle, in pixels."""

    number: int
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Glass:
    """n symbols of several layers in drawing order: sensors, then the others, the most severe last.

    Symbol i is entry `entry[i]` of `shown[layer[i]]`, at `xy[i]` in map units. `rank` (n,) is 1 (extreme)
    to 5, or 6 where nothing is wrong; `reach` (n,) how far a symbol goes from its middle, in pixels.
    `covered` ones are alarms of an instrument that has a worse one: they are found, but not drawn.
    """

    shown: tuple[Badges, ...]
    layer: NDArray[np.int64]
    entry: NDArray[np.int64]
    xy: NDArray[np.float64]
    rank: NDArray[np.int64]
    reach: NDArray[np.float64]
    covered: NDArray[np.bool_]

    def badge(self, number: int) -> tuple[Badges, int]:
        """The layer of a symbol, and which entry of that it is."""
        return self.shown[int(self.layer[number])], int(self.entry[number])

    def at(self, view: MapView, x: float, y: float) -> tuple[Hit, ...]:
        """Symbols under the pixel (x, y), topmost first."""
        away = np.abs(view.to_pixels(self.xy) - np.array((x, y), np.float32)).max(axis=1, initial=0.0)
        found = np.flatnonzero(away <= REACH[LiveLook.INCIDENT] + 1)[::-1]
        return tuple(badges.hit(entry) for badges, entry in map(self.badge, found.tolist()))

    def plates(self, units_per_pixel: float, scale: float) -> tuple[Plate, ...]:
        """Where values stand so that none covers another or a symbol that matters; the worst come first.

        A value for which there is no room on any of four sides is left out.
        """
        middle = self.xy * (1 / units_per_pixel, -1 / units_per_pixel)
        drawn = np.flatnonzero(~self.covered)
        wanted = [
            int(i) for i in drawn[np.argsort(self.rank[drawn], kind="stable")] if self._speaks(i, scale)
        ]
        taken = _around(middle[drawn], self.reach[drawn])
        matters = self.rank[drawn] < NOTHING_WRONG
        placed: list[Plate] = []
        boxes = np.zeros((0, 4))
        for number in wanted:
            at = middle[number]
            here = np.abs(middle[drawn] - at).max(axis=1) < 1.0  # the alarms of this very instrument
            calm = self.rank[number] == NOTHING_WRONG
            others = np.vstack((taken[~here & (matters | calm)], boxes))
            plate = self._placed(number, at, float(self.reach[drawn][here].max()), others)
            if plate:
                placed.append(plate)
                boxes = np.vstack((boxes, _box(plate, at)))
        return tuple(placed)

    def _speaks(self, number: int, scale: float) -> bool:
        badges, entry = self.badge(number)
        near = scale <= FAR or self.rank[number] < NOTHING_WRONG
        return badges.look is LiveLook.SENSOR and bool(badges.labels[entry]) and near

    def _placed(self, number: int, at: NDArray[np.float64], reach: float, others: Boxes) -> Plate | None:
        badges, entry = self.badge(number)
        wide = text_width(badges.labels[entry], TEXT_PX) + 2 * MARGIN_PX
        gap, half = reach + APART_PX, PLATE_PX / 2
        sides = ((gap, -half), (-gap - wide, -half), (-wide / 2, -gap - PLATE_PX), (-wide / 2, gap))
        plates = (Plate(number, x, y, wide) for x, y in sides)
        return next((plate for plate in plates if not _meets(_box(plate, at), others)), None)


def glass(shown: Sequence[Badges]) -> Glass:
    """The symbols of all these layers, of which the last is the uppermost."""
    counts = [len(badges.xy) for badges in shown]
    layer = np.repeat(np.arange(len(shown)), counts)
    entry = np.concatenate([np.zeros(0, np.int64), *(np.arange(count) for count in counts)])
    severity = np.concatenate([np.zeros(0, np.int64), *(badges.severity for badges in shown)])
    rank = np.where(severity == 0, NOTHING_WRONG, severity)
    sensor = np.array([badges.look is LiveLook.SENSOR for badges in shown], bool)[layer]
    order = np.lexsort((entry, layer, -rank, ~sensor))
    xy = np.concatenate([np.zeros((0, 2)), *(badges.xy for badges in shown)])[order]
    reach = np.concatenate([np.zeros(0), *map(_reach, shown)])[order]
    covered = _covered(shown, layer[order], xy)
    return Glass(tuple(shown), layer[order], entry[order], xy, rank[order], reach, covered)


def _reach(badges: Badges) -> NDArray[np.float64]:
    ringing = (badges.look is LiveLook.ALARM) & ~badges.hollow
    return np.where(ringing, RING_PX, REACH[badges.look])


def _covered(shown: Sequence[Badges], layer: NDArray[np.int64], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Alarms that another alarm of the same layer is drawn over, at the very same place."""
    covered = np.zeros(len(layer), bool)
    seen: set[tuple[int, float, float]] = set()
    for i in reversed(range(len(layer))):
        place = (int(layer[i]), float(xy[i, 0]), float(xy[i, 1]))
        covered[i] = shown[place[0]].look is LiveLook.ALARM and place in seen
        seen.add(place)
    return covered


def _around(middle: NDArray[np.float64], reach: NDArray[np.float64]) -> Boxes:
    return np.hstack((middle - reach[:, None], middle + reach[:, None]))


def _box(plate: Plate, at: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = float(at[0]) + plate.x, float(at[1]) + plate.y
    return np.array((x, y, x + plate.width, y + PLATE_PX))


def _meets(box: NDArray[np.float64], others: Boxes) -> bool:
    apart = (others[:, :2] > box[2:]) | (others[:, 2:] < box[:2])
    return bool((~apart.any(axis=1)).any())
