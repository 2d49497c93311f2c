"""The city that the map is judged by: where it lies, how its layers look, and what is asked of it.

GeoPackages named after `KINDS`, in EPSG:32651, in the folder `KENTONGAN_CITY`, with `views.json` and
`gestures.json` beside it or in it.
"""

import json
import os
from pathlib import Path
from typing import Any

from gis.exchange.vector.reader import Reader
from layers.layer import Layer
from layers.sources.vector import Chosen, VectorSource
from layers.style import Fill, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.needs import that

WIDTH, HEIGHT, UTM = 1600, 1000, 32651
KINDS = ("zones", "buildings", "roads", "points")  # from the bottom
HAIR_PX = 0.26 / 25.4 * 96  # as the peer's
LOOKS = {
    "zones": Symbol(Fill("#e1eeda"), Stroke("#5a785a", HAIR_PX)),
    "buildings": Symbol(Fill("#d9c8b9"), Stroke("#785f50", HAIR_PX)),
    "roads": Symbol(None, Stroke("#c8503c", HAIR_PX)),
    "points": Symbol(marker=Marker("#2864c8", size_px=8.0, edge="#142850")),
}


def city() -> Path:
    """The folder of the city; skips where there is none."""
    folder = os.environ.get("KENTONGAN_CITY", "")
    that(folder, "KENTONGAN_CITY names no folder with a city")
    return Path(folder)


def place_of(folder: Path, name: str) -> Path:
    """A file in the folder of the city or beside it."""
    return next(f for f in (folder / name, folder.parent / name) if f.exists())


def said_of(folder: Path, name: str) -> Any:
    """What a JSON file there says."""
    return json.loads(place_of(folder, name).read_text())


def layer(folder: Path, kind: str, reader: Reader) -> Layer:
    """One kind of things of the city, read whole, as the map keeps it."""
    return Layer(
        kind, kind, VectorSource(reader, Chosen(folder / f"{kind}.gpkg")), Style(Simple(LOOKS[kind]))
    )


def view_of(extent: list[float]) -> MapView:
    west, south, east, north = extent
    unit = max((east - west) / WIDTH, (north - south) / HEIGHT)
    return MapView((west + east) / 2, (south + north) / 2, unit, WIDTH, HEIGHT)
