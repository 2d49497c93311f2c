"""What plays and what speaks may be missing, may come later, and may go: the desk goes on and says so."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop.loudspeaker import Loudspeaker, samples
from desktop.rhythms import RATE_HZ, wave
from gis.model.incident import Severity
from tests.elsewhere import python

_WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in ("PySide6.QtMultimedia", "PySide6.QtTextToSpeech"):
            raise ImportError("libpulse.so.0: cannot open shared object file: No such file or directory")
sys.meta_path.insert(0, Missing())
from PySide6.QtWidgets import QApplication
app = QApplication(["test"])
from desktop.loudspeaker import sounder_here, speaker_here
from desktop.rhythms import wave
from gis.model.incident import Severity
sounder, speaker = sounder_here(), speaker_here()
sounder.play(wave(Severity.EXTREME), 1.0)
speaker.say("Siaga 1", 1.0)
sounder.rest()
speaker.rest()
print(sounder.trouble)
print(speaker.trouble)
"""


def test_without_the_libraries_of_sound_and_speech_the_desk_says_what_is_missing():
    sound, speech = python("-c", _WITHOUT).splitlines()
    assert sound.startswith("What plays sound is not installed on this computer: libpulse.so.0")
    assert speech.startswith("What speaks is not installed on this computer: libpulse.so.0")


class Device:
    """A device as Qt tells of it; `null` when there is none."""

    def __init__(self) -> None:
        self.null = False

    def isNull(self) -> bool:
        return self.null

    def preferredFormat(self):
        return SimpleNamespace(
            setSampleFormat=lambda _kind: None, sampleRate=lambda: 48_000, channelCount=lambda: 2
        )


class Stage:
    """What of Qt's sound the loudspeaker uses, with a device that can be pulled out."""

    def __init__(self) -> None:
        self.device, self.fault, self.played, self.stopped = Device(), None, [], 0
        self.QMediaDevices = SimpleNamespace(defaultAudioOutput=lambda: self.device)
        self.QAudioFormat = SimpleNamespace(SampleFormat=SimpleNamespace(Int16=2))
        self.QtAudio = SimpleNamespace(
            Error=SimpleNamespace(OpenError="open", IOError="io", FatalError="fatal")
        )

    def QAudioSink(self, _device, _shape):
        return SimpleNamespace(
            setVolume=lambda volume: self.played.append(volume),
            start=lambda sound: self.played.append(bytes(sound.data())),
            stop=self._stop,
            error=lambda: self.fault,
        )

    def _stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def stage(qapp):
    return Stage()


@pytest.fixture
def bells(monkeypatch) -> list[str]:
    """How often the bell of the system rang."""
    rung: list[str] = []
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append("beep"))
    return rung


def test_a_rhythm_is_played_at_the_rate_and_in_the_channels_of_the_device(stage, bells):
    speaker = Loudspeaker(stage)
    speaker.play(wave(Severity.MINOR), 0.4)
    volume, sound = stage.played
    assert volume == 0.4
    frames = np.frombuffer(sound, "<i2").reshape(-1, 2)
    assert len(frames) == pytest.approx(len(wave(Severity.MINOR)) * 48_000 / RATE_HZ, abs=1)
    assert (frames[:, 0] == frames[:, 1]).all()
    assert frames.max() > 30_000
    assert (speaker.trouble, bells) == ("", [])


def test_a_device_that_is_pulled_out_is_told_and_the_bell_rings_until_it_is_back(stage, bells):
    speaker = Loudspeaker(stage)
    speaker.play(wave(Severity.MINOR), 1.0)
    stage.device.null = True
    assert "no device that plays sound" in speaker.trouble
    speaker.play(wave(Severity.MINOR), 1.0)
    assert (stage.stopped, len(stage.played), bells) == (1, 2, ["beep"])
    stage.device.null = False
    speaker.play(wave(Severity.MINOR), 1.0)
    assert (speaker.trouble, len(stage.played), bells) == ("", 4, ["beep"])


def test_a_device_that_cannot_be_opened_is_told_and_the_bell_rings(stage, bells):
    speaker, stage.fault = Loudspeaker(stage), "open"
    speaker.play(wave(Severity.EXTREME), 1.0)
    assert "does not answer" in speaker.trouble
    assert bells == ["beep"]


def test_samples_at_the_rate_they_were_made_at_are_what_they_were():
    made = np.frombuffer(samples(wave(Severity.SEVERE), RATE_HZ, 1), "<i2")
    assert np.abs(made / 32_767 - wave(Severity.SEVERE)).max() < 1e-4
