"""Setting up instruments and their limits."""

from collections.abc import Iterable
from dataclasses import replace

from gis.errors import UserError
from gis.model.sensor import AlarmRule, Sensor
from gis.store import Tx
from gis.texts import _


def register(tx: Tx, sensor: Sensor) -> Sensor:
    """Add or change an instrument. Its key must be its own: raises `UserError` when another has it.

    Where two desks set up the same one, both stay, and each can still be changed.
    """
    others = tx.find(Sensor, key=sensor.key)
    if others and all(other.id != sensor.id for other in others):
        raise UserError(
            _("{name} already reports as {key}.").format(name=others[0].name, key=sensor.key),
            hint=_("Give this instrument a key of its own."),
        )
    return tx.put(sensor)


def set_rule(tx: Tx, rule: AlarmRule) -> AlarmRule:
    """Set a limit. Raises `UserError` when it could never return, or holds for less than no time."""
    if rule.clear_below > rule.raise_at:
        raise UserError(
            _("The alarm {level} would return above where it is raised.").format(level=rule.level),
            hint=_("Set the value it returns at below the value that raises it."),
        )
    if rule.hold_s < 0:
        raise UserError(
            _("The alarm {level} cannot be held for less than 0 seconds.").format(level=rule.level)
        )
    return tx.put(rule)


def register_all(tx: Tx, sensors: Iterable[Sensor]) -> int:
    """Take a table of instruments in; those whose key is known here are brought up to date. Returns how many.

    Instruments that the table does not name stay as they are.
    """
    known = {sensor.key: sensor.id for sensor in tx.find(Sensor)}
    taken = [register(tx, replace(sensor, id=known.get(sensor.key, sensor.id))) for sensor in sensors]
    return len(taken)


def set_rules(tx: Tx, rules: Iterable[AlarmRule]) -> int:
    """Take a table of limits in; a known one of its instrument and level is brought up to date.

    Returns how many there were.
    """
    known = {(rule.sensor_id, rule.level): rule.id for rule in tx.find(AlarmRule)}
    taken = [set_rule(tx, replace(r, id=known.get((r.sensor_id, r.level), r.id))) for r in rules]
    return len(taken)
