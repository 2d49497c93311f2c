"""The journal: an ever-growing set of edits. Everything a record is follows from it.

An edit says that one field of one record took a value, and names the edits it replaces (`over`). It is
named by the SHA-256 of its own bytes, so it can be received twice and in any order; each desk's edits
form one hash chain (`prev`). A field's heads are the edits nobody has replaced; heads with different
values are a conflict, open until an edit covers them all. Clocks order the display, nothing else.

What stands beside the bodies (`until`, `opens`) and the small tables around them follow from the set of
edits and the order in which they came in (`n`); `rebuild` makes them again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select, text

from gis.store.journal.edit import EDIT_FORMAT, Edit, body_of, known
from gis.store.journal.personal import revealed
from gis.store.tables import schema
from gis.store.tables.geometry import time_text


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above all edits of one step. `at` is to the millisecond, as it is written."""

    step: str
    label: str
    author: str
    at: datetime
    undoes: str = ""

    @property
    def written_at(self) -> str:
        return time_text(self.at)


class Chain:
    """Writes this desk's edits, each naming the one before it."""

    def __init__(self, connection: Connection, actor: str) -> None:
        self.actor = actor
        newest = select(schema.journal.c.seq, schema.journal.c.edit).where(schema.journal.c.actor == actor)
        last = connection.execute(newest.order_by(schema.journal.c.seq.desc()).limit(1)).first()
        self._seq, self._prev = (last.seq, last.edit) if last else (0, "")

    def add(self, heading: Heading, place: tuple[str, str, str], value: Any, over: Iterable[str]) -> Edit:
        """The next edit, about `place` (kind, record, field)."""
        kind, record, field = place
        names = {"actor": self.actor, "prev": self._prev, "kind": kind, "record": record, "field": field}
        names |= {"step": heading.step, "label": heading.label, "who": heading.author}
        said = {"seq": self._seq + 1, "value": value, "over": tuple(sorted(over)), "v": EDIT_FORMAT}
        undoes = {"undoes": heading.undoes} if heading.undoes else {}
        body = body_of({**names, **said, **undoes, "at": heading.written_at})
        edit = Edit(sha256(body.encode()).hexdigest(), body, at=heading.at, **names, **said, **undoes)
        self._seq, self._prev = edit.seq, edit.id
        return edit


_COLUMNS = [column.name for column in schema.journal.columns]
_INSERT = f"INSERT INTO journal ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_REPLACE = (
    "UPDATE journal SET until = ? WHERE edit = ? AND kind = ? AND record = ? AND field = ? AND until IS NULL"
)
_HEADS = (
    "SELECT record, field, edit FROM journal"
    " WHERE until IS NULL AND kind = ? AND record IN (SELECT value FROM json_each(?))"
)
_ARRIVED = text("SELECT edit FROM journal WHERE edit IN (SELECT value FROM json_each(:wanted))")
_WRITTEN = text(
    "SELECT edit FROM journal WHERE arrival IS NULL AND edit IN (SELECT value FROM json_each(:wanted))"
)
_OPENED = text("SELECT DISTINCT step FROM journal WHERE step IN (SELECT value FROM json_each(:wanted))")
_AWAITED = text(
    "SELECT a.edit, j.n, j.kind, j.record, j.field FROM journal_awaited AS a JOIN journal AS j ON j.n = a.by"
    " WHERE a.edit IN (SELECT value FROM json_each(:wanted)) ORDER BY j.n"
)


def add(
    connection: Connection, edits: Sequence[Edit], received_at: datetime, arrival: int | None = None
) -> list[Edit]:
    """Put edits into the set, in any order, any number of times. Returns those that were new.

    `arrival` numbers the act by which another desk's edits came in; None for what is written here.
    """
    here = arrived(connection, [edit.id for edit in edits])
    new = list({edit.id: edit for edit in edits if edit.id not in here}.values())
    if not new:
        return []
    numbers = {edit.id: n for n, edit in enumerate(new, start=upto(connection) + 1)}
    untils = _untils(connection, new, numbers)
    _count_chains(connection, new, by_another=arrival is not None)
    opened = set(connection.scalars(_OPENED, {"wanted": json.dumps([*{edit.step for edit in new}])}))
    received, texts = time_text(received_at), {edit.at: "" for edit in new}
    texts = {at: time_text(at) for at in texts}
    rows: list[tuple[Any, ...]] = []
    for edit in new:
        opens = edit.step not in opened
        opened.add(edit.step)
        said = (edit.id, edit.actor, edit.seq, edit.step, texts[edit.at], edit.who, edit.label)
        of = (*edit.address, edit.body, received, arrival, untils.get(edit.id), opens)
        rows.append((numbers[edit.id], *said, *of))
    connection.exec_driver_sql(_INSERT, rows)
    standing = [edit.address for edit in new if edit.id not in untils]
    _note_disputes(connection, new, begun=arrival is not None or len({*standing}) < len(standing))
    return new


def upto(connection: Connection) -> int:
    """The number of the newest edit; 0 while there is none."""
    return connection.scalar(select(func.max(schema.journal.c.n))) or 0


def _untils(connection: Connection, new: Sequence[Edit], numbers: Mapping[str, int]) -> dict[str, int]:
    """By which number each of the new edits is replaced; what they replace among the old is told so.

    An edit replaces edits of its own field only, whatever it names. One of a newer format never stands.
    """
    untils = {edit.id: numbers[edit.id] for edit in new if edit.is_newer}
    _await(connection, new, numbers)
    addresses = {edit.id: edit.address for edit in new}
    for row in connection.execute(_AWAITED, {"wanted": json.dumps([*addresses])}):
        if addresses[row.edit] == (row.kind, row.record, row.field):
            untils.setdefault(row.edit, row.n)
    connection.exec_driver_sql(
        "DELETE FROM journal_awaited WHERE edit IN (SELECT value FROM json_each(?))",
        (json.dumps([*addresses]),),
    )
    earlier: list[tuple[Any, ...]] = []
    for edit in new:
        for old in edit.over:
            if old not in addresses:
                earlier.append((numbers[edit.id], old, *edit.address))
            elif addresses[old] == edit.address:
                untils[old] = min(numbers[edit.id], untils.get(old, numbers[edit.id]))
    if earlier:
        connection.exec_driver_sql(_REPLACE, earlier)
    return untils


def _await(connection: Connection, new: Sequence[Edit], numbers: Mapping[str, int]) -> None:
    """Remember who names an edit that is not here yet."""
    named = {old for edit in new for old in edit.over} - numbers.keys()
    absent = named - arrived(connection, [*named]) if named else named
    rows = [(old, numbers[edit.id]) for edit in new for old in set(edit.over) & absent]
    if rows:
        connection.exec_driver_sql("INSERT INTO journal_awaited (edit, by) VALUES (?, ?)", rows)


def _count_chains(connection: Connection, new: Sequence[Edit], *, by_another: bool) -> None:
    """Keep how far each desk's chain reaches, how many of its numbers are here, and where it forks."""
    pairs = [(edit.actor, edit.seq) for edit in new]
    held = _held(connection, pairs) if by_another else set[tuple[str, int]]()
    chains: dict[str, list[int | None]] = {}
    for actor, seq in pairs:
        chain = chains.setdefault(actor, [0, 0, None])
        chain[0] = max(chain[0] or 0, seq)
        if (actor, seq) in held:
            chain[2] = min(seq, chain[2] or seq)
        else:
            chain[1] = (chain[1] or 0) + 1
        held.add((actor, seq))
    connection.exec_driver_sql(
        "INSERT INTO journal_chain (actor, top, held, forked) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (actor) DO UPDATE SET top = max(top, excluded.top), held = held + excluded.held,"
        " forked = min(coalesce(forked, excluded.forked), coalesce(excluded.forked, forked))",
        [(actor, *chain) for actor, chain in chains.items()],
    )


def _held(connection: Connection, pairs: Sequence[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of these (actor, number of its chain) are here."""
    seqs: dict[str, list[int]] = {}
    for actor, seq in pairs:
        seqs.setdefault(actor, []).append(seq)
    c = schema.journal.c
    asked = {actor: select(c.seq).where(c.actor == actor, c.seq.in_(_each(s))) for actor, s in seqs.items()}
    return {(actor, seq) for actor, query in asked.items() for seq in connection.scalars(query)}


def _each(values: Iterable[Any]) -> Any:
    """A subquery of these values, however many: a list would meet SQLite's limit of bound values."""
    each = func.json_each(json.dumps([*values])).table_valued("value")
    return select(each.c.value)


_DISPUTED = text(
    "INSERT INTO journal_dispute (kind, record, field) SELECT kind, record, field FROM journal"
    " WHERE until IS NULL AND record IN (SELECT value FROM json_each(:records))"
    " GROUP BY kind, record, field HAVING count(*) > 1"
)
_CALM = text("DELETE FROM journal_dispute WHERE record IN (SELECT value FROM json_each(:records))")
_ANY_DISPUTE = text(
    "SELECT 1 FROM journal_dispute WHERE record IN (SELECT value FROM json_each(:records)) LIMIT 1"
)


def _note_disputes(connection: Connection, new: Sequence[Edit], *, begun: bool) -> None:
    """What is written here covers every head it saw: it ends a dispute, and begins one only among itself."""
    records = {"records": json.dumps([*{edit.record for edit in new}])}
    if begun or connection.scalar(_ANY_DISPUTE, records):
        connection.execute(_CALM, records)
        connection.execute(_DISPUTED, records)


def arrived(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these edits are here."""
    return set(connection.scalars(_ARRIVED, {"wanted": json.dumps(ids)}))


def written_here(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these edits no act brought from another desk."""
    return set(connection.scalars(_WRITTEN, {"wanted": json.dumps(ids)}))


def heads(connection: Connection, kind: str, records: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """The edits of these records that nobody has replaced, by record and field."""
    found: dict[str, dict[str, list[str]]] = {record: {} for record in records}
    for record, field, edit in connection.exec_driver_sql(_HEADS, (kind, json.dumps(records))):
        found[record].setdefault(field, []).append(edit)
    return found


_BODIES = text(
    "SELECT body FROM journal"
    " WHERE until IS NULL AND kind = :kind AND record IN (SELECT value FROM json_each(:wanted))"
)


def head_edits(connection: Connection, kind: str, records: Sequence[str]) -> dict[str, dict[str, list[Edit]]]:
    """The standing edits of these records by record and field, the one that is shown first.

    Shown is the head with the latest (time, name); the others are what a person still has to decide.
    """
    bodies = connection.scalars(_BODIES, {"kind": kind, "wanted": json.dumps(records)})
    return by_field(revealed(connection, [known(body) for body in bodies]))


def by_field(edits: Iterable[Edit]) -> dict[str, dict[str, list[Edit]]]:
    """Edits by record and field, the latest (time, name) first: the order in which they are shown."""
    found: dict[str, dict[str, list[Edit]]] = {}
    for edit in sorted(edits, key=lambda e: (time_text(e.at), e.id), reverse=True):
        found.setdefault(edit.record, {}).setdefault(edit.field, []).append(edit)
    return found


_FIRST = text(
    "SELECT record, min(n) AS n FROM journal"
    " WHERE kind = :kind AND record IN (SELECT value FROM json_each(:wanted)) GROUP BY record"
)


def first_numbers(connection: Connection, kind: str, records: Sequence[str]) -> dict[str, int]:
    """The number of the first edit of each of these records to come in."""
    rows = connection.execute(_FIRST, {"kind": kind, "wanted": json.dumps(records)})
    return {row.record: row.n for row in rows}
