"""Asking servers that nobody here knows: bounded, careful where they lead, and in words when it fails."""

import gzip
import socket
import threading

import pytest

from gis.errors import UserError
from gis.exchange.online.fetching import Fetcher, NotFetched, Patience
from tests.mapserver import MapServer, Reply

SHORT = Patience(call_s=1.0, word_s=0.4, whole_s=0.8)


@pytest.fixture
def fetcher():
    made = Fetcher(SHORT)
    yield made
    made.close()


@pytest.fixture
def server():
    made = MapServer(lambda _path: Reply(b"tile"))
    yield made
    made.die()


def said(fetcher, server, **reply) -> str:
    server.answer = lambda _path: Reply(**reply)
    with pytest.raises(NotFetched) as told:
        fetcher.get(server.address + "/a?key=secret", 1_000)
    assert "secret" not in str(told.value)
    return str(told.value)


def test_a_server_learns_which_product_asks_and_is_asked_on_one_connection(fetcher, server):
    for _each in range(3):
        assert fetcher.get(server.address + "/a", 1_000).content == b"tile"
    assert all(headers["User-Agent"].startswith("Kentongan") for _path, headers in server.asked)
    assert len(server._server.calls) == 1


def test_more_than_was_asked_for_is_not_taken(fetcher, server):
    assert "more than is taken" in said(fetcher, server, content=bytes(2_000_000))


def test_what_unfolds_without_end_is_not_unfolded(fetcher, server):
    bomb = {"content": gzip.compress(bytes(50_000_000)), "headers": {"Content-Encoding": "gzip"}}
    assert "more than is taken" in said(fetcher, server, **bomb)


def test_what_comes_packed_is_unpacked(fetcher, server):
    server.answer = lambda _path: Reply(gzip.compress(b"plain"), headers={"Content-Encoding": "gzip"})
    assert fetcher.get(server.address + "/a", 1_000).content == b"plain"


def test_a_server_that_speaks_drop_by_drop_is_given_up(fetcher, server):
    assert "takes too long" in said(fetcher, server, content=bytes(500), drip_s=0.1)


def test_a_server_that_says_nothing_is_given_up(fetcher, server):
    assert "takes too long" in said(fetcher, server, content=b"ab", drip_s=2.0)


@pytest.mark.parametrize(
    "goal",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:pass@127.0.0.1/x", "data:image/png,x", ""],
)
def test_where_a_server_leads_is_looked_at_again(fetcher, server, goal):
    words = said(fetcher, server, status=302, headers={"Location": goal})
    assert "no page on a server" in words
    assert len(server.asked) == 1


def test_a_server_that_leads_round_in_a_circle_is_left(fetcher, server):
    words = said(fetcher, server, status=302, headers={"Location": "/a"})
    assert "without end" in words
    assert len(server.asked) == 5


def test_a_server_that_moved_is_followed(fetcher, server):
    moved = Reply(status=301, headers={"Location": "/new/place"})
    server.answer = lambda path: Reply(b"found") if path == "/new/place" else moved
    answer = fetcher.get(server.address + "/old", 1_000)
    assert (answer.content, answer.address) == (b"found", server.address + "/new/place")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.org/", "http://", "http://a:b@c.org/", "x y"]
)
def test_only_plain_web_addresses_are_asked(fetcher, address):
    with pytest.raises(UserError) as refused:
        fetcher.get(address, 1_000)
    assert refused.value.hint


def test_nobody_there_is_far(fetcher, server):
    server.die()
    with pytest.raises(NotFetched, match="does not answer") as told:
        fetcher.get(server.address + "/a", 1_000)
    assert told.value.far


def test_a_name_that_nobody_knows_is_no_network_or_no_server(fetcher, monkeypatch):
    def resolve(*_asked, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(NotFetched, match=r"No network, or no server called maps\.example\.org") as told:
        fetcher.get("http://maps.example.org/a", 1_000)
    assert told.value.far


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"Cache-Control": "public, max-age=3600"}, 3600.0),
        ({"Cache-Control": "max-age=99999999999999"}, 1e9),
        ({"Cache-Control": "no-store"}, 0.0),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Expires": "never"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_good_is_what_the_server_says(fetcher, server, headers, fresh):
    server.answer = lambda _path: Reply(b"x", headers=headers)
    assert fetcher.get(server.address + "/a", 1_000).fresh_s == fresh


def test_an_old_server_says_until_when_an_answer_is_good(fetcher, server):
    server.answer = lambda _path: Reply(b"x", headers={"Expires": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert fetcher.get(server.address + "/a", 1_000).fresh_s > 1e9


@pytest.mark.parametrize(
    ("headers", "later"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "1_000"}, None),
        ({"Retry-After": "99999999999"}, None),
        ({"Retry-After": "Fri, 01 Jan 2100 00:02:00 GMT", "Date": "Fri, 01 Jan 2100 00:00:00 GMT"}, 120.0),
        ({"Retry-After": "Fri, 01 Jan 1999 00:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
    ],
    ids=str,
)
def test_how_long_a_server_wants_to_be_left_alone_is_heard(fetcher, server, headers, later):
    server.answer = lambda _path: Reply(b"", status=503, headers=headers)
    if later == 120.0 and "Date" in headers:
        with socket.create_server(("127.0.0.1", 0)) as bare:
            answer = _answered_by_hand(fetcher, bare, headers)
    else:
        answer = fetcher.get(server.address + "/a", 1_000)
    assert answer.later_s == later


def _answered_by_hand(fetcher, bare, headers):
    """The server of Python's own writes a Date of its own."""

    def speak() -> None:
        call, _where = bare.accept()
        with call:
            call.recv(10_000)
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            call.sendall(f"HTTP/1.1 503 Busy\r\n{lines}Content-Length: 0\r\n\r\n".encode())

    speaking = threading.Thread(target=speak)
    speaking.start()
    try:
        return fetcher.get(f"http://127.0.0.1:{bare.getsockname()[1]}/", 1_000)
    finally:
        speaking.join()


def test_only_what_is_new_is_asked_for_again(fetcher, server):
    server.answer = lambda _path: Reply(b"x", headers={"ETag": '"7"', "Last-Modified": "some day"})
    answer = fetcher.get(server.address + "/a", 1_000)
    server.answer = lambda _path: Reply(status=304)
    again = fetcher.get(server.address + "/a", 1_000, more=answer.since)
    assert (again.status, again.content) == (304, b"")
    asked = server.asked[-1][1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"7"', "some day")


def test_a_password_goes_to_nobody_else(fetcher, server):
    other = MapServer(lambda _path: Reply(b"found"))
    moved = Reply(status=302, headers={"Location": other.address + "/there"})
    server.answer = lambda path: moved if path == "/a" else Reply(status=302, headers={"Location": "/a"})
    try:
        answer = fetcher.get(server.address + "/first", 1_000, more={"Authorization": "Bearer x"})
    finally:
        other.die()
    assert answer.content == b"found"
    assert [headers.get("Authorization") for _path, headers in server.asked] == ["Bearer x"] * 2
    assert [headers.get("Authorization") for _path, headers in other.asked] == [None]
