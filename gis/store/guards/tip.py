"""The newest entry of the journal, noted outside the database: what has gone since is known by its number."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from gis.store.tables import schema

_LINE = re.compile(r"([0-9]{20}) ([0-9a-f]{64})\n")


class Newest(NamedTuple):
    """The number and the name of an edit; number 0 before the first."""

    n: int
    edit: str


def newest(desk: Connection) -> Newest:
    table = schema.journal
    row = desk.execute(select(table.c.n, table.c.edit).order_by(table.c.n.desc()).limit(1)).first()
    return Newest(row.n, row.edit) if row else Newest(0, "")


class Tip:
    """A small file, written after each commit and so never ahead of the journal. It is not forced to the
    disk: after a power cut it may be older, which only hides a loss and never invents one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "tip"

    def read(self) -> Newest | None:
        """What was noted last; None where nothing was, or it cannot be read."""
        try:
            found = _LINE.fullmatch(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return Newest(int(found[1]), found[2]) if found else None

    def write(self, newest: Newest) -> None:
        """In one go, at one place: another desk that writes it at the same time leaves it whole."""
        line = f"{newest.n:020d} {newest.edit}\n".encode("ascii")
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        except OSError:  # the commit stands; a disk without room for this line is met by the next one
            return
        try:
            os.write(file, line)
        except OSError:
            pass
        finally:
            os.close(file)
