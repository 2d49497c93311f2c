"""JSON of servers that nobody here knows: numbers stay as they were written until they are read strictly."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from gis.errors import UserError
from gis.sensors.feeds.strict import number
from gis.texts import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Written(str):
    """A number as it was written: 1e400 and NaN are judged where they stand, not where they are parsed."""

    __slots__ = ()


def read(content: bytes, server: str) -> Any:
    """What a document says. Raises UserError when it is no JSON, names one thing twice or has no bottom."""
    try:
        return json.loads(
            content,
            parse_int=Written,
            parse_float=Written,
            parse_constant=Written,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        raise UserError(
            _("What {server} sends cannot be read.").format(server=server),
            hint=_("Nothing was taken from it. It is kept as it came, among the lines set aside."),
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def raw(value: Any) -> bytes:
    """A part of a document again as JSON, its numbers as they were written."""
    try:
        return _spelled(value).encode("utf-8", "replace")
    except RecursionError:  # nested so deep that it could just be read
        return b""


def _spelled(value: Any) -> str:
    match value:
        case Written():
            return str(value)
        case dict():
            return (
                "{" + ", ".join(f"{json.dumps(name)}: {_spelled(each)}" for name, each in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(map(_spelled, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return json.dumps(value)


def found(value: Any, *path: str | int) -> Any:
    """What stands at the end of a path of names and places; None where the way ends before."""
    for step in path:
        match value, step:
            case dict(), str():
                value = value.get(step)
            case list(), int() if -len(value) <= step < len(value):
                value = value[step]
            case _:
                return None
    return value


def text(value: Any, *path: str | int, longest: int = 2_000) -> str:
    """The text or number at the end of a path, as text; "" where there is none."""
    there = found(value, *path)
    return there.strip()[:longest] if isinstance(there, str) else ""


def listed(value: Any, *path: str | int) -> list[Any]:
    """The list at the end of a path; empty where there is none."""
    there = found(value, *path)
    return there if isinstance(there, list) else []


def measured(value: Any) -> float:
    """A number, or a text that is one. Raises ValueError for anything else, and for what is not finite."""
    if not isinstance(value, str):
        raise ValueError(_("There is no number where the value should be."))
    return number(value)


def from_ms(value: Any) -> datetime:
    """The moment that many milliseconds after 1970 (UTC). Raises ValueError."""
    try:
        return _EPOCH + timedelta(milliseconds=measured(value))
    except OverflowError as error:
        raise ValueError(_("There is no such date and time.")) from error
