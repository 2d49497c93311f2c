"""How a city's layers look before anybody has chosen: by what they are, in inks that know day and night."""

from enum import StrEnum

from layers.style import (
    Categorised,
    Category,
    Fill,
    LabelRule,
    Live,
    LiveLook,
    Marker,
    MarkerShape,
    Rule,
    Simple,
    Stroke,
    Style,
    Symbol,
)


class Role(StrEnum):
    """What a layer is to the desk."""

    WARDS = "wards"
    STREETS = "streets"
    WATER = "water"
    GREEN = "green"
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
    OTHER = "other"


CLASS, NAME = "class", "name"


def role_style(role: Role, *, name: str = NAME, kind: str = CLASS) -> Style:
    """The style of a role; `name` is the column with names, `kind` the one with the class of a street."""
    match role:
        case Role.STREETS:
            return _streets(name, kind)
        case Role.INCIDENTS | Role.SENSORS | Role.ALARMS:
            return Style(_LIVE[role])
        case Role.HOSPITALS | Role.SCHOOLS | Role.SHELTERS | Role.PUMPS | Role.BRIDGES:
            return _facility(role, name)
        case _:
            return Style(Simple(_AREAS[role]), _area_label(role, name))


_LIVE: dict[Role, Rule] = {
    Role.INCIDENTS: Live(LiveLook.INCIDENT),
    Role.SENSORS: Live(LiveLook.SENSOR),
    Role.ALARMS: Live(LiveLook.ALARM),
}

_AREAS = {
    Role.WARDS: Symbol(stroke=Stroke("ward", 1.6, dash=(9.0, 4.0, 2.0, 4.0), opacity=0.9)),
    Role.WATER: Symbol(Fill("water"), Stroke("shore", 1.0)),
    Role.GREEN: Symbol(Fill("green")),
    Role.BUILDINGS: Symbol(Fill("building"), Stroke("wall", 1.0)),
    Role.FLOOD: Symbol(Fill("flood", 0.30), Stroke("flood", 1.8)),
    Role.OTHER: Symbol(Fill("muted", 0.25), Stroke("muted", 1.4), Marker("muted")),
}


def _area_label(role: Role, name: str) -> LabelRule | None:
    match role:
        case Role.WARDS:
            return LabelRule(name, 12.5, "ward", bold=True, capitals=True, priority=8, max_scale=130_000)
        case Role.WATER:
            return LabelRule(name, 12.0, "shore", italic=True, along=True, priority=6, max_scale=200_000)
        case Role.GREEN:
            return LabelRule(name, 10.5, "muted", italic=True, priority=1, max_scale=12_000)
        case Role.BUILDINGS:
            return LabelRule(name, 10.0, "muted", priority=0, max_scale=3_000)
        case Role.OTHER:
            return LabelRule(name, 10.5, "ink", priority=2, max_scale=30_000)
        case _:
            return None


def _streets(name: str, kind: str) -> Style:
    """Small streets leave first as one zooms out; large ones are drawn over small ones."""

    def street(ink: str, px: float, metres: float) -> Symbol:
        return Symbol(stroke=Stroke(ink, px, metres, casing="street_edge", casing_px=0.9))

    classes = (
        Category("path", Symbol(stroke=Stroke("path", 1.0, 1.5, dash=(4.0, 2.5))), max_scale=12_000),
        Category("service", street("street_minor", 0.6, 3.5), max_scale=25_000),
        Category("residential", street("street_minor", 0.8, 6.0), max_scale=90_000),
        Category("tertiary", street("street_main", 1.2, 8.0), max_scale=200_000),
        Category("secondary", street("street_main", 1.8, 11.0), max_scale=500_000),
        Category("primary", street("street_major", 2.6, 15.0)),
        Category("motorway", street("street_major", 3.2, 20.0)),
    )
    return Style(
        Categorised(kind, classes, other=street("street_minor", 0.8, 6.0)),
        LabelRule(name, 10.5, "ink", along=True, priority=3, max_scale=14_000),
    )


def _facility(role: Role, name: str) -> Style:
    marker, priority, max_scale = {
        Role.HOSPITALS: (Marker("hospital", MarkerShape.SQUARE, 16, "halo", "H"), 5, 40_000.0),
        Role.SHELTERS: (Marker("shelter", MarkerShape.SQUARE, 14, "halo", "E"), 4, 20_000.0),
        Role.SCHOOLS: (Marker("school", MarkerShape.CIRCLE, 12, "halo", "S"), 2, 10_000.0),
        Role.PUMPS: (Marker("works", MarkerShape.DIAMOND, 12, "halo", "P"), 2, 12_000.0),
        Role.BRIDGES: (Marker("bridge", MarkerShape.SQUARE, 7, "halo"), 2, 12_000.0),
    }[role]
    stroke = Stroke("bridge", 3.0, 10.0)
    symbol = Symbol(Fill(marker.colour, 0.5), stroke, marker)
    return Style(Simple(symbol), LabelRule(name, 10.5, "ink", priority=priority, max_scale=max_scale))
