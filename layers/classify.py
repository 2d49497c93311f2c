"""Numbers into classes, classes into colours that colour-blind people can tell apart."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.errors import UserError
from gis.texts import _
from layers.style import Fill, Graduated, Marker, Stroke, Symbol

SAMPLE = 2_000  # natural breaks are sought among at most this many values: it costs their square
MOST_CLASSES = 12


class Method(StrEnum):
    """How breaks are chosen."""

    EQUAL = "equal interval"
    QUANTILE = "quantile"
    NATURAL = "natural breaks"


# Sequential ramps that keep their order in every common form of colour blindness and in grey: lightness falls
# steadily from the first to the last. CATEGORIES are the eight colours of Okabe and Ito (2008).
RAMPS: dict[str, tuple[str, ...]] = {
    "blue": ("#e8f1f8", "#b5d2e8", "#74acd3", "#3580b8", "#0d4f8b", "#062a50"),
    "amber": ("#fff3d6", "#fcd892", "#f0ad4e", "#cf7c1f", "#96500f", "#582c08"),
    "violet": ("#f3eef8", "#d5c5e6", "#ae93cf", "#8462b1", "#5b3a87", "#33204f"),
    "viridian": ("#fdf3a7", "#b4dd7a", "#5cba85", "#2a8d8b", "#2a5d83", "#33265c"),
}
CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#6b6b6b")


def breaks(values: NDArray[np.float64], count: int, method: Method) -> tuple[float, ...]:
    """The edges of at most `count` classes: ascending, from the smallest to the largest finite value.

    Equal values never fall into two classes, so there may be fewer. Raises UserError without any number.
    """
    found = np.sort(values[np.isfinite(values)])
    if not len(found):
        raise UserError(
            _("There is no number in this column to make classes of."),
            hint=_("Choose another column, or show the layer by categories."),
        )
    count = min(max(count, 1), MOST_CLASSES)
    match method:
        case Method.EQUAL:
            edges = np.linspace(found[0], found[-1], count + 1)
        case Method.QUANTILE:
            edges = np.quantile(found, np.linspace(0, 1, count + 1))
        case Method.NATURAL:
            edges = _natural(found, count)
    edges = np.unique(edges)
    if len(edges) == 1:
        edges = np.repeat(edges, 2)
    return tuple(float(edge) for edge in edges)


def manual(edges: tuple[float, ...]) -> tuple[float, ...]:
    """Edges somebody typed, in order and each once. Raises UserError when they make no class."""
    found = sorted({edge for edge in edges if np.isfinite(edge)})
    if len(found) < 2:
        raise UserError(_("Classes need at least two different numbers."), hint=_("Type one more number."))
    return tuple(found)


def _natural(found: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Fisher's exact optimum (J. Am. Stat. Assoc. 53, 1958): least squared deviation inside the classes.

    The classes start at the values the optimum begins them with; of many values an even sample is used.
    """
    if len(found) > SAMPLE:
        found = found[np.linspace(0, len(found) - 1, SAMPLE).round().astype(np.int64)]
    n = len(found)
    count = min(count, len(np.unique(found)))
    shifted = found - found.mean()
    sums = np.concatenate(([0.0], np.cumsum(shifted)))
    squares = np.concatenate(([0.0], np.cumsum(shifted**2)))
    starts = np.arange(n)

    def spread(last: int) -> NDArray[np.float64]:
        """Squared deviation of values[i:last + 1] for every i <= last."""
        i = starts[: last + 1]
        total = sums[last + 1] - sums[i]
        return squares[last + 1] - squares[i] - total**2 / (last + 1 - i)

    best = np.array([spread(last)[0] for last in range(n)])
    begin = np.zeros((count, n), np.int64)
    for k in range(1, count):
        new = best.copy()
        for last in range(k, n):
            cost = best[k - 1 : last] + spread(last)[k:]
            at = int(np.argmin(cost))
            new[last], begin[k, last] = cost[at], at + k
        best = new
    edges, last = [found[-1]], n - 1
    for k in range(count - 1, 0, -1):
        first = int(begin[k, last])
        alone = found[first] == found[-1]  # a last class of one value needs an edge below it
        edges.append((found[first - 1] + found[first]) / 2 if alone else found[first])
        last = first - 1
    return np.array([*edges, found[0]])[::-1]


def ramp(name: str, count: int) -> tuple[str, ...]:
    """`count` colours along a ramp, light to dark."""
    colours = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in RAMPS[name]], np.float64)
    at = np.linspace(0, len(colours) - 1, count) if count > 1 else np.array([len(colours) // 2], np.float64)
    mixed = [np.interp(at, np.arange(len(colours)), colours[:, i]).round().astype(int) for i in range(3)]
    return tuple(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in zip(*mixed, strict=True))


def graduated(column: str, edges: tuple[float, ...], ramp_name: str = "blue") -> Graduated:
    """A graduated look over `edges`, good for polygons, lines and points alike."""
    symbols = tuple(
        Symbol(Fill(colour, 0.8), Stroke(colour, 2.0), Marker(colour))
        for colour in ramp(ramp_name, len(edges) - 1)
    )
    return Graduated(column, edges, symbols)
