"""How servers are asked again and again: when, and what an answer that is none means."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.errors import UserError
from gis.exchange.online.fetching import NONE_THERE, Answer, Fetcher, NotFetched
from gis.exchange.online.service import host_of
from gis.texts import _

LONGEST_REST_S, LONGEST_FRESH_S, LONGEST_LATER_S = 3_600.0, 900.0, 86_400.0
MOST_BYTES = 16_000_000
_LATER = frozenset({408, 425, 429, 502, 503, 504})


class TurnedAway(NotFetched):
    """A server answered, and gave nothing. `later_s`: it wants to be left alone for so long; `alone`: only
    this question is refused, others may be answered."""

    def __init__(self, words: str, later_s: float | None = None, *, alone: bool = False) -> None:
        super().__init__(words)
        self.later_s, self.alone = later_s, alone


class Caller:
    """Asks with the password of one source, and for what is new alone where the answer before is known.

    `secret` is a token, or user and password with a colon between them; it goes to `home` (an address) alone.
    """

    def __init__(self, fetcher: Fetcher, home: str, secret: str = "") -> None:
        self._fetcher, self._home, self._secret = fetcher, host_of(home), secret
        self._before: dict[str, dict[str, str]] = {}
        self.closed = False

    def ask(self, address: str, *, news: bool = False) -> Answer:
        """The answer: status 200, or 304 where only `news` were wanted and there are none. Raises
        NotFetched, TurnedAway, and UserError for an address that is not asked."""
        more = dict(self._before.get(address, {})) if news else {}
        if self._secret and host_of(address) == self._home:
            more["Authorization"] = _credentials(self._secret)
        answer = self._fetcher.get(address, MOST_BYTES, lambda: self.closed, more)
        if answer.status == 200:
            if news:
                self._before = {address: dict(answer.since)}
            return answer
        if answer.status == 304 and news:
            return answer
        raise _turned_away(answer, host_of(address)[1])

    def forget(self) -> None:
        """What was answered was lost: the next answer shall be whole."""
        self._before = {}

    def close(self) -> None:
        self.closed = True
        self._fetcher.close()


def _credentials(secret: str) -> str:
    if ":" in secret:
        return "Basic " + base64.b64encode(secret.encode()).decode()
    return f"Bearer {secret}"


def _turned_away(answer: Answer, host: str) -> TurnedAway:
    status = answer.status
    if status in (401, 403):
        words = _("{host} does not let this desk in: it wants a password, or another.")
        return TurnedAway(words.format(host=host))
    if status in NONE_THERE:
        return TurnedAway(_("{host} has nothing at this address.").format(host=host), alone=True)
    if status in _LATER:
        words = _("{host} is too busy or out of order (answer {status}).")
        return TurnedAway(words.format(host=host, status=status), answer.later_s)
    words = _("{host} does not answer what it is asked (answer {status}).")
    return TurnedAway(words.format(host=host, status=status), answer.later_s, alone=True)


@dataclass(slots=True)
class Pace:
    """When a server is asked next: every `every_s` seconds, not before its answer is old (a quarter of an
    hour at most), and after a failure later and later, up to an hour, a little by `chance` (0 to 1) so that
    not all desks come at once. Times are those the questions are asked at (UTC)."""

    every_s: float
    chance: Callable[[], float]
    _asked: datetime | None = None
    _due: datetime | None = None
    _fails: int = 0

    def due(self, at: datetime) -> bool:
        """True when it is time; also when the clock was put back."""
        return self._due is None or self._asked is None or at >= self._due or at < self._asked

    def well(self, at: datetime, fresh_s: float | None = None) -> None:
        """It answered; what it said is good for `fresh_s`."""
        self._fails = 0
        self._rest(at, max(self.every_s, min(fresh_s or 0.0, LONGEST_FRESH_S)))

    def badly(self, at: datetime, later_s: float | None = None) -> None:
        """It did not; it wants to be left alone for `later_s`."""
        rest = min(self.every_s * 2.0 ** min(self._fails, 16), max(LONGEST_REST_S, self.every_s))
        self._fails += 1
        self._rest(at, max(rest * (0.8 + 0.4 * self.chance()), min(later_s or 0.0, LONGEST_LATER_S)))

    def at_once(self) -> None:
        """There is more to be had now."""
        self._due = None

    def _rest(self, at: datetime, seconds: float) -> None:
        self._asked, self._due = at, at + timedelta(seconds=seconds)


def stops(error: Exception) -> bool:
    """True for a failure after which nothing else need be asked of the same server now."""
    return isinstance(error, NotFetched) and not (isinstance(error, TurnedAway) and error.alone)


def in_words(error: NotFetched) -> UserError:
    """The same for a person, with what happens next."""
    return UserError(
        _sentence(str(error)),
        hint=_("It is asked again by itself. What was measured meanwhile is asked for as well."),
    )


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
