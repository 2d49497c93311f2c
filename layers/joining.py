"""Streets that a file has cut into pieces: those of one name that meet are one line again."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.geo.ragged import offsets, ranges
from layers.geometry import Ragged

MOST = 1_500  # names of lines; more no map of one screen can show
_made: Any = shapely  # pyright's stubs do not know that arrays in are arrays out


def joined(
    lines: Ragged, texts: Sequence[str], widths: NDArray[np.float64]
) -> tuple[Ragged, NDArray[np.int64]]:
    """Lines with pieces of one text joined end to end where no third meets them, and whose text each bears.

    Texts that are wider than all their pieces together, and those beyond the `MOST` with the longest, are
    left out. A text that is found several times is borne by all its lines as the first.
    """
    known: dict[str, int] = {}
    codes = np.fromiter((known.setdefault(text, n) for n, text in enumerate(texts)), np.int64, len(texts))
    owner = codes[np.repeat(np.arange(len(texts)), np.diff(lines.parts))]
    total = np.bincount(owner, _lengths(lines), len(texts))
    total[total < widths] = 0.0
    bearers = np.argsort(-total, kind="stable")[:MOST]
    hopeful = np.zeros(len(texts), bool)
    hopeful[bearers] = total[bearers] > 0
    several = (np.bincount(owner, minlength=len(texts))[owner] > 1) & (np.diff(lines.rings) > 1)
    alone, pieces = np.flatnonzero(hopeful[owner] & ~several), np.flatnonzero(hopeful[owner] & several)
    pieces = pieces[np.argsort(owner[pieces], kind="stable")]
    xy, lengths = _of(lines, alone)
    if not len(pieces):
        return Ragged(xy, offsets(lengths), np.arange(len(alone) + 1)), owner[alone]
    merged_xy, merged_lengths, bearer = _merged(lines, pieces, owner[pieces])
    lengths = np.concatenate((lengths, merged_lengths))
    made = Ragged(np.concatenate((xy, merged_xy)), offsets(lengths), np.arange(len(lengths) + 1))
    return made, np.concatenate((owner[alone], bearer))


def _lengths(lines: Ragged) -> NDArray[np.float64]:
    """Of each ring."""
    way = np.hypot(*np.diff(lines.xy, axis=0, append=lines.xy[-1:]).T)
    way[lines.rings[1:] - 1] = 0.0
    total = np.concatenate(([0.0], np.cumsum(way)))
    return total[lines.rings[1:]] - total[lines.rings[:-1]]


def _of(lines: Ragged, picks: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    lengths = np.diff(lines.rings)[picks]
    return lines.xy[ranges(lines.rings[picks], lengths)], lengths


def _merged(
    lines: Ragged, pieces: NDArray[np.int64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    xy, lengths = _of(lines, pieces)
    strings = _made.linestrings(xy, indices=np.repeat(np.arange(len(pieces)), lengths))
    bearers, group = np.unique(owner, return_inverse=True)
    whole = shapely.line_merge(_made.multilinestrings(strings, indices=group))
    parts, of = shapely.get_parts(whole, return_index=True)
    found, part = shapely.get_coordinates(parts, return_index=True)
    return found, np.bincount(part, minlength=len(parts)), bearers[of]
