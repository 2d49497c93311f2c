"""Every table of an operation's two files. Record tables follow from the records."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    true,
)
from sqlalchemy.types import TypeEngine

from gis.model.incident import Incident, Note
from gis.model.record import Record
from gis.model.sensor import Alarm, Suppression
from gis.model.task import Task
from gis.store.tables.geometry import Geometry, UtcTime, Word
from gis.store.tables.rows import TABLES, defaults, field_types

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
        name, desk, Column("fid", Integer, primary_key=True), *_columns(kind)
    )  # `fid` is the number of the record's first edit
    for kind, name in TABLES.items()
}

# What a desk keeps asking for is found without reading a million closed incidents and past alarms.
_incidents, _notes, _alarms = (TABLE_OF[kind].c for kind in (Incident, Note, Alarm))
_withheld, _tasks = (TABLE_OF[kind].c for kind in (Suppression, Task))
_rang = _alarms.raised_at.is_not(None)
Index("incidents_open", _incidents.void, sqlite_where=_incidents.closed_at.is_(None))
Index("incidents_by_number", func.length(_incidents.number), _incidents.number)
Index("notes_by_incident", _notes.incident_id)
Index("alarms_unsigned", _alarms.void, sqlite_where=_alarms.acknowledged_at.is_(None) & _rang)
Index("alarms_not_returned", _alarms.void, sqlite_where=_alarms.returned_at.is_(None))
Index("alarms_not_reset", _alarms.void, sqlite_where=(_alarms.latch == true()) & _alarms.reset_at.is_(None))
Index("alarms_by_ringing", _alarms.raised_at)
Index("suppressions_by_end", _withheld.until, _withheld.ended_at)
Index("tasks_by_alarm", _tasks.alarm_id)
Index("tasks_by_incident", _tasks.incident_id)

journal = Table(
    "journal",
    desk,
    Column("n", Integer, primary_key=True),  # in the order in which edits came in here
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
    Column("arrival", Integer),  # the act that brought it from another desk; NULL when written here
    Column("until", Integer),  # derived: the number that replaced it; NULL while it stands
    Column("opens", Boolean, nullable=False),  # derived: the first edit of its step to come in
)
Index("journal_by_record", journal.c.record, journal.c.field)
Index("journal_by_actor", journal.c.actor, journal.c.seq)
Index("journal_by_step", journal.c.step)
Index("journal_by_time", journal.c.received_at)
Index("journal_heads", journal.c.record, sqlite_where=journal.c.until.is_(None))
Index("journal_steps", journal.c.n, sqlite_where=journal.c.opens)
journal_awaited = Table(  # derived: edits that are named as replaced and have not arrived
    "journal_awaited",
    desk,
    Column("edit", Text, primary_key=True),
    Column("by", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
journal_dispute = Table(  # derived: fields with more than one head
    "journal_dispute",
    desk,
    Column("kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    sqlite_with_rowid=False,
)
journal_chain = Table(  # derived: how far each desk's chain reaches and how much of it is here
    "journal_chain",
    desk,
    Column("actor", Text, primary_key=True),
    Column("top", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("forked", Integer),  # the first number that two edits carry
    sqlite_with_rowid=False,
)
arrival = Table(
    "arrival",
    desk,
    Column("no", Integer, primary_key=True),
    Column("step", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("first", Integer, nullable=False),  # its edits carry the numbers from here on
    Column("edits", Integer, nullable=False),
)
personal = Table(
    "personal",
    desk,
    Column("name", Text, primary_key=True),
    Column("salt", Text),
    Column("value", Text),  # canonical JSON; NULL when it was erased
)  # with a row number: a second copy asks what is new
Index("personal_erased", personal.c.name, sqlite_where=personal.c.value.is_(None))
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

latest_readings = Table(  # derived, for other programs: `fid` is that of the instrument
    "latest_readings",
    desk,
    Column("fid", Integer, primary_key=True),
    Column("sensor", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("quantity", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("value", Double),
    Column("at", UtcTime),
    Column("quality", Text, nullable=False),
    Column("geom", Geometry("POINT")),
)
outside = Table(  # which rows of records were touched by other programs; `seq` 0 while it is us
    "outside",
    desk,
    Column("seq", Integer, primary_key=True),
    Column("tbl", Text, nullable=False),
    Column("fid", Integer, nullable=False),
    Column("op", Text, nullable=False),
)

readings = MetaData()
generation = Table(  # one row, one number: how often the chunks have been rewritten
    "generation", readings, Column("number", Integer, nullable=False)
)
instrument = Table(  # the newest reading and the newest time of each, as far as its readings are in chunks
    "instrument",
    readings,
    Column("no", Integer, primary_key=True),
    Column("sensor", Text, unique=True, nullable=False),
    Column("reach", Integer),
    Column("last_us", Integer),
    Column("last_value", Double),
    Column("last_quality", Integer),
)
pending = Table(  # readings as they came: one blob a commit, until they are sealed into chunks
    "pending",
    readings,
    Column("n", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_autoincrement=True,  # a number never comes back, so what it stands for can be kept in memory
)
HEADER = ("no", "t0", "t1", "n", "vmin", "tmin", "vmax", "tmax", "vsum", "doubt", "tdoubt", "vdoubt")
chunk = Table(  # readings of one sensor, compressed; no two chunks of a sensor share an instant
    "chunk",
    readings,
    Column("id", Integer, primary_key=True),
    Column("no", Integer, nullable=False),
    Column("t0", Integer, nullable=False),
    Column("t1", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("vmin", Double),
    Column("tmin", Integer),
    Column("vmax", Double),
    Column("tmax", Integer),
    Column("vsum", Double, nullable=False),
    Column("doubt", Integer, nullable=False),
    Column("tdoubt", Integer),
    Column("vdoubt", Double),
    Column("codec", Text, nullable=False),
    Column("crc", Integer, nullable=False),
    Column("at", LargeBinary, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("quality", LargeBinary),
    Index("chunk_header", *HEADER),  # a look at five years reads this and no blob
    sqlite_autoincrement=True,
)
reject = Table(
    "reject",
    readings,
    Column("n", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("source", "line", "raw"),
    sqlite_autoincrement=True,
)
reject_count = Table(
    "reject_count",
    readings,
    Column("source", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
