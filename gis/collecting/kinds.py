"""The kinds of sources, and how each is opened: from its settings to a feed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gis.clock import Clock
from gis.collecting.plain import from_plain
from gis.collecting.secrets import Secrets
from gis.collecting.source import Source
from gis.collecting.tried import Tried, of_messages, of_server, of_table
from gis.errors import UserError
from gis.exchange.online.feeds import open_feed
from gis.exchange.online.feeds import probe as ask_server
from gis.exchange.online.sources import CapSource, OnlineSource, QuakeSource, SensorThingsSource, UsgsSource
from gis.model.sensor import Sensor
from gis.sensors.feeds.broker import MqttSource
from gis.sensors.feeds.csvtable import CsvFormat, read_csv
from gis.sensors.feeds.feed import Feed
from gis.sensors.feeds.folder import Folder
from gis.sensors.feeds.mqtt import MqttFeed
from gis.sensors.feeds.preview import previewed
from gis.sensors.feeds.replay import Replay
from gis.sensors.feeds.trial import probe
from gis.store import Operation, Store
from gis.texts import _

MQTT, FOLDER, FILE, RECORDING = "mqtt", "folder", "file", "recording"
SENSORTHINGS, USGS, QUAKES, CAP = "sensorthings", "usgs", "quakes", "cap"
_UNREADABLE_S = 60.0
LISTEN_S = 5.0  # so long a broker is listened to when it is tried
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
    """What a source is opened with: `heard` is when each sensor (by id) was heard last, `folder` where what
    has to wait may lie."""

    name: str
    sensors: Sequence[Sensor]
    operation: Operation
    clock: Clock
    heard: Mapping[str, datetime]
    folder: Path
    password: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what people call it, what its settings are, how often and how it is asked.

    `vouched` says whether nobody else on the way could speak in its name. `secret`: it may need a password.
    """

    name: str
    settings: type[Any]
    open: Callable[[Any, Opening], Feed]
    tried: Callable[[Any, Opening], Tried]
    every_s: Callable[[Any], float]
    vouched: Callable[[Any], bool] = lambda _settings: True
    secret: bool = False


def kinds() -> dict[str, Kind]:
    """Every kind by the word it is kept under, in the order in which they are offered."""
    return {
        MQTT: Kind(
            _("MQTT broker"),
            MqttSource,
            _open_mqtt,
            _try_mqtt,
            _every(0.1),
            lambda settings: settings.vouched,
            secret=True,
        ),
        SENSORTHINGS: _server(_("SensorThings server"), SensorThingsSource),
        USGS: _server(_("USGS gauges"), UsgsSource),
        QUAKES: _server(_("Earthquakes"), QuakeSource),
        CAP: _server(_("Warnings (CAP)"), CapSource),
        FOLDER: Kind(_("Folder of CSV files"), CsvSource, _open_folder, _try_table, _every(5.0)),
        FILE: Kind(_("CSV file, once"), CsvSource, _open_file, _try_table, _every(1.0)),
        RECORDING: Kind(_("Recording, played"), RecordingSource, _open_recording, _try_table, _every(0.5)),
    }


def _server(name: str, settings: type[Any]) -> Kind:
    """A server that is asked again and again; its feed knows how often, and is polled to see whether."""
    return Kind(name, settings, _open_server, _try_server, _every(1.0), _is_encrypted, secret=True)


def _is_encrypted(settings: OnlineSource) -> bool:
    return settings.address.startswith("https://")


def _open_server(settings: OnlineSource, opening: Opening) -> Feed:
    return open_feed(settings, opening.name, opening.sensors, opening.heard, opening.password)


def _try_server(settings: OnlineSource, opening: Opening) -> Tried:
    found = ask_server(settings, opening.sensors, opening.clock.now(), opening.password)
    return of_server(found.words, found.batch)


def _every(seconds: float) -> Callable[[Any], float]:
    return lambda _settings: seconds


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
        return _UNREADABLE_S  # opening it says what is wrong


def vouched(source: Source) -> bool:
    """False where anybody on the way to this source could speak in the name of its instruments."""
    try:
        return kinds()[source.kind].vouched(settings_of(source))
    except (UserError, KeyError):
        return True  # it says nothing at all


class Openings:
    """Opens and tries sources of one operation. Both raise `UserError` where that cannot be done."""

    def __init__(self, store: Store, secrets: Secrets, folder: Path) -> None:
        self._store, self._secrets, self._folder = store, secrets, folder

    def open(self, source: Source, sensors: Sequence[Sensor]) -> Feed:
        """The feed of a source. May take long: in a thread of its own."""
        settings, kind = settings_of(source), kinds()[source.kind]
        password = self._secrets.get(source.id) if kind.secret else ""
        return kind.open(settings, self._opening(source, sensors, password))

    def tried(self, source: Source, password: str | None = None) -> Tried:
        """What comes from it now, and what would become of that; nothing is kept, nobody is told.

        With the password that is typed in but not kept yet, if there is one. Takes some seconds.
        """
        settings, kind = settings_of(source), kinds()[source.kind]
        if kind.secret and password is None:
            password = self._secrets.get(source.id)
        with self._store.reading() as query:
            sensors = query.find(Sensor)
        return kind.tried(settings, self._opening(source, sensors, password or ""))

    def _opening(self, source: Source, sensors: Sequence[Sensor], password: str) -> Opening:
        with self._store.reading() as query:
            heard = {sensor_id: reading.at for sensor_id, reading in query.latest().items()}
        store = self._store
        return Opening(source.name, sensors, store.operation, store.clock, heard, self._folder, password)


def _open_mqtt(settings: MqttSource, opening: Opening) -> Feed:
    """Raises `UserError` where a user is named and this computer knows no password of theirs."""
    if settings.user and not opening.password:
        raise UserError(
            _("The password of {name} is not known on this computer.").format(name=opening.name),
            hint=_("Open the feeds (Ctrl+Shift+F9), edit this one and type it in."),
        )
    """What one operation has acknowledged never waits for another: each has a folder of its own."""
    folder = opening.folder / f"{opening.operation.created_at:%Y%m%dT%H%M%S%f}"
    return MqttFeed(settings, opening.password, opening.sensors, folder, opening.clock)


def _try_mqtt(settings: MqttSource, opening: Opening) -> Tried:
    found = probe(settings, opening.password, LISTEN_S, opening.sensors, opening.clock)
    return of_messages(settings, found, opening.sensors)


def _try_table(settings: CsvSource | RecordingSource, opening: Opening) -> Tried:
    until = _ALWAYS if isinstance(settings, RecordingSource) else opening.clock.now()
    return of_table(previewed(Path(settings.path), opening.sensors, settings.form, until))


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
