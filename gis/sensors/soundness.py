"""What is wrong with a limit before it is set: faults that refuse it, and doubts that are only said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf, isfinite

from gis.model.sensor import AlarmRule, Condition, Measure, Response, Sensor
from gis.texts import _
from gis.words.rules import unit_of
from gis.words.terms import exact, span

LONGEST_S = 366 * 86_400  # of any delay or window
_RANK = {each: n for n, each in enumerate(Response)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a limit, and what to do about it."""

    field: str
    words: str
    hint: str = ""


def faults(rule: AlarmRule, sensor: Sensor | None) -> list[Fault]:
    """Why this limit cannot be set on this sensor (None: not known here); none when it can."""
    if not (isfinite(rule.raise_at) and isfinite(rule.clear_below)):
        field = "clear_below" if isfinite(rule.raise_at) else "raise_at"
        needed = _("The alarm {level} needs a number here.").format(level=rule.level)
        return [*_names(rule, sensor), Fault(field, needed)]
    return [*_names(rule, sensor), *_values(rule, sensor), *_dead_band(rule), *_times(rule)]


def condition_faults(condition: Condition, sensors: Mapping[str, Sensor]) -> list[Fault]:
    """Why a limit cannot be narrowed so; `sensors` by their ids."""
    found: list[Fault] = []
    sensor = sensors.get(condition.sensor_id)
    if sensor is None or sensor.void:
        found.append(Fault("sensor_id", _("A condition asks for an instrument that is there.")))
    if condition.measure.of_trouble:
        hint = _("A silent instrument leaves a condition as it was last known.")
        found.append(Fault("measure", _("A condition asks for a value, a rise or a sum."), hint))
    if not isfinite(condition.at):
        found.append(Fault("at", _("A condition needs a number.")))
    return [*found, *_window(condition)]


def doubts(rule: AlarmRule, sensor: Sensor | None, others: Iterable[AlarmRule]) -> list[str]:
    """What is odd about a limit that can be set: seen beside what its sensor can measure, and beside the
    `others` of the same sensor."""
    found: list[str] = []
    if sensor is not None and rule.measure is Measure.VALUE:
        found += _out_of_reach(rule, sensor)
    for other in others:
        if other.id != rule.id and other.sensor_id == rule.sensor_id and not other.void:
            found += _beside(rule, other)
    return found


def _names(rule: AlarmRule, sensor: Sensor | None) -> Iterator[Fault]:
    if not rule.level.strip():
        yield Fault("level", _("A limit needs a name."), _("For example the local word for this level."))
    if sensor is not None and sensor.void:
        yield Fault("sensor_id", _("{name} has been struck out.").format(name=sensor.name))


def _values(rule: AlarmRule, sensor: Sensor | None) -> Iterator[Fault]:
    yield from _window(rule)
    match rule.measure:
        case Measure.RISE if rule.raise_at <= 0 and not rule.falling:
            yield Fault("raise_at", _("A rise is more than 0."), _("Choose “falling” for a fall."))
        case Measure.RISE if rule.raise_at >= 0 and rule.falling:
            yield Fault("raise_at", _("A fall is less than 0, for example -0.50."))
        case Measure.SUM if rule.raise_at <= 0:
            yield Fault("raise_at", _("A sum is more than 0."))
        case Measure.SILENCE | Measure.DOUBT if rule.falling:
            yield Fault("falling", _("Silence and doubtful reports have no falling limit."))
        case Measure.SILENCE if sensor is not None and rule.raise_at * 60 <= sensor.expected_every_s:
            said = _("{name} reports every {time}: it would ring between two reports.")
            time = span(sensor.expected_every_s)
            yield Fault("raise_at", said.format(name=sensor.name, time=time), _("Allow for more minutes."))
        case Measure.DOUBT if rule.raise_at < 1 or rule.raise_at != round(rule.raise_at):
            yield Fault("raise_at", _("Reports are counted: 1 or more."))
        case _:
            pass


def _dead_band(rule: AlarmRule) -> Iterator[Fault]:
    if rule.measure.of_trouble and rule.clear_below <= 0:
        yield Fault("clear_below", _("The alarm {level} could never return.").format(level=rule.level))
    elif rule.falling and rule.clear_below < rule.raise_at:
        yield Fault(
            "clear_below",
            _("The alarm {level} would return below where it is raised.").format(level=rule.level),
            _("Set the value it returns at above the value that raises it."),
        )
    elif not rule.falling and rule.clear_below > rule.raise_at:
        yield Fault(
            "clear_below",
            _("The alarm {level} would return above where it is raised.").format(level=rule.level),
            _("Set the value it returns at below the value that raises it."),
        )


def _times(rule: AlarmRule) -> Iterator[Fault]:
    said = {
        "hold_s": _("The alarm {level} cannot be held for less than 0 seconds."),
        "off_s": _("The alarm {level} cannot return after less than 0 seconds."),
        "escalate_s": _("The alarm {level} cannot be passed on after less than 0 seconds."),
    }
    for field, words in said.items():
        time = getattr(rule, field)
        if time < 0:
            yield Fault(field, words.format(level=rule.level))
        elif time > LONGEST_S:
            yield Fault(field, _("{time} is too long.").format(time=span(time)))
    if rule.count < 1:
        yield Fault("count", _("It takes 1 reading or more."))


def _window(limit: AlarmRule | Condition) -> Iterator[Fault]:
    needed = limit.measure in (Measure.RISE, Measure.SUM)
    if needed and limit.window_s < 1:
        yield Fault("window_s", _("A rise and a sum need the time they are taken over."))
    elif limit.window_s < 0 or limit.window_s > LONGEST_S:
        yield Fault("window_s", _("{time} is no time to look back over.").format(time=span(limit.window_s)))


def _out_of_reach(rule: AlarmRule, sensor: Sensor) -> Iterator[str]:
    low = -inf if sensor.low is None else sensor.low
    high = inf if sensor.high is None else sensor.high
    if not low <= rule.raise_at <= high:
        said = _("{name} measures no {value}: this limit is never reached.")
        value = f"{exact(rule.raise_at)} {unit_of(rule.measure, sensor)}".strip()
        yield said.format(name=sensor.name, value=value)


def _beside(rule: AlarmRule, other: AlarmRule) -> Iterator[str]:
    if rule.level.strip() == other.level.strip():
        yield _("There is another limit called {level} on this instrument.").format(level=other.level)
    if _way(rule) != _way(other):
        return
    first, second = (rule, other) if _sooner(rule, other) else (other, rule)
    if first.raise_at != second.raise_at and _graver(first, second):
        said = _("{graver} is graver than {milder}, and is reached before it.")
        yield said.format(graver=first.level, milder=second.level)


def _way(rule: AlarmRule) -> tuple[Measure, int, bool]:
    return rule.measure, rule.window_s, rule.falling


def _sooner(rule: AlarmRule, other: AlarmRule) -> bool:
    return rule.raise_at > other.raise_at if rule.falling else rule.raise_at < other.raise_at


def _graver(rule: AlarmRule, other: AlarmRule) -> bool:
    """More severe or asking more of people, and neither the other way round: at a last level, too late to
    leave, people are asked for less."""
    urgency = other.severity.priority - rule.severity.priority
    asks = (
        0
        if Response.NONE in (rule.response, other.response)
        else _RANK[rule.response] - _RANK[other.response]
    )
    return max(urgency, asks) > 0 and min(urgency, asks) >= 0
