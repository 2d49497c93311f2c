"""Is everything in an operation's folder as it was written? Looks, and changes nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from gis.model.record import Record
from gis.store import fold, journal, proof, schema
from gis.store.edit import Edit
from gis.store.engine import open_readers
from gis.store.geopackage import APPLICATION_ID
from gis.store.operation import desk_file, readings_file
from gis.store.rows import KINDS, from_row, to_values
from gis.texts import _, ngettext


def faults(folder: Path) -> list[str]:
    """What is wrong with an operation's files, a sentence each; empty when all is well.

    Looks at both databases page by page, at the mark that makes the desk's file a GeoPackage, at the hash
    chains of the journal, and at whether every record is what the journal says it is.
    """
    found: list[str] = []
    for path, look in ((desk_file(folder), _desk), (readings_file(folder), _pages)):
        if not path.is_file():  # looking at it would make one
            found.append(_("{file} is missing.").format(file=path.name))
            continue
        views = open_readers(path)
        try:
            with views.begin() as connection:
                found += [f"{path.name}: {fault}" for fault in look(connection)]
        except DatabaseError as error:
            found.append(_("{file} cannot be read: {reason}").format(file=path.name, reason=error.orig))
        finally:
            views.dispose()
    return found


def _pages(connection: Connection) -> list[str]:
    said = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if said == ["ok"] else said


def _desk(connection: Connection) -> list[str]:
    found = _pages(connection)
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
        found.append(_("The file does not carry the mark of a GeoPackage."))
    altered = proof.broken(connection)
    if altered is not None:
        found.append(_("The journal was altered at the edit {name}.").format(name=altered[:12]))
    strays = sum(_strays(connection, kind) for kind in KINDS)
    if strays:
        said = ngettext(
            "{count} record is not what the journal says.",
            "{count} records are not what the journal says.",
            strays,
        )
        found.append(said.format(count=strays))
    return found


def _strays(connection: Connection, kind: str) -> int:
    """How many rows of a kind differ from what follows from their edits, or have none."""
    rows = connection.execute(select(schema.TABLE_OF[KINDS[kind]])).mappings()
    records = [from_row(KINDS[kind], row) for row in rows]
    heads = journal.head_edits(connection, kind, [record.id for record in records])
    return sum(not _agrees(kind, record, heads.get(record.id, {})) for record in records)


def _agrees(kind: str, record: Record, heads: Mapping[str, Sequence[Edit]]) -> bool:
    said = fold.record(kind, record.id, heads)
    return said is not None and to_values(said) == to_values(record)
