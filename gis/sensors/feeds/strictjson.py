"""JSON from outside: what `json` lets pass and no instrument means is refused."""

import json
from typing import Any, NoReturn

from gis.sensors.feeds.strict import number
from gis.texts import _

LARGEST = 256 * 1024  # bytes of one message
_DEEPEST = 16


def parsed(payload: bytes) -> Any:
    """The content of a JSON text in UTF-8; every number is a finite float.

    Raises `ValueError`, in words for a person, for what is no JSON, for NaN, Infinity and 1e999, for a name
    that stands twice in one object, and for what is too large or nested too deep.
    """
    if len(payload) > LARGEST:
        raise ValueError(_("The message is larger than any that holds readings."))
    try:
        content = _DECODER.decode(payload.decode())
    except UnicodeDecodeError as error:
        raise ValueError(_("The message is not written in UTF-8.")) from error
    except json.JSONDecodeError as error:
        raise ValueError(_("The message is no JSON: {reason}.").format(reason=error)) from error
    except RecursionError as error:
        raise ValueError(_("The message is nested deeper than any that holds readings.")) from error
    _shallow(content, _DEEPEST)
    return content


def place(content: Any, path: str) -> Any:
    """What stands at a place named with dots ("reading.level", "values.0"); None where nothing does."""
    for name in path.split("."):
        if isinstance(content, dict):
            content = content.get(name)
        elif isinstance(content, list) and name.isdecimal() and name.isascii() and len(name) < 6:
            content = content[int(name)] if int(name) < len(content) else None
        else:
            return None
    return content


def _no_number(text: str) -> NoReturn:
    raise ValueError(_("{text} is no measurement.").format(text=text))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError(_("A name stands twice in one object: it is not certain which is meant."))
    return content


_DECODER = json.JSONDecoder(
    parse_float=number, parse_int=number, parse_constant=_no_number, object_pairs_hook=_object
)


def _shallow(content: Any, left: int) -> None:
    """Raises `ValueError` for what is nested more than so many times."""
    if isinstance(content, dict | list):
        if not left:
            raise ValueError(_("The message is nested deeper than any that holds readings."))
        for each in content.values() if isinstance(content, dict) else content:
            _shallow(each, left - 1)
