"""Everything about being heard: what rings now, its sounds, and its being passed on."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.alarmsound import AlarmSounds
from desktop.bridge import Bridge
from desktop.escalating import Escalating
from desktop.notices import Notices
from desktop.pen import Pen
from desktop.ringing import RingingNow
from gis.store import Store


@dataclass(frozen=True, slots=True)
class Hearing:
    """What rings now, its sounds, and its being passed on to others."""

    ringing: RingingNow
    sounds: AlarmSounds
    escalating: Escalating

    @property
    def marks(self) -> tuple[QWidget, QWidget]:
        """What the strip says of it: of a flood, and of the sound."""
        return self.ringing.mark, self.sounds.mark

    def rest(self) -> None:
        self.ringing.rest()
        self.sounds.rest()


def make_hearing(store: Store, pen: Pen, bridge: Bridge, notices: Notices) -> Hearing:
    """All of it, still silent."""
    ringing = RingingNow(store, bridge)
    sounds = AlarmSounds(store, ringing, notices)
    return Hearing(ringing, sounds, Escalating(store, pen, ringing, notices))
