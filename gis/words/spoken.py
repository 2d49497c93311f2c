"""An alarm in words that are heard and not read: no signs, no abbreviations."""

from gis.model.sensor import AlarmRule, Measure, Sensor
from gis.texts import _
from gis.words.terms import figure


def spoken(sensor: Sensor, rule: AlarmRule, value: float, course: str = "") -> str:
    """Siaga 1, Kali 3, 4 point 8 2 metres, rising. `course` is `rising`, `falling` or nothing.

    The value is told where the limit is one of values: of sums, rises and silence it would be another one.
    """
    told = " ".join([spoken_figure(value), *_unit(sensor.unit)])
    said = [rule.level, sensor.name, *([told, course] if rule.measure is Measure.VALUE else [])]
    return ", ".join(part for part in said if part)


def spoken_figure(value: float) -> str:
    """4 point 8 2: digits after the point one by one, as on the radio, without zeros at the end."""
    whole, _point, rest = figure(abs(value)).partition(".")
    digits = " ".join(rest.rstrip("0"))
    said = _("{whole} point {digits}").format(whole=whole, digits=digits) if digits else whole
    return _("minus {number}").format(number=said) if value < 0 and said != "0" else said


def rising(slope: float, low: float, high: float) -> str:
    """The word for a trend and the band it surely lies in, per hour; empty where it may be either."""
    if low > 0 and slope > 0:
        return _("rising")
    return _("falling") if high < 0 and slope < 0 else ""


def _unit(unit: str) -> list[str]:
    units = {
        "m": _("metres"),
        "cm": _("centimetres"),
        "mm": _("millimetres"),
        "mm/h": _("millimetres an hour"),
        "m3/s": _("cubic metres a second"),
        "m³/s": _("cubic metres a second"),
        "m/s": _("metres a second"),
        "%": _("percent"),
        "°C": _("degrees"),
    }
    return [units.get(unit, unit)] if unit else []
