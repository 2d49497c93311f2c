"""The names of some 17,000 buildings at once, beside QGIS's extra time for the same names.

Needs the city of `bench_map.py`. Run: `python -m pytest -q -s tests/bench/bench_city_names.py`. Prints
milliseconds: ours from the features in view to names with places (several tried for each), and their picture,
the first time and again; QGIS's frame with names less the same frame without. Asserts no time.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop.canvas.lettering import measured, paint_labels
from desktop.canvas.painter import Paint
from gis.exchange.vector.reader import Reader
from gis.progress import Progress
from layers.build import Sheet, build
from layers.colours import DAY
from layers.index import Indexes
from layers.labels import place
from layers.layer import Layer
from layers.letters import Letters
from layers.scene import Scene
from layers.style import LabelRule
from tests.bench.citymap import HEIGHT, UTM, WIDTH, city, layer, said_of, view_of
from tests.bench.qgis_door import Qgis

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("qapp")]
ROUNDS = int(os.environ.get("KENTONGAN_ROUNDS", "5"))
SIZE_PX, HALO_PX = 10.0, 1.0
BUDGET = {"city": " (at most 40)"}


def ms(act: Callable[[], object]) -> float:
    """Processor time of this thread: the same on a busy computer."""
    begun = time.thread_time()
    act()
    return (time.thread_time() - begun) * 1e3


@pytest.mark.parametrize("view", ["city", "district"])
def test_names_of_buildings_beside_qgis(view):
    folder, indexes, reader = city(), Indexes(), Reader()
    bare = layer(folder, "buildings", reader)
    rule = LabelRule("name", SIZE_PX, halo_px=HALO_PX, beyond=True)
    named = replace(bare, style=replace(bare.style, label=rule))
    extent = said_of(folder, "views.json")[view]["ext"]
    sheet, style = Sheet(view_of(extent), UTM, letters=Letters(measured)), Paint(DAY, 1.0, Progress())

    def scene(of: Layer) -> Scene:
        return build(of, sheet, indexes, Progress())

    def painted() -> object:
        return paint_labels(labels, WIDTH, HEIGHT, style)

    scene(bare)
    first = ms(lambda: scene(named))
    wishes = scene(named).names
    labels = place(wishes, WIDTH, HEIGHT)
    fresh = ms(painted)
    acts = (lambda: place(scene(named).names, WIDTH, HEIGHT), lambda: scene(bare), painted)
    whole, without, again = (statistics.median(ms(act) for _round in range(ROUNDS)) for act in acts)
    reader.close()
    qgis = Qgis(folder)
    plain = qgis.draw(("buildings",), extent)["ms"]
    theirs = qgis.draw(("buildings",), extent, names={"buildings": "name"}, name_px=SIZE_PX, halo_px=HALO_PX)
    qgis.close()
    ours, extra = whole - without, theirs["ms"] - plain
    assert theirs["named"] / 2 < len(labels) == len(place(scene(named).names, WIDTH, HEIGHT))
    count, tried = sum(len(each.texts) for each in wishes), sum(len(each.spots.lean) for each in wishes)
    print(
        f"\n{view}: {count:,} names, {tried:,} places; load {os.getloadavg()[0]:.1f}\n"
        f"  ours {ours:.1f} ms{BUDGET.get(view, '')}, {first:.0f} ms when their texts are met first\n"
        f"  {len(labels):,} have a place, painted in {fresh:.1f} ms, again in {again:.1f} ms\n"
        f"  QGIS {extra:,.0f} ms more with names, {theirs['named']:,} have a place; "
        f"ratio {extra / (ours + again):.0f}x"
    )
