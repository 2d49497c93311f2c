"""A raster on the map: a picture through the frame of the view, with the name of who made it."""

import pytest

from gis.errors import UserError
from gis.geo.crs import transform
from gis.geo.mesh import Frame
from gis.progress import Progress
from layers.build import Sheet, build
from layers.handout import handout
from layers.index import Indexes
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.scene import Raster
from layers.sources.raster import RasterSource, opened
from layers.touch import at
from layers.view import MapView
from tests.tiles import JAKARTA, colour_of, mbtiles, pyramid, tile_at

UTM_48S = 32748


@pytest.fixture
def source(reader, tmp_path):
    path = mbtiles(tmp_path / "city.mbtiles", pyramid(range(12, 15), reach=2))
    return RasterSource(reader, path, "People of the map", extent=(106.5, -6.5, 107.1, -5.9))


def a_layer(source) -> Layer:
    return Layer("ground", "Ground", source, role_style(Role.BASEMAP), role=Role.BASEMAP)


def sheet(ratio: float = 1.0) -> Sheet:
    ((x, y),) = transform([JAKARTA], 4326, UTM_48S)
    return Sheet(MapView(x, y, 9.5, 300, 200), UTM_48S, ratio=ratio)


def draw(source, ratio=1.0):
    return build(a_layer(source), sheet(ratio), Indexes(), Progress())


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_it_fills_the_view_to_the_last_device_pixel(source, ratio):
    scene = draw(source, ratio)
    (mark,) = scene.marks
    assert isinstance(mark, Raster)
    assert mark.pixels.shape == (200 * ratio, 300 * ratio, 4)
    assert scene.credit == "People of the map"
    assert at(scene, scene.view, 10, 10) == ()
    assert scene.features == ()


def test_it_is_opened_again_from_what_was_written_down(source, reader):
    again = opened(reader, source.origin)
    assert again == source
    assert draw(again).marks[0].pixels.any()


@pytest.mark.parametrize("said", [{}, {"crs": "x", "extent": "1 2 3"}, {"extent": "a b c d"}])
def test_an_entry_that_was_tampered_with_is_opened_as_far_as_it_goes(reader, source, said):
    assert opened(reader, {"path": str(source.path)} | said).extent is None


def test_a_file_that_is_gone_is_said(source):
    source.path.unlink()
    with pytest.raises(UserError, match="not there any more"):
        draw(source)


def test_a_report_gets_its_pixels_through_its_own_frame_and_names_who_made_them(source):
    (handed,) = handout([a_layer(source)], UTM_48S, Progress())
    assert handed.credit == "People of the map"
    ((x, y),) = transform([JAKARTA], 4326, UTM_48S)
    seen = handed.look(Frame(UTM_48S, (x - 500, y - 500, x + 500, y + 500), 100, 100))
    assert seen.pixels[50, 50].tolist() == [*colour_of(14, *tile_at(*JAKARTA, 14)), 255]
    source.path.unlink()
    assert handed.look(Frame(UTM_48S, (x - 500, y - 500, x + 500, y + 500), 100, 100)).pixels is None
