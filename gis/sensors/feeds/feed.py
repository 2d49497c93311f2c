"""What every source of readings looks like from the desk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gis.model.hazard import HazardMessage
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
    """What a source gave: readings, warnings, and every line it could make neither of."""

    readings: tuple[Reading, ...] = ()
    rejected: tuple[Reject, ...] = ()
    hazards: tuple[HazardMessage, ...] = ()

    def __add__(self, other: "Batch") -> "Batch":
        return Batch(
            self.readings + other.readings, self.rejected + other.rejected, self.hazards + other.hazards
        )

    def told(self, source: str, alarms: int) -> str:
        """What became of it, once it was taken in and changed so many alarms."""
        taken, aside = len(self.readings), len(self.rejected)
        parts = (
            (ngettext("{count} reading", "{count} readings", taken), taken),
            (ngettext("{count} alarm changed", "{count} alarms changed", alarms), alarms),
            (ngettext("{count} line set aside", "{count} lines set aside", aside), aside),
        )
        return f"{source}: {', '.join(words.format(count=f'{count:,}') for words, count in parts)}."


class Link(StrEnum):
    """How a source is reached."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"
    ENDED = "ended"  # it has given all it had


class Feed(Protocol):
    """A source of readings. It is polled and told what became of what it gave, by one thread at a time."""

    def poll(self, until: datetime) -> Batch:
        """What has become known since the last poll, of times up to `until` (UTC); of bounded size.

        The same reading may come twice: the store keeps it once. Raises `UserError` while the source cannot
        be asked; the next poll tries again.
        """
        ...

    def kept(self) -> None:
        """What the last poll gave is on the disk: a source that waits for word hears it now."""
        ...

    def reread(self) -> None:
        """What the last poll gave could not be kept: the next one gives it again."""
        ...

    def close(self) -> None:
        """Let go of the source. Never waits for long."""
        ...

    @property
    def link(self) -> Link:
        """How it is reached now. May be asked by any thread."""
        ...

    @property
    def trouble(self) -> str:
        """What is wrong and what to do, for a person; empty while nothing is. May be asked by any thread."""
        ...
