"""The kinds of sources, and how each is opened: from its settings to a feed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gis.collecting.line import Opener
from gis.collecting.plain import from_plain
from gis.collecting.secrets import Secrets
from gis.collecting.source import Source
from gis.errors import UserError
from gis.model.sensor import Sensor
from gis.sensors.feeds.csvtable import CsvFormat, read_csv
from gis.sensors.feeds.feed import Feed
from gis.sensors.feeds.folder import Folder
from gis.sensors.feeds.replay import Replay
from gis.store import Operation, Store
from gis.texts import _

FOLDER, FILE, RECORDING = "folder", "file", "recording"
_FOLDER_EVERY_S = 5.0
_ALWAYS = datetime(2200, 1, 1, tzinfo=UTC)  # whenever it was recorded: it is played by another clock


@dataclass(frozen=True, slots=True)
class CsvSource:
    """A folder that a logger writes into, or one file; and how it is written."""

    path: str
    form: CsvFormat = field(default_factory=CsvFormat)


@dataclass(frozen=True, slots=True)
class RecordingSource:
    """A recorded table, played into an exercise: its first reading is heard at `begins_at` (ISO 8601 with an
    offset, by the clock of the exercise), each other one as long after it as it was recorded."""

    path: str
    begins_at: str
    form: CsvFormat = field(default_factory=CsvFormat)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a source is opened with."""

    sensors: Sequence[Sensor]
    operation: Operation
    password: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what people call it, what its settings are, how often and how it is asked."""

    name: str
    settings: type[Any]
    open: Callable[[Any, Opening], Feed]
    every_s: Callable[[Any], float]
    secret: bool = False  # it may need a password


def kinds() -> dict[str, Kind]:
    """Every kind by the word it is kept under, in the order in which they are offered."""
    return {
        FOLDER: Kind(_("Folder of CSV files"), CsvSource, _open_folder, lambda _s: _FOLDER_EVERY_S),
        FILE: Kind(_("CSV file, once"), CsvSource, _open_file, lambda _s: 1.0),
        RECORDING: Kind(_("Recording, played"), RecordingSource, _open_recording, lambda _s: 0.5),
    }


def settings_of(source: Source) -> Any:
    """The settings of its kind. Raises `UserError` where they are none, or of a later version's kind."""
    kind = kinds().get(source.kind)
    if kind is None:
        raise UserError(
            _("This version of the program knows no source of the kind “{kind}”.").format(kind=source.kind),
            hint=_("Nothing was changed. Remove it, or use the version that it was added with."),
        )
    try:
        return from_plain(kind.settings, source.settings)
    except ValueError as error:
        raise UserError(
            _("The settings of {name} cannot be read.").format(name=source.name),
            hint=_("Edit the source or remove it. Reason: {reason}").format(reason=error),
        ) from error


def every_s(source: Source) -> float:
    """For how long a source rests between two polls."""
    try:
        return kinds()[source.kind].every_s(settings_of(source))
    except (UserError, KeyError):
        return _FOLDER_EVERY_S  # opening it says what is wrong


def opener(store: Store, secrets: Secrets) -> Opener:
    """Opens sources of this operation. What it returns raises `UserError` where a source cannot be opened."""

    def opened(source: Source, sensors: Sequence[Sensor]) -> Feed:
        settings, kind = settings_of(source), kinds()[source.kind]
        password = secrets.get(source.id) if kind.secret else ""
        return kind.open(settings, Opening(sensors, store.operation, password))

    return opened


def _open_folder(settings: CsvSource, opening: Opening) -> Feed:
    return Folder(Path(settings.path), opening.sensors, settings.form)


def _open_file(settings: CsvSource, opening: Opening) -> Feed:
    return Folder(Path(settings.path), opening.sensors, settings.form, once=True)


def _open_recording(settings: RecordingSource, opening: Opening) -> Feed:
    """Raises `UserError` in a real operation: what was measured another night must never stand in it."""
    if not opening.operation.exercise:
        raise UserError(
            _("This is a real operation: no recording can be played in it."),
            hint=_("Nothing was taken in. Begin an exercise, and play it there."),
        )
    batch = read_csv(Path(settings.path), opening.sensors, settings.form, _ALWAYS)
    if not batch.readings:
        raise UserError(
            _("{file} holds no reading of an instrument of this exercise.").format(
                file=Path(settings.path).name
            ),
            hint=_("Look at it with Test, and correct how it is written."),
        )
    shift = datetime.fromisoformat(settings.begins_at) - min(each.at for each in batch.readings)
    return Replay(replace(each, at=each.at + shift) for each in batch.readings)
