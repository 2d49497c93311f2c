"""Tiles come in by themselves, are kept, and stay when the network goes; nothing waits for any of it."""

import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from gis.clock import ManualClock
from gis.errors import Cancelled, UserError
from gis.exchange.online.courier import Courier
from gis.exchange.online.fetching import Fetcher, Patience
from gis.exchange.online.kept import Kept, content_of
from gis.progress import Progress
from tests.mapserver import MapServer, Reply, coloured_tiles
from tests.tiles import picture

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
TILES = [(10, 800 + n, 500) for n in range(12)]


@pytest.fixture
def server():
    made = MapServer()
    yield made
    made.die()


@pytest.fixture
def clock():
    return ManualClock(NOON)


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / "tiles", 100 << 20)


@pytest.fixture
def courier(kept, clock):
    made = Courier(Fetcher(Patience(1.0, 1.0, 2.0)), kept, clock, first_rest_s=0.05)
    yield made
    made.close()
    assert made.rest(10)


def come(courier, service, tiles) -> None:
    """Want these tiles and wait until they are all there."""
    there = threading.Event()

    def look(_key: str) -> None:
        if all(content_of(courier.kept.of(service.key), at) is not None for at in tiles):
            there.set()

    leave = courier.changed.connect(look)
    courier.want(service, tiles)
    assert there.wait(20), courier.trouble(service.key)
    leave()


def until(courier, holds) -> None:
    heard = threading.Event()
    leave = courier.changed.connect(lambda _key: heard.set() if holds() else None)
    assert holds() or heard.wait(20)
    leave()


def test_what_is_wanted_comes_and_stays_on_this_computer(courier, server, kept):
    service = server.service()
    come(courier, service, TILES)
    assert content_of(kept.of(service.key), TILES[3]) == coloured_tiles("/10/803/500.png").content
    assert kept.find(service.key, TILES[3], NOON).fetched_at == NOON
    assert sorted(server.paths) == sorted(f"/10/{x}/500.png" for _z, x, _y in TILES)


def test_no_more_than_a_few_are_asked_for_at_once(courier, server):
    now, most, turn = [0], [0], threading.Lock()

    def slowly(path: str) -> Reply:
        with turn:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.02)
        with turn:
            now[0] -= 1
        return coloured_tiles(path)

    server.answer = slowly
    come(courier, server.service(), TILES * 2)
    assert 1 < most[0] <= 4


def test_what_is_not_wanted_any_more_is_not_asked_for(courier, server):
    gate = threading.Event()

    def held(path: str) -> Reply:
        gate.wait(20)
        return coloured_tiles(path)

    server.answer = held
    service = server.service()
    courier.want(service, [(12, x, 7) for x in range(200)])
    courier.want(service, TILES)
    gate.set()
    come(courier, service, TILES)
    assert sum(path.startswith("/12/") for path in server.paths) <= 4


def test_when_the_server_dies_it_is_said_and_when_it_is_back_the_rest_comes(courier, server):
    service = server.service()
    come(courier, service, TILES[:4])
    server.die()
    courier.want(service, TILES)
    until(courier, lambda: courier.trouble(service.key))
    assert "127.0.0.1" in courier.trouble(service.key)
    assert content_of(courier.kept.of(service.key), TILES[0]) is not None
    server.start()
    come(courier, service, TILES)
    until(courier, lambda: not courier.trouble(service.key))


def test_a_dead_server_is_asked_less_and_less_often(kept, clock, server):
    calm = Courier(Fetcher(Patience(1.0, 1.0, 2.0)), kept, clock, first_rest_s=30.0)
    service = server.service()
    server.answer = lambda _path: Reply(status=503, headers={"Retry-After": "90"})
    calm.want(service, TILES)
    until(calm, lambda: calm.trouble(service.key))
    asked = len(server.asked)
    assert 3 <= asked <= 7
    calm.want(service, TILES)
    calm.want(service, [(9, 400, 250)])
    assert len(server.asked) <= asked + 4  # those that were on their way
    server.answer = coloured_tiles
    calm.retry(service.key)  # a person who says so does not wait
    until(calm, lambda: content_of(kept.of(service.key), (9, 400, 250)))
    assert calm.trouble(service.key) == ""
    calm.close()
    assert calm.rest(10)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"<html>Log in</html>", "image/png"), "not with pictures"),
        (Reply(b"", status=200), "not with pictures"),
        (Reply(status=500), "error (500)"),
        (Reply(status=403), "does not let this desk in"),
        (Reply(status=401), "does not let this desk in"),
        (Reply(status=429), "less often"),
        (Reply(bytes(9 << 20)), "more than is taken"),
        (Reply(status=302, headers={"Location": "file:///etc/hosts"}), "no page on a server"),
    ],
)
def test_a_server_that_lies_is_told_and_nothing_of_it_is_kept(courier, server, kept, reply, words):
    server.answer = lambda _path: reply
    service = server.service("/{z}/{x}/{y}.png?key=SECRET")
    courier.want(service, TILES)
    until(courier, lambda: courier.trouble(service.key))
    assert words in courier.trouble(service.key)
    assert "SECRET" not in courier.trouble(service.key)
    assert not kept.of(service.key).exists()


def test_one_tile_that_is_broken_is_no_trouble_of_the_service(courier, server):
    def one_broken(path: str) -> Reply:
        return Reply(status=500) if path == "/10/803/500.png" else coloured_tiles(path)

    server.answer = one_broken
    service = server.service()
    come(courier, service, [at for at in TILES if at[1] != 803])
    courier.want(service, TILES)
    assert courier.trouble(service.key) == ""


def test_where_a_service_has_no_tile_it_is_not_asked_again_at_once(courier, server, kept, clock):
    server.answer = lambda _path: Reply(status=404)
    service = server.service()
    courier.want(service, TILES[:1])
    until(courier, lambda: kept.find(service.key, TILES[0], NOON))
    assert content_of(kept.of(service.key), TILES[0]) is None
    assert kept.find(service.key, TILES[0], NOON).stale_at == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "days"),
    [({"Cache-Control": "max-age=864000"}, 10.0), ({}, 7.0), ({"Cache-Control": "no-store"}, 10 / 1440)],
)
def test_a_tile_is_fresh_for_as_long_as_its_server_says(courier, server, kept, header, days):
    server.answer = lambda path: Reply(coloured_tiles(path).content, headers=header)
    service = server.service()
    come(courier, service, TILES[:1])
    assert kept.find(service.key, TILES[0], NOON).stale_at == NOON + timedelta(days=days)


def test_closing_waits_for_no_server(courier, server):
    gate = threading.Event()
    server.answer = lambda _path: Reply(b"x" if gate.wait(20) else b"")
    courier.want(server.service(), TILES)
    while not server.asked:
        threading.Event().wait(0.01)
    courier.close()  # returns while four answers are on their way
    assert not gate.is_set()
    gate.set()


def test_who_waits_for_an_answer_is_let_go_when_the_desk_closes_or_a_person_stops(courier, server):
    gate = threading.Event()
    server.answer = lambda _path: Reply(b"x" if gate.wait(20) else b"")
    progress = Progress()
    threading.Timer(0.1, progress.cancel).start()
    with pytest.raises(Cancelled):
        courier.ask(server.address + "/a", 100, progress)
    threading.Timer(0.1, courier.close).start()
    with pytest.raises(Cancelled):
        courier.ask(server.address + "/a", 100, Progress())
    gate.set()


def test_who_asks_in_vain_is_told_in_words(courier, server):
    server.die()
    with pytest.raises(UserError, match="does not answer") as told:
        courier.ask(server.address + "/a", 100, Progress())
    assert told.value.hint


def test_a_computer_with_no_room_says_so(courier, server, tmp_path):
    (tmp_path / "tiles").write_text("in the way")
    service = server.service()
    courier.want(service, TILES)
    until(courier, lambda: courier.trouble(service.key))
    assert "cannot be kept" in courier.trouble(service.key)


def test_a_courier_that_stays_at_home_fetches_nothing(kept, clock, server):
    home = Courier(None, kept, clock)
    home.want(server.service(), TILES)
    assert home.rest(1)
    assert server.asked == []
    home.close()


# -- what is kept


def test_what_was_not_used_for_longest_goes_first_when_room_is_short(tmp_path):
    kept, tile = Kept(tmp_path, 20_000), bytes(1_000)
    for n in range(40):
        kept.put("a", (5, n, 0), tile, NOON + timedelta(hours=n), NOON)
        if n == 15:
            kept.find("a", (5, 0, 0), NOON + timedelta(days=9))  # looked at: it stays
    sizes = [path.stat().st_size for path in tmp_path.rglob("*.tile")]
    assert sum(sizes) <= 21_100
    assert kept.find("a", (5, 0, 0), NOON) is not None
    assert kept.find("a", (5, 39, 0), NOON) is not None
    assert kept.find("a", (5, 1, 0), NOON) is None


@pytest.mark.parametrize("harm", [b"", b"KTT1", b"x" * 400, None])
def test_a_kept_tile_that_is_torn_is_not_there(tmp_path, harm):
    kept = Kept(tmp_path, 1 << 20)
    kept.put("a", (5, 1, 1), picture((1, 2, 3)), NOON, NOON)
    path = tmp_path / "a" / "5" / "1" / "1.tile"
    path.write_bytes(path.read_bytes()[:-9] if harm is None else harm)
    assert kept.find("a", (5, 1, 1), NOON) is None
    assert content_of(tmp_path / "a", (5, 1, 1)) is None


def test_where_others_cannot_look(tmp_path):
    kept = Kept(tmp_path / "tiles", 1 << 20)
    kept.put("a", (5, 1, 1), b"x", NOON, NOON)
    if os.name == "posix":
        assert (tmp_path / "tiles").stat().st_mode & 0o077 == 0
