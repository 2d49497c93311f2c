"""The legend: which layers there are, in which order, and who wants to know when that changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gis.signal import Signal
from layers.layer import Layer
from layers.roles import Role, drawing_order


@dataclass(frozen=True, slots=True)
class StackChange:
    """`stale`: layers whose pictures are no longer true; none when only order or visibility changed.
    `fresh`: only what they show is new; the legend is as it was."""

    stale: frozenset[str] = frozenset()
    fresh: bool = False


class LayerStack:
    """Layers from bottom to top, shown in the CRS `crs` (EPSG). One thread only: that of the window.

    A layer never changes; the stack swaps it for another.
    """

    def __init__(self, crs: int, layers: tuple[Layer, ...] = ()) -> None:
        self._crs, self._layers = crs, layers
        self._at: datetime | None = None
        self.changed: Signal[StackChange] = Signal()

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def __contains__(self, layer_id: object) -> bool:
        return any(layer.id == layer_id for layer in self._layers)

    @property
    def crs(self) -> int:
        return self._crs

    @property
    def at(self) -> float | None:
        """The instant that layers with times show, in seconds since 1970; None: all that they have."""
        return self._at.timestamp() if self._at is not None else None

    def show_time(self, at: datetime | None) -> None:
        """Show another instant (UTC) where layers follow time."""
        self._at = at
        stale = frozenset(layer.id for layer in self._layers if layer.timing is not None)
        if stale:
            self.changed.emit(StackChange(stale, fresh=True))

    def get(self, layer_id: str) -> Layer:
        """The layer of this id; KeyError when there is none."""
        for layer in self._layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    def add(self, *layers: Layer, index: int | None = None) -> None:
        """Put layers on top, or below the layer that has `index` now. A layer of a known id replaces it."""
        ids = {layer.id for layer in layers}
        rest = [layer for layer in self._layers if layer.id not in ids]
        at = len(rest) if index is None else index
        self._layers = (*rest[:at], *layers, *rest[at:])
        self.changed.emit(StackChange(frozenset(ids)))

    def place_for(self, role: Role) -> int:
        """The index where a map reader expects a layer of this role: a flood under streets."""
        order = drawing_order(role)
        over = (n for n, layer in enumerate(self._layers) if drawing_order(layer.role) > order)
        return next(over, len(self._layers))

    def remove(self, layer_id: str) -> None:
        self._layers = tuple(layer for layer in self._layers if layer.id != layer_id)
        self.changed.emit(StackChange())

    def update(self, layer_id: str, **fields: Any) -> None:
        """Swap in a copy with other `fields`; another source, style, timing or problem makes it stale."""
        self._layers = tuple(replace(a, **fields) if a.id == layer_id else a for a in self._layers)
        stale = bool(fields.keys() & {"source", "style", "problem", "timing"})
        self.changed.emit(StackChange(frozenset({layer_id}) if stale else frozenset()))

    def move(self, layer_id: str, index: int) -> None:
        """Put a layer at `index`, counted from the bottom."""
        layer = self.get(layer_id)
        rest = [a for a in self._layers if a.id != layer_id]
        self._layers = (*rest[:index], layer, *rest[index:])
        self.changed.emit(StackChange())

    def project(self, crs: int) -> None:
        """Show everything on another plane (EPSG) from now on."""
        self._crs = crs
        self.changed.emit(StackChange(frozenset(layer.id for layer in self._layers)))

    def refresh(self, *kinds: type) -> None:
        """Tell the map that layers drawn from these kinds of record are stale."""
        stale = frozenset(a.id for a in self._layers if not a.source.kinds.isdisjoint(kinds))
        self.freshen(stale)

    def freshen(self, layer_ids: frozenset[str]) -> None:
        """Tell the map that there is something new in these layers."""
        if layer_ids:
            self.changed.emit(StackChange(layer_ids, fresh=True))
