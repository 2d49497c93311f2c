"""The grid over the map: which one, changed by one key, and kept with the operation."""

from contextlib import suppress

from desktop.canvas.canvas import MapCanvas
from desktop.work import Model
from gis.texts import _
from layers.grid.lines import GridKind

KEPT = "grid"


class MapGrid:
    """Turns from one grid to the next; `kind` is the one that is shown."""

    def __init__(self, model: Model, canvas: MapCanvas) -> None:
        self._model, self._canvas, self.kind = model, canvas, GridKind.NONE
        with model.store.reading() as query:
            kept = query.kept(KEPT)
        with suppress(ValueError):  # a grid of a newer version is none of ours
            self.kind = GridKind(kept) if isinstance(kept, str) else GridKind.NONE
        canvas.show_grid(self.kind)

    def turn(self) -> str:
        """Show the next grid; its name, to be told."""
        kinds = tuple(GridKind)
        self.kind = kinds[(kinds.index(self.kind) + 1) % len(kinds)]
        self._canvas.show_grid(self.kind)
        kind = self.kind
        self._model.pen.keep(_("Choose a grid"), lambda tx: tx.keep(KEPT, str(kind)))
        return name_of(kind)


def name_of(kind: GridKind) -> str:
    """What a grid is called in menus and forms."""
    match kind:
        case GridKind.NONE:
            return _("No grid")
        case GridKind.UTM:
            return _("UTM grid")
        case GridKind.MGRS:
            return _("MGRS grid")
        case GridKind.DEGREES:
            return _("Degrees and minutes")
