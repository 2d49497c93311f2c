"""One answer from a server that nobody here knows: bounded in size, time and the ways it may lead."""

import errno
import logging
import socket
import ssl
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from gis.errors import UserError
from gis.exchange.online.service import checked
from gis.texts import _

if TYPE_CHECKING:  # 60 ms to import: it waits for the first thing that is fetched
    import urllib3

PIECE, MOST_REDIRECTS, CONNECTIONS, LONGEST_STAMP = 65_536, 4, 4, 1_000
MOVED = frozenset({301, 302, 303, 307, 308})
NONE_THERE = frozenset({204, 404, 410})


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a server has to take the call, to go on speaking, and to have said everything."""

    call_s: float = 5.0
    word_s: float = 10.0
    whole_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `fresh_s`: for so long it need not be asked again; None where it does not say.
    `address` is where it was found at last; `later_s`: it wants to be left alone for so long. `since` are the
    headers by which the same question may be asked again: only what is new since then is told (else 304)."""

    status: int
    kind: str
    content: bytes
    address: str
    fresh_s: float | None = None
    later_s: float | None = None
    since: Mapping[str, str] = field(default_factory=dict[str, str])


class NotFetched(Exception):
    """There is no answer: `str()` says why, in words for a person and without the address, which may hold
    a key. `far` when the network or the server is not there at all."""

    def __init__(self, words: str, *, far: bool = False) -> None:
        super().__init__(words)
        self.far = far


def _product() -> str:
    try:
        return f"Kentongan/{version('kentongan')}"
    except PackageNotFoundError:
        return "Kentongan"


class Fetcher:
    """Asks servers, a few connections to each at a time. Usable from any thread; nothing of it is Qt's."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._lock = Lock()
        self._closed = False

    def get(
        self,
        address: str,
        most: int,
        stopped: Callable[[], bool] = lambda: False,
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one question, at most `most` bytes of it, asked with the headers `more`. Raises
        NotFetched, and UserError for an address that is not asked."""
        deadline = monotonic() + self._patience.whole_s
        more = dict(more or {})
        for _turn in range(MOST_REDIRECTS + 1):
            answer, elsewhere = self._ask(checked(address), most, deadline, stopped, more)
            if answer is not None:
                return answer
            there = _led(address, elsewhere)
            if urlsplit(there)[:2] != urlsplit(address)[:2]:  # a password is for nobody else
                more.pop("Authorization", None)
            address = there
        raise NotFetched(
            _("{host} leads from one address to the next without end.").format(host=_host(address))
        )

    def close(self) -> None:
        """Let go of all connections that nobody uses at this moment."""
        with self._lock:
            self._closed = True
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.clear()

    def _ask(
        self,
        address: str,
        most: int,
        deadline: float,
        stopped: Callable[[], bool],
        more: Mapping[str, str],
    ) -> tuple[Answer | None, str]:
        """The answer, or None and where else to ask."""
        from urllib3.exceptions import HTTPError

        host = _host(address)
        try:
            plainly: dict[str, Any] = {
                "redirect": False,
                "retries": False,
                "preload_content": False,
                "decode_content": False,
            }
            said = self._pool(address).request("GET", address, headers={**_headers(), **more}, **plainly)
            try:
                if said.status in MOVED:
                    return None, said.headers.get("Location", "")
                content = _content(said, most, deadline, stopped, host)
            finally:
                said.close()
        except (HTTPError, OSError, ValueError) as error:  # ValueError: an address that only looks like one
            raise _in_words(error, host) from error
        kind = said.headers.get("Content-Type", "").split(";")[0].strip().lower()
        how_long = _fresh(said.headers), _later(said.headers)
        return Answer(said.status, kind, content, address, *how_long, _since(said.headers)), ""

    def _pool(self, address: str) -> "urllib3.PoolManager":
        """The connections there, through the proxy of this computer where it has one."""
        import urllib3

        parts = urlsplit(address)
        proxy = "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
        with self._lock:
            if self._closed:
                raise NotFetched(_("The desk is being closed."))
            if proxy not in self._pools:
                self._pools[proxy] = self._made(urllib3, proxy)
            return self._pools[proxy]

    def _made(self, urllib3: Any, proxy: str) -> "urllib3.PoolManager":
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # it writes addresses down, keys and all
        wanted: dict[str, Any] = {
            "timeout": urllib3.Timeout(connect=self._patience.call_s, read=self._patience.word_s),
            "maxsize": CONNECTIONS,
            "block": False,
            "ssl_context": _trust(),
        }
        if not proxy:
            return urllib3.PoolManager(**wanted)
        return urllib3.ProxyManager(proxy if "://" in proxy else f"http://{proxy}", **wanted)


def _headers() -> dict[str, str]:
    return {"User-Agent": _product(), "Accept-Encoding": "gzip"}


def _trust() -> ssl.SSLContext:
    """Whom this computer trusts; where it knows nobody, as frozen programs may, whom browsers trust."""
    context = ssl.create_default_context()
    there = ssl.get_default_verify_paths()
    if sys.platform != "win32" and not (there.cafile or there.capath):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _content(said: Any, most: int, deadline: float, stopped: Callable[[], bool], host: str) -> bytes:
    """All that is said, piece by piece as it comes, never more than `most`."""
    pieces, size = list[bytes](), 0
    unpacker = zlib.decompressobj(31) if said.headers.get("Content-Encoding", "").lower() == "gzip" else None
    while piece := said.read1(PIECE, decode_content=False):
        if stopped():
            raise NotFetched(_("The desk is being closed."))
        if monotonic() > deadline:
            raise NotFetched(_("{host} takes too long.").format(host=host), far=True)
        if unpacker is not None:
            piece = unpacker.decompress(piece, most + 1 - size)
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise NotFetched(_("{host} sends more than is taken from anybody.").format(host=host))
    return b"".join(pieces)


def _led(address: str, elsewhere: str) -> str:
    """Where a server leads to; only to other web addresses, and never from a guarded one to an open one."""
    goal = urljoin(address, elsewhere)
    try:
        checked(goal if elsewhere else "")
    except UserError as error:
        raise NotFetched(
            _("{host} leads to something that is no page on a server.").format(host=_host(address))
        ) from error
    if address.startswith("https:") and not goal.startswith("https:"):
        raise NotFetched(_("{host} leads to an address that is not guarded.").format(host=_host(address)))
    return goal


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def _in_words(error: Exception, host: str) -> NotFetched:
    from urllib3 import exceptions as known

    causes = _causes(error)
    if any(isinstance(each, OSError) and each.errno in _NO_WAY for each in causes):
        return NotFetched(_("No network."), far=True)
    if any(isinstance(each, known.NameResolutionError) for each in causes):
        return NotFetched(_("No network, or no server called {host}.").format(host=host), far=True)
    if any(isinstance(each, (ssl.SSLError, known.SSLError)) for each in causes):
        return NotFetched(_("{host} cannot prove who it is (certificate).").format(host=host), far=True)
    if any(isinstance(each, (known.ConnectTimeoutError, known.NewConnectionError)) for each in causes):
        return NotFetched(_("{host} does not answer.").format(host=host), far=True)
    if any(isinstance(each, known.TimeoutError) for each in causes):
        return NotFetched(_("{host} takes too long.").format(host=host), far=True)
    return NotFetched(_("{host} broke off.").format(host=host), far=True)


_NO_WAY = frozenset({errno.ENETUNREACH, errno.ENETDOWN, socket.EAI_AGAIN})


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = getattr(error, "reason", None) if _wraps(error) else error.__cause__ or error.__context__
    return found


def _wraps(error: BaseException) -> bool:
    return isinstance(getattr(error, "reason", None), BaseException)


def _fresh(headers: Any) -> float | None:
    """For how long an answer is good, as HTTP says it (RFC 9111, 5.2.2 and 5.3)."""
    words = [each.strip().lower() for each in headers.get("Cache-Control", "").split(",")]
    if {"no-cache", "no-store"} & set(words):
        return 0.0
    for word in words:
        name, _is, value = word.partition("=")
        if name == "max-age" and value.strip('"').isdigit():
            return float(min(int(value.strip('"')), 10**9))
    try:
        until, now = (parsedate_to_datetime(headers.get(each, "")) for each in ("Expires", "Date"))
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _later(headers: Any) -> float | None:
    """For how long a server wants to be left alone: in seconds, or until a date (RFC 9110, 10.2.3)."""
    wait = headers.get("Retry-After", "").strip()
    if wait.isdecimal() and len(wait) < 8:
        return float(wait)
    try:
        until, now = (parsedate_to_datetime(each) for each in (wait, headers.get("Date", "")))
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _since(headers: Any) -> dict[str, str]:
    """By what to ask for changes alone (RFC 9110, 13.1)."""
    asked = {"If-None-Match": headers.get("ETag", ""), "If-Modified-Since": headers.get("Last-Modified", "")}
    return {name: value for name, value in asked.items() if value and len(value) < LONGEST_STAMP}
