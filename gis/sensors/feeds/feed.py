"""What every source of readings looks like from the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gis.model.record import Reading
from gis.texts import ngettext


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that could not be taken as a reading, kept as it came so that a person can judge it.

    `line` counts from 1; 0 when the whole file could not be read. `raw` is the line without its end, byte for
    byte, in the `encoding` its source declares (UTF-16 and UTF-32: spelled anew where they were not valid).
    """

    source: str
    line: int
    raw: bytes
    reason: str
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """The line to be shown; what is no letter in its encoding is a replacement character."""
        return self.raw.decode(self.encoding, "replace")


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source gave: readings, and every line it could not make a reading of."""

    readings: tuple[Reading, ...] = ()
    rejected: tuple[Reject, ...] = ()

    def __add__(self, other: "Batch") -> "Batch":
        return Batch(self.readings + other.readings, self.rejected + other.rejected)

    def told(self, source: str, alarms: int) -> str:
        """What became of it, once it was taken in and changed so many alarms."""
        taken, aside = len(self.readings), len(self.rejected)
        parts = (
            (ngettext("{count} reading", "{count} readings", taken), taken),
            (ngettext("{count} alarm changed", "{count} alarms changed", alarms), alarms),
            (ngettext("{count} line set aside", "{count} lines set aside", aside), aside),
        )
        return f"{source}: {', '.join(words.format(count=f'{count:,}') for words, count in parts)}."


class Feed(Protocol):
    """A source of readings."""

    def poll(self, until: datetime) -> Batch:
        """What has become known since the last poll, of times up to `until` (UTC).

        The same reading may come twice: the store keeps it once.
        """
        ...
