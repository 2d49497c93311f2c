"""Whom to call: all who are silent, in order, on paper and as a table.

Nowhere else do numbers to call leave the desk, and here it is said of them that they are personal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gis.errors import UserError
from gis.exchange import sheet
from gis.exchange.cap import clean
from gis.lasting import whole
from gis.report.times import both, local
from gis.report.typeset import typeset
from gis.sensors.silence import LOOKED_BACK, Overdue, Silence, for_how_long, in_all
from gis.texts import _
from gis.words.terms import HAZARD, REPORTING

HEAD = (
    "order", "name", "kind", "silent_h", "expected_every_h", "people", "people_assumed", "hazard",
    "last_word_at", "last_word", "called_at", "called_by", "contact_personal", "answer", "as_of", "exercise",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallList:
    """Who is silent in an operation, as of `found.at`; `author` asked for the list."""

    city: str
    timezone: str
    exercise: bool
    author: str
    found: Silence

    @property
    def name(self) -> str:
        """The file without its ending: "Call list 2026-02-10 2141Z", EXERCISE before it where it is one."""
        name = f"Call list {self.found.at.astimezone(UTC):%Y-%m-%d %H%MZ}"
        return f"EXERCISE {name}" if self.exercise else name


def write(calls: CallList) -> bytes:
    """On paper, A4 across, with room for the answer and its time."""
    return typeset("calllist.typ", _data(calls), calls.found.at)


def table(calls: CallList) -> bytes:
    """The same for a spreadsheet, under names a machine can rely on; times in UTC."""
    return sheet.write(HEAD, [_row(n, line, calls) for n, line in enumerate(calls.found.overdue, 1)])


def save(calls: CallList, path: Path) -> Path:
    """Both, each whole or not at all: the paper at `path`, the table beside it; returns the paper.

    Raises `UserError` where they cannot be written.
    """
    paper = path if path.suffix.casefold() == ".pdf" else path.with_name(f"{path.name}.pdf")
    made = ((paper, write(calls)), (paper.with_suffix(".csv"), table(calls)))
    try:
        for place, content in made:
            with whole(place) as part:
                part.write_bytes(content)
    except OSError as error:
        raise UserError(
            _("{name} cannot be written: {reason}").format(name=paper.name, reason=error.strerror),
            hint=_("Nothing is lost: the list is in the window. Choose another folder."),
        ) from error
    return paper


def _row(order: int, line: Overdue, calls: CallList) -> Sequence[object]:
    who, word, call = line.expected, line.expected.word, line.expected.tried
    hour = timedelta(hours=1)
    return (
        order,
        who.name,
        who.kind,
        round(line.silent / hour, 2),
        round(who.every / hour, 2),
        line.people,
        int(line.assumed),
        str(who.hazard),
        _iso(word.at) if word else None,
        word.source if word else None,
        _iso(call.at) if call else None,
        call.by if call else None,
        who.contact,
        "",
        _iso(calls.found.at),
        int(calls.exercise),
    )


def _iso(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _data(calls: CallList) -> dict[str, Any]:
    found = calls.found
    return {
        "title": _("{city}: call list").format(city=clean(calls.city)),
        "city": clean(calls.city),
        "author": clean(calls.author),
        "as_of": both(found.at, calls),
        "date": list(found.at.astimezone(UTC).timetuple()[:6]),
        "exercise": _("EXERCISE EXERCISE EXERCISE") if calls.exercise else "",
        "exercise_note": _("Nothing in this list is real.") if calls.exercise else "",
        "total": in_all(found),
        "lines": [_line(n, line, calls) for n, line in enumerate(found.overdue, 1)],
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "list": _("Call list"),
        "as_of": _("as of"),
        "author": _("by"),
        "who": _("Who"),
        "silent": _("Silent for"),
        "people": _("People"),
        "last": _("Last heard, last called"),
        "number": _("Number to call"),
        "answer": _("Time and answer"),
        "page": _("Page"),
        "of": _("of"),
        "order": _("In order of hours silent x people x hazard. ≈: not counted, the city's median."),
        "personal": _("Personal numbers: for this desk alone. Destroy this sheet once it has been used."),
        "nobody": _("Nobody is silent."),
    }


def _line(order: int, line: Overdue, calls: CallList) -> dict[str, str]:
    who = line.expected
    about = _("{kind}, every {span}, hazard {degree}").format(
        kind=REPORTING[who.kind], span=for_how_long(who.every), degree=HAZARD[who.hazard]
    )
    return {
        "order": str(order),
        "name": clean(who.name),
        "about": about,
        "silent": for_how_long(line.silent),
        "people": f"≈ {line.people:,}" if line.assumed else f"{line.people:,}",
        "heard": _heard(line, calls),
        "called": _called(line, calls),
        "number": clean(who.contact),
    }


def _heard(line: Overdue, calls: CallList) -> str:
    word = line.expected.word
    if word is None:
        return _("no word in {hours:.0f} h").format(hours=LOOKED_BACK / timedelta(hours=1))
    return _("{time} {source}").format(time=local(word.at, calls), source=clean(word.source))


def _called(line: Overdue, calls: CallList) -> str:
    call = line.expected.tried
    if call is None:
        return _("not called yet")
    said = _("{time} {name}, no answer").format(time=local(call.at, calls), name=clean(call.by))
    return f"{said}: {clean(call.note)}" if call.note else said
