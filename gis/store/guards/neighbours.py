"""What other programs on this computer commit to the same operation, as the journal tells it."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
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

    @contextmanager
    def speaking(self, before: int, after: int) -> Generator[None]:
        """Within it this desk commits the entries after `before`, up to `after`: whoever listens waits until
        they are known as its own."""
        with self._hearing:
            yield
            if self._own and self._own[-1].stop == before + 1:
                before = self._own.pop().start - 1
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
        """Of the entries that came in since the last time only those of others are read."""
        upto = newest(desk).n
        others = list(_between(self._own, self._seen, upto))
        self._own, self._seen = [], upto
        told = {row for span in others for row in _spoken_of(desk, span)}
        kinds = frozenset(KINDS[kind] for kind, _record in told if kind in KINDS)
        if not kinds:
            return None
        return Change(_("Another window"), kinds, frozenset(record for _kind, record in told))

    def close(self) -> None:
        with self._hearing:
            self._closed = True
            self._desk.close()
            self._readings.close()


def _between(own: Iterable[range], seen: int, upto: int) -> Iterator[range]:
    """The numbers after `seen`, up to `upto`, that lie between these spans, which follow each other."""
    for span in (*own, range(upto + 1, upto + 1)):
        if span.start > seen + 1:
            yield range(seen + 1, span.start)
        seen = span.stop - 1


def _spoken_of(desk: Connection, span: range) -> Iterator[tuple[str, str]]:
    """The records, kind and id, that the entries with these numbers speak of."""
    table = schema.journal
    rows = select(table.c.kind, table.c.record).where(table.c.n.between(span.start, span.stop - 1))
    return ((row.kind, row.record) for row in desk.execute(rows.distinct()))


def of_readings(ids: frozenset[str]) -> Change:
    """Readings of these sensors came in through another program."""
    return Change(_("Another window"), frozenset({Reading}), ids)
