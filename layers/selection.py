"""Which features are marked, on the map and in every table at once."""

from dataclasses import dataclass

from gis.signal import Signal


@dataclass(frozen=True, slots=True)
class Selected:
    """Features of one layer: file ids or record ids, as they stand in `Features.ids`."""

    layer_id: str = ""
    ids: frozenset[str | int] = frozenset()


class Selection:
    """What is selected now. Announces a change, never a repetition."""

    def __init__(self) -> None:
        self._now = Selected()
        self.changed: Signal[Selected] = Signal()

    @property
    def now(self) -> Selected:
        return self._now

    def select(self, layer_id: str, *ids: str | int) -> None:
        """Select these and nothing else; no ids means nothing."""
        selected = Selected(layer_id, frozenset(ids)) if ids else Selected()
        if selected != self._now:
            self._now = selected
            self.changed.emit(selected)

    def clear(self) -> None:
        self.select("")
