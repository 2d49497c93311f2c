"""What is asked of each kind of source: the fields of its settings, and with what a new one begins."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import uuid4

from desktop.widgets.settingsedit import Choices, Field, How
from gis.collecting import kinds
from gis.collecting.plain import to_plain
from gis.exchange.online.sources import LATEST_S, SOONEST_S
from gis.sensors.feeds.csvtable import MOST_SKIPPED, CsvFormat
from gis.sensors.feeds.guess import ENCODINGS, PATTERNS
from gis.sensors.feeds.payloads import Shape
from gis.sensors.feeds.strict import EXCEL, EXCEL_1904
from gis.texts import _


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind, in the order in which they are asked."""
    match kind:
        case kinds.MQTT:
            return _broker()
        case kinds.FOLDER:
            return (Field("path", _("Folder"), How.FOLDER), *_table())
        case kinds.FILE:
            return (Field("path", _("File"), How.FILE), *_table())
        case kinds.RECORDING:
            begins = Field(
                "begins_at",
                _("Begins at"),
                tip=_(
                    "When the first reading is heard, by the clock of the exercise: date, time and offset."
                ),
            )
            return (Field("path", _("File"), How.FILE), begins, *_table())
        case kinds.SENSORTHINGS | kinds.USGS | kinds.QUAKES | kinds.CAP:
            return _server(kind)
        case _:
            return ()


def _server(kind: str) -> tuple[Field, ...]:
    """Where a server is, how often it is asked, and what of it."""
    every = Field("every_s", _("Asked every (s)"), How.WHOLE, least=SOONEST_S, most=LATEST_S)
    address = Field("address", _("Address"), tip=_("As it stands in the documents of the service: https://…"))
    stations = Field(
        "bindings", _("Stations"), How.PAIRS, _("One a line: station or datastream = key of the instrument")
    )
    match kind:
        case kinds.QUAKES:
            least = Field("least_magnitude", _("Least magnitude"), How.NUMBER, least=-10, most=10)
            return address, every, least
        case kinds.CAP:
            return (
                address,
                every,
                Field("language", _("Language"), tip=_("Such as id or en-US; empty: the first.")),
            )
        case _:
            return address, every, stations


def begun(kind: str, timezone: str, now: datetime) -> Mapping[str, Any]:
    """The settings with which a new source begins to be filled in."""
    table = to_plain(CsvFormat(timezone=timezone))
    match kind:
        case kinds.MQTT:
            client = f"kentongan-{uuid4().hex[:8]}"
            payload = {"shape": str(Shape.PLAIN), "timezone": timezone}
            return {"client_id": client, "tls": True, "port": 8883, "payload": payload, "most_per_s": 50}
        case kinds.RECORDING:
            return {"begins_at": now.isoformat(timespec="seconds"), "form": table}
        case kinds.FOLDER | kinds.FILE:
            return {"form": table}
        case kinds.SENSORTHINGS | kinds.USGS | kinds.QUAKES | kinds.CAP:
            defaults = {each.name: each.default for each in fields(kinds.kinds()[kind].settings)}
            return {at: value for at, value in defaults.items() if isinstance(value, str | int | float)}
        case _:
            return {}


def _table() -> tuple[Field, ...]:
    """How a table is written: declared here, never guessed line by line."""
    separators = ((_("comma ,"), ","), (_("semicolon ;"), ";"), (_("tab"), "\t"), (_("bar |"), "|"))
    return (
        Field("form.separator", _("Columns end with"), How.CHOICE, choices=separators),
        Field("form.decimal", _("Decimal sign"), How.CHOICE, choices=_decimals()),
        Field("form.encoding", _("Encoding"), How.OFFER, choices=tuple((name, name) for name in ENCODINGS)),
        Field("form.time_pattern", _("Time"), How.OFFER, _pattern_tip(), _patterns()),
        Field("form.timezone", _("Time zone"), tip=_("Of times without an offset, such as Asia/Makassar.")),
        Field("form.time_column", _("Column of time")),
        Field("form.date_column", _("Column of date"), tip=_("Where the date has a column of its own.")),
        Field(
            "form.key_column",
            _("Column of key"),
            tip=_("Which instrument a line is of. Empty: each instrument has a column of its own."),
        ),
        Field("form.value_column", _("Column of value")),
        Field(
            "form.skip",
            _("Lines before header"),
            How.WHOLE,
            _("Lines of a title, above the names of the columns."),
            most=MOST_SKIPPED,
        ),
        Field(
            "form.names",
            _("Instruments"),
            How.PAIRS,
            _("Where the file calls them otherwise, one a line: name in the file = key of the instrument"),
        ),
        Field(
            "form.units",
            _("Units"),
            How.PAIRS,
            _("Where they differ from the instrument's, one a line: name in the file = unit; = cm for all"),
        ),
    )


def _pattern_tip() -> str:
    return _("One of those offered, or a pattern such as %d/%m/%Y %H:%M.")


def _decimals() -> Choices:
    return ((_("point ."), "."), (_("comma ,"), ","))


def _patterns() -> Choices:
    """The patterns by an example of each."""
    sample = datetime(2026, 3, 31, 18, 5, 7)  # noqa: DTZ001 - an example on a wall
    words = {
        "": "ISO 8601: 2026-03-31T18:05",
        EXCEL: _("day number: 46112.75"),
        EXCEL_1904: _("day number from 1904"),
    }
    return tuple((words.get(pattern) or f"{sample.strftime(pattern)}", pattern) for pattern in PATTERNS)


def _broker() -> tuple[Field, ...]:
    return (
        Field("host", _("Broker"), tip=_("Its name or number on the network, without mqtt://.")),
        Field("port", _("Port"), How.WHOLE, _("8883 with TLS, 1883 without."), least=1, most=65_535),
        Field(
            "tls", _("Encrypted (TLS)"), How.TICK, _("Without it anybody on the way reads and writes along.")
        ),
        Field("user", _("User")),
        Field("ca_file", _("Certificate of its authority"), How.FILE, _("Empty: whom this computer trusts.")),
        Field("cert_file", _("Certificate of this desk"), How.FILE),
        Field("key_file", _("Key of this desk"), How.FILE),
        Field(
            "client_id",
            _("Client id"),
            tip=_("Under it the broker keeps what is sent while nobody is here. No other desk may use it."),
        ),
        Field(
            "bindings",
            _("Topics"),
            How.TOPICS,
            _("One a line: topic = key of the instrument. A level + is the key: city/gauges/+/level"),
        ),
        *_messages(),
        Field(
            "most_per_s",
            _("Messages a second"),
            How.WHOLE,
            _("An instrument that says more waits behind the others; nothing is lost."),
            least=1,
            most=10_000,
        ),
    )


def _messages() -> tuple[Field, ...]:
    """How a broker's messages are written."""
    shapes = tuple((str(shape), str(shape)) for shape in Shape)
    return (
        Field("payload.shape", _("Messages"), How.CHOICE, choices=shapes),
        Field(
            "payload.value",
            _("Field of value"),
            tip=_("In JSON, with dots where it lies deeper: reading.level"),
        ),
        Field("payload.time", _("Field of time"), tip=_("Empty: measured when it came.")),
        Field("payload.key", _("Field of key")),
        Field("payload.unit_at", _("Field of unit")),
        Field("payload.unit", _("Unit"), tip=_("Of values that name none; empty: the instrument's.")),
        Field("payload.decimal", _("Decimal sign"), How.CHOICE, choices=_decimals()),
        Field("payload.time_pattern", _("Time"), How.OFFER, _pattern_tip(), _stamps()),
        Field("payload.timezone", _("Time zone"), tip=_("Of times without an offset.")),
    )


def _stamps() -> Choices:
    return (("ISO 8601", ""), (_("seconds since 1970"), "s"), (_("milliseconds since 1970"), "ms"))
