"""Measurements as colours: a ramp from low to high, and the light of a sun in the north-west."""

import math
import re

import numpy as np
from numpy.typing import NDArray

from layers.classify import RAMPS
from layers.scene import Raster, Scene
from layers.style import Pixels

TERRAIN = ("#2f6f8f", "#4f8f5b", "#a9bf78", "#e3d69a", "#c49a6c", "#8f6a52", "#f4f1ec")
WATER = ("#deebf7", "#9ecae1", "#4292c6", "#08519c", "#08306b")
COLOURS = {"terrain": TERRAIN, "depth": WATER, **RAMPS}
LIGHT_HEIGHT = np.deg2rad(45.0)
STEPS = 256


def coloured(values: NDArray[np.float32], rule: Pixels, metres_per_pixel: float) -> NDArray[np.uint8]:
    """(h, w) measurements, NaN where there are none, as (h, w, 4) premultiplied pixels; NaN is clear."""
    there = np.isfinite(values)
    low, high = _range(values, there, rule)
    table = ramp_table(stops(rule.ramp))
    share = (np.where(there, values, low) - low) / max(high - low, 1e-12)
    pixels = table[(np.clip(share, 0, 1) * (STEPS - 1)).astype(np.uint8)]
    if rule.shaded:
        light = _light(values, metres_per_pixel, rule.light)[..., None]
        pixels[..., :3] = np.clip(pixels[..., :3] * light, 0, 255)
    pixels[~there] = 0
    return pixels


def lit(pixels: NDArray[np.uint8], brightness: float) -> NDArray[np.uint8]:
    """(h, w, 4) premultiplied pixels made brighter (up to 1: white) or darker (down to -1: black)."""
    if not brightness:
        return pixels
    share = round(min(abs(brightness), 1.0) * 256)
    made = pixels.copy()
    colours, clear = made[..., :3].astype(np.int32), made[..., 3:].astype(np.int32)
    goal = clear if brightness > 0 else 0
    made[..., :3] = colours + ((goal - colours) * share >> 8)
    return made


def measured(scene: Scene, x: float, y: float) -> float | None:
    """The measurement at a place of the map; None where a scene has none."""
    for mark in scene:
        if not isinstance(mark, Raster) or mark.values is None:
            continue
        west, _south, _east, north = mark.view.extent
        rows, columns = mark.values.shape
        column = math.floor((x - west) / mark.view.units_per_pixel / mark.view.width * columns)
        row = math.floor((north - y) / mark.view.units_per_pixel / mark.view.height * rows)
        if 0 <= row < rows and 0 <= column < columns and np.isfinite(mark.values[row, column]):
            return float(mark.values[row, column])
    return None


def usual_look(name: str, low: float | None, high: float | None) -> Pixels:
    """How a raster of this name looks before anybody has chosen: ground as a relief, the rest in blues."""
    if low is None or high is None:
        return Pixels()
    ground = re.search(r"dem|dtm|dsm|srtm|elev|height|terrain|relief", name.casefold()) is not None
    return Pixels("terrain" if ground else "depth", low, high, shaded=ground)


def stops(ramp: str) -> tuple[str, ...]:
    """The colours of a ramp from low to high; those of the terrain where there is none of that name."""
    return COLOURS.get(ramp, TERRAIN)


def _range(values: NDArray[np.float32], there: NDArray[np.bool_], rule: Pixels) -> tuple[float, float]:
    """From where to where the ramp goes: as it was said, else as far as the values go here."""
    if not there.any():
        return 0.0, 1.0
    low = float(values[there].min()) if rule.low is None else rule.low
    high = float(values[there].max()) if rule.high is None else rule.high
    return min(low, high), max(low, high)


def ramp_table(colours: tuple[str, ...]) -> NDArray[np.uint8]:
    """(256, 4) opaque colours, evenly between the given ones."""
    stops = np.array([[int(each[i : i + 2], 16) for i in (1, 3, 5)] for each in colours], np.float64)
    at = np.linspace(0, len(stops) - 1, STEPS)
    channels = [np.interp(at, np.arange(len(stops)), stops[:, i]) for i in range(3)]
    return np.column_stack([*channels, np.full(STEPS, 255.0)]).round().astype(np.uint8)


def _light(values: NDArray[np.float32], metres_per_pixel: float, degrees: float) -> NDArray[np.float32]:
    """How bright the ground is, 1 where level: the cosine between its normal and the sun (Horn 1981)."""
    if min(values.shape) < 2:
        return np.ones(values.shape, np.float32)
    down, right = np.gradient(values, metres_per_pixel)  # per metre to the south, to the east
    sun = np.deg2rad(degrees)
    sun_east, sun_north = np.sin(sun) * np.cos(LIGHT_HEIGHT), np.cos(sun) * np.cos(LIGHT_HEIGHT)
    facing = -right * sun_east + down * sun_north + np.sin(LIGHT_HEIGHT)
    bright = facing / np.sqrt(1 + right**2 + down**2) / np.sin(LIGHT_HEIGHT)
    return np.nan_to_num(np.clip(bright, 0.25, 1.35), nan=1.0).astype(np.float32)
