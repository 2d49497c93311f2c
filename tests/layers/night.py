"""Live symbols with only what a test cares about."""

from layers.badges import Badges, badges
from layers.style import LiveLook
from tests.shapes import points


def live(look: LiveLook, *places, **columns) -> Badges:
    return badges(str(look), look, [points(*places, **columns)])


def sensors(*places, severity, label=None) -> Badges:
    return live(LiveLook.SENSOR, *places, severity=severity, label=label or ["1.2 m"] * len(places))
