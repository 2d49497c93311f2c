"""The legend of a sheet: a row for every sign that is on it, and for no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from desktop.canvas.painter import Paint, paint
from gis.progress import Progress
from gis.texts import _
from layers.badges import Badges
from layers.colours import DAY
from layers.layer import Layer
from layers.legend import LegendRow, legend, why_hidden
from layers.printing.content import Content, Part
from layers.printing.plan import Plan
from layers.scene import Areas, Lines, Mark, Scene, Signs
from layers.style import Live, LiveLook, Stroke, Style, Symbol
from layers.view import MapView

HOLLOW = -1  # in the place of a severity: what a hollow sign means
RATIO = 0.25  # so fine is looked whether a sign has left any ink


@dataclass(frozen=True, slots=True)
class Key:
    """What the signs of one layer mean; `look` for live symbols."""

    title: str
    rows: tuple[LegendRow, ...]
    look: LiveLook | None = None


def keys(layers: tuple[Layer, ...], content: Content, plan: Plan, progress: Progress) -> tuple[Key, ...]:
    """From the topmost layer down."""
    titles = {layer.id: layer.title for layer in layers}
    chips = [each for each in reversed(content.live) if each.look is not LiveLook.SENSOR]
    squares = [each for each in reversed(content.live) if each.look is LiveLook.SENSOR]
    live = [_live(same, titles, plan) for same in (chips, squares) if same]
    drawn = [_drawn(part, plan, progress) for part in reversed(content.parts)]
    return tuple(key for key in (*live, *drawn) if key.rows)


def _live(same: list[Badges], titles: Mapping[str, str], plan: Plan) -> Key:
    """The signs of layers that look alike: each severity once, and what a hollow one means."""
    found: set[int] = set()
    hollow = False
    look, size = same[0].look, (plan.view.width, plan.view.height)
    there: list[str] = []
    for shown in same:
        xy = plan.view.to_pixels(shown.xy)
        inside = ((xy >= 0) & (xy <= size)).all(axis=1)
        found |= set(shown.severity[inside].tolist())
        hollow |= bool(shown.hollow[inside].any())
        there += [titles[shown.layer_id]] if inside.any() else []
    calm = (LegendRow(_("Nothing wrong"), severity=0),) if look is LiveLook.SENSOR else ()
    rows = [row for row in (*legend(Style(Live(look)), ""), *calm) if row.severity in found]
    if hollow:
        words = _("Value too old to trust") if look is LiveLook.SENSOR else _("Acknowledged, resolved")
        rows.append(LegendRow(words, severity=HOLLOW))
    return Key(", ".join(there), tuple(rows), look)


def _drawn(part: Part, plan: Plan, progress: Progress) -> Key:
    rows = [row for row in legend(part.layer.style, part.layer.title) if not why_hidden(row, plan.scale)]
    if part.scene is None:
        return Key(part.layer.title, tuple(rows))
    if any(not isinstance(mark, Areas | Lines | Signs) for mark in part.scene):
        return Key(part.layer.title, tuple(rows))  # points shown together
    inked = tuple(mark for mark in part.scene.shapes if _leaves_ink(part.scene, mark, plan.view, progress))
    return Key(part.layer.title, tuple(row for row in rows if _stands(row, inked)))


def _stands(row: LegendRow, inked: tuple[Mark, ...]) -> bool:
    return row.symbol is not None and any(_is_of(row.symbol, mark) for mark in inked)


def _is_of(symbol: Symbol, mark: Mark) -> bool:
    match mark:
        case Areas(_drawn, fill, stroke):
            return symbol.fill == fill and (fill is not None or _same(symbol.stroke, stroke))
        case Lines(_drawn, stroke):
            return _same(symbol.stroke, stroke)
        case Signs(_drawn, marker):
            return symbol.marker == marker
        case _:
            return True


def _same(one: Stroke | None, other: Stroke | None) -> bool:
    """The same line, however wide it is on this sheet."""
    if one is None or other is None:
        return one is other
    return replace(one, casing="", width_px=1.0) == replace(other, casing="", width_px=1.0)


def _leaves_ink(scene: Scene, mark: Mark, view: MapView, progress: Progress) -> bool:
    """True when a mark is to be seen inside the frame, and not merely beside it."""
    alone = Scene(scene.layer_id, view, (mark,)).on(view)
    if not alone.marks:
        return False
    image = paint(alone, Paint(DAY, RATIO, progress))
    return bool(np.frombuffer(image.constBits(), np.uint32).any())


def headed(key: Key) -> bool:
    """Whether the layer is named above its signs: all but a layer of one sign that bears its name."""
    return key.look is not None or [row.title for row in key.rows] != [key.title]


def lines_of(shown: tuple[Key, ...]) -> Iterator[tuple[Key, LegendRow | None]]:
    """Row by row: a heading (no row) where a layer is headed."""
    for key in shown:
        if headed(key):
            yield key, None
        for row in key.rows:
            yield key, row
