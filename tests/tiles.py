"""Files of map pictures, made for a test: every tile has a colour of its own, which says where it lies."""

import io
import math
import sqlite3
from pathlib import Path

from PIL import Image

JAKARTA = (106.82, -6.19)


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row (from the north) of the tile of Web Mercator that holds a place."""
    count = 1 << zoom
    north = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * count), int((1 - north) / 2 * count)


def colour_of(zoom: int, x: int, y: int) -> tuple[int, int, int]:
    return (x * 37 % 200 + 55, y * 53 % 200 + 55, zoom * 10)


def picture(colour: tuple[int, ...], side: int = 256, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", (side, side), colour).save(out, kind)
    return out.getvalue()


def pyramid(zooms: range, around: tuple[float, float] = JAKARTA, reach: int = 4) -> dict:
    """{(zoom, column, row): PNG} of the tiles about a place."""
    tiles = {}
    for zoom in zooms:
        x, y = tile_at(*around, zoom)
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                at = (zoom, x + dx, y + dy)
                tiles[at] = picture(colour_of(*at))
    return tiles


def mbtiles(path: Path, tiles: dict, **metadata: str) -> Path:
    """An MBTiles file: rows are counted from the south in it."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        file.execute("CREATE UNIQUE INDEX place ON tiles (zoom_level, tile_column, tile_row)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        rows = [(zoom, x, (1 << zoom) - 1 - y, data) for (zoom, x, y), data in tiles.items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    file.close()
    return path
