"""Pictures of the ground come onto the desk's map, under everything else, with the name of who made them."""

import pytest

from layers.roles import Role
from layers.saved import KEPT
from tests.desktop.test_layers_and_reports import add
from tests.tiles import mbtiles, pyramid

MATARAM = (116.7, -8.25)


@pytest.fixture
def ground(tmp_path):
    said = {"name": "Aerial 2025", "attribution": "© Survey of the city", "bounds": "116.6,-8.35,116.8,-8.15"}
    return mbtiles(tmp_path / "aerial.mbtiles", pyramid(range(9, 15), MATARAM), **said)


def test_a_basemap_is_said_added_drawn_at_the_bottom_and_kept(sitting, ground):
    form = sitting.desk.legends._add
    sitting.desk.legends.look_into(ground)
    sitting.wait(form.isVisible)
    assert "tiles of pictures, zoom 9 to 14" in form.facts.toPlainText()
    assert "© Survey of the city" in form.facts.toPlainText()
    assert form.title.text() == "Aerial 2025"
    layer_id = add(sitting, ground)
    stack = sitting.desk.ground.model.stack
    assert next(iter(stack)).id == layer_id
    assert stack.get(layer_id).role is Role.BASEMAP
    canvas = sitting.panels.map.canvas
    sitting.wait(lambda: layer_id in canvas.renderer.pictures)
    assert canvas._said().attribution == "© Survey of the city"
    sitting.desk.legends.keep()

    def kept() -> bool:
        with sitting.desk.store.reading() as query:
            return any(entry["origin"].get("kind") == "raster" for entry in query.kept(KEPT) or [])

    sitting.wait(kept)


def test_a_torn_tile_is_said_on_the_map_in_the_name_of_its_layer(sitting, tmp_path):
    tiles = {at: b"torn" for at in pyramid(range(9, 15), MATARAM)}
    layer_id = add(sitting, mbtiles(tmp_path / "torn.mbtiles", tiles))
    canvas = sitting.panels.map.canvas
    sitting.wait(lambda: layer_id in canvas.renderer.pictures)
    (note,) = canvas._said().notes
    assert note.startswith("torn: ")
    assert "cannot be made out" in note
