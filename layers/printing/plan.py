"""Where everything stands on the paper. Lengths are in pixels of 96 per inch, as styles are."""

from dataclasses import dataclass

from layers.grid.lines import GridKind
from layers.ground import metres_per_unit
from layers.printing.papers import PX_PER_MM, Paper, step_px
from layers.view import METRES_PER_PIXEL_OF_A_SCREEN, MapView

MARGIN_MM, HEAD_MM, FOOT_MM, MARK_MM, LEGEND_MM, LEGEND_LOW_MM, GAP_MM = (
    8.0,
    13.0,
    19.0,
    11.0,
    48.0,
    36.0,
    2.0,
)
GRID_PX = 18.0


@dataclass(frozen=True, slots=True)
class Area:
    """A box on the paper, from its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants on paper. Without a `scale` (a denominator) all that is seen now fits on it."""

    paper: Paper
    landscape: bool = False
    dpi: int = 300
    scale: float | None = None
    title: str = ""
    by: str = ""
    legend: bool = True
    grid: GridKind = GridKind.NONE


@dataclass(frozen=True, slots=True)
class Plan:
    """A sheet: the size of the paper, its parts, and the view that fills `frame`.

    The frame begins and ends on whole dots, so that bands of it are the same pixels as the whole.
    `mark` is where EXERCISE stands, None where nothing is exercised; `legend` None where none is wanted.
    """

    wish: Wish
    width: float
    height: float
    head: Area
    frame: Area
    foot: Area
    legend: Area | None
    mark: Area | None
    view: MapView
    crs: int
    metres_per_unit: float

    @property
    def ratio(self) -> float:
        """Dots per pixel."""
        return self.wish.dpi / 96

    @property
    def scale(self) -> float:
        return self.view.scale(self.metres_per_unit)


def plan(wish: Wish, seen: MapView, crs: int, *, exercise: bool) -> Plan:
    """The sheet that shows what is `seen` on the screen, on the plane `crs` (EPSG)."""
    wide_mm, high_mm = wish.paper.turned(wish.landscape)
    width, height, unit = wide_mm * PX_PER_MM, high_mm * PX_PER_MM, wish.paper.grows * PX_PER_MM
    edge, gap = MARGIN_MM * PX_PER_MM, GAP_MM * unit
    inner = width - 2 * edge
    mark = Area(edge, edge, inner, MARK_MM * unit) if exercise else None
    head = Area(edge, mark.bottom + gap if mark else edge, inner, HEAD_MM * unit)
    foot = Area(edge, height - edge - FOOT_MM * unit, inner, FOOT_MM * unit)
    right, bottom, legend = edge + inner, foot.y - gap, None
    if wish.legend and wish.landscape:
        legend = Area(
            right - LEGEND_MM * unit, head.bottom + gap, LEGEND_MM * unit, bottom - head.bottom - gap
        )
        right = legend.x - gap
    elif wish.legend:
        legend = Area(edge, bottom - LEGEND_LOW_MM * unit, inner, LEGEND_LOW_MM * unit)
        bottom = legend.y - gap
    band = GRID_PX if wish.grid is not GridKind.NONE else 0.0
    left, top = edge + band, head.bottom + gap + band
    frame = _on_dots(Area(left, top, right - band - left, bottom - band - top), wish.dpi)
    metres = metres_per_unit(seen.x, seen.y, crs)
    view = MapView(seen.x, seen.y, 1.0, int(frame.width), int(frame.height)).fit(seen.extent, margin=0.0)
    if wish.scale is not None:
        at_scale = wish.scale * METRES_PER_PIXEL_OF_A_SCREEN / metres
        view = MapView(seen.x, seen.y, at_scale, view.width, view.height)
    return Plan(wish, width, height, head, frame, foot, legend, mark, view, crs, metres)


def _on_dots(area: Area, dpi: int) -> Area:
    """The largest box inside whose edges are whole pixels and whole dots at once."""
    step = step_px(dpi)
    x, y = -(-area.x // step) * step, -(-area.y // step) * step
    width, height = ((end - start) // step * step for start, end in ((x, area.right), (y, area.bottom)))
    return Area(x, y, max(width, step), max(height, step))


def bands(plan: Plan, most_bytes: int) -> tuple[tuple[int, int], ...]:
    """The rows of the map in runs (first, past the last) of at most so many bytes at four a dot."""
    step = step_px(plan.wish.dpi)
    row = plan.view.width * plan.ratio * plan.ratio * 4
    rows = max(step, int(most_bytes / row) // step * step)
    return tuple((top, min(top + rows, plan.view.height)) for top in range(0, plan.view.height, rows))
