"""Measurements on the ground: GeoTIFF and ASCII grids give their very numbers, where they lie."""

import struct

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from gis.errors import UserError
from gis.geo.mesh import Frame
from gis.progress import Progress

WGS84, UTM_48S = 4326, 32748
BOX = (106.80, -6.30, 106.90, -6.20)
DEPTH = np.linspace(0, 6, 100 * 80, dtype=np.float32).reshape(80, 100)


def geotiff(path, cells=DEPTH, *, box=BOX, crs=WGS84, nothing=None, packing=None, **more):
    """North up, with its place in the tags of GeoTIFF 1.1."""
    west, south, east, north = box
    height, width = cells.shape[:2]
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[33550] = ((east - west) / width, (north - south) / height, 0.0)
    tags[33922] = (0.0, 0.0, 0.0, west, north, 0.0)
    kind = 2 if crs == WGS84 else 1
    key = 2048 if kind == 2 else 3072
    tags[34735] = (1, 1, 0, 2, 1024, 0, 1, kind, key, 0, 1, crs) if crs else (1, 1, 0, 0)
    for tag in (33550, 33922):
        tags.tagtype[tag] = 12
    tags.tagtype[34735] = 3
    if nothing is not None:
        tags[42113] = str(nothing)
    for tag, value in more.items():
        tags[int(tag[1:])] = value
    Image.fromarray(cells).save(path, tiffinfo=tags, compression=packing)
    return path


def whole(reader, path, cells=DEPTH, box=BOX, **more):
    height, width = cells.shape[:2]
    return reader.look(path, Frame(WGS84, box, width, height), smooth=False, **more)


@pytest.mark.parametrize("packing", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32])
def test_every_cell_gives_its_number_however_it_is_packed(reader, tmp_path, packing, dtype):
    cells = (DEPTH * 40).astype(dtype)
    found = whole(reader, geotiff(tmp_path / "depth.tif", cells, packing=packing))
    assert found.pixels.dtype == np.float32
    assert found.pixels == pytest.approx(cells.astype(np.float32))


def test_differences_to_the_left_are_added_up(reader, tmp_path):
    cells = (DEPTH * 40).astype(np.uint8)
    path = geotiff(tmp_path / "depth.tif", cells, packing="tiff_lzw", t317=2)
    assert whole(reader, path).pixels == pytest.approx(cells.astype(np.float32))


def test_what_it_is_and_how_far_it_goes_is_said(reader, tmp_path):
    found = reader.inspect(geotiff(tmp_path / "dem.tif"), Progress())
    (facts,) = found.rasters
    assert (found.format, facts.values, facts.low, facts.high) == ("GeoTIFF", True, 0.0, 6.0)
    assert facts.extent == pytest.approx(BOX)
    assert facts.finest == pytest.approx(111, abs=2)


def test_where_there_is_no_value_nothing_is_drawn_and_low_is_not_made_of_it(reader, tmp_path):
    cells = DEPTH.copy()
    cells[:40] = -9999
    path = geotiff(tmp_path / "depth.tif", cells, nothing=-9999)
    found = whole(reader, path).pixels
    assert np.isnan(found[:40]).all()
    assert np.isfinite(found[40:]).all()
    assert reader.inspect(path, Progress()).rasters[0].low == pytest.approx(3.0, abs=0.1)


def test_outside_of_it_there_is_nothing(reader, tmp_path):
    path = geotiff(tmp_path / "depth.tif")
    west, south, east, north = BOX
    half = (west - 0.1, south, east, north)
    found = whole(reader, path, np.zeros((80, 200)), half).pixels
    assert np.isnan(found[:, :100]).all()
    assert np.isfinite(found[:, 101:]).all()
    assert whole(reader, path, box=(10.0, 50.0, 10.1, 50.1)).pixels is None


def test_colours_stay_colours(reader, tmp_path):
    cells = np.zeros((80, 100, 3), np.uint8)
    cells[:, :50] = (200, 30, 10)
    path = geotiff(tmp_path / "aerial.tif", cells, packing="tiff_lzw")
    found = whole(reader, path).pixels
    assert found[40, 20].tolist() == [200, 30, 10, 255]
    assert not reader.inspect(path, Progress()).rasters[0].values


def test_a_file_that_does_not_say_where_it_lies_asks(reader, tmp_path):
    box = (700_000.0, 9_300_000.0, 710_000.0, 9_308_000.0)
    path = geotiff(tmp_path / "plan.tif", box=box, crs=0)
    assert reader.inspect(path, Progress()).rasters[0].needs_crs
    with pytest.raises(UserError, match="where on earth"):
        whole(reader, path)
    frame = Frame(UTM_48S, box, 100, 80)
    assert reader.look(path, frame, smooth=False, assume_crs=UTM_48S).pixels == pytest.approx(DEPTH)


def test_an_ascii_grid_is_read_with_its_notes_behind_it(reader, tmp_path):
    path = tmp_path / "flood.asc"
    head = "NCOLS 2\nNROWS 2\nXLLCORNER 106\nYLLCORNER -7\nCELLSIZE 0.5\nNODATA_VALUE -1\n"
    path.write_text(head + "1 2\n3 -1\nNOTES\n")
    frame = Frame(WGS84, (106.0, -7.0, 107.0, -6.0), 2, 2)
    found = reader.look(path, frame, smooth=False).pixels
    assert found[0].tolist() == [1.0, 2.0]
    assert found[1, 0] == 3.0
    assert np.isnan(found[1, 1])


@pytest.mark.parametrize("share", [0.02, 0.4, 0.95])
def test_a_file_that_is_cut_off_is_refused(reader, tmp_path, share):
    path = geotiff(tmp_path / "depth.tif", packing="tiff_lzw")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UserError, match="cannot be read as a raster"):
        whole(reader, path)


def test_a_claim_of_endless_pixels_takes_no_memory(reader, tmp_path):
    path = geotiff(tmp_path / "bomb.tif")
    content, huge = path.read_bytes(), struct.pack("<HHII", 256, 4, 1, 1 << 31)
    content = content.replace(struct.pack("<HHII", 256, 4, 1, 100), huge)
    path.write_bytes(content.replace(struct.pack("<HHIHH", 256, 3, 1, 100, 0), huge))
    with pytest.raises(UserError, match="cannot be read as a raster"):
        whole(reader, path)


@pytest.mark.parametrize("seed", range(20))
def test_a_file_with_bytes_turned_over_ends_in_words_or_pixels(reader, tmp_path, seed):
    path = geotiff(tmp_path / "depth.tif", packing="tiff_adobe_deflate")
    content, chance = bytearray(path.read_bytes()), np.random.default_rng(seed)
    for at in chance.integers(4, 400, 6).tolist() + chance.integers(4, len(content), 6).tolist():
        content[at] = int(chance.integers(256))
    path.write_bytes(content)
    try:
        found = whole(reader, path).pixels
    except UserError as refused:
        found, said = None, refused.hint
        assert said
    assert found is None or found.shape[:2] == (80, 100)


def test_real_rasters_of_jakarta_come_out_with_their_numbers(reader, realdata):
    tifs = sorted((realdata / "gis/inasafe").rglob("*.tif"))
    grids = sorted((realdata / "gis/inasafe").rglob("*.asc"))
    read, refused = [], []
    for path in (*tifs, *grids):
        try:
            (facts,) = reader.inspect(path, Progress()).rasters
        except UserError as error:
            refused.append((path.name, str(error)))
        else:
            read.append((path.name, facts))
    assert len(read) >= 19
    assert [name for name, _said in refused] in ([], ["grid-nearest.tif"])
    tsunami = dict(read)["tsunami_wgs84.tif"]
    assert (tsunami.low, tsunami.high) == pytest.approx((0.0, 16.68))
