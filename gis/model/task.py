"""Something that is to be done, by whom and until when."""

from dataclasses import dataclass
from datetime import datetime

from gis.model.record import Record


@dataclass(frozen=True, slots=True)
class Task(Record):
    """One thing to do, of an alarm (`alarm_id`), an incident (`incident_id`), both or neither.

    `owner` is who has taken it on, empty while nobody has; it is done from `done_at` on, as `done_by` says.
    `noted_at` is when it was written down. Times in UTC.
    """

    what: str
    noted_at: datetime
    alarm_id: str | None = None
    incident_id: str | None = None
    owner: str = ""
    due_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""

    def is_late(self, at: datetime) -> bool:
        """True when it should have been done by now."""
        return self.done_at is None and self.due_at is not None and self.due_at < at
