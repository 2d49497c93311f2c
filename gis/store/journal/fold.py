"""From the standing edits of a record to the record: a pure function, so it can be done again any time."""

from collections.abc import Mapping, Sequence
from typing import Any

from gis.model.record import Record
from gis.store.journal.edit import Edit
from gis.store.tables.rows import KINDS, UNREADABLE, defaults, field_types, from_json, from_values, required

NOTHING = object()  # no edit of a field says anything that this version can read


def record(kind_name: str, record_id: str, heads: Mapping[str, Sequence[Edit]]) -> Record | None:
    """The record these heads make; None while a field it cannot be without has not arrived.

    A head whose value this version cannot read gives way to the next one of its field.
    """
    kind = KINDS.get(kind_name)
    if kind is None:
        return None
    shown = {name: shown_value(kind, name, edits) for name, edits in heads.items()}
    values = {name: value for name, value in shown.items() if value is not NOTHING}
    if not required(kind) <= values.keys():
        return None
    return from_values(kind, record_id, values)


def shown_value(kind: type[Record], name: str, edits: Sequence[Edit]) -> Any:
    """The journal value that these heads of a field show; NOTHING when none of them can be read."""
    if name not in field_types(kind):
        return NOTHING
    for edit in edits:
        try:
            decoded = from_json(kind, name, edit.value)
        except UNREADABLE:
            continue
        if decoded is not None or defaults(kind).get(name, NOTHING) is None:
            return edit.value
    return NOTHING
