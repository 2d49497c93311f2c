"""A limit told back in words: what makes it ring, what it asks for, and when it is over."""

from collections.abc import Iterable, Mapping
from math import isfinite

from gis.model.sensor import AlarmRule, Condition, Joining, Measure, Response, Sensor
from gis.texts import _, ngettext
from gis.words.terms import SEVERITY, exact, span

MEASURE = {
    Measure.VALUE: _("value"),
    Measure.RISE: _("rise"),
    Measure.SUM: _("sum"),
    Measure.SILENCE: _("silence"),
    Measure.DOUBT: _("doubtful reports"),
}

RESPONSE = {
    Response.NONE: _("nothing"),
    Response.MONITOR: _("stay informed"),
    Response.PREPARE: _("get ready"),
    Response.SHELTER: _("take shelter"),
    Response.EVACUATE: _("evacuate"),
}

# One whole sentence for each way of comparing: what is compared, and whether the limit is a falling one.
_RINGS = {
    (Measure.VALUE, False): _("{level} ({severity}) rings when {name} is at or above {value}."),
    (Measure.VALUE, True): _("{level} ({severity}) rings when {name} is at or below {value}."),
    (Measure.RISE, False): _(
        "{level} ({severity}) rings when {name} rises by {value} an hour or more, over {time}."
    ),
    (Measure.RISE, True): _(
        "{level} ({severity}) rings when {name} falls by {value} an hour or more, over {time}."
    ),
    (Measure.SUM, False): _("{level} ({severity}) rings when {name} has had {value} or more in {time}."),
    (Measure.SUM, True): _("{level} ({severity}) rings when {name} has had {value} or less in {time}."),
    (Measure.SILENCE, False): _("{level} ({severity}) rings when {name} has sent no report for {value}."),
    (Measure.DOUBT, False): _("{level} ({severity}) rings when {name} has sent {value} in a row."),
}
_RETURNS = {
    (Measure.VALUE, False): _("It returns below {value}."),
    (Measure.VALUE, True): _("It returns above {value}."),
    (Measure.RISE, False): _("It returns when the rise is less than {value} an hour."),
    (Measure.RISE, True): _("It returns when the fall is less than {value} an hour."),
    (Measure.SUM, False): _("It returns below {value} in {time}."),
    (Measure.SUM, True): _("It returns above {value} in {time}."),
    (Measure.SILENCE, False): _("It returns with the next report."),
    (Measure.DOUBT, False): _("It returns with the next good report."),
}
_AND = {
    (Measure.VALUE, False): _("{name} must be at or above {value} as well."),
    (Measure.VALUE, True): _("{name} must be at or below {value} as well."),
    (Measure.RISE, False): _("{name} must rise by {value} an hour or more, over {time}, as well."),
    (Measure.RISE, True): _("{name} must fall by {value} an hour or more, over {time}, as well."),
    (Measure.SUM, False): _("{name} must have had {value} or more in {time} as well."),
    (Measure.SUM, True): _("{name} must have had {value} or less in {time} as well."),
    (Measure.SILENCE, False): _("{name} must have sent no report for {value} as well."),
    (Measure.DOUBT, False): _("{name} must have sent {value} in a row as well."),
}
_ENABLE = {
    (Measure.VALUE, False): _("It is suppressed unless {name} is at or above {value}."),
    (Measure.VALUE, True): _("It is suppressed unless {name} is at or below {value}."),
    (Measure.RISE, False): _("It is suppressed unless {name} rises by {value} an hour or more, over {time}."),
    (Measure.RISE, True): _("It is suppressed unless {name} falls by {value} an hour or more, over {time}."),
    (Measure.SUM, False): _("It is suppressed unless {name} has had {value} or more in {time}."),
    (Measure.SUM, True): _("It is suppressed unless {name} has had {value} or less in {time}."),
    (Measure.SILENCE, False): _("It is suppressed unless {name} has sent no report for {value}."),
    (Measure.DOUBT, False): _("It is suppressed unless {name} has sent {value} in a row."),
}
_ASKS = {
    Response.MONITOR: _("It asks people to stay informed."),
    Response.PREPARE: _("It asks people to get ready."),
    Response.SHELTER: _("It asks people to take shelter."),
    Response.EVACUATE: _("It asks people to evacuate."),
}


def sentence(rule: AlarmRule, conditions: Iterable[Condition], sensors: Mapping[str, Sensor]) -> str:
    """The whole of a limit in sentences; `sensors` by their ids. Never raises, whatever the rule says."""
    return " ".join(part for part in _parts(rule, conditions, sensors) if part)


def _parts(rule: AlarmRule, conditions: Iterable[Condition], sensors: Mapping[str, Sensor]) -> Iterable[str]:
    sensor = sensors.get(rule.sensor_id)
    name, unit, way = _name(sensor), unit_of(rule.measure, sensor), _way(rule)
    time = span(rule.window_s)
    level = rule.level or _("The alarm")
    severity, value = SEVERITY[rule.severity], _amount(rule, rule.raise_at, unit)
    yield _RINGS[way].format(level=level, severity=severity, name=name, value=value, time=time)
    yield _lasting(rule)
    for condition in conditions:
        if not condition.void:
            yield condition_sentence(condition, sensors)
    yield _RETURNS[way].format(value=_amount(rule, rule.clear_below, unit), time=time)
    if rule.off_s:
        yield _("It returns only once that has lasted {time}.").format(time=span(rule.off_s))
    yield _ASKS.get(rule.response, "")
    yield _escalating(rule)
    if rule.latch:
        yield _("It stays until somebody resets it.")
    if rule.void:
        yield _("It is turned off.")


def brief(rule: AlarmRule, sensor: Sensor | None) -> str:
    """≥ 4.50 m; 60 mm in 3 hours; 30 minutes: a limit where its measure is told beside it."""
    value = _amount(rule, rule.raise_at, unit_of(rule.measure, sensor))
    sign = "≤" if rule.falling else "≥"
    match rule.measure:
        case Measure.VALUE:
            return f"{sign} {value}"
        case Measure.SILENCE:
            return _("silent for {time}").format(time=value)
        case Measure.DOUBT:
            return value
        case Measure.SUM:
            said = _("{sign} {value} in {time}")
        case Measure.RISE:
            said = _("falls {value} an hour") if rule.falling else _("rises {value} an hour")
    return said.format(sign=sign, value=value, time=span(rule.window_s))


def condition_sentence(condition: Condition, sensors: Mapping[str, Sensor]) -> str:
    """Hujan 2 must have had 60 mm or more in 3 hours as well."""
    sensor = sensors.get(condition.sensor_id)
    said = _AND if condition.joining is Joining.AND else _ENABLE
    value = _amount(condition, condition.at, unit_of(condition.measure, sensor))
    return said[_way(condition)].format(name=_name(sensor), value=value, time=span(condition.window_s))


def unit_of(measure: Measure, sensor: Sensor | None) -> str:
    """What a limit of a sensor is counted in: m, m/h, mm (the sum of mm/h, too), minutes, reports."""
    unit = "" if sensor is None else sensor.unit
    match measure:
        case Measure.VALUE:
            return unit
        case Measure.RISE:
            return f"{unit}/h"
        case Measure.SUM:
            return unit.removesuffix("/h")
        case Measure.SILENCE:
            return _("minutes")
        case Measure.DOUBT:
            return _("reports in a row")


def _way(limit: AlarmRule | Condition) -> tuple[Measure, bool]:
    return limit.measure, limit.falling and not limit.measure.of_trouble


def _amount(limit: AlarmRule | Condition, value: float, unit: str) -> str:
    """4.50 m; of a rise without the hour, and without its sign where the sentence says that it falls."""
    if limit.measure is Measure.SILENCE:
        return span(value * 60)
    if limit.measure is Measure.DOUBT:
        count = round(value) if isfinite(value) else 0
        words = ngettext("{count} doubtful report", "{count} doubtful reports", count)
        return words.format(count=exact(value, least=0))
    if limit.measure is Measure.RISE:
        value, unit = (-value if limit.falling else value), unit.removesuffix("/h")
    return f"{exact(value)} {unit}".strip()


def _name(sensor: Sensor | None) -> str:
    return _("an unknown instrument") if sensor is None else sensor.name


def _lasting(rule: AlarmRule) -> str:
    """How long, and by how many readings, the limit must be passed."""
    if rule.hold_s and rule.count > 1:
        said = ngettext(
            "That must last {time}, by {count} reading in a row.",
            "That must last {time}, by {count} readings in a row.",
            rule.count,
        )
        return said.format(time=span(rule.hold_s), count=rule.count)
    if rule.hold_s:
        return _("That must last {time}.").format(time=span(rule.hold_s))
    if rule.count > 1:
        said = ngettext(
            "{count} reading in a row must say so.", "{count} readings in a row must say so.", rule.count
        )
        return said.format(count=rule.count)
    return ""


def _escalating(rule: AlarmRule) -> str:
    if not rule.escalate_s:
        return ""
    if not rule.escalate_to:
        said = _("If nobody acknowledges it within {time}, it is passed on.")
        return said.format(time=span(rule.escalate_s))
    said = _("If nobody acknowledges it within {time}, it goes to {who}.")
    return said.format(time=span(rule.escalate_s), who=rule.escalate_to)
