"""A server of maps on this computer that can be slow, die, come back and lie."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from gis.exchange.online.service import TileService, world
from tests.tiles import colour_of, picture


@dataclass
class Reply:
    content: bytes = b""
    kind: str = "image/png"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip_s: float = 0.0  # between two bytes


def coloured_tiles(path: str) -> Reply:
    """/z/x/y.png: each tile in a colour that says where it lies."""
    zoom, x, y = (int(part.split(".")[0]) for part in urlsplit(path).path.strip("/").split("/")[-3:])
    return Reply(picture(colour_of(zoom, x, y)))


class MapServer:
    """`answer` says what is said on each path; `asked` are the paths that were asked, with the headers."""

    def __init__(self, answer: Callable[[str], Reply] = coloured_tiles) -> None:
        self.answer = answer
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.port = 0
        self._server: ThreadingHTTPServer | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]

    def service(self, path: str = "/{z}/{x}/{y}.png", **said) -> TileService:
        return TileService("xyz", self.address + path, said.pop("levels", world(0, 16)), **said)

    def start(self) -> None:
        """Be there (again) under the same address."""
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.asked.append((self.path, dict(self.headers)))
                with contextlib.suppress(OSError):
                    _speak(self, owner.answer(self.path))

            def log_message(self, *_words) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def die(self) -> None:
        """Be gone, in the middle of whatever is said."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.hang_up()
            server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, *args) -> None:
        self.calls: set[socket.socket] = set()
        super().__init__(*args)

    def get_request(self):
        call, where = super().get_request()
        self.calls.add(call)
        return call, where

    def shutdown_request(self, request) -> None:
        self.calls.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for call in tuple(self.calls):
            with contextlib.suppress(OSError):
                call.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_where) -> None:
        pass


def _speak(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    if reply.status != 204:
        handler.send_header("Content-Type", reply.kind)
        handler.send_header("Content-Length", str(len(reply.content)))
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    if not reply.drip_s:
        handler.wfile.write(reply.content)
        return
    for at in range(len(reply.content)):
        handler.wfile.write(reply.content[at : at + 1])
        handler.wfile.flush()
        time.sleep(reply.drip_s)


def question(path: str) -> dict[str, str]:
    """What is asked in the query of a path, by its names in capitals."""
    return {name.upper(): values[0] for name, values in parse_qs(urlsplit(path).query).items()}
