"""Tiles from a network: what is kept shows at once, the rest as it comes, and nobody waits for it."""

import io
import threading
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from gis.clock import ManualClock
from gis.exchange.online.courier import Courier
from gis.exchange.online.fetching import Fetcher, Patience
from gis.exchange.online.kept import Kept
from gis.exchange.online.service import TileService, around, world
from gis.geo.crs import transform
from gis.geo.mesh import Frame
from gis.progress import Progress
from layers.sources.online import OnlineSource, opened
from tests.mapserver import MapServer, Reply, question
from tests.tiles import JAKARTA, colour_of, picture, tile_at

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
WGS84, MERCATOR, UTM_48S = 4326, 3857, 32748


@pytest.fixture
def server():
    made = MapServer()
    yield made
    made.die()


@pytest.fixture
def courier(tmp_path):
    made = Courier(
        Fetcher(Patience(1.0, 1.0, 2.0)), Kept(tmp_path, 100 << 20), ManualClock(NOON), first_rest_s=0.05
    )
    yield made
    made.close()
    assert made.rest(10)


def frame(metres_per_pixel: float, crs: int, size=(600, 400)) -> Frame:
    ((x, y),) = transform([JAKARTA], WGS84, crs)
    unit = metres_per_pixel / 111_000 if crs == WGS84 else metres_per_pixel
    half_w, half_h = size[0] / 2 * unit, size[1] / 2 * unit
    return Frame(crs, (x - half_w, y - half_h, x + half_w, y + half_h), *size)


def look(source: OnlineSource, seen: Frame):
    return source.look(seen, Progress(), smooth=True).pixels


def whole(source: OnlineSource, seen: Frame):
    """Look until nothing is missing any more."""
    for _turn in range(200):
        pixels = look(source, seen)
        if pixels is not None and (pixels[..., 3] == 255).all() and source.courier.rest(0):
            return pixels
        assert source.courier.rest(20)
    raise AssertionError(source.courier.trouble(source.service.key))


@pytest.mark.parametrize("crs", [UTM_48S, MERCATOR, WGS84])
def test_every_place_shows_the_tile_that_holds_it_on_any_plane(reader, courier, server, crs):
    source, seen = OnlineSource(server.service(), reader, courier), frame(9.5, crs)
    pixels = whole(source, seen)
    right = 0
    for px, py in np.random.default_rng(3).uniform((0, 0), (600, 400), (60, 2)).tolist():
        west, _south, _east, north = seen.box
        step = (seen.box[2] - west) / 600
        at = transform([(west + (int(px) + 0.5) * step, north - (int(py) + 0.5) * step)], crs, WGS84)[0]
        right += pixels[int(py), int(px)].tolist() == [*colour_of(14, *tile_at(*at, 14)), 255]
    assert right >= 57


def test_the_middle_comes_first(reader, courier, server):
    source = OnlineSource(server.service(), reader, courier)
    whole(source, frame(9.5, MERCATOR))
    x, y = tile_at(*JAKARTA, 14)
    first = server.paths[:4]
    assert all(abs(int(p.split("/")[2]) - x) <= 1 and abs(int(p.split("/")[3][:-4]) - y) <= 1 for p in first)


def test_without_a_network_kept_tiles_show_also_made_larger_and_smaller(reader, courier, server):
    source = OnlineSource(server.service(), reader, courier)
    whole(source, frame(9.5, MERCATOR))
    server.die()
    nearer = look(source, frame(2.4, MERCATOR))
    assert (nearer[..., 3] == 255).all()
    assert set(np.unique(nearer[..., 2])) == {140}  # zoom 14, made larger
    farther = look(source, frame(38.0, MERCATOR))
    assert 0.04 < (farther[..., 3] == 255).mean() < 0.5  # a small patch in the middle of it
    assert set(np.unique(farther[farther[..., 3] == 255][:, 2])) == {140}
    assert source.shown.kept is None  # nothing of this very level


def test_a_map_that_is_written_down_opens_again_with_no_network_and_shows_what_is_kept(
    reader, courier, server
):
    source = OnlineSource(server.service(credit="© T"), reader, courier)
    whole(source, frame(9.5, MERCATOR))
    server.die()
    again = opened(reader, courier, source.origin)
    assert again.credit == "© T"
    assert (look(again, frame(9.5, MERCATOR))[..., 3] == 255).all()
    assert again.shown.kept == (NOON, NOON)


def test_what_is_stale_is_shown_and_sent_for(reader, courier, server):
    source = OnlineSource(server.service(), reader, courier)
    whole(source, frame(9.5, MERCATOR))
    before = len(server.asked)
    look(source, frame(9.5, MERCATOR))
    assert courier.rest(10)
    assert len(server.asked) == before
    courier._clock.advance(datetime(2026, 4, 12, tzinfo=UTC) - NOON)
    assert (look(source, frame(9.5, MERCATOR))[..., 3] == 255).all()
    assert courier.rest(10)
    assert len(server.asked) == 2 * before


def test_a_service_is_not_asked_beyond_where_it_reaches(reader, courier, server):
    lon, lat = JAKARTA
    there = server.service(extent=(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001))
    look(OnlineSource(there, reader, courier), frame(9.5, MERCATOR))
    assert courier.rest(10)
    assert 1 <= len(server.asked) <= 4


def test_rows_may_count_from_the_south(reader, courier, server):
    source = OnlineSource(server.service("/{z}/{x}/{-y}.png"), reader, courier)
    seen = frame(9.5, MERCATOR)
    server.answer = lambda path: Reply(picture(flipped(path)))
    assert whole(source, seen)[200, 300].tolist() == [*colour_of(14, *tile_at(*JAKARTA, 14)), 255]


def flipped(path: str) -> tuple[int, int, int]:
    zoom, x, y = (int(part) for part in path.removesuffix(".png").strip("/").split("/"))
    return colour_of(zoom, x, (1 << zoom) - 1 - y)


@pytest.mark.parametrize("crs", [UTM_48S, WGS84, MERCATOR])
def test_a_service_that_draws_any_extent_is_asked_on_its_own_plane(reader, courier, server, crs):
    """The picture's colours say where it lies: west to east in red, south to north in green."""
    ((left, top), (right, bottom)) = transform([(106.7, -6.1), (106.95, -6.3)], WGS84, crs)

    def drawn(path: str) -> Reply:
        west, south, east, north = map(float, question(path)["BBOX"].split(","))
        x = np.linspace(west, east, 512, endpoint=False) + (east - west) / 1024
        y = np.linspace(north, south, 512, endpoint=False) - (north - south) / 1024
        red = np.clip((x - left) / (right - left), 0, 1) * 255
        green = np.clip((y - bottom) / (top - bottom), 0, 1) * 255
        pixels = np.zeros((512, 512, 3), np.uint8)
        pixels[..., 0], pixels[..., 1] = red[None, :], green[:, None]
        return Reply(as_png(pixels))

    server.answer = drawn
    template = server.address + "/wms?LAYERS=a&WIDTH=512&HEIGHT=512&BBOX={west},{south},{east},{north}"
    source = OnlineSource(TileService("wms", template, around(crs), crs), reader, courier)
    seen = frame(9.5, UTM_48S)
    pixels = whole(source, seen)
    west, _south, _east, north = seen.box
    for px, py in ((20, 30), (300, 200), (580, 390)):
        ((x, y),) = transform([(west + px * 9.5, north - py * 9.5)], UTM_48S, crs)
        assert pixels[py, px, 0] == pytest.approx((x - left) / (right - left) * 255, abs=2)
        assert pixels[py, px, 1] == pytest.approx((y - bottom) / (top - bottom) * 255, abs=2)


def as_png(pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_a_look_waits_for_no_server(reader, courier, server):
    gate = threading.Event()
    server.answer = lambda _path: Reply(b"x" if gate.wait(20) else b"")
    source = OnlineSource(server.service(), reader, courier)
    for _each in range(3):
        assert look(source, frame(9.5, MERCATOR)) is None
    assert not gate.is_set()
    gate.set()


def test_levels_of_any_size_fit_together(reader, courier, server):
    fine = world(0, 16)
    odd = (fine[10], fine[14])  # four levels apart: coarser ones still fill in
    service = TileService("wmts", server.address + "/{z}/{x}/{y}.png", odd)
    source = OnlineSource(service, reader, courier)
    whole(source, frame(150.0, MERCATOR))
    server.die()
    pixels = look(source, frame(9.5, MERCATOR))
    assert (pixels[..., 3] == 255).all()
    assert set(np.unique(pixels[..., 2])) == {100}
