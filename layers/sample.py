"""The sample city on the map: which of its layers are shown, how, and in which order."""

from collections.abc import Mapping
from typing import Any

from gis.store import Query
from gis.texts import _
from gis.training.night import CITY
from layers.layer import Layer
from layers.roles import Role, role_style, usual_group, usual_scale
from layers.saved import OpenSource, kept_layers


def layers_of(query: Query, open_source: OpenSource) -> tuple[Layer, ...]:
    """The layers an operation has kept, from bottom to top, or those of the sample city where it plays there
    and nobody has kept any."""
    kept = kept_layers(query, open_source)
    if kept is not None:
        return kept
    city: Any = query.kept(CITY)
    geopackage = city.get("geopackage") if isinstance(city, Mapping) else None
    return sample_layers(geopackage, open_source) if isinstance(geopackage, str) else ()


def sample_layers(geopackage: str, open_source: OpenSource) -> tuple[Layer, ...]:
    """The layers of the city in this file, from bottom to top. Nothing is read before it is shown."""
    shown = (
        ("landuse", _("Land use"), Role.LANDUSE),
        ("contours", _("Contours"), Role.CONTOURS),
        ("buildings", _("Buildings"), Role.BUILDINGS),
        ("flood", _("Flood extent"), Role.FLOOD),
        ("water", _("Rivers and sea"), Role.WATER),  # over the flood: one sees where the beds are
        ("streets", _("Streets"), Role.STREETS),
        ("bridges", _("Bridges"), Role.BRIDGES),
        ("wards", _("Wards"), Role.WARDS),
        ("pumps", _("Pumps"), Role.PUMPS),
        ("shelters", _("Shelters"), Role.SHELTERS),
        ("schools", _("Schools"), Role.SCHOOLS),
        ("hospitals", _("Hospitals"), Role.HOSPITALS),
    )
    return tuple(
        Layer(
            f"sample-{name}",
            title,
            open_source({"kind": "vector", "path": geopackage, "layer": name}),
            role_style(role),
            group=usual_group(role),
            max_scale=usual_scale(role),
            role=role,
        )
        for name, title, role in shown
    )
