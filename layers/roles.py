"""How a city's layers look before anybody has chosen: by what they are, in inks that know day and night."""

import re
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from gis.texts import _
from layers.drawn import symbol_of
from layers.endangered import hazard_style
from layers.style import (
    Categorised,
    Category,
    Fill,
    Hatch,
    LabelRule,
    Live,
    LiveLook,
    Marker,
    MarkerShape,
    Own,
    Pattern,
    Pixels,
    Rule,
    Simple,
    Stroke,
    Style,
    Symbol,
)


class Role(StrEnum):
    """What a layer is to the desk."""

    BASEMAP = "basemap"
    WARDS = "wards"
    STREETS = "streets"
    WATER = "water"
    LANDUSE = "landuse"
    CONTOURS = "contours"
    BUILDINGS = "buildings"
    HOSPITALS = "hospitals"
    SCHOOLS = "schools"
    SHELTERS = "shelters"
    PUMPS = "pumps"
    BRIDGES = "bridges"
    FLOOD = "flood"
    INCIDENTS = "incidents"
    SENSORS = "sensors"
    ALARMS = "alarms"
    DRAWINGS = "drawings"
    SILENCE = "silence"
    HAZARDS = "hazards"
    OTHER = "other"


def role_style(role: Role, *, name: str = "name", kind: str = "") -> Style:
    """The style of a role. `name` is the column with names; `kind` the one that tells streets, buildings or
    land apart, if it is not called as usual ("class", "use", "kind")."""
    match role:
        case Role.STREETS:
            return _streets(name, kind or "class")
        case Role.LANDUSE:
            return Style(
                _landuse(kind or "kind"), LabelRule(name, 10.5, "leaf", italic=True, max_scale=25_000)
            )
        case Role.BUILDINGS:
            rule = Categorised(kind or "use", (_public(),), _built("building", "wall"))
            return Style(rule, LabelRule(name, 10.0, "muted", max_scale=3_000))
        case Role.INCIDENTS | Role.SENSORS | Role.ALARMS:
            return Style(_LIVE[role])
        case Role.HOSPITALS | Role.SCHOOLS | Role.SHELTERS | Role.PUMPS | Role.BRIDGES:
            return _facility(role, name)
        case Role.DRAWINGS | Role.SILENCE | Role.HAZARDS | Role.BASEMAP:
            return _FIXED[role]
        case _:
            return Style(Simple(_SIMPLE[role]), _label(role, name))


def usual_scale(role: Role) -> float | None:
    """The scale denominator beyond which a layer of this role would only be clutter; None: never."""
    return {
        Role.BUILDINGS: 120_000.0,
        Role.SCHOOLS: 12_500.0,
        Role.BRIDGES: 30_000.0,
        Role.PUMPS: 25_000.0,
        Role.SHELTERS: 30_000.0,
        Role.CONTOURS: 80_000.0,
    }.get(role)


def usual_group(role: Role) -> str:
    """The heading a layer of this role stands under."""
    match role:
        case Role.FLOOD:
            return _("Hazard")
        case Role.HOSPITALS | Role.SCHOOLS | Role.SHELTERS | Role.PUMPS:
            return _("Facilities")
        case Role.WATER | Role.LANDUSE | Role.CONTOURS | Role.BASEMAP:
            return _("Ground")
        case _:
            return _("City")


_BOTTOM_UP = (
    Role.BASEMAP,
    Role.LANDUSE, Role.CONTOURS, Role.BUILDINGS, Role.FLOOD, Role.WATER, Role.STREETS, Role.BRIDGES,
    Role.OTHER, Role.WARDS, Role.SILENCE, Role.PUMPS, Role.SHELTERS, Role.SCHOOLS, Role.HOSPITALS,
    Role.HAZARDS, Role.DRAWINGS, Role.SENSORS, Role.ALARMS, Role.INCIDENTS,
)  # fmt: skip


def drawing_order(role: Role) -> int:
    """Layers of a higher number are drawn over those of a lower one. Rivers lie over a flood, so that one
    sees their beds, and streets over both."""
    return _BOTTOM_UP.index(role)


NAMED = ("name", "nama", "nom", "label", "title")
_TOLD_APART = {
    Role.STREETS: ("class", "highway", "fclass", "osm_type", "type"),
    Role.BUILDINGS: ("use", "amenity", "type", "fclass", "building"),
    Role.LANDUSE: ("kind", "landuse", "natural", "fclass", "type"),
}


def fitted_style(role: Role, columns: Iterable[str], *, points: bool = False) -> Style:
    """The style of a role for a layer with these columns: "NAME" and "KAB_NAME" hold names, too.

    Where all is `points`, a role of areas or lines has a dot in its ink: a village, a well, a house.
    """
    there = tuple(columns)
    fitted = role_style(
        role, name=called(there, NAMED) or "name", kind=called(there, _TOLD_APART.get(role, ()))
    )
    return replace(fitted, rule=Simple(Symbol(marker=_DOTS[role]))) if points and role in _DOTS else fitted


def called(columns: tuple[str, ...], words: tuple[str, ...]) -> str:
    """The first column that is one of the words, else the first that has one of them as a part."""
    whole = [(column, {column.casefold()}) for column in columns]
    parts = [(column, set(re.split(r"[\W_]+", column.casefold()))) for column in columns]
    fits = (column for known in (whole, parts) for word in words for column, said in known if word in said)
    return next(fits, "")


_LIVE: dict[Role, Rule] = {
    Role.INCIDENTS: Live(LiveLook.INCIDENT),
    Role.SENSORS: Live(LiveLook.SENSOR),
    Role.ALARMS: Live(LiveLook.ALARM),
}

# What two wards share is drawn twice: a line without gaps looks the same for it.
_SIMPLE = {
    Role.WARDS: Symbol(stroke=Stroke("ward_line", 1.25)),
    Role.WATER: Symbol(Fill("water"), Stroke("shore", 1.0)),
    Role.CONTOURS: Symbol(stroke=Stroke("contour", 0.8, opacity=0.7)),
    Role.FLOOD: Symbol(Fill("flood", 0.40), Stroke("flood_edge", 0.9, opacity=0.55)),
    Role.OTHER: Symbol(Fill("muted", 0.25), Stroke("muted", 1.4), Marker("muted")),
}

_DOTS = {
    Role.WARDS: Marker("ward", size_px=7.0, edge="halo"),
    Role.STREETS: Marker("works", size_px=6.0, edge="halo"),
    Role.WATER: Marker("shore_name", size_px=7.0, edge="halo"),
    Role.LANDUSE: Marker("leaf", size_px=7.0, edge="halo"),
    Role.CONTOURS: Marker("contour", size_px=5.0, edge="halo"),
    Role.BUILDINGS: Marker("landmark_wall", MarkerShape.SQUARE, 6.0, "halo"),
    Role.FLOOD: Marker("flood_edge", size_px=7.0, edge="halo"),
    Role.OTHER: Marker("muted", size_px=8.0, edge="halo"),
}


def _label(role: Role, name: str) -> LabelRule | None:
    match role:
        case Role.WARDS:
            return LabelRule(name, 12.5, "ward", bold=True, capitals=True, priority=8, max_scale=600_000)
        case Role.WATER:
            return LabelRule(name, 12.0, "shore_name", italic=True, along=True, priority=6, max_scale=200_000)
        case Role.OTHER:
            return LabelRule(name, 10.5, "ink", priority=2, max_scale=30_000)
        case _:
            return None


def _silence() -> Style:
    """Hatched in ink, a broken ring around a sign: nothing is known from there, so no colour of severity."""
    hatch = Hatch(Pattern.FALLING, "ink", 9.0, 1.3, 0.6)
    stroke = Stroke("ink", 1.8, dash=(7.0, 4.0), opacity=0.85)
    ring = Marker("ink", MarkerShape.NONE, 30.0, "halo", icon="silent")
    label = LabelRule(
        "silent", 11.0, "ink", bold=True, priority=9, halo_px=2.2, beyond=True, max_scale=90_000
    )
    return Style(Simple(Symbol(Fill("ink", 0.0, hatch), stroke, ring)), label)


def _landuse(kind: str) -> Categorised:
    def land(value: str, ink: str, *also: str) -> Category:
        return Category(value, Symbol(Fill(ink)), also=also)

    return Categorised(
        kind,
        (
            land("garden", "garden", "grass", "meadow", "farmland", "orchard"),
            land("paddy", "paddy", "farm", "rice"),
            land("forest", "forest", "wood", "mangrove", "scrub"),
            land("park", "park", "recreation_ground", "cemetery", "golf_course"),
            land("industrial", "industry", "port", "airport", "commercial", "railway", "military"),
            Category("runway", Symbol(Fill("runway"))),
        ),
    )


def _built(ink: str, edge: str) -> Symbol:
    return Symbol(Fill(ink), Stroke(edge, 1.0))


def _public() -> Category:
    """Buildings that people know and ask for."""
    kinds = [
        "hospital",
        "clinic",
        "doctors",
        "school",
        "government",
        "police",
        "mosque",
        "church",
        "temple",
        "market",
        "university",
        "kindergarten",
        "place_of_worship",
        "public_building",
        "townhall",
        "fire_station",
        "School",
        "Hospital",
        "Government",
        "Clinic/Doctor",
        "University/College",
    ]
    words = ("fire station", "sports hall", "Police Station", "Fire Station", "Sports Facility")
    faiths = (
        f"Place of Worship - {faith}" for faith in ("Islam", "Buddhist", "Christian", "Hindu", "Catholic")
    )
    return Category("public", _built("landmark", "landmark_wall"), also=(*kinds, *words, *faiths))


# What OpenStreetMap calls them, and in words what the humanitarian exports of it do.
_STREETS_OF_OTHERS = {
    "path": ("footway", "track", "steps", "cycleway", "pedestrian", "Cycleway, footpath, etc."),
    "lane": ("service", "living_street"),
    "local": ("residential", "unclassified", "Road, residential, living street, etc."),
    "tertiary": ("tertiary_link", "Tertiary"),
    "collector": ("secondary", "secondary_link", "Secondary"),
    "arterial": ("primary", "primary_link", "Primary road", "Primary link"),
    "motorway": ("motorway_link", "trunk", "trunk_link"),
}


def _streets(name: str, kind: str) -> Style:
    """Small streets leave first as one zooms out; large ones are drawn over small ones."""

    def street(ink: str, px: float, metres: float) -> Symbol:
        return Symbol(stroke=Stroke(ink, px, metres, casing="street_edge", casing_px=0.9))

    path = Symbol(stroke=Stroke("path", 1.0, 1.5, dash=(4.0, 2.5)))

    def ways(value: str, symbol: Symbol, max_scale: float | None = None) -> Category:
        return Category(value, symbol, max_scale=max_scale, also=_STREETS_OF_OTHERS[value])

    classes = (
        ways("path", path, 10_000),
        ways("lane", street("street_minor", 0.6, 3.0), 22_000),
        ways("local", street("street_minor", 0.8, 5.5), 45_000),
        ways("tertiary", street("street_main", 1.2, 8.0), 200_000),
        ways("collector", street("street_main", 1.7, 10.0)),
        ways("arterial", street("street_major", 2.6, 15.0)),
        ways("motorway", street("street_major", 3.2, 20.0)),
    )
    return Style(
        Categorised(kind, classes, other=street("street_minor", 0.8, 5.5)),
        LabelRule(name, 10.5, "ink", along=True, priority=3, max_scale=7_500),
    )


def _facility(role: Role, name: str) -> Style:
    marker, priority, max_scale = {
        Role.HOSPITALS: (Marker("hospital", MarkerShape.SQUARE, 18, "halo", icon="hospital"), 5, 40_000.0),
        Role.SHELTERS: (Marker("shelter", MarkerShape.SQUARE, 18, "halo", icon="shelter"), 4, 20_000.0),
        Role.SCHOOLS: (Marker("school", MarkerShape.CIRCLE, 17, "halo", icon="school"), 2, 10_000.0),
        Role.PUMPS: (Marker("works", MarkerShape.CIRCLE, 17, "halo", icon="pump"), 2, 12_000.0),
        Role.BRIDGES: (Marker("bridge", MarkerShape.SQUARE, 7, "halo"), 2, 12_000.0),
    }[role]
    stroke = Stroke("bridge", 3.0, 10.0)
    symbol = Symbol(Fill(marker.colour, 0.5), stroke, marker)
    return Style(Simple(symbol), LabelRule(name, 10.5, "ink", priority=priority, max_scale=max_scale))


_FIXED = {  # whatever their columns are called
    Role.DRAWINGS: Style(
        Own("look", symbol_of("")), LabelRule("title", 12.0, "ink", bold=True, priority=9, beyond=True)
    ),
    Role.SILENCE: _silence(),
    Role.HAZARDS: hazard_style(),
    Role.BASEMAP: Style(Pixels()),
}
