"""Every table of an operation's two files. Record tables follow from the records."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, Column, Double, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from gis.model.record import Record
from gis.store.geometry import Geometry, UtcTime, Word
from gis.store.rows import TABLES, defaults, field_types

_PLAIN: dict[type, TypeEngine[Any]] = {
    str: Text(),
    int: Integer(),
    float: Double(),
    bool: Boolean(),
    datetime: UtcTime(),
}


def _column_type(plain: type) -> TypeEngine[Any]:
    if issubclass(plain, BaseGeometry):
        return Geometry("GEOMETRY" if plain is BaseGeometry else plain.__name__.upper())
    if issubclass(plain, StrEnum):
        return Word(plain)
    return _PLAIN[plain]


def _columns(kind: type[Record]) -> list["Column[Any]"]:
    optional = {name for name, value in defaults(kind).items() if value is None}
    return [
        Column(name, _column_type(plain), unique=name == "id", nullable=name in optional)
        for name, plain in field_types(kind).items()
    ]


desk = MetaData()
TABLE_OF: dict[type[Record], Table] = {
    kind: Table(
        name, desk, Column("fid", Integer, primary_key=True), *_columns(kind), sqlite_autoincrement=True
    )
    for kind, name in TABLES.items()
}

journal = Table(
    "journal",
    desk,
    Column("n", Integer, primary_key=True),
    Column("edit", Text, unique=True, nullable=False),
    Column("actor", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Index("journal_by_record", "record", "field"),
    Index("journal_by_actor", "actor", "seq"),
    Index("journal_by_step", "step"),
    sqlite_autoincrement=True,
)
journal_over = Table(
    "journal_over",
    desk,
    Column("old", Text, primary_key=True),
    Column("new", Text, primary_key=True),
    sqlite_with_rowid=False,
)
journal_head = Table(
    "journal_head",
    desk,
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("edit", Text, primary_key=True),
    sqlite_with_rowid=False,
)
desk_state = Table(
    "desk_state",
    desk,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
judged = Table(
    "judged",
    desk,
    Column("sensor", Text, primary_key=True),
    Column("until_us", Integer, nullable=False),
    sqlite_with_rowid=False,
)

readings = MetaData()
instrument = Table(
    "instrument",
    readings,
    Column("no", Integer, primary_key=True),
    Column("sensor", Text, unique=True, nullable=False),
    Column("last_us", Integer),
    Column("last_value", Double),
    Column("last_quality", Integer),
)
reading = Table(
    "reading",
    readings,
    Column("no", Integer, primary_key=True),
    Column("at_us", Integer, primary_key=True),
    Column("value", Double, primary_key=True),  # two values for one instant are both kept
    Column("quality", Integer, nullable=False),
    sqlite_with_rowid=False,
)
