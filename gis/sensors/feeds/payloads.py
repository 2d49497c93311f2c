"""What a message says: a plain number, JSON, SenML or an observation of SensorThings, never guessed."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ParamSpec, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from gis.errors import UserError
from gis.model.record import Quality, Reading
from gis.model.sensor import Quantity, Sensor
from gis.sensors.feeds import senml
from gis.sensors.feeds.message import Message
from gis.sensors.feeds.senml import Claim
from gis.sensors.feeds.strict import moment, number, since_1970
from gis.sensors.feeds.strictjson import parsed, place
from gis.sensors.units import converted
from gis.texts import _

P = ParamSpec("P")
T = TypeVar("T")
MOST_READINGS = 10_000  # of one message
_LONGEST_NUMBER = 64
_LONGEST_SHOWN = 80
_AHEAD = timedelta(minutes=5)
_SILENCE = 3  # reports missed, after which the last known is not what is


class Shape(StrEnum):
    """How a payload is written."""

    PLAIN = "plain number"
    JSON = "JSON"
    SENML = "SenML"
    SENSORTHINGS = "SensorThings"


@dataclass(frozen=True, slots=True)
class PayloadFormat:
    """How one source writes its messages: declared, never guessed.

    JSON: `value`, `time`, `key` and `unit_at` say where these stand in an object, as names with dots between
    them ("reading.level", "values.0"); of a list, each element is taken. "" for one that is not there.
    SenML: `value` is the measurement's own name where that follows the key of the instrument ("level" in
    "KALI-3:level"), and measurements of other names are nobody's business; "": the name is the key.
    `time_pattern` is "" for ISO 8601, "s" or "ms" since 1970 UTC, or for strptime; `timezone` (IANA) holds
    for times without an offset. Without any time a message counts as measured when it came. `unit` is that of
    values that name none; "": the unit of the instrument. `decimal` holds for plain numbers and for numbers
    that JSON has in quotes.
    """

    shape: Shape = Shape.PLAIN
    value: str = ""
    time: str = ""
    key: str = ""
    unit_at: str = ""
    unit: str = ""
    decimal: str = "."
    timezone: str = "UTC"
    time_pattern: str = ""

    def __post_init__(self) -> None:
        if self.shape is Shape.JSON and not self.value:
            raise UserError(
                _("It is not said where in a message the value stands."),
                hint=_("Name the field, with dots where it lies deeper: reading.level"),
            )
        if len(self.decimal) != 1:
            raise UserError(_("A decimal sign is one character."), hint=_("Use . or ,"))
        _zone(self.timezone)


Told: TypeAlias = tuple[list[Reading], list[str]]


def told(message: Message, form: PayloadFormat, sensors: Mapping[str, Sensor]) -> Told:
    """The readings in a message, and why other parts of it are none, for a person.

    `sensors` are those it may speak of, by key; of one alone it need not say which. Nothing in it may be
    over 5 minutes later than it came. A value in another unit is converted, or kept as it is and flagged
    `Quality.UNIT`. What was measured long ago for all we know (the broker's last known, or a message without
    a time that may have waited there) is flagged `Quality.CLOCK`: it is shown, and raises no alarm.
    """
    readings: list[Reading] = []
    reasons: list[str] = []
    try:
        if message.cut:
            raise ValueError(_("The message is larger than any that holds readings."))
        for claim in _claims(message.payload, form, message.came):
            if len(readings) + len(reasons) >= MOST_READINGS:
                raise ValueError(_("The message holds more than any instrument has to say."))
            read = claim if isinstance(claim, str) else _tried(_reading, claim, form, sensors, message)
            if isinstance(read, str):
                reasons.append(read)
            else:
                readings.append(read)
    except ValueError as error:
        return [], [str(error)]
    if not readings and not reasons:
        reasons.append(_("The message holds no measurement."))
    return readings, [*dict.fromkeys(reasons)]


def _claims(payload: bytes, form: PayloadFormat, came: datetime) -> Iterator[Claim | str]:
    match form.shape:
        case Shape.PLAIN:
            yield Claim(_plain(payload))
        case Shape.JSON:
            content = parsed(payload)
            for each in content if isinstance(content, list) else [content]:
                yield _tried(_object, each, form)
        case Shape.SENML:
            yield from senml.claims(parsed(payload), form.value, came)
        case Shape.SENSORTHINGS:
            yield _observation(parsed(payload))


def _tried(act: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | str:
    """What comes of it, or the reason why nothing does."""
    try:
        return act(*given, **named)
    except ValueError as error:
        return str(error)


def _plain(payload: bytes) -> str:
    try:
        return payload[: _LONGEST_NUMBER + 1].decode("ascii").strip(" \t\r\n")
    except UnicodeDecodeError as error:
        raise ValueError(_("The value is not a number as this source writes them.")) from error


def _object(content: Any, form: PayloadFormat) -> Claim:
    """Of an object of JSON, what stands at the places that are declared."""
    value = place(content, form.value)
    if value is None:
        raise ValueError(_("There is no value at {place}.").format(place=form.value))
    time = place(content, form.time) if form.time else None
    if form.time and time is None:
        raise ValueError(_("There is no time at {place}.").format(place=form.time))
    key = place(content, form.key) if form.key else None
    if form.key and key is None:
        raise ValueError(_("It does not say at {place} which instrument it is of.").format(place=form.key))
    unit = place(content, form.unit_at) if form.unit_at else None
    return Claim(value, time, None if key is None else _word(key), "" if unit is None else _word(unit))


def _word(value: Any) -> str:
    """A name, which may be written as a number."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, str):
        raise ValueError(_("A name is expected where the message has something else."))
    return value


def _observation(content: Any) -> Claim:
    """An Observation of SensorThings 1.1 (OGC 18-088, 8.2.7): of an interval, its end is the time."""
    if not isinstance(content, dict) or "result" not in content:
        raise ValueError(_("This is no observation as SensorThings writes them."))
    time = next((content[each] for each in ("phenomenonTime", "resultTime") if content.get(each)), None)
    if isinstance(time, str):
        time = time.rpartition("/")[2]
    stream = content.get("Datastream")
    key = stream.get("@iot.id") if isinstance(stream, dict) else None
    return Claim(content["result"], time, None if key is None else _word(key))


def _reading(claim: Claim, form: PayloadFormat, sensors: Mapping[str, Sensor], message: Message) -> Reading:
    sensor = _meant(claim.key, form, sensors)
    at = message.came if claim.time is None else _time(claim.time, form)
    if at > message.came + _AHEAD:
        raise ValueError(_("The time lies in the future: check the clock of this instrument."))
    quality = _age(claim, at, sensor, message)
    value, unit = _value(claim.value, form, sensor), claim.unit or form.unit
    if not unit:
        return Reading(sensor.id, at, value, quality)
    try:
        same = converted(value, unit, sensor.unit)
    except OverflowError as error:
        raise ValueError(_("The number is too large to be a measurement.")) from error
    return Reading(sensor.id, at, value if same is None else same, quality | _unit(same))


def _unit(same: float | None) -> Quality:
    return Quality.UNIT if same is None else Quality.GOOD


def _age(claim: Claim, at: datetime, sensor: Sensor, message: Message) -> Quality:
    """Whether it is news. Raises `ValueError` for what nobody can place in time."""
    if claim.time is None:
        if message.retained:
            raise ValueError(
                _("The broker's last known value, without a time: nobody can say how old it is.")
            )
        return Quality.CLOCK if message.late else Quality.GOOD
    old = message.came - at > _SILENCE * timedelta(seconds=sensor.expected_every_s)
    return Quality.CLOCK if message.retained and old else Quality.GOOD


def _meant(key: str | None, form: PayloadFormat, sensors: Mapping[str, Sensor]) -> Sensor:
    """The sensor a message speaks of: the only one it may, or the one it names among those."""
    named = key is not None and not (form.shape is Shape.SENSORTHINGS and len(sensors) == 1)
    if key is not None and named:
        if (sensor := sensors.get(key)) is not None:
            return sensor
        reason = _("The message speaks of {key}, and its topic is not bound to that instrument.")
        raise ValueError(reason.format(key=shortened(key)))
    if len(sensors) != 1:
        raise ValueError(_("The message does not say which instrument it is of."))
    return next(iter(sensors.values()))


def _value(value: Any, form: PayloadFormat, sensor: Sensor) -> float:
    if isinstance(value, bool) and sensor.quantity is Quantity.PUMP:
        return float(value)
    if isinstance(value, float) and math.isfinite(value):  # a base value added may have made it infinite
        return value
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        return number(value, form.decimal)
    raise ValueError(_("The value is not a number as this source writes them."))


def _time(time: Any, form: PayloadFormat) -> datetime:
    if isinstance(time, datetime):
        return time
    if form.shape is Shape.JSON and form.time_pattern in ("s", "ms"):
        seconds = time if isinstance(time, float) else number(str(time)[:_LONGEST_NUMBER])
        return since_1970(seconds / (1000 if form.time_pattern == "ms" else 1))
    if not isinstance(time, str):
        raise ValueError(_("The time is not written as this source declares."))
    pattern = form.time_pattern if form.shape is Shape.JSON else ""
    return moment(time, _zone(form.timezone), pattern)


def shortened(text: str) -> str:
    """As much of a name from outside as has room in a sentence."""
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UserError(
            _("There is no time zone {name}.").format(name=name),
            hint=_("Use a name such as Asia/Makassar or UTC."),
        ) from error
