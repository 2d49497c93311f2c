"""What an operator can do with drawings."""

import re
from dataclasses import replace
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import UserError
from gis.geo.figures import Circle, Figure, Rectangle, figure_of
from gis.model.drawing import Drawing, Filling, Sign
from gis.store import Query, Tx
from gis.texts import _

MOST_CORNERS = 200_000
WIDTHS_PX = 0.5, 30.0
_LOOKS = "drawing looks"  # desk state: by form, how the last one of it looked
_LOOK = ("colour", "width_px", "filling", "sign")
_COLOUR = re.compile(r"#[0-9a-f]{6}|[a-z_]{1,30}")


class Form(StrEnum):
    """What a drawing is to the person who draws it."""

    MARKER = "marker"
    TEXT = "text"
    LINE = "line"
    AREA = "area"
    RECTANGLE = "rectangle"
    CIRCLE = "circle"


def form_of(drawing: Drawing) -> Form:
    """What a drawing is; a circle that was bent is an area."""
    figure = figure_of(drawing.made_of, drawing.place)
    if figure is not None:
        return Form.CIRCLE if isinstance(figure, Circle) else Form.RECTANGLE
    match int(shapely.get_dimensions(drawing.place)):
        case 0:
            return Form.TEXT if drawing.sign is Sign.NONE else Form.MARKER
        case 1:
            return Form.LINE
        case _:
            return Form.AREA


def form_word(form: Form) -> str:
    """A form in the words of the screen; titles begin with it."""
    return {
        Form.MARKER: _("Marker"),
        Form.TEXT: _("Text"),
        Form.LINE: _("Line"),
        Form.AREA: _("Area"),
        Form.RECTANGLE: _("Rectangle"),
        Form.CIRCLE: _("Circle"),
    }[form]


def next_title(query: Query, form: Form) -> str:
    """The title the next drawing of a form gets unless it is given one: Area 1, Area 2, ..."""
    begins = f"{form_word(form)} "
    titles: list[str] = query.column(Drawing, "title")
    rests = (title.removeprefix(begins) for title in titles if title.startswith(begins))
    return f"{begins}{max((int(rest) for rest in rests if rest.isdecimal()), default=0) + 1}"


def last_look(query: Query, form: Form) -> dict[str, Any]:
    """How the last drawing of this form looked, as fields of `Drawing`; what cannot be read is left out."""
    kept: Any = query.kept(_LOOKS)
    values: Any = kept.get(form) if isinstance(kept, dict) else None
    sign = {"sign": Sign.NONE} if form is Form.TEXT else {}
    if not isinstance(values, dict):
        return sign
    try:
        return look({name: values[name] for name in _LOOK if name in values}) | sign
    except (ValueError, TypeError):
        return sign


def look(values: dict[str, Any]) -> dict[str, Any]:
    """Fields that say how a drawing looks, within what can be drawn. Raises ValueError or TypeError."""
    made: dict[str, Any] = {}
    for name, value in values.items():
        match name:
            case "colour" if _COLOUR.fullmatch(str(value).lower()):
                made[name] = str(value).lower()
            case "width_px" if np.isfinite(float(value)):
                made[name] = float(min(max(float(value), WIDTHS_PX[0]), WIDTHS_PX[1]))
            case "filling":
                made[name] = Filling(value)
            case "sign":
                made[name] = Sign(value)
            case _:
                raise ValueError(name)
    return made


def draw(tx: Tx, form: Form, shape: BaseGeometry | Figure, title: str = "", **details: Any) -> Drawing:
    """Put a drawing on the map, in the look of the last one of its form unless `details` say another.

    `shape` is in WGS84; of a circle or rectangle the parameters are kept. Raises `UserError` when it cannot
    lie on a map (`sound`).
    """
    place, made_of = _laid_out(shape)
    given = last_look(tx, form) | details
    title = " ".join(title.split()) or next_title(tx, form)
    made = tx.put(Drawing(title=title, place=place, drawn_at=tx.at, made_of=made_of, **given))
    _remember(tx, made)
    return made


def amend(tx: Tx, drawing_id: str, **changes: Any) -> Drawing:
    """Change what is said of a drawing or how it looks; an empty title changes nothing of the title."""
    drawing = tx.get(Drawing, drawing_id)
    title = " ".join(str(changes.pop("title", "")).split()) or drawing.title
    made = tx.put(replace(drawing, title=title, **changes))
    if changes.keys() & {*_LOOK}:
        _remember(tx, made)
    return made


def reshape(tx: Tx, drawing_id: str, shape: BaseGeometry | Figure) -> Drawing:
    """Give a drawing another shape; one that is no circle or rectangle any more lets go of its parameters.

    Raises `UserError` as `draw` does.
    """
    place, made_of = _laid_out(shape)
    return tx.put(replace(tx.get(Drawing, drawing_id), place=place, made_of=made_of))


def strike(tx: Tx, drawing_id: str) -> Drawing:
    """Take a drawing off the map. It stays in the journal."""
    return tx.strike(tx.get(Drawing, drawing_id))


def sound(place: BaseGeometry) -> BaseGeometry:
    """A WGS84 shape as it is kept, flat and to 7 decimals.

    Raises `UserError` when there is nothing of it, when it is nowhere on earth, crosses itself or has more
    than MOST_CORNERS corners.
    """
    corners = shapely.get_coordinates(place)
    if len(corners) > MOST_CORNERS:
        raise UserError(
            _("This shape has too many corners to be kept as a drawing."),
            hint=_("Nothing was drawn. Choose fewer features or a larger distance."),
        )
    on_earth = np.isfinite(corners).all() and (np.abs(corners) <= (540, 90)).all()
    made = shapely.from_wkt(shapely.to_wkt(shapely.force_2d(place), 7)) if on_earth else None
    if made is None or made.is_empty:
        raise UserError(
            _("There is no place on the map for this drawing."), hint=_("Nothing was changed. Draw it again.")
        )
    extent = (1.0, made.length, made.area)[shapely.get_dimensions(made)]
    if not made.is_valid or extent == 0:
        raise UserError(
            _("The outline crosses itself or has no extent."),
            hint=_("Nothing was changed. Move a corner or take the last one back, then end it again."),
        )
    return made


def _laid_out(shape: BaseGeometry | Figure) -> tuple[BaseGeometry, str]:
    if isinstance(shape, Circle | Rectangle):
        return sound(shape.polygon()), str(shape)
    return sound(shape), ""


def _remember(tx: Tx, drawing: Drawing) -> None:
    kept: Any = tx.kept(_LOOKS)
    values = {name: getattr(drawing, name) for name in _LOOK}
    tx.keep(_LOOKS, (kept if isinstance(kept, dict) else {}) | {str(form_of(drawing)): values})
