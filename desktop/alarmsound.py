"""Alarms that are heard: played, repeated, silenced and spoken; what is not heard is said in the strip."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QElapsedTimer, QObject, QTimer
from PySide6.QtWidgets import QMenu

from desktop.loudspeaker import Mute
from desktop.notices import Notices
from desktop.rhythms import RHYTHMS, wave
from desktop.ringing import RingingNow
from desktop.sounding import Rounds, Sounder, Speaker
from desktop.widgets.stripmark import StripMark
from gis.errors import UserError
from gis.model.incident import Severity
from gis.sensors.trend import LOOK_BACK, trend
from gis.store import Query, Store
from gis.store.questions import Level, Ringing
from gis.texts import _
from gis.words.spoken import rising, spoken

LOUDEST, STEP = 100, 10
USUAL = 80


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud alarms are at this desk, 0 (off) to 100, and whether they are spoken."""

    volume: int = USUAL
    voice: bool = False


def _forget(_loudness: Loudness) -> None:
    """Where nothing is kept."""


class AlarmSounds(QObject):
    """Silent until `begin`. What is heard is of now, whatever instant is looked at."""

    def __init__(self, store: Store, ringing: RingingNow, notices: Notices) -> None:
        super().__init__()
        self._store, self._ringing, self._notices = store, ringing, notices
        self.mark, self.loudness = StripMark(_("Sound")), Loudness()
        self._rounds, self._time = Rounds(), QElapsedTimer()
        self._sounder: Sounder | None = None
        self._speaker: Speaker | None = None
        self._find_speaker: Callable[[], Speaker] = lambda: Mute(_("Nothing is heard at this desk."))
        self._remember: Callable[[Loudness], object] = _forget
        self._said = ("", Severity.UNKNOWN)  # the alarm that was spoken of last
        self._after = QTimer(self, singleShot=True)
        self._after.timeout.connect(self._say_aloud)
        ringing.ticked.connect(self.tick)

    def begin(
        self,
        sounder: Sounder,
        find_speaker: Callable[[], Speaker],
        loudness: Loudness = Loudness(),
        remember: Callable[[Loudness], object] = _forget,
    ) -> None:
        """From now on alarms are heard; those that stand first. Another loudness is handed to `remember`."""
        self._sounder, self._find_speaker, self._remember = sounder, find_speaker, remember
        self.loudness = replace(loudness, volume=min(loudness.volume, LOUDEST))
        self._time.start()
        self.tick()

    def rest(self) -> None:
        """Be heard no more."""
        self._after.stop()
        for each in (self._sounder, self._speaker):
            if each is not None:
                each.rest()
        self._sounder = self._speaker = None

    def offer(self, menu: QMenu) -> None:
        """What can be done about the sound, under its word in the strip."""
        self.mark.setMenu(menu)

    @property
    def silent_s(self) -> float:
        """For how many seconds it is still silenced."""
        return self._rounds.silent_s(self._now_s())

    def tick(self) -> None:
        """Let be heard what is due."""
        if self._sounder is None:
            return
        found = self._rounds.next(self._ringing.sources(), self._now_s())
        if found is not None and self.loudness.volume:
            self._play(found.severity)
            if self.loudness.voice and self._is_news():
                self._after.start(round(RHYTHMS[found.severity].length_s * 1_000))
        self._tell()

    def silence(self) -> None:
        """Nothing is repeated for two minutes; once more: it is."""
        if self.silent_s:
            self._rounds.end_silence()
        else:
            self._rounds.silence(self._ringing.sources(), self._now_s())
            self._hush()
        self.tick()

    def test(self) -> None:
        """Let every rhythm be heard, one after the other, and say what hinders it."""
        if self._sounder is None:
            return
        at_ms = 0
        for severity in (Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME):
            QTimer.singleShot(at_ms, self.mark, lambda severity=severity: self._play(severity))
            at_ms += round(RHYTHMS[severity].length_s * 1_000) + 400
        self._notices.tell(self._sounder.trouble or _("The four rhythms, from the least to the worst."))

    def turn(self) -> None:
        """Off, or as loud as usual."""
        self._set(replace(self.loudness, volume=0 if self.loudness.volume else USUAL))
        if not self.loudness.volume:
            self._hush()

    def louder(self, by: int = STEP) -> None:
        volume = min(max(self.loudness.volume + by, 0), LOUDEST)
        self._set(replace(self.loudness, volume=volume))
        self._notices.tell(_("Alarms at {volume} %.").format(volume=volume))

    def turn_voice(self) -> None:
        """Speak of alarms from now on, or no more."""
        self._set(replace(self.loudness, voice=not self.loudness.voice))
        trouble = self._voice().trouble if self.loudness.voice else ""
        on = _("The worst alarm is spoken of when it comes.")
        off = _("Alarms are not spoken of any more.")
        self._notices.tell(trouble or (on if self.loudness.voice else off))

    def say(self) -> None:
        """Speak of the worst alarm now, and show the words."""
        worst = self._worst()
        words = self._words(worst) if worst is not None else _("No alarms.")
        trouble = self._voice().trouble
        self._voice().say(words, self.loudness.volume / LOUDEST)
        self._notices.tell(f"{words}  {trouble}".strip())

    # -- within

    def _now_s(self) -> float:
        return self._time.elapsed() / 1_000 if self._time.isValid() else 0.0

    def _play(self, severity: Severity) -> None:
        if self._sounder is not None:
            self._sounder.play(wave(severity), self.loudness.volume / LOUDEST)

    def _hush(self) -> None:
        self._after.stop()
        for each in (self._sounder, self._speaker):
            if each is not None:
                each.rest()

    def _set(self, loudness: Loudness) -> None:
        self.loudness = loudness
        self._remember(loudness)
        self._tell()

    def _voice(self) -> Speaker:
        """What speaks, looked for when it is first wanted."""
        if self._speaker is None:
            self._speaker = self._find_speaker()
        return self._speaker

    def _worst(self) -> Ringing | None:
        return next(iter(self._ringing.waiting), None)

    def _is_news(self) -> bool:
        worst = self._worst()
        return worst is not None and self._said != (worst.alarm.id, worst.alarm.severity)

    def _say_aloud(self) -> None:
        worst = self._worst()
        if worst is not None and self._sounder is not None and self.loudness.voice:
            self._said = worst.alarm.id, worst.alarm.severity
            self._voice().say(self._words(worst), self.loudness.volume / LOUDEST)

    def _words(self, ringing: Ringing) -> str:
        """What is spoken of an alarm: in an exercise, that it is one."""
        value, course = ringing.alarm.peak, ""
        with self._store.reading() as query:
            latest = query.latest().get(ringing.sensor.id)
            if latest is not None and not Level(ringing.sensor, latest, None).is_silent(query.at):
                value, course = latest.value, _course(query, ringing.sensor.id)
        words = spoken(ringing.sensor, ringing.rule, value, course)
        exercise = self._store.operation.exercise
        return _("Exercise. {words}").format(words=words) if exercise else words

    def _tell(self) -> None:
        if self._sounder is None:
            return
        trouble, left = self._sounder.trouble, round(self.silent_s)
        if trouble or not self.loudness.volume:
            reason = trouble or _("Alarms are turned off at this desk.")
            self.mark.say(_("Sound off"), reason, warns=True)
        elif left:
            words = _("Silenced {minutes}:{seconds:02}").format(minutes=left // 60, seconds=left % 60)
            self.mark.say(words, _("New alarms are heard; those that stand are not repeated for so long."))
        else:
            loud = _("Alarms are heard at {volume} %.").format(volume=self.loudness.volume)
            self.mark.say(_("Sound on"), loud)


def _course(query: Query, sensor_id: str) -> str:
    """Which way a gauge goes; nothing where its readings cannot be read, which is said elsewhere."""
    try:
        found = trend(query.series(sensor_id, query.at - LOOK_BACK, query.at))
    except UserError:
        return ""
    return "" if found is None else rising(found.slope, found.low, found.high)
