"""What an operator can do with alarms."""

from dataclasses import replace

from gis.errors import UserError
from gis.model.sensor import Alarm
from gis.store import Tx
from gis.texts import _


def acknowledge(tx: Tx, alarm_id: str, name: str, note: str = "") -> Alarm:
    """Put a name to an alarm. It stays in the list until its value has returned as well.

    Without a note of theirs the alarm keeps the one it came with. Raises `UserError` without a name, or when
    somebody has acknowledged it before.
    """
    alarm = tx.get(Alarm, alarm_id)
    if not name.strip():
        raise UserError(
            _("An acknowledgement needs a name."), hint=_("Say who has taken note of this alarm.")
        )
    if alarm.acknowledged_at is not None:
        raise UserError(_("{name} has acknowledged this alarm.").format(name=alarm.acknowledged_by))
    return tx.put(
        replace(alarm, acknowledged_at=tx.at, acknowledged_by=name.strip(), note=note.strip() or alarm.note)
    )
