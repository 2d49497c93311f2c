"""From the standing edits of a record to the record: a pure function, so it can be done again any time."""

from collections.abc import Mapping, Sequence
from typing import Any

from gis.model.record import Record
from gis.store.journal import Edit
from gis.store.rows import KINDS, UNREADABLE, field_types, from_json, from_values, required

_NOTHING = object()


def record(kind_name: str, record_id: str, heads: Mapping[str, Sequence[Edit]]) -> Record | None:
    """The record these heads make; None while a field it cannot be without has not arrived.

    A head whose value this version cannot read gives way to the next one of its field.
    """
    kind = KINDS.get(kind_name)
    if kind is None:
        return None
    shown = {name: _shown(kind, name, edits) for name, edits in heads.items() if name in field_types(kind)}
    values = {name: value for name, value in shown.items() if value is not _NOTHING}
    if not required(kind) <= values.keys():
        return None
    return from_values(kind, record_id, values)


def _shown(kind: type[Record], name: str, edits: Sequence[Edit]) -> Any:
    for edit in edits:
        try:
            decoded = from_json(kind, name, edit.value)
        except UNREADABLE:
            continue
        if decoded is not None or name not in required(kind):
            return edit.value
    return _NOTHING
