"""An edit: one field of one record took a value, replacing these earlier edits. Never changed itself."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from gis.errors import UserError
from gis.texts import _

EDIT_FORMAT = 1
_MOST_EDITS = 10**12  # of one desk; a greater number is no number of ours
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = ("actor", "prev", "step", "label", "who", "kind", "record", "field")


@dataclass(frozen=True, slots=True)
class Edit:
    """One immutable statement. `body` is its canonical JSON, exactly as hashed; the rest is read from it.

    An edit of a newer format than ours (`v`) is kept and passed on as it is; what of it we cannot read
    is empty here, and it is not applied to any record.
    """

    id: str
    body: str
    actor: str
    seq: int
    prev: str
    step: str
    label: str
    who: str
    at: datetime
    kind: str
    record: str
    field: str
    value: Any
    over: tuple[str, ...]
    undoes: str = ""
    v: int = EDIT_FORMAT

    @property
    def is_newer(self) -> bool:
        return self.v > EDIT_FORMAT

    @property
    def address(self) -> tuple[str, str, str]:
        """Which field of which record it speaks of."""
        return self.kind, self.record, self.field


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def body_of(values: dict[str, Any]) -> str:
    """Canonical JSON: one spelling for one statement."""
    return _canonical.encode(values)


def read(body: str) -> Edit:
    """The edit with this body. Raises `UserError` when it is not one, or not spelled canonically."""
    try:
        values = json.loads(body, parse_constant=_no_constant, object_pairs_hook=_no_twins)
        if body_of(values) != body:
            raise ValueError("not canonical")
        return from_values(body, values)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UserError(
            _("One edit in this file is damaged."), hint=_("Nothing was taken from it. Ask for it again.")
        ) from error


def known(body: str) -> Edit:
    """The edit with this body, which was read with every check when it entered the journal.

    Raises `UserError` when it has been damaged there since.
    """
    try:
        return from_values(body, json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            _("An entry of the journal is damaged."),
            hint=_("All else is as it was. A check of the operation names it; a second copy may hold it."),
        ) from error


def from_values(body: str, values: dict[str, Any]) -> Edit:
    """The edit that these values make. Raises `ValueError`, `KeyError` or `TypeError` when they make none."""
    if type(values["v"]) is not int or type(values["seq"]) is not int:
        raise TypeError("a number is not whole")
    if not 1 <= values["seq"] <= _MOST_EDITS:
        raise ValueError("no number of a chain")
    if values["v"] > EDIT_FORMAT:
        return _newer(body, values)
    texts = {name: values[name] for name in _NAMES}
    undoes, over = values.get("undoes", ""), tuple(values["over"])
    if not all(isinstance(part, str) for part in (*texts.values(), *over, undoes)):
        raise TypeError("a name is not text")
    at = datetime.fromisoformat(values["at"])
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return Edit(
        id=sha256(body.encode()).hexdigest(),
        body=body,
        seq=values["seq"],
        at=at.astimezone(UTC),
        value=values["value"],
        over=over,
        undoes=undoes,
        v=values["v"],
        **texts,
    )


def _newer(body: str, values: dict[str, Any]) -> Edit:
    """An edit of a format to come: only its place in its chain must be readable."""
    if not all(isinstance(values[name], str) for name in ("actor", "prev")):
        raise TypeError("a name is not text")
    texts = {name: text if isinstance(text := values.get(name), str) else "" for name in _NAMES}
    digest = sha256(body.encode()).hexdigest()
    texts["step"] = texts["step"] or digest
    return Edit(
        id=digest, body=body, seq=values["seq"], at=_moment(values.get("at")), value=None, over=(),
        v=values["v"], **texts,
    )  # fmt: skip


def _moment(text: Any) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else _EPOCH
    except (TypeError, ValueError, OverflowError):
        return _EPOCH


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name stands twice")
    return values
