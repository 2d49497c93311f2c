"""Names for 17,000 features in view: all their places at once, beside a plain loop that tries one place each.

Run: `python -m pytest -q -s tests/bench/bench_labels.py`. Prints processor time of this thread, from
features to placed names, and the ratio; asserts that ours placed no fewer, and no time.
"""

import numpy as np
import pytest

from gis.geo.features import Features, Shape
from gis.paint import placing
from gis.progress import Progress
from layers.build import Sheet, build
from layers.index import Indexes
from layers.labels import place
from layers.layer import Layer
from layers.letters import text_width
from layers.style import Fill, LabelRule, Marker, Simple, Stroke, Style, Symbol
from layers.view import MapView
from tests.bench import town
from tests.bench.bench_raster import HEIGHT, UTM, WIDTH, Held, cpu_ms

pytestmark = [pytest.mark.bench]
NAMED = 17_106  # as many as the peers were measured with
VIEW = MapView(0, 0, town.WIDTH_M * town.SHARES["city"] / WIDTH, WIDTH, HEIGHT)
SYMBOL = Symbol(Fill("#d8c8b0"), Stroke("#807060"), Marker("#807060", size_px=6))


def titled(count: int) -> np.ndarray:
    rng = np.random.default_rng(11)
    first = np.array(["Kantor", "Masjid", "Sekolah", "Gudang", "Puskesmas", "Pasar", "Rumah", "Toko"], object)
    second = np.array(["Sari", "Jaya", "Harapan", "Makmur", "Indah", "Sentosa", "Baru", "Lama"], object)
    named = first[rng.integers(0, 8, count)] + " " + second[rng.integers(0, 8, count)] + " "
    return named + rng.integers(1, 999, count).astype(str).astype(object)


def in_view(xy: np.ndarray) -> np.ndarray:
    west, south, east, north = VIEW.extent
    inside = (xy[:, 0] > west) & (xy[:, 0] < east) & (xy[:, 1] > south) & (xy[:, 1] < north)
    return np.sort(np.random.default_rng(12).choice(np.flatnonzero(inside), NAMED, replace=False))


def points() -> Features:
    xy = town.points(200_000)
    xy = xy[in_view(xy)]
    each = np.arange(len(xy) + 1)
    return Features(Shape.POINT, xy, each, each, each[:-1], {"name": titled(len(xy))}, UTM)


def named(made: town.Ragged, shape: Shape) -> Features:
    found = made.features(shape)
    first = in_view(found.xy[found.rings[found.parts[:-1]]])
    texts = np.full(len(found), "", object)
    texts[first] = titled(len(first))
    return Features(shape, found.xy, found.rings, found.parts, found.ids, {"name": texts}, UTM)


def first_position(features: Features, rule: LabelRule) -> int:
    """The plain way: one place for each name, compared with all that were placed near it."""
    corner, rows = np.array((VIEW.extent[0], VIEW.extent[3])), range(len(features))
    taken: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}
    placed, unit = 0, (VIEW.units_per_pixel, -VIEW.units_per_pixel)
    for row in rows:
        text = features.columns["name"][row]
        if not text:
            continue
        ends = features.rings[features.parts[row]], features.rings[features.parts[row + 1]]
        x, y = (features.xy[ends[0] : ends[1]].mean(axis=0) - corner) / unit
        wide, high = text_width(text, rule.size_px) + 3, rule.size_px + 3
        box = (x, y - high / 2, x + wide, y + high / 2)
        if box[0] < 0 or box[1] < 0 or box[2] > WIDTH or box[3] > HEIGHT:
            continue
        cells = [
            (i, j)
            for i in range(int(box[0]) // 64, int(box[2]) // 64 + 1)
            for j in range(int(box[1]) // 64, int(box[3]) // 64 + 1)
        ]
        others = (other for cell in cells for other in taken.get(cell, ()))
        if any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in others):
            continue
        for cell in cells:
            taken.setdefault(cell, []).append(box)
        placed += 1
    return placed


@pytest.mark.parametrize("kind", ["points", "buildings", "roads"])
def test_names_of(kind):
    assert placing.available
    rule = LabelRule("name", 10.0, along=kind == "roads", beyond=True)
    features = {
        "points": points,
        "buildings": lambda: named(town.buildings(), Shape.POLYGON),
        "roads": lambda: named(town.roads(), Shape.LINE),
    }[kind]()
    layer, indexes = Layer("t", kind, Held(features), Style(Simple(SYMBOL), rule)), Indexes()
    bare, sheet = Layer("t", kind, Held(features), Style(Simple(SYMBOL))), Sheet(VIEW, UTM)

    def ours():
        return place(build(layer, sheet, indexes, Progress()).names, WIDTH, HEIGHT)

    wished = build(layer, sheet, indexes, Progress()).names
    count, tried = sum(len(each.texts) for each in wished), sum(len(each.spots.lean) for each in wished)
    scene_ms = cpu_ms(lambda: build(bare, sheet, indexes, Progress()))
    ours_ms, plain_ms = cpu_ms(ours) - scene_ms, cpu_ms(lambda: first_position(features, rule))
    settle_ms = cpu_ms(lambda: place(wished, WIDTH, HEIGHT))
    placed, plainly = len(ours()), first_position(features, rule)
    print(
        f"\n{kind:9} {count:6,} names {tried:7,} places   ours {ours_ms:6.1f} ms "
        f"({settle_ms:.1f} ms settling), {placed:,} placed   "
        f"plain {plain_ms:7.1f} ms, {plainly:,} placed   ratio {plain_ms / ours_ms:5.1f}x"
    )
    if kind == "points":
        assert placed >= plainly
