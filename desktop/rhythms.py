"""What each priority sounds like: strokes of a slit drum, as waves. Priorities differ in rhythm and in pitch.

After what IEC 60601-1-8 says of alarm sounds people can tell apart and find in a room: pulses with overtones
between 150 and 1,000 Hz, the more urgent the more, faster and higher.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gis.model.incident import Severity

RATE_HZ = 44_100
_OVERTONES = ((1.0, 0.55), (2.0, 0.2), (2.76, 0.15), (4.0, 0.07), (5.4, 0.03))  # of wood: not quite whole
_RISE_S, _RELEASE_S = 0.004, 0.02

Wave = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Strokes at `at_s` seconds, each `ring_s` long, in turn at `pitches_hz`; again after `every_s` seconds
    for as long as nobody has acknowledged."""

    at_s: tuple[float, ...]
    ring_s: float
    pitches_hz: tuple[float, ...]
    every_s: float

    @property
    def length_s(self) -> float:
        return self.at_s[-1] + self.ring_s


RHYTHMS = {
    Severity.EXTREME: Rhythm(
        (0.0, 0.13, 0.26, 0.39, 0.52, 0.82, 0.95, 1.08, 1.21, 1.34), 0.16, (880.0, 740.0), 4.0
    ),
    Severity.SEVERE: Rhythm((0.0, 0.22, 0.44, 0.9, 1.12), 0.26, (622.0, 622.0, 740.0), 8.0),
    Severity.MODERATE: Rhythm((0.0, 0.34, 0.68), 0.4, (466.0, 466.0, 392.0), 15.0),
    Severity.MINOR: Rhythm((0.0, 0.5), 0.5, (294.0, 294.0), 30.0),
    Severity.UNKNOWN: Rhythm((0.0,), 0.6, (233.0,), 30.0),
}


@cache
def wave(severity: Severity) -> Wave:
    """One rhythm as samples (n,) between -1 and 1, `RATE_HZ` a second, one channel."""
    rhythm = RHYTHMS[severity]
    made = np.zeros(round(rhythm.length_s * RATE_HZ) + 1)
    for n, at_s in enumerate(rhythm.at_s):
        struck = _stroke(rhythm.pitches_hz[n % len(rhythm.pitches_hz)], rhythm.ring_s)
        start = round(at_s * RATE_HZ)
        made[start : start + len(struck)] += struck[: len(made) - start]
    made /= np.abs(made).max()
    found = made.astype(np.float32)
    found.flags.writeable = False
    return found


def _stroke(pitch_hz: float, ring_s: float) -> NDArray[np.float64]:
    """One stroke: it sets in at once and dies away; overtones die sooner."""
    at_s = np.arange(round(ring_s * RATE_HZ)) / RATE_HZ
    tone = sum(
        share * np.sin(2 * np.pi * pitch_hz * factor * at_s) * np.exp(-3.0 * factor * at_s / ring_s)
        for factor, share in _OVERTONES
    )
    return tone * np.minimum(1, at_s / _RISE_S) * np.minimum(1, (ring_s - at_s) / _RELEASE_S)
