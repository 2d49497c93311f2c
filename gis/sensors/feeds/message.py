"""A message as it came, before anybody read it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What came under a topic, and when (UTC).

    `retained`: the broker's last known of it. `late`: it may have waited at the broker for nobody knows how
    long. `cut`: it was too large, and only its beginning is here.
    """

    topic: str
    payload: bytes
    came: datetime
    retained: bool = False
    late: bool = False
    cut: bool = False
