"""Half-drawn sketches: each sitting keeps its own, and takes up those of sittings that are over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gis.store import Tx

_KEPT = "unfinished sketches"  # desk state: by sitting
Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What was being drawn, by the name of its tool, and its corners so far (lon, lat in WGS84)."""

    tool: str
    corners: tuple[Corner, ...]


def keep(tx: Tx, sketches: Iterable[Unfinished]) -> None:
    """Let these be the half-drawn sketches of this sitting: they are there after a power cut."""
    told = [{"tool": each.tool, "corners": each.corners} for each in sketches if each.corners]
    kept = _kept(tx)
    if told or tx.sitting.id in kept:
        _put(tx, kept | {tx.sitting.id: told})


def take_up(tx: Tx) -> list[Unfinished]:
    """Make the sketches of sittings that are over this one's, and return them; one of each tool.

    What others are drawing at this moment stays theirs; and since it is one step, no sketch comes to two.
    """
    kept, living = _kept(tx), tx.sitting.living()
    over = [key for key in kept if key not in living]
    if not over:
        return []
    found = {each.tool: each for key in over for each in map(_read, kept.pop(key)) if each is not None}
    told = [{"tool": each.tool, "corners": each.corners} for each in found.values()]
    _put(tx, kept | {tx.sitting.id: [*kept.get(tx.sitting.id, ()), *told]})
    return list(found.values())


def _kept(tx: Tx) -> dict[str, list[Any]]:
    kept: Any = tx.kept(_KEPT)
    return {**kept} if isinstance(kept, dict) else {}


def _read(told: Any) -> Unfinished | None:
    """None for what is no sketch."""
    try:
        corners = np.array(told["corners"], np.float64).reshape(-1, 2)
        tool = str(told["tool"])
    except (ValueError, TypeError, KeyError):
        return None
    if not len(corners) or not np.isfinite(corners).all():
        return None
    return Unfinished(tool, tuple((float(x), float(y)) for x, y in corners))


def _put(tx: Tx, kept: dict[str, list[Any]]) -> None:
    tx.keep(_KEPT, {sitting: told for sitting, told in kept.items() if told} or None)
