"""Papers and finenesses."""

from dataclasses import dataclass
from math import gcd, sqrt

PX_PER_MM = 96 / 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper, upright, in millimetres."""

    name: str
    width_mm: float
    height_mm: float

    def turned(self, landscape: bool) -> tuple[float, float]:
        """Width and height as it lies, in millimetres."""
        return (self.height_mm, self.width_mm) if landscape else (self.width_mm, self.height_mm)

    @property
    def grows(self) -> float:
        """How much larger letters are than on A4: a large sheet is read from farther away."""
        return sqrt(min(self.width_mm, self.height_mm) / 210)


PAPERS = (
    Paper("A4", 210, 297),
    Paper("A3", 297, 420),
    Paper("A2", 420, 594),
    Paper("A1", 594, 841),
    Paper("A0", 841, 1189),
    Paper("Letter", 215.9, 279.4),
    Paper("Tabloid", 279.4, 431.8),
)
FINENESSES = (96, 150, 200, 300, 400, 600)  # dots per inch


def step_px(dpi: int) -> int:
    """The smallest number of pixels (96 per inch) that is a whole number of dots."""
    return 96 // gcd(96, dpi)
