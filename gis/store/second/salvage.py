"""What can still be read of a damaged operation. It is copied first and left as it is."""

import re
import shutil
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from gis.errors import UserError
from gis.model.record import Readings
from gis.progress import Progress
from gis.store.journal.edit import Edit
from gis.store.journal.edit import read as read_edit
from gis.store.journal.personal import Personal
from gis.store.operation import Operation, desk_file, readings_file
from gis.store.readings.chunks import Damaged, decoded
from gis.store.readings.tail import Columns, stacked, unpack
from gis.store.second.readings import told
from gis.store.tables import desk_state
from gis.store.tables.engine import open_readers
from gis.texts import _

_CHUNK = ("n", "codec", "crc", "at", "value", "quality")
_AT_ONCE = 2_000  # rows in memory
_MOST_ROWS = 200_000  # readings handed on at once
_PATIENCE = 4_000  # failures in one table
_FAR = 1 << 40  # no table of ours counts so far
_BODY = re.compile(rb'\{"actor":"[^\x00]{40,20000}?,"who":"(?:[^"\\\x00]|\\.)*"\}')
_NAMES = re.compile(rb"[0-9a-f]{64,}")  # columns lie side by side: a name may be part of a longer run


@dataclass(frozen=True, slots=True)
class Remains:
    """The edits that were found, each proven by its name, and what was not, in sentences.

    `upto` is the greatest number of one of them that is known; `operation` is what the desk's file says it is
    of, None where that cannot be read.
    """

    edits: tuple[Edit, ...] = ()
    personal: tuple[Personal, ...] = ()
    remarks: tuple[str, ...] = ()
    upto: int = 0
    operation: Operation | None = None


def read(folder: Path, scratch: Path, progress: Progress) -> Remains:
    """Every edit of a damaged operation that is still what it was. The folder must not be open anywhere.

    `scratch` is a folder of ours. Raises `OSError` when there is nothing to copy or no room.
    """
    damaged = desk_file(folder)
    _copied(damaged, scratch, progress)
    remarks: list[str] = []
    bytes_of = {path.name: path.read_bytes() for path in scratch.iterdir()}  # before SQLite folds the log in
    bodies: dict[str, str] = {}
    seen = Remains()
    try:
        with _opened(scratch / damaged.name) as desk:
            seen = _selected(desk, bodies, progress, remarks)
    except DatabaseError as error:
        remarks.append(_shut(damaged, error))
    if remarks:
        for content in bytes_of.values():
            bodies |= _scanned(content)
    edits = sorted(_edits(bodies), key=lambda edit: (edit.actor, edit.seq))
    return replace(seen, edits=tuple(edits), remarks=tuple(remarks))


def _copied(damaged: Path, scratch: Path, progress: Progress) -> None:
    scratch.mkdir(parents=True, exist_ok=True)
    for path in (damaged, damaged.with_name(damaged.name + "-wal")):
        if path.exists():
            progress.step(0, 0, _("Reading {file}").format(file=path.name))
            shutil.copyfile(path, scratch / path.name)


@contextmanager
def _opened(path: Path) -> Generator[Connection]:
    views = open_readers(path)
    try:
        with views.begin() as connection:
            yield connection
    finally:
        views.dispose()


def _shut(damaged: Path, error: DatabaseError) -> str:
    said = _("{file} of {name} cannot be opened: {fault}.")
    return said.format(file=damaged.name, name=damaged.parent.name, fault=error.orig)


def _selected(desk: Connection, bodies: dict[str, str], progress: Progress, remarks: list[str]) -> Remains:
    """What the database itself gives; bodies by name go into `bodies`."""
    lost: list[tuple[int, int]] = []
    upto = 0
    for n, edit, body in rows(desk, "edit, body FROM journal", "n", lost, progress):
        if _is_named(edit, body):
            bodies[edit], upto = body, max(n, upto)
        else:
            lost.append((n, n))
    if lost:
        numbers = ", ".join(_span(low, high) for low, high in _spans(lost))
        remarks.append(_("Rows of the journal that could not be read: {numbers}.").format(numbers=numbers))
    return Remains(personal=_apart(desk, remarks, progress), upto=upto, operation=_operation(desk))


def _spans(lost: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same numbers in as few spans as they need."""
    spans: list[tuple[int, int]] = []
    for low, high in sorted(lost):
        if spans and low <= spans[-1][1] + 1:
            spans[-1] = spans[-1][0], max(high, spans[-1][1])
        else:
            spans.append((low, high))
    return spans


def _span(low: int, high: int) -> str:
    if high >= _FAR:
        return _("from {number} on").format(number=low)
    return f"{low}" if low == high else f"{low}-{high}"


def _operation(desk: Connection) -> Operation | None:
    try:
        return Operation.from_json(desk_state.kept(desk, "operation") or {})
    except (DatabaseError, ValueError, TypeError, KeyError):
        return None


def series(folder: Path, scratch: Path, progress: Progress, remarks: list[str]) -> Generator[Readings]:
    """The readings of a damaged operation that can still be read, in parts that fit into memory.

    As `read`; what is lost goes into `remarks`, a sentence each.
    """
    damaged = readings_file(folder)
    _copied(damaged, scratch, progress)
    lost: list[tuple[int, int]] = []
    try:
        with _opened(scratch / damaged.name) as readings:
            sensors = dict(row[:2] for row in rows(readings, "sensor FROM instrument", "no", lost, progress))
            parts = chain(_sealed(readings, lost, progress), _waiting(readings, lost, progress))
            for columns in _gathered(parts):
                yield told(columns, sensors)[0]
    except DatabaseError as error:
        remarks.append(_shut(damaged, error))
    if lost:
        said = _("Some readings of {name} could not be read.")
        remarks.append(said.format(name=folder.name))


def _sealed(readings: Connection, lost: list[tuple[int, int]], progress: Progress) -> Generator[Columns]:
    wanted = f"no, {', '.join(_CHUNK)} FROM chunk"
    for place, no, *blobs in rows(readings, wanted, "id", lost, progress):
        try:
            part = decoded(dict(zip(_CHUNK, blobs, strict=True)))
            number = np.full(len(part), abs(no), np.int32)
        except (Damaged, TypeError, OverflowError):  # a column may hold anything now
            lost.append((place, place))
            continue
        yield Columns(number, part.at_us, part.value, part.quality)


def _waiting(readings: Connection, lost: list[tuple[int, int]], progress: Progress) -> Generator[Columns]:
    for place, blob in rows(readings, "data FROM pending", "n", lost, progress):
        try:
            yield unpack(blob)
        except (Damaged, TypeError):
            lost.append((place, place))


def _gathered(parts: Iterable[Columns]) -> Generator[Columns]:
    waiting: list[Columns] = []
    for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) >= _MOST_ROWS:
            yield stacked(waiting)
            waiting = []
    if waiting:
        yield stacked(waiting)


def _apart(desk: Connection, remarks: list[str], progress: Progress) -> tuple[Personal, ...]:
    lost: list[tuple[int, int]] = []
    wanted = rows(desk, "name, salt, value FROM personal", "rowid", lost, progress)
    found = [Personal(*row) for _n, *row in wanted if all(isinstance(part, str) for part in row)]
    if lost:
        remarks.append(_("Some of what was said about private persons could not be read."))
    return tuple(each for each in found if each.is_true)


def rows(
    connection: Connection, wanted: str, key: str, lost: list[tuple[int, int]], progress: Progress
) -> Generator[tuple[Any, ...]]:
    """`wanted` ("columns FROM table") of a damaged table by its number `key`, which comes first in each row.

    Numbers that could not be read go into `lost`. A page without which nothing behind it is found would fail
    for every number there is, so looking ends after some thousand failures.
    """
    look = text(f"SELECT {key}, {wanted} WHERE {key} BETWEEN :low AND :high ORDER BY {key} LIMIT {_AT_ONCE}")
    spans, patience = [(1, _FAR)], _PATIENCE
    while spans:
        progress.check()
        low, high = spans.pop()
        try:
            found = connection.execute(look, {"low": low, "high": high}).all()
        except DatabaseError:
            patience -= 1
            if low >= high or patience < 0:
                lost.append((low, high))
            else:
                middle = (low + high) // 2
                spans += [(middle + 1, high), (low, middle)]
            continue
        yield from map(tuple, found)
        if len(found) == _AT_ONCE:
            spans.append((found[-1][0] + 1, high))


def _is_named(name: Any, body: Any) -> bool:
    return isinstance(body, str) and sha256(body.encode("utf-8", "replace")).hexdigest() == name


def _scanned(content: bytes) -> dict[str, str]:
    """Bodies found among the bytes of a file. One counts only where its name stands in the file as well:
    a body in which a letter was altered has another."""
    found: dict[str, str] = {}
    names = {run[0][i : i + 64] for run in _NAMES.finditer(content) for i in range(len(run[0]) - 63)}
    for match in _BODY.finditer(content):
        name = sha256(match[0]).hexdigest()
        if name.encode() in names:
            found[name] = match[0].decode()
    return found


def _edits(bodies: dict[str, str]) -> Generator[Edit]:
    for body in bodies.values():
        try:
            yield read_edit(body)
        except UserError:  # rightly named, and yet only a text that looks like one
            continue
