"""What a service offers, layer by layer: what a person chooses from."""

from dataclasses import dataclass

from gis.exchange.online.service import TileService

METRES_PER_PIXEL = 0.00028  # of the screen that OGC's scales are meant for (OGC 06-042, 7.2.4.6.9)
LARGEST_SCALE, MOST_OFFERS = 1e10, 5_000


@dataclass(frozen=True, slots=True)
class Offer:
    """One layer. `service` is None where it cannot be shown, and `problem` says why.

    It is drawn between the scale denominators `min_scale` and `max_scale` (None: no limit). `about` is what
    its service says of it.
    """

    title: str
    service: TileService | None
    about: str = ""
    min_scale: float | None = None
    max_scale: float | None = None
    problem: str = ""


def scale(denominator: float | None) -> float | None:
    """A limit of scales; None for one that is none."""
    return denominator if denominator is not None and 0 < denominator < LARGEST_SCALE else None
