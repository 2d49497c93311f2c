"""The sign of each severity: a shape and a digit beside the colour, so that nothing rests on colour alone."""

from dataclasses import dataclass

from gis.model.incident import Severity

INK = "#14181C"
EXERCISE_INK = "#6A1B9A"


@dataclass(frozen=True, slots=True)
class Sign:
    """`shape` is triangle, diamond, square or circle; `digit` stands inside, in `INK`."""

    fill: str
    shape: str
    digit: str


SIGNS = {
    Severity.EXTREME: Sign("#FF3C7C", "triangle", "1"),
    Severity.SEVERE: Sign("#EE8819", "diamond", "2"),
    Severity.MODERATE: Sign("#FDE07B", "square", "3"),
    Severity.MINOR: Sign("#4EB7D5", "circle", "4"),
    Severity.UNKNOWN: Sign("#98A3AD", "circle", "?"),
}

# corners in a unit square, y down; a circle has none
CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "triangle": ((0.5, 0.02), (1.0, 0.95), (0.0, 0.95)),
    "diamond": ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)),
    "square": ((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)),
    "pentagon": ((0.5, 0.0), (1.0, 0.38), (0.81, 1.0), (0.19, 1.0), (0.0, 0.38)),
    "star": (
        *((0.5, 0.0), (0.63, 0.36), (1.0, 0.38), (0.71, 0.61), (0.81, 1.0)),
        *((0.5, 0.78), (0.19, 1.0), (0.29, 0.61), (0.0, 0.38), (0.37, 0.36)),
    ),
    "circle": (),
}
