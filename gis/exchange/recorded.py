"""Readings as a table for spreadsheets: every one of them, in order of sensor and time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gis.errors import UserError
from gis.exchange import sheet
from gis.lasting import whole
from gis.model.record import from_us
from gis.model.sensor import Sensor
from gis.progress import Progress
from gis.store import Query
from gis.texts import _
from gis.words.terms import doubts

HEAD = ("time_utc", "time_local", "sensor", "value", "unit", "quality")
WINDOW = timedelta(days=30)  # read at a time: five years of every minute are more than should lie in memory


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The readings of some sensors from `since` to `until` (UTC), with the local time of `zone`."""

    sensors: tuple[Sensor, ...]
    since: datetime
    until: datetime
    zone: ZoneInfo
    exercise: bool


def write_readings(path: Path, query: Query, wanted: Excerpt, progress: Progress) -> int:
    """Write CSV under the name `path`, whole or not at all; returns how many readings.

    Of an exercise each row says so. Raises `UserError` when it cannot be written, and `Cancelled`.
    """
    head = (*HEAD, "exercise") if wanted.exercise else HEAD
    lines = 0

    def counted() -> Iterator[tuple[object, ...]]:
        nonlocal lines
        for row in _rows(query, wanted, progress):
            lines += 1
            yield row

    try:
        with whole(path) as part, part.open("wb") as file:
            for piece in sheet.pieces(head, counted()):
                progress.check()
                file.write(piece)
            file.flush()
    except OSError as error:
        raise UserError(
            _("{name} could not be written: {reason}.").format(
                name=path.name, reason=error.strerror or error
            ),
            hint=_("Nothing else was changed. Choose another folder, or make room on the disk."),
        ) from error
    return lines


def _rows(query: Query, wanted: Excerpt, progress: Progress) -> Iterator[tuple[object, ...]]:
    mark = ("EXERCISE",) if wanted.exercise else ()
    steps = [*_windows(wanted.since, wanted.until)]
    total = len(steps) * len(wanted.sensors)
    for n, sensor in enumerate(wanted.sensors):
        for m, (since, until) in enumerate(steps):
            progress.step(n * len(steps) + m, total, sensor.name)
            series = query.series(sensor.id, since, until)
            columns = (series.at_us.tolist(), series.value.tolist(), series.quality.tolist())
            for at_us, value, quality in zip(*columns, strict=True):
                at = from_us(at_us)
                said = ", ".join(doubts(quality)) or _("good")
                local = at.astimezone(wanted.zone).isoformat()
                yield at.isoformat(), local, sensor.key, value, sensor.unit, said, *mark


def _windows(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Stretches that touch and share no instant, which readings have in microseconds."""
    while since <= until:
        end = min(since + WINDOW, until)
        yield since, end
        since = end + timedelta(microseconds=1)
