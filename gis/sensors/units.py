"""From the unit a message names to the unit of the instrument, where the way is exact and known."""

from fractions import Fraction

# Every unit with what it is a measure of, and how its values become those of the first unit of its kind:
# times the factor, plus the offset. Factors are exact by definition (SI brochure, NIST SP 811, RFC 8428
# and 8798); a unit that has only an approximate one is not here.
_FOOT, _INCH, _MILE = Fraction("0.3048"), Fraction("0.0254"), Fraction("1609.344")
_GALLON, _HOUR = Fraction("0.003785411784"), Fraction(1, 3600)
_KINDS: dict[str, dict[str, Fraction | tuple[Fraction, Fraction]]] = {
    "length": {
        "m": Fraction(1),
        "mm": Fraction(1, 1000),
        "cm": Fraction(1, 100),
        "dm": Fraction(1, 10),
        "km": Fraction(1000),
        "ft": _FOOT,
        "in": _INCH,
        "mi": _MILE,
    },
    "speed": {
        "m/s": Fraction(1),
        "km/h": 1000 * _HOUR,
        "m/h": _HOUR,
        "cm/h": _HOUR / 100,
        "mm/h": _HOUR / 1000,
        "mm/min": Fraction(1, 60_000),
        "in/h": _INCH * _HOUR,
        "ft/s": _FOOT,
        "mph": _MILE * _HOUR,
        "kn": 1852 * _HOUR,
    },
    "flow": {
        "m3/s": Fraction(1),
        "m3/h": _HOUR,
        "l/s": Fraction(1, 1000),
        "l/min": Fraction(1, 60_000),
        "ft3/s": _FOOT**3,
        "gal/min": _GALLON / 60,
    },
    "temperature": {
        "Cel": Fraction(1),
        "K": (Fraction(1), Fraction("-273.15")),
        "degF": (Fraction(5, 9), Fraction(-160, 9)),
    },
    "pressure": {
        "Pa": Fraction(1),
        "hPa": Fraction(100),
        "kPa": Fraction(1000),
        "MPa": Fraction(1_000_000),
        "bar": Fraction(100_000),
    },
    "volume": {"m3": Fraction(1), "l": Fraction(1, 1000), "ft3": _FOOT**3, "gal": _GALLON},
    "share": {"%": Fraction(1), "/": Fraction(100)},
    "humidity": {"%RH": Fraction(1)},
    "voltage": {"V": Fraction(1), "mV": Fraction(1, 1000)},
    "current": {"A": Fraction(1), "mA": Fraction(1, 1000)},
    "time": {"s": Fraction(1), "ms": Fraction(1, 1000), "min": Fraction(60), "h": Fraction(3600)},
    "angle": {"deg": Fraction(1)},
}
_ALSO = {
    "metre": "m", "metres": "m", "meter": "m", "meters": "m", "foot": "ft", "feet": "ft", "inch": "in",
    "inches": "in", "°C": "Cel", "℃": "Cel", "degC": "Cel", "deg C": "Cel", "°F": "degF", "℉": "degF",
    "deg F": "degF", "mbar": "hPa", "m³": "m3", "m³/s": "m3/s", "m3/sec": "m3/s", "m³/h": "m3/h", "L": "l",
    "L/s": "l/s", "L/min": "l/min", "ft³": "ft3", "ft³/s": "ft3/s", "cfs": "ft3/s", "gpm": "gal/min",
    "mm/hr": "mm/h", "in/hr": "in/h", "kt": "kn", "kmh": "km/h", "kph": "km/h", "percent": "%", "°": "deg",
}  # fmt: skip


def converted(value: float, given: str, wanted: str) -> float | None:
    """A value in the unit `given` as one in `wanted`; None where no exact way is known.

    Unit names are those of SenML (RFC 8428 and 8798) and some that are common beside them; case matters, as
    it does there (mm, Mm). The result is rounded once, so 57 cm are 0.57 m. Raises `OverflowError` for what
    is too large in the other unit.
    """
    given, wanted = _ALSO.get(given.strip(), given.strip()), _ALSO.get(wanted.strip(), wanted.strip())
    if given == wanted:
        return value
    for units in _KINDS.values():
        if given in units and wanted in units:
            factor, offset = _line(units[given])
            back, below = _line(units[wanted])
            return float((Fraction(value) * factor + offset - below) / back)
    return None


def _line(unit: Fraction | tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    return unit if isinstance(unit, tuple) else (unit, Fraction(0))
