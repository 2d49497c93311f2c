"""Markers of QGIS as ours: the nearest shape, the nearest of our pictograms."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from gis.exchange.qml import QmlSymbol, SymbolLayer, number
from gis.texts import _
from layers.icons import GROUPS, icon_names
from layers.qgis.units import colour, pixels
from layers.style import Marker, MarkerShape

Tell = Callable[[str], None]
SMALLEST_ICON_PX = 14.0
_SHAPES = {
    "circle": MarkerShape.CIRCLE,
    "square": MarkerShape.SQUARE,
    "rectangle": MarkerShape.SQUARE,
    "diamond": MarkerShape.DIAMOND,
    "pentagon": MarkerShape.PENTAGON,
    "triangle": MarkerShape.TRIANGLE,
    "equilateral_triangle": MarkerShape.TRIANGLE,
    "star": MarkerShape.STAR,
    "regular_star": MarkerShape.STAR,
    "cross": MarkerShape.CROSS,
    "cross_fill": MarkerShape.CROSS,
}
_NEAREST = {
    "hexagon": MarkerShape.CIRCLE,
    "octagon": MarkerShape.CIRCLE,
    "cross2": MarkerShape.CROSS,
    "x": MarkerShape.CROSS,
    "arrow": MarkerShape.TRIANGLE,
    "arrowhead": MarkerShape.TRIANGLE,
    "filled_arrowhead": MarkerShape.TRIANGLE,
}
_ALSO = {  # words in the names of others' pictures, and ours for them
    "plane": "airport", "aeroway": "airport", "amenity_hospital": "hospital", "doctor": "clinic",
    "doctors": "clinic", "pharmacy": "clinic", "medical": "clinic", "education": "school",
    "university": "school", "college": "school", "kindergarten": "school", "house": "shelter",
    "home": "shelter", "firebrigade": "fire-station", "firestation": "fire-station",
    "police2": "police", "townhall": "government", "court": "government", "shop": "market",
    "supermarket": "market", "mosque": "worship", "church": "worship", "temple": "worship",
    "religion": "worship", "worship": "worship", "port": "harbour", "anchor": "harbour",
    "harbor": "harbour", "helicopter": "helipad", "electricity": "power", "lightning": "thunderstorm",
    "storm": "thunderstorm", "tower": "telecom", "antenna": "telecom", "campsite": "camp", "tent": "camp",
    "flame": "fire", "wave": "flood", "toilets": "toilet", "restaurant": "kitchen", "food": "kitchen",
    "roadblock": "road-closed", "barrier": "road-closed", "quake": "earthquake", "meeting": "assembly",
    "drinking": "water", "ship": "boat", "ferry": "boat", "alarm": "siren", "dam": "gauge",
}  # fmt: skip


def marker_of(found: QmlSymbol, tell: Tell) -> Marker | None:
    """A plate, and a pictogram or letter on it where there is one."""
    plate: Marker | None = None
    sign: Marker | None = None
    for layer in found.layers:
        if number(layer.said.get("angle"), 0.0) % 360:
            tell(_("Turned markers are drawn upright."))
        if layer.kind in ("SvgMarker", "FontMarker"):
            sign = _svg(layer, tell) if layer.kind == "SvgMarker" else _letter(layer, tell)
        else:
            made = _simple(layer, tell)
            if plate is not None:
                tell(_("Of several shapes over each other the largest is drawn."))
            plate = made if plate is None or made.size_px > plate.size_px else plate
    made = plate or sign
    if plate and sign:
        made = replace(plate, icon=sign.icon, glyph=sign.glyph, size_px=max(plate.size_px, sign.size_px))
    return replace(made, opacity=made.opacity * found.opacity) if made else None


def _simple(layer: SymbolLayer, tell: Tell) -> Marker:
    said = layer.said
    name = said.get("name", said.get("symbol_name", "circle"))
    shape = _SHAPES.get(name)
    if layer.kind not in ("SimpleMarker", "EllipseMarker"):
        tell(_("{kind}: drawn as a plain shape.").format(kind=layer.kind or "?"))
    elif shape is None:
        tell(_("The shape “{name}” is drawn as the nearest we have.").format(name=name[:40]))
    ink, opacity = colour(said.get("color"))
    edge, seen = colour(said.get("outline_color", said.get("color_border")))
    if said.get("outline_style") == "no" or seen == 0:
        edge = ink
    size = pixels(said, "size" if "size" in said else "symbol_width", otherwise=2.0)
    return Marker(ink, shape or _NEAREST.get(name, MarkerShape.CIRCLE), max(size, 2.0), edge, opacity=opacity)


def _svg(layer: SymbolLayer, tell: Tell) -> Marker:
    ink, opacity = colour(layer.said.get("fill", layer.said.get("color")))
    size = max(pixels(layer.said, "size", otherwise=4.0), SMALLEST_ICON_PX)
    path = layer.said.get("name", "")
    name = "" if path.startswith("base64:") else PurePosixPath(path.replace("\\", "/")).stem
    ours = nearest_icon(name)
    if not ours:
        tell(_("The picture “{name}” is drawn as a plain shape.").format(name=name[:40] or "?"))
        return Marker(ink, MarkerShape.CIRCLE, size, "halo", opacity=opacity)
    tell(_("The picture “{name}” is drawn as our “{ours}”.").format(name=name[:40], ours=ours))
    return Marker(ink, MarkerShape.NONE, size, "halo", icon=ours, opacity=opacity)


def _letter(layer: SymbolLayer, tell: Tell) -> Marker:
    ink, opacity = colour(layer.said.get("color"))
    letter = layer.said.get("chr", "?")[:1]
    tell(_("The letter “{letter}” is drawn in our own font, on a disc.").format(letter=letter))
    size = max(pixels(layer.said, "size", otherwise=4.0), SMALLEST_ICON_PX)
    return Marker(ink, MarkerShape.CIRCLE, size, "halo", letter, opacity=opacity)


def nearest_icon(name: str) -> str:
    """Which of our pictograms a picture's name speaks of; empty for none."""
    ours = {name for group in GROUPS for name in icon_names(group)}
    said = [word for word in re.split(r"[\W_\d]+", name.lower()) if word]
    whole = "-".join(said)
    if whole in ours:
        return whole
    for word in (*said, *(word.removesuffix("s") for word in said)):
        if word in ours or word in _ALSO:
            return _ALSO.get(word, word)
    return ""
