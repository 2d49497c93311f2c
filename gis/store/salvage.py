"""What can still be read of a damaged operation. It is copied first and left as it is."""

import re
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DatabaseError

from gis.errors import UserError
from gis.progress import Progress
from gis.store.edit import Edit
from gis.store.edit import read as read_edit
from gis.store.engine import open_readers
from gis.store.operation import desk_file
from gis.store.personal import Personal
from gis.texts import _

_FAR = 1 << 40  # no table of ours counts so far
_BODY = re.compile(rb'\{"actor":"[^\x00]{40,20000}?,"who":"(?:[^"\\\x00]|\\.)*"\}')
_NAMES = re.compile(rb"[0-9a-f]{64,}")  # columns lie side by side: a name may be part of a longer run


@dataclass(frozen=True, slots=True)
class Remains:
    """The edits that were found, each proven by its name, and what was not, in sentences."""

    edits: tuple[Edit, ...] = ()
    personal: tuple[Personal, ...] = ()
    remarks: tuple[str, ...] = ()


def read(folder: Path, scratch: Path, progress: Progress) -> Remains:
    """Every edit of a damaged operation that is still what it was. The folder must not be open anywhere.

    `scratch` is a folder that does not exist yet. Raises `OSError` when there is nothing to copy or no room.
    """
    scratch.mkdir(parents=True)
    damaged = desk_file(folder)
    for path in (damaged, damaged.with_name(damaged.name + "-wal")):
        if path.exists():
            progress.step(0, 0, _("Reading {file}").format(file=path.name))
            shutil.copyfile(path, scratch / path.name)
    remarks: list[str] = []
    bytes_of = {path.name: path.read_bytes() for path in scratch.iterdir()}  # before SQLite folds the log in
    bodies: dict[str, str] = {}
    apart: tuple[Personal, ...] = ()
    try:
        bodies, apart = _selected(scratch / damaged.name, progress, remarks)
    except DatabaseError as error:
        said = _("{file} of {name} cannot be opened: {fault}.")
        remarks.append(said.format(file=damaged.name, name=folder.name, fault=error.orig))
    if remarks:
        for content in bytes_of.values():
            bodies |= _scanned(content)
    return Remains(tuple(sorted(_edits(bodies), key=lambda e: (e.actor, e.seq))), apart, tuple(remarks))


def _selected(
    path: Path, progress: Progress, remarks: list[str]
) -> tuple[dict[str, str], tuple[Personal, ...]]:
    """Bodies by name and the values kept apart, through the database itself."""
    found: dict[str, str] = {}
    views = open_readers(path)
    try:
        with views.begin() as desk:
            lost: list[tuple[int, int]] = []
            for row in rows(desk, "n, edit, body FROM journal", "n", lost, progress):
                if _is_named(row.edit, row.body):
                    found[row.edit] = row.body
                else:
                    lost.append((row.n, row.n))
            numbers = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in sorted(lost) if b < _FAR - 1)
            if numbers:
                remarks.append(
                    _("These rows of the journal could not be read: {numbers}.").format(numbers=numbers)
                )
            apart = _apart(desk, remarks, progress)
    finally:
        views.dispose()
    return found, apart


def _apart(desk: Connection, remarks: list[str], progress: Progress) -> tuple[Personal, ...]:
    lost: list[tuple[int, int]] = []
    wanted = rows(desk, "name, salt, value FROM personal", "rowid", lost, progress)
    found = [Personal(*row) for row in wanted if all(isinstance(part, str) for part in row)]
    if lost:
        remarks.append(_("Some of what was said about private persons could not be read."))
    return tuple(each for each in found if each.is_true)


def rows(
    connection: Connection, wanted: str, key: str, lost: list[tuple[int, int]], progress: Progress
) -> Generator[Row[Any]]:
    """`wanted` ("columns FROM table") of a damaged table by its number `key`; what fails goes into `lost`."""
    between = text(f"SELECT {wanted} WHERE {key} BETWEEN :low AND :high ORDER BY {key}")
    try:
        top = connection.scalar(text(f"SELECT max({key}) FROM {wanted.split()[-1]}")) or 0
    except DatabaseError:
        top = _FAR
    spans = [(1, top)]
    while spans:
        progress.check()
        low, high = spans.pop()
        try:
            yield from connection.execute(between, {"low": low, "high": high}).all()
        except DatabaseError:
            if low >= high:
                lost.append((low, high))
                continue
            middle = (low + high) // 2
            spans += [(middle + 1, high), (low, middle)]


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
