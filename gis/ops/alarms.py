"""What an operator can do with alarms."""

from dataclasses import replace

from gis.errors import UserError
from gis.model.sensor import Alarm, AlarmState
from gis.store import Tx
from gis.texts import _


def acknowledge(tx: Tx, alarm_id: str, name: str, note: str = "") -> Alarm:
    """Put a name to an alarm, also to one that is kept from ringing. It stays in the list until its value has
    returned as well; a latched one until somebody has reset it.

    Without a note of theirs the alarm keeps the one it came with. Raises `UserError` without a name, when it
    has not rung, or when somebody has acknowledged it before.
    """
    alarm = tx.get(Alarm, alarm_id)
    if not name.strip():
        raise UserError(
            _("An acknowledgement needs a name."), hint=_("Say who has taken note of this alarm.")
        )
    if alarm.acknowledged_at is not None:
        raise UserError(_("{name} has acknowledged this alarm.").format(name=alarm.acknowledged_by))
    if alarm.state in (AlarmState.PENDING, AlarmState.NORMAL):
        raise UserError(_("This alarm does not stand."), hint=_("There is nothing to acknowledge."))
    return tx.put(
        replace(alarm, acknowledged_at=tx.at, acknowledged_by=name.strip(), note=note.strip() or alarm.note)
    )


def reset(tx: Tx, alarm_id: str, name: str) -> Alarm:
    """Let a latched alarm go, whose value has returned and to which somebody has put a name.

    Raises `UserError` without a name, and in every other state.
    """
    alarm = tx.get(Alarm, alarm_id)
    if not name.strip():
        raise UserError(_("A reset needs a name."), hint=_("Say who lets this alarm go."))
    match alarm.state:
        case AlarmState.LATCHED_ACKED:
            return tx.put(replace(alarm, reset_at=tx.at, reset_by=name.strip()))
        case AlarmState.LATCHED_UNACK:
            raise UserError(
                _("Nobody has acknowledged this alarm yet."), hint=_("Acknowledge it, then reset it.")
            )
        case _ if alarm.latch and alarm.returned_at is None:
            raise UserError(
                _("This alarm has not returned yet."),
                hint=_("It can be reset once its value is below the limit again."),
            )
        case _:
            raise UserError(_("This alarm is not latched: there is nothing to reset."))
