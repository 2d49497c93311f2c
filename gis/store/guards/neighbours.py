"""What other programs on this computer commit to the same operation, as the journal tells it."""

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, select

from gis.model.record import Reading
from gis.store.change import Change
from gis.store.guards.tip import newest
from gis.store.operation import desk_file, readings_file
from gis.store.tables import schema
from gis.store.tables.engine import open_readers
from gis.store.tables.rows import KINDS
from gis.texts import _


class _Ear:
    """A connection of its own to one file: SQLite tells it whether others have committed."""

    def __init__(self, path: Path) -> None:
        self._engine = open_readers(path)
        self.connection = self._engine.connect()
        self._version = -1

    def pricks_up(self) -> bool:
        """True when something was committed since the last time. Called in a transaction."""
        before, self._version = (
            self._version,
            self.connection.exec_driver_sql("PRAGMA data_version").scalar_one(),
        )
        return before != self._version

    def close(self) -> None:
        self.connection.close()
        self._engine.dispose()


class Neighbours:
    """Hears of journal entries that were not written by this desk; and that others brought readings."""

    def __init__(self, folder: Path) -> None:
        self._desk, self._readings = _Ear(desk_file(folder)), _Ear(readings_file(folder))
        self._own: list[range] = []
        self._hearing, self._closed = Lock(), False
        with self._desk.connection.begin():
            self._desk.pricks_up()
            self._seen = newest(self._desk.connection).n
        with self._readings.connection.begin():
            self._readings.pricks_up()

    def wrote(self, before: int, after: int) -> None:
        """This desk has just written the entries after `before`, up to `after`."""
        if after > before:
            self._own.append(range(before + 1, after + 1))

    def listen(self) -> Change | None:
        """What others wrote since the last time, or None."""
        with self._hearing:
            if self._closed:
                return None
            with self._desk.connection.begin():
                return self._new_entries(self._desk.connection) if self._desk.pricks_up() else None

    def has_new_readings(self) -> bool:
        """True when readings came in since the last time, from whomever."""
        with self._hearing:
            if self._closed:
                return False
            with self._readings.connection.begin():
                return self._readings.pricks_up()

    def _new_entries(self, desk: Connection) -> Change | None:
        table = schema.journal
        rows = desk.execute(
            select(table.c.n, table.c.kind, table.c.record).where(table.c.n > self._seen)
        ).all()
        self._seen = max((row.n for row in rows), default=self._seen)
        others = [row for row in rows if not any(row.n in own for own in self._own)]
        self._own = [own for own in self._own if own.stop > self._seen + 1]
        kinds = frozenset(KINDS[row.kind] for row in others if row.kind in KINDS)
        if not kinds:
            return None
        return Change(_("Another window"), kinds, frozenset(row.record for row in others))

    def close(self) -> None:
        with self._hearing:
            self._closed = True
            self._desk.close()
            self._readings.close()


def of_readings(ids: frozenset[str]) -> Change:
    """Readings of these sensors came in through another program."""
    return Change(_("Another window"), frozenset({Reading}), ids)
