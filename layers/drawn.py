"""How each drawing looks: its own words, told apart by columns at once."""

from dataclasses import dataclass
from functools import lru_cache

from gis.geo import measure
from gis.geo.figures import Circle, figure_of
from gis.model.drawing import Drawing, Filling, Sign
from layers.sketch import Size
from layers.style import Fill, Hatch, Marker, MarkerShape, Pattern, Stroke, Symbol

SIGN_PX = 15.0
_PATTERN = {
    Filling.RISING: Pattern.RISING,
    Filling.CROSSED: Pattern.CROSSED,
    Filling.DOTS: Pattern.DOTS,
}
_OPACITY = {Filling.LIGHT: 0.22, Filling.SOLID: 0.6}


@dataclass(frozen=True, slots=True)
class Look:
    """What a drawing says of how it looks."""

    colour: str
    width_px: float
    filling: Filling
    sign: Sign

    def __str__(self) -> str:
        """The words that `symbol_of` reads."""
        return f"{self.colour}/{self.width_px:g}/{self.filling}/{self.sign}"


def look_of(drawing: Drawing) -> Look:
    return Look(drawing.colour, drawing.width_px, drawing.filling, drawing.sign)


@lru_cache(maxsize=512)
def symbol_of(words: str) -> Symbol:
    """The symbol behind the words of a `Look`; what cannot be read looks as a line does that says nothing."""
    try:
        colour, width, filling, sign = words.split("/")
        look = Look(colour, max(0.5, min(30.0, float(width))), Filling(filling), Sign(sign))
    except ValueError:
        look = Look("ink", 2.0, Filling.LIGHT, Sign.CIRCLE)
    return Symbol(
        _fill(look),
        Stroke(look.colour, look.width_px, casing="halo", casing_px=1.0),
        Marker(look.colour, MarkerShape(look.sign), SIGN_PX, "halo"),
    )


def _fill(look: Look) -> Fill | None:
    if look.filling is Filling.NONE:
        return None
    if look.filling in _OPACITY:
        return Fill(look.colour, _OPACITY[look.filling])
    thick = 3.0 if look.filling is Filling.DOTS else 1.4
    return Fill(look.colour, 0.08, Hatch(_PATTERN[look.filling], look.colour, 9.0, thick, 0.85))


def size_of(drawing: Drawing) -> Size:
    """Length, area and radius over the ellipsoid."""
    figure = figure_of(drawing.made_of, drawing.place)
    radius_m = figure.radius_m if isinstance(figure, Circle) else None
    dimension = drawing.place.geom_type.removeprefix("Multi")
    if dimension == "Point":
        return Size()
    length_m = None if radius_m is not None else measure.length_m(drawing.place)
    if dimension == "LineString":
        return Size(length_m=length_m)
    return Size(length_m, measure.area_m2(drawing.place), radius_m)
