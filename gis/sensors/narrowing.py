"""What narrows a limit, in one cell of a table: a line for each condition."""

import csv
from collections.abc import Callable, Iterable, Mapping
from io import StringIO

from gis.model.sensor import Condition, Joining, Measure, Sensor
from gis.sensors.feeds.strict import number, whole
from gis.texts import _

_SIGN = "|"
_FORM = "and|HUJAN-2|sum|10800|>=|60"  # joining, key, measure, seconds, direction, value
_DIRECTIONS = {">=": False, "<=": True}


def read_conditions(
    cell: str, rule_id: str, by_key: Mapping[str, Sensor], decimal: str
) -> tuple[Condition, ...]:
    """The conditions that a cell names, of instruments by their keys. Raises `ValueError`, in words."""
    lines = csv.reader(StringIO(cell), delimiter=_SIGN, strict=True)
    try:
        return tuple(_condition(line, rule_id, by_key, decimal) for line in lines if line)
    except csv.Error as error:
        raise ValueError(_("“{cell}” is no condition.").format(cell=cell)) from error


def conditions_cell(
    conditions: Iterable[Condition], sensors: Mapping[str, Sensor], say: Callable[[float], str]
) -> str:
    """What `read_conditions` reads back; those on instruments that are not among `sensors` are left out."""
    written = StringIO()
    table = csv.writer(written, delimiter=_SIGN, lineterminator="\n")
    for each in conditions:
        if each.sensor_id in sensors:
            key, way = sensors[each.sensor_id].key, "<=" if each.falling else ">="
            table.writerow([each.joining, key, each.measure, each.window_s, way, say(each.at)])
    return written.getvalue().rstrip("\n")


def _condition(line: list[str], rule_id: str, by_key: Mapping[str, Sensor], decimal: str) -> Condition:
    joining, key, measure, window, way, at = line if len(line) == 6 else [""] * 6
    if joining not in set(Joining) or measure not in set(Measure) or way not in _DIRECTIONS:
        said = _("“{cell}” is no condition. One is written like {form}.")
        raise ValueError(said.format(cell=_SIGN.join(line), form=_FORM))
    if key not in by_key:
        raise ValueError(_("There is no instrument {key}.").format(key=key))
    return Condition(
        rule_id,
        by_key[key].id,
        Joining(joining),
        number(at, decimal),
        Measure(measure),
        whole(window),
        _DIRECTIONS[way],
    )
