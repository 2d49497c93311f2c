"""What people may keep from ringing, for how long, and how they end it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Sensor, Suppression, Withholding
from gis.model.withheld import longest
from gis.store import Tx
from gis.store.questions import withheld
from gis.texts import _

SHIFTS_BEGIN = (time(6), time(14), time(22))  # local


def end_of_shift(at: datetime, zone: ZoneInfo) -> datetime:
    """When the shift of an instant (UTC) ends, in UTC: shifts change at 6, 14 and 22 by the city's clocks."""
    day = at.astimezone(zone).date()
    days = (day, day + timedelta(days=1))
    changes = (
        datetime.combine(each, hour, zone).astimezone(at.tzinfo) for each in days for hour in SHIFTS_BEGIN
    )
    return next(change for change in changes if change > at)


def shelve(tx: Tx, rule_id: str, until: datetime, reason: str, name: str) -> Suppression:
    """Keep the alarms of one limit from ringing until then, and of no other limit of its instrument.

    Raises `UserError` without a reason or a name, when the end is past or later than the limit's severity
    allows, and when it is shelved already.
    """
    rule = tx.get(AlarmRule, rule_id)
    reason, name = _signed(reason, name)
    if withheld(tx).shelves(rule):
        raise UserError(
            _("{level} is shelved already.").format(level=rule.level),
            hint=_("Take it from the shelf first, then shelve it anew."),
        )
    _check_end(tx.at, until)
    if until > tx.at + longest(rule.severity):
        raise UserError(_("It would be shelved for too long."), hint=_longest_words(rule.severity))
    kept = Suppression(Withholding.SHELVED, tx.at, reason, name, rule_id=rule.id, until=until)
    return tx.put(kept)


def unshelve(tx: Tx, rule_id: str, name: str) -> list[Suppression]:
    """Let a limit's alarms ring again. Raises `UserError` without a name, or when it is not shelved."""
    rule = tx.get(AlarmRule, rule_id)
    found = withheld(tx).shelves(rule)
    if not found:
        raise UserError(_("{level} is not shelved.").format(level=rule.level))
    return _ended(tx, found, name)


def take_out_of_service(
    tx: Tx, sensor_id: str, reason: str, name: str, until: datetime | None = None
) -> Suppression:
    """Keep all alarms of an instrument from ringing, until then or until it is returned to service.

    Raises `UserError` without a reason or a name, when the end is past, and when it is out of service
    already.
    """
    sensor = tx.get(Sensor, sensor_id)
    reason, name = _signed(reason, name)
    if withheld(tx).out_of_service(sensor_id):
        raise UserError(_("{sensor} is out of service already.").format(sensor=sensor.name))
    if until is not None:
        _check_end(tx.at, until)
    kept = Suppression(Withholding.OUT_OF_SERVICE, tx.at, reason, name, sensor_id=sensor.id, until=until)
    return tx.put(kept)


def return_to_service(tx: Tx, sensor_id: str, name: str) -> list[Suppression]:
    """Let an instrument's alarms ring again. Raises `UserError` without a name, or when it is in service."""
    sensor = tx.get(Sensor, sensor_id)
    found = withheld(tx).out_of_service(sensor_id)
    if not found:
        raise UserError(_("{sensor} is in service.").format(sensor=sensor.name))
    return _ended(tx, found, name)


def _ended(tx: Tx, found: Iterable[Suppression], name: str) -> list[Suppression]:
    """All of them: where two desks shelved the same, one word lets it ring."""
    if not name.strip():
        raise UserError(_("A name is needed."), hint=_("Say who lets it ring again."))
    return tx.put_all([replace(each, ended_at=tx.at, ended_by=name.strip()) for each in found])


def _signed(reason: str, name: str) -> tuple[str, str]:
    reason, name = " ".join(reason.split()), name.strip()
    if not reason:
        raise UserError(_("A reason is needed."), hint=_("Say why this shall not ring."))
    if not name:
        raise UserError(_("A name is needed."), hint=_("Say who keeps this from ringing."))
    return reason, name


def _check_end(now: datetime, until: datetime) -> None:
    if until <= now:
        raise UserError(_("It would end before it begins."), hint=_("Give an end that is still to come."))


def _longest_words(severity: Severity) -> str:
    if severity is Severity.EXTREME:
        return _("What is of priority 1 is shelved for 30 minutes at most.")
    return _("Nothing is shelved for longer than 12 hours. An instrument can be taken out of service.")
