"""How far apart the lines of a grid are at a scale."""

LEAST_PX = 70.0  # two lines are at least so far apart: 1 km at 1 : 50,000
METRES = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5)
SECONDS = (  # of arc: what divides minutes, degrees and the circle
    *(1.0, 2.0, 5.0, 10.0, 20.0, 30.0),
    *(minutes * 60.0 for minutes in (1, 2, 5, 10, 20, 30)),
    *(degrees * 3600.0 for degrees in (1, 2, 5, 10, 20, 30)),
)


def spacing_of(unit_per_pixel: float, choices: tuple[float, ...]) -> float:
    """The smallest of `choices` whose lines stand far enough apart.

    Of metres 0 where none is: squares of more than 100 km have no names.
    """
    wide = next((step for step in choices if step / unit_per_pixel >= LEAST_PX), 0.0)
    return wide or (choices[-1] if choices is SECONDS else 0.0)
