"""Which versions of this program may read an operation, and which may write it."""

from collections.abc import Mapping
from typing import Any

from gis.errors import UserError
from gis.store.operation import FORMAT
from gis.texts import _

UNFINISHED = "migration"  # desk state: {"from", "step", ...} while an older format is brought to ours
STATE = "format"  # desk state: {"format", "min_reader", "min_writer"}
_READ_BY = {3: 2, 4: 2}  # tables and columns beside the others: a version that knows none reads the rest


def stamp(made: int = FORMAT) -> dict[str, int]:
    """What an operation of this format says of itself."""
    return {"format": made, "min_reader": _READ_BY.get(made, made), "min_writer": made}


def barred(made: int) -> dict[str, int]:
    """The same while it is being brought to this format: older versions cannot even look."""
    return stamp(made) | {"min_reader": made}


def is_older(state: Mapping[str, Any]) -> bool:
    """True for an operation that has to be brought to this version's format first (`migrate`)."""
    return UNFINISHED in state or _number(state["operation"]["format"]) < FORMAT


def writing_refused(name: str, state: Mapping[str, Any], ours: int = FORMAT) -> str:
    """Why this version may only look at an operation with this desk state; "" when it may write.

    Where the state has no entry of its own, the number in the operation holds for reading and writing.
    Raises `UserError` when this version cannot even read it, `KeyError`, `TypeError` or `ValueError` when
    neither place holds numbers.
    """
    said = state.get(STATE)
    if said is None:
        said = dict.fromkeys(("min_reader", "min_writer"), state["operation"]["format"])
    reader, writer = _number(said["min_reader"]), _number(said["min_writer"])
    if reader > ours:
        raise UserError(
            _("{name} was made by a newer version of this program.").format(name=name),
            hint=_("It is unharmed. Open it with that version, or update this one."),
        )
    if writer > ours:
        return _(
            "{name} was made by a newer version of this program: everything in it can be looked at, exported"
            " and packed, and nothing can be written."
        ).format(name=name)
    return ""


def _number(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(value)
    return value
