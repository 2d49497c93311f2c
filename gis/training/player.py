"""Plays a scenario into an exercise, and only into one: the clock says when, the verbs are the real ones."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gis.clock import Clock, ScenarioClock, SystemClock
from gis.errors import UserError
from gis.model.incident import Incident
from gis.model.record import Reading
from gis.model.reporting import ReportingPoint
from gis.model.sensor import Alarm, Sensor
from gis.ops import alarms, incidents, readings, reporting, sensors
from gis.ops.watch import Watch
from gis.sensors.feeds.replay import Replay
from gis.store import Operation, Store, Tx
from gis.store.operation import desk_file
from gis.texts import _
from gis.training.scenario import Act, Inject, Scenario

_KEPT = "exercise"
_TEN, _STRIDE = timedelta(minutes=10), timedelta(minutes=30)
EVERY_S = 6 * 3_600  # of those whose table says nothing else
_ALONE = timedelta(hours=2)  # before the opening; so long the calls left nobody time for the alarms


@dataclass(frozen=True, slots=True)
class Played:
    """How far a night has come: kept in the store together with what it did, so a crash repeats nothing.

    `incidents` gives the id here of each incident of the scenario.
    """

    at: datetime
    injects: int
    incidents: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "injects": self.injects, "incidents": self.incidents}

    @staticmethod
    def from_json(values: dict[str, Any]) -> "Played":
        return Played(datetime.fromisoformat(values["at"]), values["injects"], values["incidents"])


class Player:
    """Lets a scenario happen in a store opened with `clock`, as far as that clock has come.

    Raises `UserError` when the store is a real operation, or was not set up for a scenario.
    """

    def __init__(self, store: Store, scenario: Scenario, clock: ScenarioClock) -> None:
        _refuse_reality(store)
        self.store, self.scenario, self.clock = store, scenario, clock
        self._leads, self._memory = False, Watch()
        self._find_place()

    def _find_place(self) -> None:
        """How far the night has come by what is kept: another window may have played it until now."""
        self._leads = self.store.feeds_here()
        with self.store.reading() as query:
            kept = query.kept(_KEPT)
        if kept is None:
            raise UserError(
                _("{name} was not set up to play a scenario.").format(name=self.store.folder.name),
                hint=_("Start the exercise in a new folder."),
            )
        self._played = Played.from_json(kept)
        self._feed = Replay(_as_known_here(self.store, self.scenario))
        self._feed.poll(self._played.at)

    @property
    def played_until(self) -> datetime:
        return self._played.at

    @property
    def finished(self) -> bool:
        return self._feed.next_at is None and self._played.injects == len(self.scenario.injects)

    def tick(self) -> list[Alarm]:
        """Let happen what has become due; returns the alarms that moved. Called where writes are made.

        Nothing while another window plays the same night; it is taken over from where that one left it.
        """
        if not self.store.feeds_here():
            return []
        if not self._leads:
            self._find_place()
        now = self.clock.now()
        moved = self._measure(now)
        for inject in self.scenario.injects[self._played.injects :]:
            if inject.at > now:
                break
            self._inject(inject, now)
        return moved

    def _measure(self, now: datetime) -> list[Alarm]:
        batch = self._feed.poll(now).readings
        if not batch:
            return []

        def verb(tx: Tx) -> tuple[list[Alarm], Played]:
            return readings.ingest(tx, batch, self._memory), self._keep(tx, replace(self._played, at=now))

        try:
            moved, self._played = self.store.write(_("Readings"), verb, _("Instruments"))
        except BaseException:  # whatever it was: what was not kept is measured again
            self._feed.reread()
            raise
        return moved

    def _inject(self, inject: Inject, now: datetime) -> None:
        played, known = self._played, self._played.incidents.get(inject.incident)

        def verb(tx: Tx) -> Played:
            happened = _happen(tx, inject, known)
            names = (
                played.incidents if happened is None else {**played.incidents, inject.incident: happened.id}
            )
            return self._keep(tx, Played(now, played.injects + 1, names))

        # only once it is on the disk: what failed is played again
        self._played = self.store.write(_label(inject.act), verb, inject.author)

    def _keep(self, tx: Tx, played: Played) -> Played:
        tx.keep(_KEPT, played.to_json())
        return played


def _label(act: Act) -> str:
    match act:
        case Act.LOG:
            return _("Log incident")
        case Act.AMEND:
            return _("Amend incident")
        case Act.NOTE:
            return _("Note")
        case Act.CLOSE:
            return _("Close incident")
        case Act.HEARD:
            return _("Round of calls")


def _refuse_reality(store: Store) -> None:
    if not store.operation.exercise:
        raise UserError(
            _("{name} is a real operation: no exercise can be played in it.").format(name=store.folder.name),
            hint=_("Nothing was changed. Start the exercise in a folder of its own."),
        )


def _as_known_here(store: Store, scenario: Scenario) -> list[Reading]:
    """The recording, under the ids that the instruments got when the exercise was set up."""
    with store.reading() as query:
        by_key = {sensor.key: sensor.id for sensor in query.find(Sensor, void=None)}
    ids = {sensor.id: by_key[sensor.key] for sensor in scenario.sensors if sensor.key in by_key}
    return [replace(r, sensor_id=ids[r.sensor_id]) for r in scenario.readings if r.sensor_id in ids]


def _happen(tx: Tx, inject: Inject, incident_id: str | None) -> Incident | None:
    """One act of the scenario; None when the person at the desk has made it needless."""
    if inject.act is Act.LOG:
        return incidents.log(tx, **inject.details)
    if inject.act is Act.HEARD:
        _round(tx, inject)
        return None
    standing = None if incident_id is None else tx.get(Incident, incident_id)
    if standing is None or not standing.is_open:
        return None
    if inject.act is Act.AMEND:
        return incidents.amend(tx, standing.id, **inject.details)
    if inject.details.get("text"):
        incidents.note(tx, inject.details["text"], standing.id)
    return standing if inject.act is Act.NOTE else incidents.close(tx, standing.id)


def _round(tx: Tx, inject: Inject) -> None:
    """Everybody is called once; those nobody waits for any more are left out."""
    points = {(point.kind, point.name): point.id for point in tx.find(ReportingPoint)}
    for call in inject.calls:
        about = points.get((call.kind, call.name))
        if about is not None:
            (reporting.heard if call.answered else reporting.no_answer)(tx, about)


def open_exercise(
    folder: Path, scenario: Scenario, *, at: datetime, author: str, clock: ScenarioClock | None = None
) -> Player:
    """The exercise in this folder, played to `at` or to where it had come; its clock runs on from there,
    never from before what was last written.

    A folder that is not there is created. Played quickly, each step still stands in the journal at its time
    in the scenario. Raises `UserError` when the folder holds anything but an exercise.
    """
    clock = clock or ScenarioClock(scenario.starts_at, beat=SystemClock())
    clock.pause()
    store = _store(folder, scenario, clock, author)
    try:
        _refuse_reality(store)
        clock.jump(scenario.starts_at)
        _set_up(store, scenario)
        player = Player(store, scenario, clock)
        clock.jump(moment_of(store) or player.played_until)
        _forward(player, at)
    except BaseException:  # whatever it was, nobody else holds this store to close it
        store.close()
        raise
    clock.resume()
    return player


def _store(folder: Path, scenario: Scenario, clock: Clock, author: str) -> Store:
    if desk_file(folder).is_file():
        return Store.open(folder, clock=clock, author=author)
    about = Operation(scenario.city, scenario.starts_at, timezone=scenario.timezone, exercise=True)
    return Store.create(folder, about, clock=clock, author=author)


def moment_of(store: Store) -> datetime | None:
    """The time an exercise has reached: of what was played or of the last step; None when nothing was."""
    with store.reading() as query:
        kept, steps = query.kept(_KEPT), query.steps(1)
    times = [Played.from_json(kept).at] if kept else []
    return max([*times, *(step.at for step in steps)], default=None)


def _set_up(store: Store, scenario: Scenario) -> None:
    with store.writing(_("Set up exercise"), scenario.officer) as tx:
        if tx.kept(_KEPT) is None:
            for sensor in scenario.sensors:
                sensors.register(tx, sensor)
            for rule in scenario.rules:
                sensors.set_rule(tx, rule)
            reporting.expect(tx, scenario.posts, EVERY_S, scenario.starts_at)
            tx.keep(_KEPT, Played(scenario.starts_at, 0, {}).to_json())


def _forward(player: Player, until: datetime) -> None:
    """Play quickly; while calls leave him time, the officer acknowledges what rang at the step before."""
    moved: list[Alarm] = []
    for moment in _moments(player.scenario, player.clock.now(), until):
        player.clock.jump(moment)
        if moment <= until - _ALONE:
            _acknowledge(player.store, moved, player.scenario.officer)
        moved = player.tick()


def _moments(scenario: Scenario, since: datetime, until: datetime) -> list[datetime]:
    """When to look: each half hour, when somebody reports, within ten minutes of an alarm that may move."""
    if until <= since:
        return []
    grid = {since + n * _STRIDE for n in range((until - since) // _STRIDE + 1)}
    restless = {since + -(-(at - since) // _TEN) * _TEN for at in scenario.restless()}
    reports = {inject.at for inject in scenario.injects}
    return sorted(at for at in {*grid, *reports, *restless, until} if since < at <= until)


def _acknowledge(store: Store, moved: Iterable[Alarm], officer: str) -> None:
    for alarm in moved:
        if alarm.needs_attention:
            with store.writing(_("Acknowledge alarm"), officer) as tx:
                alarms.acknowledge(tx, alarm.id, officer)
