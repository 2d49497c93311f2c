"""The journal: an ever-growing set of edits. Everything a record is follows from it.

An edit says that one field of one record took a value, and names the edits it replaces (`over`). It is
named by the SHA-256 of its own bytes, so it can be received twice and in any order; each desk's edits
form one hash chain (`prev`). A field's heads are the edits nobody has replaced; heads with different
values are a conflict, open until an edit covers them all. Clocks order the display, nothing else.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.errors import UserError
from gis.store import schema
from gis.store.geometry import time_text
from gis.texts import _

EDIT_FORMAT = 1
_BATCH = 400  # below SQLite's limit of bound values
_MOST_EDITS = 10**12  # of one desk; a greater number is no number of ours


@dataclass(frozen=True, slots=True)
class Edit:
    """One immutable statement. `body` is its canonical JSON, exactly as hashed; the rest is read from it."""

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


def body_of(values: dict[str, Any]) -> str:
    """Canonical JSON: one spelling for one statement."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def read(body: str) -> Edit:
    """The edit with this body. Raises `UserError` when it is not one, or not spelled canonically."""
    try:
        values = json.loads(body, parse_constant=_no_constant, object_pairs_hook=_no_twins)
        if body_of(values) != body:
            raise ValueError("not canonical")
        return _from_values(body, values)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UserError(
            _("One edit in this file is damaged."), hint=_("Nothing was taken from it. Ask for it again.")
        ) from error


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name stands twice")
    return values


def _from_values(body: str, values: dict[str, Any]) -> Edit:
    texts = {n: values[n] for n in ("actor", "prev", "step", "label", "who", "kind", "record", "field")}
    undoes, over = values.get("undoes", ""), tuple(values["over"])
    if not all(isinstance(part, str) for part in (*texts.values(), *over, undoes)):
        raise TypeError("a name is not text")
    at = datetime.fromisoformat(values["at"])
    if at.tzinfo is None or type(values["seq"]) is not int or not 1 <= values["seq"] <= _MOST_EDITS:
        raise ValueError("no time zone, or no number")
    return Edit(
        id=sha256(body.encode()).hexdigest(),
        body=body,
        seq=values["seq"],
        at=at.astimezone(UTC),
        value=values["value"],
        over=over,
        undoes=undoes,
        **texts,
    )


class Chain:
    """Writes this desk's edits, each naming the one before it."""

    def __init__(self, connection: Connection, actor: str) -> None:
        self._actor = actor
        newest = select(schema.journal.c.seq, schema.journal.c.edit).where(schema.journal.c.actor == actor)
        last = connection.execute(newest.order_by(schema.journal.c.seq.desc()).limit(1)).first()
        self._seq, self._prev = (last.seq, last.edit) if last else (0, "")

    def add(self, step: dict[str, str], *, record: str, field: str, value: Any, over: Iterable[str]) -> Edit:
        """The next edit. `step` holds kind, step, label, who and at, and undoes when it takes a step back."""
        values = step | {
            "v": EDIT_FORMAT,
            "actor": self._actor,
            "seq": self._seq + 1,
            "prev": self._prev,
            "record": record,
            "field": field,
            "value": value,
            "over": sorted(over),
        }
        edit = _from_values(body_of(values), values)
        self._seq, self._prev = edit.seq, edit.id
        return edit


_HEADS = select(schema.journal_head.c.field, schema.journal_head.c.edit).where(
    schema.journal_head.c.record == bindparam("wanted")
)

_NO_HEAD = delete(schema.journal_head).where(
    schema.journal_head.c.record == bindparam("r"),
    schema.journal_head.c.field == bindparam("f"),
    schema.journal_head.c.edit == bindparam("e"),
)


def heads(connection: Connection, record: str) -> dict[str, list[str]]:
    """The edits that nobody has replaced, by field."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(_HEADS, {"wanted": record}):
        found.setdefault(row.field, []).append(row.edit)
    return found


def add(connection: Connection, edits: Sequence[Edit], received_at: datetime) -> list[Edit]:
    """Put edits into the set, in any order, any number of times. Returns those that were new."""
    here = known(connection, [edit.id for edit in edits])
    new = list({edit.id: edit for edit in edits if edit.id not in here}.values())
    if not new:
        return []
    connection.execute(insert(schema.journal), [_row(edit, received_at) for edit in new])
    replaced = [{"old": old, "new": edit.id} for edit in new for old in edit.over]
    if replaced:
        connection.execute(upsert(schema.journal_over).on_conflict_do_nothing(), replaced)
    _move_heads(connection, new)
    return new


def _move_heads(connection: Connection, new: Sequence[Edit]) -> None:
    """An edit replaces edits of its own field only, whatever it names."""
    table = schema.journal_head
    covered = _covered(connection, new)
    gone = [{"r": edit.record, "f": edit.field, "e": old} for edit in new for old in edit.over]
    if gone:
        connection.execute(_NO_HEAD, gone)
    standing = [{"record": e.record, "field": e.field, "edit": e.id} for e in new if e.id not in covered]
    if standing:
        connection.execute(insert(table), standing)


def known(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these edits have arrived here."""
    column = schema.journal.c.edit
    return {e for batch in _batches(ids) for e in connection.scalars(select(column).where(column.in_(batch)))}


def _covered(connection: Connection, edits: Sequence[Edit]) -> set[str]:
    """Which of these edits had been replaced before they arrived."""
    over, table = schema.journal_over, schema.journal
    query = select(over.c.old, table.c.record, table.c.field).join(table, table.c.edit == over.c.new)
    own = {edit.id: (edit.record, edit.field) for edit in edits}
    rows = (r for batch in _batches([*own]) for r in connection.execute(query.where(over.c.old.in_(batch))))
    return {row.old for row in rows if own[row.old] == (row.record, row.field)}


def _batches(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _row(edit: Edit, received_at: datetime) -> dict[str, Any]:
    columns = ("actor", "seq", "step", "at", "who", "label", "kind", "record", "field", "body")
    row = {name: getattr(edit, name) for name in columns}
    return row | {"edit": edit.id, "received_at": received_at}


def head_edits(connection: Connection, record: str) -> dict[str, list[Edit]]:
    """The standing edits of a record by field, the one that is shown first.

    Shown is the head with the latest (time, name); the others are what a person still has to decide.
    """
    journal, head = schema.journal, schema.journal_head
    rows = connection.scalars(
        select(journal.c.body).join(head, head.c.edit == journal.c.edit).where(head.c.record == record)
    )
    found: dict[str, list[Edit]] = {}
    for edit in sorted(map(read, rows), key=lambda e: (time_text(e.at), e.id), reverse=True):
        found.setdefault(edit.field, []).append(edit)
    return found


def broken(connection: Connection) -> str | None:
    """The name of the first edit that is not what it was when it was written; None when the chains hold.

    An edit whose predecessor has not arrived yet (a partial package) is not broken.
    """
    table = schema.journal
    last: dict[str, Edit] = {}
    for row in connection.execute(select(table).order_by(table.c.actor, table.c.seq)).mappings():
        edit = _or_none(row["body"])
        if edit is None or {"n": row["n"], **_row(edit, row["received_at"])} != dict(row):
            return row["edit"]
        before = last.get(edit.actor)
        if before and before.seq == edit.seq - 1 and before.id != edit.prev:
            return row["edit"]
        last[edit.actor] = edit
    return None


def _or_none(body: str) -> Edit | None:
    try:
        return read(body)
    except UserError:
        return None
