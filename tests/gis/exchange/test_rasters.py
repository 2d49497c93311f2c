"""Pictures of the ground out of files: the right tile at the right pixel, and no harm from a bad one."""

import math
import sqlite3

import numpy as np
import pytest

from gis.errors import UserError
from gis.geo.crs import transform
from gis.geo.mesh import Frame
from gis.progress import Progress
from tests.tiles import JAKARTA, colour_of, mbtiles, picture, pyramid, tile_at

WGS84, MERCATOR, UTM_48S = 4326, 3857, 32748
SIZE = (600, 400)


@pytest.fixture
def city(tmp_path):
    credit = '&copy; <a href="https://example.org" onclick="x()">People of\nthe map</a>'
    bounds = "106.5,-6.5,107.1,-5.9"
    tiles = pyramid(range(10, 15))
    return mbtiles(tmp_path / "city.mbtiles", tiles, name="The city", bounds=bounds, attribution=credit)


def frame(metres_per_pixel: float, crs=UTM_48S, middle=JAKARTA) -> Frame:
    ((x, y),) = transform([middle], WGS84, crs)
    unit = metres_per_pixel / 111_000 if crs == WGS84 else metres_per_pixel
    half_w, half_h = SIZE[0] / 2 * unit, SIZE[1] / 2 * unit
    return Frame(crs, (x - half_w, y - half_h, x + half_w, y + half_h), *SIZE)


def place_of(frame: Frame, px: float, py: float) -> tuple[float, float]:
    """Longitude and latitude of a pixel."""
    west, south, east, north = frame.box
    x, y = west + (east - west) * px / frame.width, north - (north - south) * py / frame.height
    return tuple(transform([[x, y]], frame.crs, WGS84)[0].tolist())


@pytest.mark.parametrize("crs", [UTM_48S, MERCATOR, WGS84])
@pytest.mark.parametrize(("metres", "zoom"), [(9.5, 14), (19.0, 13), (4.0, 14), (1.0, 14)])
def test_every_place_shows_the_tile_that_holds_it_on_any_plane(reader, city, crs, metres, zoom):
    seen = frame(metres, crs)
    look = reader.look(city, seen)
    assert look.pixels.shape == (400, 600, 4)
    right = 0
    for px, py in np.random.default_rng(3).uniform((0, 0), SIZE, (60, 2)).tolist():
        at = place_of(seen, int(px) + 0.5, int(py) + 0.5)
        expected = colour_of(zoom, *tile_at(*at, zoom))
        right += look.pixels[int(py), int(px)].tolist() == [*expected, 255]
    assert right >= 57  # the others lie on the seam of two tiles, where colours mix


def test_what_is_in_it_is_said_in_plain_words(reader, city):
    found = reader.inspect(city, Progress())
    assert (found.format, found.layers) == ("MBTiles", ())
    (facts,) = found.rasters
    assert facts.name == "The city"
    assert facts.credit == "© People of the map"
    assert facts.extent == (106.5, -6.5, 107.1, -5.9)
    assert "zoom 10 to 14" in facts.what
    assert facts.finest == pytest.approx(9.5, abs=0.1)


def test_where_fine_tiles_lack_coarser_ones_are_shown(reader, tmp_path):
    tiles = pyramid(range(12, 13)) | pyramid(range(14, 15), reach=0)
    look = reader.look(mbtiles(tmp_path / "some.mbtiles", tiles), frame(9.5))
    assert (look.pixels[..., 3] == 255).all()
    assert set(np.unique(look.pixels[..., 2])) >= {120, 140}
    assert look.notes == ()


def test_nothing_is_drawn_from_far_away_and_that_is_said(reader, city):
    look = reader.look(city, frame(8_000.0))
    assert look.pixels is None
    assert look.notes == ("Zoom in to see it.",)


def test_where_the_city_is_not_there_is_nothing(reader, city):
    look = reader.look(city, frame(9.5, MERCATOR, (10.0, 50.0)))
    assert look.pixels is None
    assert look.notes == ()


def bomb() -> bytes:
    """A PNG of 30,000 by 30,000 pixels in its head, and hardly anything behind it."""
    return picture((0, 0, 0)).replace(
        b"\x00\x00\x01\x00\x00\x00\x01\x00", b"\x00\x00\x75\x30\x00\x00\x75\x30", 1
    )


@pytest.mark.parametrize(
    "harm",
    [
        b"",
        b"\x00" * 100,
        b"<svg/>",
        picture((1, 2, 3))[:60],
        bomb(),
        picture((1, 2, 3), kind="TIFF"),
        b"GIF89a",
    ],
)
def test_a_torn_or_hostile_tile_is_a_gap_and_is_counted(reader, tmp_path, harm):
    tiles = pyramid(range(12, 15))
    torn = (14, *tile_at(*JAKARTA, 14))
    path = mbtiles(tmp_path / "torn.mbtiles", tiles | {torn: harm})
    look = reader.look(path, frame(9.5))
    assert look.notes == ("1 tile cannot be made out and is left blank.",)
    assert look.pixels[200, 300].tolist() == [0, 0, 0, 0]
    assert (look.pixels[..., 3] == 255).mean() > 0.6


def test_half_clear_tiles_stay_half_clear(reader, tmp_path):
    tiles = {at: picture((200, 100, 0, 128)) for at in pyramid(range(14, 15))}
    look = reader.look(mbtiles(tmp_path / "veil.mbtiles", tiles), frame(9.5))
    assert look.pixels[200, 300].tolist() == pytest.approx([100, 50, 0, 128], abs=1)


def test_tiles_of_512_pixels_lie_where_others_do(reader, tmp_path):
    tiles = {at: picture(colour_of(*at), 512) for at in pyramid(range(14, 15))}
    look = reader.look(mbtiles(tmp_path / "fine.mbtiles", tiles), frame(9.5))
    assert look.pixels[200, 300].tolist() == [*colour_of(14, *tile_at(*JAKARTA, 14)), 255]


def test_vector_tiles_are_refused_with_what_to_do(reader, tmp_path):
    path = mbtiles(tmp_path / "vector.mbtiles", pyramid(range(14, 15)), format="pbf")
    for act in (lambda: reader.inspect(path, Progress()), lambda: reader.look(path, frame(9.5))):
        with pytest.raises(UserError, match="vector tiles") as refused:
            act()
        assert refused.value.hint


def test_a_view_without_end_is_given_up(reader, tmp_path):
    path = tmp_path / "endless.mbtiles"
    with sqlite3.connect(path) as file:
        file.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT 0 AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'00' AS tile_data FROM n WHERE i < 0"
        )
    file.close()
    with pytest.raises(UserError, match=r"endless\.mbtiles cannot be read"):
        reader.inspect(path, Progress())


def test_a_file_that_is_cut_off_is_refused_or_full_of_gaps_and_never_a_crash(reader, city):
    whole = city.read_bytes()
    for share in (0.02, 0.3, 0.8):
        city.write_bytes(whole[: int(len(whole) * share)])
        try:
            look = reader.look(city, frame(9.5))
        except UserError as refused:
            said = refused.hint
        else:
            said = look.pixels is None or look.pixels.shape == (400, 600, 4)
        assert said


@pytest.mark.parametrize("name", ["city.gpkg", "city.shp", "city.png"])
def test_a_name_that_says_something_else_is_refused(reader, city, name):
    renamed = city.rename(city.with_name(name))
    with pytest.raises(UserError):
        reader.inspect(renamed, Progress())


def test_metadata_that_lie_are_not_believed(reader, tmp_path):
    said = {"minzoom": "0", "maxzoom": "99", "bounds": "nan,4,5", "name": "x" * 5_000, "attribution": "<b"}
    path = mbtiles(tmp_path / "lies.mbtiles", pyramid(range(12, 14), reach=1), **said)
    (facts,) = reader.inspect(path, Progress()).rasters
    assert "zoom 12 to 13" in facts.what
    assert facts.extent is None
    assert len(facts.name) == 100


def test_looking_changes_no_byte_and_leaves_no_file_beside(reader, city):
    before = city.read_bytes()
    reader.inspect(city, Progress())
    reader.look(city, frame(9.5))
    assert city.read_bytes() == before
    assert [each.name for each in city.parent.iterdir()] == ["city.mbtiles"]


def test_a_file_that_another_program_is_writing_is_refused(reader, city):
    city.with_name("city.mbtiles-wal").write_bytes(b"x" * 40)
    with pytest.raises(UserError, match="written by another program"):
        reader.look(city, frame(9.5))


def test_a_frame_at_the_edge_of_the_world_is_drawn_without_a_tear(reader, tmp_path):
    path = mbtiles(tmp_path / "world.mbtiles", {(0, 0, 0): picture((10, 200, 30))})
    edge = math.pi * 6_378_137
    look = reader.look(path, Frame(MERCATOR, (edge - 1e6, -1e6, edge + 1e6, 1e6), 200, 200))
    assert look.pixels[100, 20].tolist() == [10, 200, 30, 255]
    assert look.pixels[100, 180].tolist() == [0, 0, 0, 0]
