"""Who shall report, as a CSV table names them: one wrong line refuses the whole table."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from shapely import Point

from gis.model.reporting import Hazard, PointKind
from gis.sensors.feeds.strict import number, whole
from gis.sensors.tables import Row, place, rows, wrong_line
from gis.texts import _

ROSTER_COLUMNS = ("name", "contact", "every")
FURTHER_COLUMNS = ("kind", "people", "hazard", "lon", "lat")  # may be missing
_EVERY = re.compile(r"([\d.,]+)\s*(min|h|d)?", re.ASCII | re.IGNORECASE)
_SECONDS = {"min": 60, "h": 3_600, "d": 86_400}
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Post:
    """One who shall report, as a layer or a table names it; None where it says nothing."""

    kind: PointKind
    name: str
    place: Point | None = None
    people: int | None = None
    every_s: int | None = None
    contact: str = ""
    hazard: Hazard | None = None


def read_roster(path: Path, separator: str = ",", decimal: str = ".") -> list[Post]:
    """Who reports: name, contact, every ("6", "6 h", "90 min", "1 d"; a bare number is hours); where there
    are such columns also kind (team unless it says otherwise), people, hazard, lon and lat (WGS84).

    Raises `UserError`, naming the line, when one of them is not whole or a name of a kind comes twice.
    """
    found: dict[tuple[PointKind, str], Post] = {}
    for line, row in rows(path, ROSTER_COLUMNS, separator, more=FURTHER_COLUMNS):
        with wrong_line(path, line):
            post = _post(dict.fromkeys(FURTHER_COLUMNS, "") | row, decimal)
            key = post.kind, post.name.casefold()
            if key in found:
                raise ValueError(_("{name} comes twice.").format(name=post.name))
        found[key] = post
    return list(found.values())


def _post(row: Row, decimal: str) -> Post:
    if not row["name"]:
        raise ValueError(_("Who is to report needs a name."))
    return Post(
        kind=_word(PointKind, row["kind"]) or PointKind.TEAM,
        name=row["name"],
        place=place(row, decimal) if row["lon"] or row["lat"] else None,
        people=whole(row["people"]) if row["people"] else None,
        every_s=every_s(row["every"], decimal) if row["every"] else None,
        contact=row["contact"],
        hazard=_word(Hazard, row["hazard"]),
    )


def every_s(text: str, decimal: str = ".") -> int:
    """A rhythm in seconds: "6", "6 h", "90 min", "1 d"; a bare number is hours. Raises `ValueError`."""
    said = _EVERY.fullmatch(text.strip())
    if said is None:
        raise ValueError(_("“{text}” is no rhythm: write 6 h, 90 min or 1 d.").format(text=text))
    return round(number(said[1], decimal) * _SECONDS[(said[2] or "h").casefold()])


def _word(kind: type[E], text: str) -> E | None:
    """The member of `kind` that is written so, None where nothing is. Raises `ValueError`."""
    if not text:
        return None
    try:
        return kind(text.casefold())
    except ValueError:
        known = ", ".join(str(each.value) for each in kind)
        raise ValueError(_("“{word}” is none of: {known}.").format(word=text, known=known)) from None
