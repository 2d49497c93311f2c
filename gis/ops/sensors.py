"""Setting up instruments, their limits, and what narrows those."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.record import new_id
from gis.model.sensor import AlarmRule, Condition, Measure, Sensor
from gis.sensors.soundness import Fault, condition_faults, faults
from gis.store import Tx
from gis.store.questions import MISSED
from gis.texts import _

DOUBTFUL_IN_A_ROW = 3


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
    """Set a limit. Raises `UserError` when it makes no sense (`gis.sensors.soundness.faults`): when it could
    never return, has no window to look back over, or its sensor was struck out."""
    _refuse(faults(rule, tx.known(Sensor, rule.sensor_id)))
    return tx.put(rule)


def set_conditions(tx: Tx, rule_id: str, conditions: Sequence[Condition]) -> list[Condition]:
    """These narrow a limit from now on, and no others. Raises `UserError` when one of them makes no sense."""
    tx.get(AlarmRule, rule_id)
    sensors = {each.id: each for each in tx.find(Sensor, void=None)}
    for condition in conditions:
        _refuse(condition_faults(condition, sensors))
    wanted = [replace(each, rule_id=rule_id) for each in conditions]
    kept = {each.id for each in wanted}
    for gone in tx.find(Condition, rule_id=rule_id):
        if gone.id not in kept:
            tx.strike(gone)
    return tx.put_all(wanted)


def turn_off(tx: Tx, rule_id: str) -> AlarmRule:
    """Strike a limit out: it raises nothing more, what it raised still returns, and it can be turned on."""
    return tx.strike(tx.get(AlarmRule, rule_id))


def turn_on(tx: Tx, rule_id: str) -> AlarmRule:
    """Put a limit back as it was, with its conditions. Raises `UserError` as `set_rule` does."""
    return set_rule(tx, replace(tx.get(AlarmRule, rule_id), void=False))


def copy_rule(tx: Tx, rule_id: str, sensor_ids: Iterable[str]) -> list[AlarmRule]:
    """Set the same limit, with its conditions, on other sensors; theirs of the same name is replaced.

    A condition on the limit's own sensor asks for the other sensor there. Raises `UserError` as `set_rule`
    and `set_conditions` do.
    """
    rule = tx.get(AlarmRule, rule_id)
    conditions = tx.find(Condition, rule_id=rule_id)
    made: list[AlarmRule] = []
    for sensor_id in sensor_ids:
        same = tx.first(AlarmRule, sensor_id=sensor_id, level=rule.level)
        copy = replace(rule, id=same.id if same else new_id(), sensor_id=sensor_id, void=False)
        made.append(set_rule(tx, copy))
        set_conditions(tx, copy.id, [_moved(each, rule.sensor_id, copy) for each in conditions])
    return made


def watch_over(tx: Tx, sensor_id: str) -> list[AlarmRule]:
    """The two limits that tell of trouble with an instrument itself: it is silent (three reports missed), and
    its reports are doubtful (three in a row). What is there already stays; returns what was added."""
    sensor = tx.get(Sensor, sensor_id)
    there = {rule.measure for rule in tx.find(AlarmRule, sensor_id=sensor_id)}
    minutes = MISSED * sensor.expected_every_s / 60
    wanted = (
        (Measure.SILENCE, _("Silent"), minutes, minutes),
        (Measure.DOUBT, _("Doubtful"), float(DOUBTFUL_IN_A_ROW), 1.0),
    )
    return [
        set_rule(tx, AlarmRule(sensor.id, level, Severity.MINOR, at, below, measure=measure))
        for measure, level, at, below in wanted
        if measure not in there
    ]


def register_all(tx: Tx, sensors: Iterable[Sensor]) -> int:
    """Take a table of instruments in; those whose key is known here are brought up to date. Returns how many.

    Instruments that the table does not name stay as they are.
    """
    known = {sensor.key: sensor.id for sensor in tx.find(Sensor)}
    taken = [register(tx, replace(sensor, id=known.get(sensor.key, sensor.id))) for sensor in sensors]
    return len(taken)


def set_limits(tx: Tx, limits: Iterable[tuple[AlarmRule, Sequence[Condition] | None]]) -> int:
    """Take a table of limits in; a known one of its instrument and level is brought up to date. Conditions
    replace those there are; None leaves them. Returns how many limits there were."""
    known: dict[tuple[str, str], list[str]] = {}
    for rule in tx.find(AlarmRule):
        known.setdefault((rule.sensor_id, rule.level), []).append(rule.id)
    taken = 0
    for rule, conditions in limits:
        same = known.get((rule.sensor_id, rule.level))
        made = set_rule(tx, replace(rule, id=same.pop(0)) if same else rule)
        if conditions is not None:
            set_conditions(tx, made.id, _as_there(conditions, tx.find(Condition, rule_id=made.id)))
        taken += 1
    return taken


def _as_there(wanted: Sequence[Condition], there: Sequence[Condition]) -> list[Condition]:
    """The same conditions, each that is there already under its id."""
    left, found = list(there), list[Condition]()
    for condition in wanted:
        same = next((e for e in left if replace(condition, id=e.id, rule_id=e.rule_id) == e), None)
        if same is not None:
            left.remove(same)
        found.append(same or condition)
    return found


def _moved(condition: Condition, home: str, rule: AlarmRule) -> Condition:
    """A copy of a condition for a limit that was copied from the sensor `home`."""
    sensor_id = rule.sensor_id if condition.sensor_id == home else condition.sensor_id
    return replace(condition, id=new_id(), rule_id=rule.id, sensor_id=sensor_id)


def _refuse(found: Sequence[Fault]) -> None:
    if found:
        raise UserError(found[0].words, hint=found[0].hint)
