"""What of the layers is on a sheet, read once, before anything is drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from gis.errors import UserError
from gis.progress import Progress
from layers.badges import Badges, badges
from layers.build import Sheet, build
from layers.index import Indexes
from layers.labels import Label, place
from layers.layer import Layer
from layers.letters import Letters
from layers.printing.plan import Plan
from layers.scene import Raster, Scene
from layers.sources.base import EVERYWHERE, PixelSource
from layers.sources.vector import VectorSource
from layers.style import Heat, Live, Pixels, Style
from layers.view import MapView

WARM_DOTS = 3_000_000
COARSE = 8  # so many times coarser is a raster looked at to learn how far its values go


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One layer on the sheet. A raster has no scene: it is looked at band by band, or a large sheet would
    not fit into memory."""

    layer: Layer
    scene: Scene | None


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """Layers from the bottom, names in their places, live symbols, who is to be named, and what is missing
    and why."""

    parts: tuple[Part, ...]
    labels: tuple[Label, ...]
    live: tuple[Badges, ...]
    credits: tuple[str, ...]
    problems: tuple[str, ...]


def gathered(
    layers: Sequence[Layer],
    plan: Plan,
    indexes: Indexes,
    letters: Letters,
    at: float | None,
    progress: Progress,
) -> Content:
    """All that is visible at the scale of the sheet and `at` an instant (seconds since 1970), where layers
    follow time. A layer that cannot be read is named as a problem."""
    sheet = Sheet(plan.view, plan.crs, plan.metres_per_unit, plan.ratio, letters, at=at)
    parts: list[Part] = []
    live: list[Badges] = []
    problems: list[str] = []
    shown = [layer for layer in layers if layer.shown_at(plan.scale)]
    for number, layer in enumerate(shown):
        progress.step(number, len(shown), layer.title)
        try:
            if isinstance(layer.style.rule, Live):
                live.append(_badges(layer, plan, progress))
            elif isinstance(layer.source, PixelSource):
                parts.append(Part(_settled(layer, plan, progress), None))
            else:
                fine = (
                    replace(sheet, ratio=_warmth_ratio(plan)) if isinstance(layer.style.rule, Heat) else sheet
                )
                scene = _built(layer, fine, indexes, progress)
                parts.append(Part(layer, scene))
                problems += [f"{layer.title}: {note}" for note in scene.notes]
        except UserError as error:
            problems.append(f"{layer.title}: {error}")
    wanted = [names for part in reversed(parts) if part.scene for names in part.scene.names]
    labels = place(wanted, plan.view.width, plan.view.height)
    return Content(tuple(parts), labels, tuple(live), _credits(parts), tuple(problems))


def _built(layer: Layer, sheet: Sheet, indexes: Indexes, progress: Progress) -> Scene:
    """Of a vast layer with too much on the sheet, the overview is made now."""
    scene = build(layer, sheet, indexes, progress)
    if scene.notes and isinstance(layer.source, VectorSource) and layer.source.lacks_overview(sheet.crs):
        layer.source.survey(sheet.crs, progress)
        return build(layer, sheet, indexes, progress)
    return scene


def _warmth_ratio(plan: Plan) -> float:
    """Warmth is smooth: of a large sheet it has fewer dots, and is stretched."""
    return min(plan.ratio, sqrt(WARM_DOTS / (plan.view.width * plan.view.height)))


def on_band(part: Part, plan: Plan, piece: MapView, ratio: float, progress: Progress) -> Scene:
    """What of a layer is drawn on one piece of the sheet, at `ratio` dots a pixel."""
    if part.scene is not None:
        return part.scene.on(piece)
    sheet = Sheet(piece, plan.crs, plan.metres_per_unit, ratio)
    return build(part.layer, sheet, Indexes(), progress)


def _badges(layer: Layer, plan: Plan, progress: Progress) -> Badges:
    assert isinstance(layer.style.rule, Live)
    return badges(layer.id, layer.style.rule.look, layer.source.read(EVERYWHERE, plan.crs, progress))


def _settled(layer: Layer, plan: Plan, progress: Progress) -> Layer:
    """Measurements get the same colours in every band: from where to where is found out beforehand."""
    rule, view = layer.style.rule, plan.view
    if not isinstance(rule, Pixels) or (rule.low is not None and rule.high is not None):
        return layer
    small = replace(
        view,
        units_per_pixel=view.units_per_pixel * COARSE,
        width=max(1, view.width // COARSE),
        height=max(1, view.height // COARSE),
    )
    scene = build(layer, Sheet(small, plan.crs, plan.metres_per_unit), Indexes(), progress)
    found = [mark.values for mark in scene if isinstance(mark, Raster) and mark.values is not None]
    there = [values[np.isfinite(values)] for values in found]
    if not there or not len(there[0]):
        return layer
    low = float(there[0].min()) if rule.low is None else rule.low
    high = float(there[0].max()) if rule.high is None else rule.high
    return replace(layer, style=Style(replace(rule, low=low, high=high), layer.style.label))


def _credits(parts: Iterable[Part]) -> tuple[str, ...]:
    found = [part.scene.credit for part in parts if part.scene]
    found += [part.layer.source.credit for part in parts if isinstance(part.layer.source, PixelSource)]
    return tuple(dict.fromkeys(filter(None, found)))
