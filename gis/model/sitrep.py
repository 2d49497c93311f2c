"""A situation report that has left the desk."""

from dataclasses import dataclass
from datetime import datetime

from gis.model.record import Record


@dataclass(frozen=True, slots=True)
class Sitrep(Record):
    """One numbered report: what it covers and what its content hashed to.

    The period is (`since`, `as_of`], UTC; `digest` is the SHA-256 of the report's data file, in hex.
    """

    number: int
    since: datetime
    as_of: datetime
    assessment: str = ""
    digest: str = ""
