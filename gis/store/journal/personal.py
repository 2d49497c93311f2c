"""Personal values stand beside the journal, so that they can be erased without breaking a chain.

In the edit stands only `{"p": NAME}`, where NAME is the SHA-256 of a random salt and the value; salt and
value lie in the table `personal`. Erasing empties that row and keeps its name, so that a package that
comes back cannot bring the value in again. Whoever has only the edit cannot guess the value: the salt
has 128 bits.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from gis.store.journal.edit import Edit, body_of

_FIND = text("SELECT name, value FROM personal WHERE name IN (SELECT value FROM json_each(:names))")
_WHOLE = text(
    "SELECT name, salt, value FROM personal"
    " WHERE value IS NOT NULL AND name IN (SELECT value FROM json_each(:names))"
)
_ERASE = text(
    "UPDATE personal SET salt = NULL, value = NULL"
    " WHERE value IS NOT NULL AND name IN (SELECT value FROM json_each(:names))"
)
_KEEP = "INSERT INTO personal (name, salt, value) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"


@dataclass(frozen=True, slots=True)
class Personal:
    """A value kept apart from the edit that names it; `value` is canonical JSON."""

    name: str
    salt: str
    value: str

    @property
    def is_true(self) -> bool:
        """Whether it is the value that its name was made of, spelled as we spell it."""
        if name_of(self.salt, self.value) != self.name:
            return False
        try:
            read = json.loads(self.value)
            return type(read) is dict and read.keys() == {"v"} and body_of(read) == self.value  # type: ignore[reportUnknownMemberType]
        except (ValueError, RecursionError):
            return False


def name_of(salt: str, value: str) -> str:
    return sha256(f"{salt}\n{value}".encode("utf-8", "surrogatepass")).hexdigest()


def detached(value: Any) -> tuple[Personal, dict[str, str]]:
    """A journal value to keep apart, and what stands in the edit instead."""
    salt, written = os.urandom(16).hex(), body_of({"v": value})
    kept = Personal(name_of(salt, written), salt, written)
    return kept, {"p": kept.name}


def reference(value: Any) -> str | None:
    """The name of the personal value that stands behind a value in an edit; None when it is the value."""
    if type(value) is dict and len(value) == 1 and isinstance(name := value.get("p"), str):  # type: ignore[reportUnknownMemberType]
        return name
    return None


def keep(connection: Connection, values: Iterable[Personal]) -> None:
    """Keep personal values; one that was erased here stays erased."""
    rows = [(each.name, each.salt, each.value) for each in values]
    if rows:
        connection.exec_driver_sql(_KEEP, rows)


def find(connection: Connection, edits: Iterable[Edit]) -> list[Personal]:
    """The personal values behind these edits, except the erased."""
    names = [name for edit in edits if (name := reference(edit.value)) is not None]
    rows = connection.execute(_WHOLE, {"names": json.dumps(names)}) if names else ()
    return [Personal(row.name, row.salt, row.value) for row in rows]


def erase(connection: Connection, edits: Iterable[Edit]) -> int:
    """Empty the personal values behind these edits. Returns how many there were."""
    names = [name for edit in edits if (name := reference(edit.value)) is not None]
    return connection.execute(_ERASE, {"names": json.dumps(names)}).rowcount if names else 0


def revealed(connection: Connection, edits: Sequence[Edit]) -> Sequence[Edit]:
    """The same edits with the values that stand behind them; None for what was erased or withheld."""
    names = {edit.id: name for edit in edits if (name := reference(edit.value)) is not None}
    if not names:
        return edits
    values = _values(connection, {*names.values()})
    return [replace(e, value=values.get(names[e.id])) if e.id in names else e for e in edits]


def _values(connection: Connection, names: set[str]) -> Mapping[str, Any]:
    rows = connection.execute(_FIND, {"names": json.dumps([*names])})
    return {row.name: json.loads(row.value)["v"] for row in rows if row.value is not None}
