"""What the desk and the things on it are called."""

from gis.store import Store
from gis.texts import _
from gis.words.codebook import codebook


def title_of(code: str) -> str:
    """What a code stands for; a code the city does not know stands for itself."""
    found = codebook().find(code)
    return found.label if found else code.upper()


def title_for(store: Store) -> str:
    """What the window is called."""
    words = _("{city}, EXERCISE – Kentongan") if store.operation.exercise else _("{city} – Kentongan")
    return words.format(city=store.operation.city)


def plane_name(crs: int) -> str:
    """The map's plane as people call it."""
    if 32600 < crs <= 32660:
        return f"WGS 84 / UTM {crs - 32600}N"
    return f"WGS 84 / UTM {crs - 32700}S" if 32700 < crs <= 32760 else f"EPSG:{crs}"
