"""PMTiles with pictures: files of another writer are read tile by tile; damaged and hostile ones are told."""

import gzip
import io
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pmtiles import tile as peer
from pmtiles.writer import Writer

from gis.errors import UserError
from gis.exchange.raster import pmtiles
from gis.exchange.raster.pmtiles import Archive, Broken, directory, head_of, number, unzipped, varints
from gis.progress import Progress
from tests.gis.exchange.test_rasters import SIZE, frame, place_of
from tests.tiles import JAKARTA, colour_of, picture, pyramid, tile_at


def written(tiles: dict, kind=peer.TileType.PNG, packing=peer.Compression.NONE, **said) -> bytes:
    """A file by the library of those who made the format."""
    out = io.BytesIO()
    writer = Writer(out)
    numbered = {peer.zxy_to_tileid(*at): content for at, content in tiles.items()}
    for at in sorted(numbered):
        writer.write_tile(at, numbered[at])
    head = {"tile_type": kind, "tile_compression": packing, "center_zoom": 0}
    corners = {"min_lon_e7": 1066000000, "min_lat_e7": -64000000, "max_lon_e7": 1070000000}
    middle = {"center_lon_e7": 1068000000, "center_lat_e7": -62000000, "max_lat_e7": -60000000}
    writer.finalize(head | corners | middle, said)
    return out.getvalue()


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    path = tmp_path_factory.mktemp("pm") / "city.pmtiles"
    credit = '<a href="https://example.org">© Survey</a>'
    path.write_bytes(written(pyramid(range(10, 15)), name="The city", attribution=credit))
    return path


def test_what_is_in_it_is_said(reader, city):
    found = reader.inspect(city, Progress())
    (facts,) = found.rasters
    assert (found.format, facts.name, facts.credit) == ("PMTiles", "The city", "© Survey")
    assert facts.extent == (106.6, -6.4, 107.0, -6.0)
    assert "zoom 10 to 14" in facts.what
    assert facts.findings == ()


def test_every_place_shows_the_tile_that_holds_it(reader, city):
    seen = frame(9.5)
    look = reader.look(city, seen)
    right = 0
    for px, py in np.random.default_rng(5).uniform((0, 0), SIZE, (60, 2)).tolist():
        at = place_of(seen, int(px) + 0.5, int(py) + 0.5)
        right += look.pixels[int(py), int(px)].tolist() == [*colour_of(14, *tile_at(*at, 14)), 255]
    assert right >= 57


@given(st.integers(0, 20).flatmap(lambda z: st.tuples(st.just(z), *[st.integers(0, 2**z - 1)] * 2)))
def test_tiles_are_numbered_as_the_makers_of_the_format_do(at):
    assert number(*at) == peer.zxy_to_tileid(*at)


def test_a_file_of_so_many_tiles_that_its_directory_has_leaves_gives_each(tmp_path):
    lengths = np.random.default_rng(2).integers(1, 400, (256, 256))
    tiles = {(8, x, y): b"%d/%d" % (x, y) * lengths[x, y] for x in range(256) for y in range(256)}
    path = tmp_path / "world.pmtiles"
    path.write_bytes(written(tiles))
    with pmtiles.opened(path) as archive:
        assert archive.head.leaves[1] > 0
        for x, y in np.random.default_rng(1).integers(0, 256, (300, 2)).tolist():
            assert archive.tile(8, x, y) == tiles[8, x, y]
        assert archive.tile(7, 3, 3) is None


def test_runs_of_the_same_tile_end_where_they_end(tmp_path):
    sea = picture((10, 20, 200))
    path = tmp_path / "sea.pmtiles"
    path.write_bytes(written({(3, x, y): sea for x in range(8) for y in range(4)}))
    with pmtiles.opened(path) as archive:
        assert all((archive.tile(3, x, y) is not None) == (y < 4) for x in range(8) for y in range(8))


def test_tiles_packed_with_gzip_are_unpacked(tmp_path):
    path = tmp_path / "packed.pmtiles"
    path.write_bytes(written({(0, 0, 0): gzip.compress(b"picture")}, packing=peer.Compression.GZIP))
    with pmtiles.opened(path) as archive:
        assert archive.tile(0, 0, 0) == b"picture"


@pytest.mark.parametrize(
    ("kind", "packing", "words"),
    [
        (peer.TileType.MVT, peer.Compression.GZIP, "vector tiles"),
        (peer.TileType.MLT, peer.Compression.GZIP, "vector tiles"),
        (peer.TileType.AVIF, peer.Compression.NONE, "kind that is not read"),
        (peer.TileType.PNG, peer.Compression.ZSTD, "Zstandard"),
        (peer.TileType.PNG, peer.Compression.BROTLI, "Brotli"),
    ],
)
def test_what_is_not_read_is_refused_with_what_to_do(reader, tmp_path, kind, packing, words):
    path = tmp_path / "other.pmtiles"
    path.write_bytes(written({(0, 0, 0): b"x"}, kind, packing))
    for act in (lambda: reader.inspect(path, Progress()), lambda: reader.look(path, frame(9.5))):
        with pytest.raises(UserError, match=words) as refused:
            act()
        assert refused.value.hint


def made(root: bytes, leaves: bytes = b"", tiles: bytes = b"", packing: int = 1, zooms=(0, 3)) -> bytes:
    """A file put together by hand, for harm that no writer does."""
    at = pmtiles.HEAD.size
    places = (at, len(root), at + len(root), 0, at + len(root), len(leaves))
    data = (at + len(root) + len(leaves), len(tiles), 0, 0, 0)
    head = pmtiles.HEAD.pack(pmtiles.MAGIC, 3, *places, *data, 1, packing, 1, 2, *zooms, 0, 0, 0, 0, 0, 0, 0)
    return head + root + leaves + tiles


def lines(*entries: tuple[int, int, int, int]) -> bytes:
    """A directory of (number, run, length, offset)."""
    return gzip.decompress(peer.serialize_directory([peer.Entry(n, o, le, r) for n, r, le, o in entries]))


def archive(content: bytes) -> Archive:
    return Archive(io.BytesIO(content), head_of(content, "x.pmtiles"))


def test_directories_that_lead_round_in_a_circle_end():
    leaf = lines((0, 0, 6, 0))
    assert len(leaf) < 10
    circle = lines((0, 0, len(leaf), 0))
    assert archive(made(circle, circle)).tile(2, 1, 1) is None
    assert archive(made(circle, circle)).first() is None


def test_a_run_over_the_whole_world_is_one_tile():
    sea = archive(made(lines((0, 2**50, 3, 0)), tiles=b"sea", zooms=(0, 20)))
    assert sea.tile(20, 2**20 - 1, 5) == b"sea"


def test_a_bomb_is_not_unfolded():
    with pytest.raises(Broken, match="too large"):
        unzipped(gzip.compress(bytes(64 << 20)), 16 << 20)
    bomb = gzip.compress(bytes(64 << 20))
    with pytest.raises(Broken, match="too large"):
        archive(made(bomb, packing=2)).tile(0, 0, 0)


def test_a_directory_that_claims_more_lines_than_it_has_is_refused():
    with pytest.raises(Broken, match="cut off"):
        directory(b"\xff\xff\xff\x7f" + bytes(40))


def test_parts_outside_of_the_file_are_refused_or_gaps():
    with pytest.raises(Broken, match="outside"):
        archive(made(lines((0, 0, 999, 0)), b"leaf")).tile(0, 0, 0)
    assert archive(made(lines((0, 1, 999, 0)), tiles=b"t")).tile(0, 0, 0) == b""
    assert archive(made(lines((0, 1, 1 << 39, 0)), tiles=b"t")).tile(0, 0, 0) == b""


@given(st.lists(st.integers(0, 2**60), max_size=50))
def test_numbers_of_seven_bits_a_byte_are_read_as_they_were_written(values):
    out = io.BytesIO()
    for value in values:
        peer.write_varint(out, value)
    assert varints(out.getvalue()).tolist() == values


@given(st.binary(max_size=200))
def test_any_bytes_as_a_directory_are_lines_or_refused(raw):
    try:
        found = directory(raw)
    except Broken:
        return
    assert len(found.ids) == len(found.runs) == len(found.lengths) == len(found.offsets)
    assert found.ids == sorted(set(found.ids))


@settings(max_examples=300)
@given(st.data())
def test_a_file_with_any_bytes_changed_or_cut_gives_tiles_or_words(data):
    whole = bytearray(WHOLE)
    for _each in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, 400) | st.integers(0, len(whole) - 1))
        whole[min(at, len(whole) - 1)] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))]) if data.draw(st.booleans()) else bytes(whole)
    with suppress(Broken, UserError):
        seen = archive(cut)
        seen.metadata()
        for at in ((0, 0, 0), (1, 1, 0), (3, 7, 7)):
            content = seen.tile(*at)
            assert content is None or len(content) <= pmtiles.MOST_BYTES
        seen.first()


WHOLE = written({(z, x, 0): picture((x, z, 0), 8) for z in range(4) for x in range(1 << z)}, name="Small")


def test_a_file_that_is_cut_off_is_told_by_its_name(reader, city, tmp_path):
    path = tmp_path / "half.pmtiles"
    path.write_bytes(city.read_bytes()[:200])
    with pytest.raises(UserError, match=r"half\.pmtiles cannot be read"):
        reader.look(path, frame(9.5, middle=JAKARTA))
