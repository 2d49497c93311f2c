"""The sample city on the map: which of its layers are shown, how, and in which order."""

from pathlib import Path

from gis.exchange.vector.reader import Reader
from gis.texts import _
from layers.layer import Layer
from layers.roles import Role, role_style, usual_group, usual_scale
from layers.sources.vector import Chosen, VectorSource


def sample_layers(geopackage: Path, reader: Reader) -> tuple[Layer, ...]:
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
            VectorSource(reader, Chosen(geopackage, name)),
            role_style(role),
            group=usual_group(role),
            max_scale=usual_scale(role),
        )
        for name, title, role in shown
    )
