"""The sample city on the map: which of its layers are shown, how, and in which order."""

from pathlib import Path

from gis.exchange.vector.reader import Reader
from gis.texts import _
from layers.layer import Layer
from layers.roles import Role, role_style, usual_scale
from layers.sources.vector import Chosen, VectorSource


def sample_layers(geopackage: Path, reader: Reader) -> tuple[Layer, ...]:
    """The layers of the city in this file, from bottom to top. Nothing is read before it is shown."""
    land, city, help_ = _("Land"), _("City"), _("Facilities")
    shown = (
        ("landuse", _("Land use"), Role.LANDUSE, land),
        ("contours", _("Contours"), Role.CONTOURS, land),
        ("water", _("Water"), Role.WATER, land),
        ("buildings", _("Buildings"), Role.BUILDINGS, city),
        ("streets", _("Streets"), Role.STREETS, city),
        ("bridges", _("Bridges"), Role.BRIDGES, city),
        ("flood", _("Flood as mapped"), Role.FLOOD, _("Situation")),
        ("wards", _("Wards"), Role.WARDS, city),
        ("schools", _("Schools"), Role.SCHOOLS, help_),
        ("shelters", _("Shelters"), Role.SHELTERS, help_),
        ("hospitals", _("Hospitals"), Role.HOSPITALS, help_),
        ("pumps", _("Pumps"), Role.PUMPS, help_),
    )
    return tuple(
        Layer(
            f"sample-{name}",
            title,
            VectorSource(reader, Chosen(geopackage, name)),
            role_style(role),
            group=group,
            max_scale=usual_scale(role),
        )
        for name, title, role, group in shown
    )
