"""The loudspeaker and the voice of this computer, as far as it has any: what is missing is said.

Qt's sound and speech come with PySide6-Addons, an extra, and need libraries of the system (libpulse on
Linux): without one of them the import itself fails.
"""

from importlib import import_module
from typing import Any

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWidgets import QApplication

from desktop.rhythms import RATE_HZ, Wave
from desktop.sounding import Sounder, Speaker
from gis.texts import _

MULTIMEDIA, SPEECH = "PySide6.QtMultimedia", "PySide6.QtTextToSpeech"


class Beeper:
    """The bell of the system in place of a loudspeaker; `trouble` says what is missing."""

    def __init__(self, trouble: str) -> None:
        self.trouble = trouble

    def play(self, wave: Wave, volume: float) -> None:  # noqa: ARG002 - a bell has one sound
        QApplication.beep()

    def rest(self) -> None:
        """A bell is still by itself."""


class Loudspeaker:
    """The device the system plays on; where there is none, or it has gone, the bell of the system rings until
    there is one again."""

    def __init__(self, multimedia: Any) -> None:
        self._qt = multimedia
        self._sink: Any = None
        self._sound: QBuffer | None = None

    @property
    def trouble(self) -> str:
        if self._device().isNull():
            return _("This computer has no device that plays sound.")
        broken = self._sink is not None and self._sink.error() in self._errors()
        return _("The device that plays sound does not answer.") if broken else ""

    def play(self, wave: Wave, volume: float) -> None:
        self.rest()
        device = self._device()
        if device.isNull():
            QApplication.beep()
            return
        shape = self._shape(device)
        self._sound = QBuffer()
        self._sound.setData(QByteArray(samples(wave, shape.sampleRate(), shape.channelCount())))
        self._sound.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = self._qt.QAudioSink(device, shape)
        self._sink.setVolume(volume)
        self._sink.start(self._sound)
        if self._sink.error() in self._errors():
            QApplication.beep()

    def rest(self) -> None:
        if self._sink is not None:
            self._sink.stop()
        self._sink = self._sound = None

    def _device(self) -> Any:
        return self._qt.QMediaDevices.defaultAudioOutput()

    def _errors(self) -> tuple[Any, ...]:
        error = self._qt.QtAudio.Error
        return error.OpenError, error.IOError, error.FatalError

    def _shape(self, device: Any) -> Any:
        """Whole numbers of 16 bits at the rate and in the channels that the device likes best."""
        shape = device.preferredFormat()
        shape.setSampleFormat(self._qt.QAudioFormat.SampleFormat.Int16)
        return shape


def samples(wave: Wave, rate_hz: int, channels: int) -> bytes:
    """A wave as a device takes it: 16 bits each, the same in all channels, at its own rate."""
    count = round(len(wave) * rate_hz / RATE_HZ)
    at = np.arange(count) * (RATE_HZ / rate_hz)
    whole = np.round(np.interp(at, np.arange(len(wave)), wave) * 32_767).astype("<i2")
    return np.repeat(whole, channels).tobytes()


class Voice:
    """The speech of the system."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    @property
    def trouble(self) -> str:
        broken = self._engine.state() == type(self._engine).State.Error
        return _("The speech of this computer does not answer.") if broken else ""

    def say(self, text: str, volume: float) -> None:
        self._engine.setVolume(volume)
        self._engine.say(text)

    def rest(self) -> None:
        self._engine.stop()


class Mute:
    """In place of a voice; `trouble` says what is missing."""

    def __init__(self, trouble: str) -> None:
        self.trouble = trouble

    def say(self, text: str, volume: float) -> None:
        """Nobody hears it."""

    def rest(self) -> None:
        """It never spoke."""


def sounder_here() -> Sounder:
    """What this computer plays sound with."""
    try:
        return Loudspeaker(import_module(MULTIMEDIA))
    except ImportError as error:
        words = _("What plays sound is not installed on this computer: {reason}.")
        return Beeper(words.format(reason=error))


def speaker_here() -> Speaker:
    """What this computer speaks with."""
    try:
        speech = import_module(SPEECH)
    except ImportError as error:
        return Mute(_("What speaks is not installed on this computer: {reason}.").format(reason=error))
    engines = [name for name in speech.QTextToSpeech.availableEngines() if name != "mock"]
    if not engines:
        return Mute(_("This computer has nothing that speaks."))
    return Voice(speech.QTextToSpeech(engines[0]))
