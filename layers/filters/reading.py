"""Text -> filter. Knows comparison, AND, OR, NOT, IN, BETWEEN, LIKE, ILIKE and IS NULL; refuses the rest."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from gis.errors import UserError
from gis.texts import _
from layers.filters.tree import Among, Compare, Either, Every, Filter, Like, Missing, Not, Op, Value

LONGEST = 20_000  # letters
DEEPEST = 40  # parentheses and NOTs inside each other
KEYWORDS = frozenset(
    {"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "ILIKE", "IS", "NULL", "TRUE", "FALSE", "ELSE"}
)
_FLIPPED = {Op.LESS: Op.MORE, Op.AT_MOST: Op.AT_LEAST, Op.MORE: Op.LESS, Op.AT_LEAST: Op.AT_MOST}
_TOKEN = re.compile(
    r"""\s+
    | "(?P<column>(?:[^"]|"")*)"
    | '(?P<text>(?:[^']|'')*)'
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<sign><>|!=|<=|>=|[=<>(),+-])""",
    re.VERBOSE,
)


class Kind(Enum):
    """What a piece of the text is."""

    COLUMN = "column"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `at` is where it starts, a keyword is in capitals."""

    kind: Kind
    said: str
    at: int


def read_filter(text: str) -> Filter:
    """The filter that a text means. Raises UserError, and nothing else, when it means none."""
    if len(text) > LONGEST:
        raise UserError(_("This filter is too long."), hint=_("Split it into several rules."))
    reader = _Reader(_tokens(text))
    found = reader.either(0)
    reader.end()
    return found


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unread(text[at : at + 12], at)
        if found.lastgroup is not None:
            tokens.append(_token(Kind(found.lastgroup), found[found.lastgroup], at))
        at = found.end()
    return [*tokens, Token(Kind.END, "", len(text))]


def _token(kind: Kind, said: str, at: int) -> Token:
    match kind:
        case Kind.COLUMN:
            return Token(kind, said.replace('""', '"'), at)
        case Kind.TEXT:
            return Token(kind, said.replace("''", "'"), at)
        case Kind.WORD if said.isascii() and said.upper() in KEYWORDS:
            return Token(kind, said.upper(), at)
        case Kind.WORD:
            return Token(Kind.COLUMN, said, at)
        case _:
            return Token(kind, said, at)


def _unread(said: str, at: int) -> UserError:
    return UserError(
        _("The filter cannot be read at “{piece}”, letter {at}.").format(piece=said, at=at + 1),
        hint=_("Write it as in: depth > 0.5 AND kind IN ('river', 'canal')"),
    )


class _Reader:
    """Walks along the tokens; each method reads one kind of expression."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._n = tokens, 0

    def _next(self) -> Token:
        return self._tokens[self._n]

    def _take(self) -> Token:
        self._n += 1
        return self._tokens[self._n - 1]

    def _met(self, *said: str) -> bool:
        """Step over these keywords or signs if they come next."""
        ahead = self._tokens[self._n : self._n + len(said)]
        here = [token.said if token.kind in (Kind.WORD, Kind.SIGN) else None for token in ahead]
        if here != list(said):
            return False
        self._n += len(said)
        return True

    def _need(self, said: str) -> None:
        if not self._met(said):
            raise self._stuck()

    def _stuck(self) -> UserError:
        if self._next().kind is Kind.END:
            return UserError(
                _("The filter ends too early."),
                hint=_("Write it as in: depth > 0.5 AND kind IN ('river', 'canal')"),
            )
        return _unread(self._next().said, self._next().at)

    def end(self) -> None:
        if self._next().kind is not Kind.END:
            raise self._stuck()

    def either(self, depth: int) -> Filter:
        parts = self._chain("OR", lambda: self._every(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _every(self, depth: int) -> Filter:
        parts = self._chain("AND", lambda: self._negated(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _chain(self, word: str, part: Callable[[], Filter]) -> list[Filter]:
        parts = [part()]
        while self._met(word):
            parts.append(part())
        return parts

    def _negated(self, depth: int) -> Filter:
        if depth > DEEPEST:
            raise UserError(_("This filter is nested too deeply."), hint=_("Split it into several rules."))
        if self._met("NOT"):
            return Not(self._negated(depth + 1))
        if self._met("("):
            inner = self.either(depth + 1)
            self._need(")")
            return inner
        return self._asked()

    def _asked(self) -> Filter:
        """One question about one column, whichever side it stands on."""
        if self._next().kind is not Kind.COLUMN:
            value, op = self._value(), self._op()
            if op is None or self._next().kind is not Kind.COLUMN:
                raise self._stuck()
            return Compare(self._take().said, _FLIPPED.get(op, op), value)
        column = self._take().said
        if (op := self._op()) is not None:
            return Compare(column, op, self._value())
        if self._met("IS", "NOT", "NULL"):
            return Not(Missing(column))
        if self._met("IS", "NULL"):
            return Missing(column)
        return Not(self._listed(column)) if self._met("NOT") else self._listed(column)

    def _listed(self, column: str) -> Filter:
        if self._met("IN"):
            self._need("(")
            values = [self._value()]
            while self._met(","):
                values.append(self._value())
            self._need(")")
            return Among(column, tuple(values))
        if self._met("BETWEEN"):
            low = Compare(column, Op.AT_LEAST, self._value())
            self._need("AND")
            return Every((low, Compare(column, Op.AT_MOST, self._value())))
        loose = self._next().said == "ILIKE"
        if not self._met("ILIKE") and not self._met("LIKE"):
            raise self._stuck()
        if self._next().kind is not Kind.TEXT:
            raise self._stuck()
        return Like(column, self._take().said, loose)

    def _op(self) -> Op | None:
        if self._met("!="):
            return Op.OTHER
        return next((op for op in Op if self._met(op.value)), None)

    def _value(self) -> Value:
        """A number or a text; TRUE and FALSE are the numbers 1 and 0, as map files keep them."""
        if self._next().kind is Kind.TEXT:
            return self._take().said
        for word, value in (("TRUE", 1.0), ("FALSE", 0.0)):
            if self._met(word):
                return value
        sign = -1.0 if self._met("-") else 1.0
        if sign > 0:
            self._met("+")
        token = self._next()
        if token.kind is not Kind.NUMBER or not math.isfinite(float(token.said)):
            raise self._stuck()
        return sign * float(self._take().said)
