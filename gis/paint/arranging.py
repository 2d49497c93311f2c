"""In which order features are painted, and their vertices in that order.

Compiled where the painter is (`native/order.c`), otherwise by the same steps in whole columns.
"""

import numpy as np
from numpy.typing import NDArray

from gis.geo.ragged import ranges
from gis.paint.compiled import compiled

Floats, Integers = NDArray[np.float64], NDArray[np.int64]
_TIERS = 4.0 ** -np.arange(1, 7)  # of the largest: classes of size, each four times as wide as the next


def drawing_order(low: Floats, high: Floats, huddle: int = 0) -> Integers:
    """(n,) numbers of the boxes from `low` to `high` (n, 2), all finite: large ones first, by tiers of size,
    then by the Morton code of the middle on a grid of 2^16 squares, and last by their number.

    Of the code's 32 bits the last `huddle` are left out: boxes of a larger square keep their sequence.
    """
    if not len(low):
        return np.zeros(0, np.int64)
    keys = np.empty(len(low), np.int64)
    if compiled is None:
        keys[:] = keys_in_columns(low, high, huddle)
    else:
        compiled.keys(low, high, huddle, keys)
    # With the number in its last bits a plain sort puts them in order, which is far quicker than argsort.
    bits = len(keys).bit_length()
    keys <<= bits
    keys |= np.arange(len(keys))
    keys.sort()
    keys &= (1 << bits) - 1
    return keys


def keys_in_columns(low: Floats, high: Floats, huddle: int) -> Integers:
    """What boxes are put in order by, without compiled code."""
    size = (high - low).max(axis=1)
    whole = max(float(size.max()), 1e-12)
    tier = len(_TIERS) - np.searchsorted(whole * _TIERS[::-1], size, side="left")
    middle = (low + high) / 2
    corner = middle.min(axis=0)
    span = max(float((middle.max(axis=0) - corner).max()), 1e-12)
    square = ((middle - corner) / span * 65535).astype(np.int64)
    return (tier << 32 | _spaced(square[:, 0]) | _spaced(square[:, 1]) << 1) >> huddle


def _spaced(v: Integers) -> Integers:
    """Put a zero bit between all bits of 16-bit numbers."""
    v = (v | v << 8) & 0x00FF00FF
    v = (v | v << 4) & 0x0F0F0F0F
    v = (v | v << 2) & 0x33333333
    return (v | v << 1) & 0x55555555


def near(xy: Floats, origin: tuple[float, float]) -> NDArray[np.float32]:
    """Places (m, 2) as seen from `origin`: subtracted in 64 bits, kept in 32."""
    return np.subtract(xy, origin, out=np.empty(xy.shape, np.float32), casting="same_kind")


def gathered(
    xy: Floats, starts: Integers, lengths: Integers, origin: tuple[float, float]
) -> NDArray[np.float32]:
    """The runs of `lengths` (k,) vertices from `starts` (k,) of `xy` (m, 2), one after the other, as seen
    from `origin`. ValueError or IndexError where one leaves `xy`."""
    if compiled is None:
        return near(xy[ranges(starts, lengths)], origin)
    out = np.empty((int(lengths.sum()), 2), np.float32)
    compiled.gather(
        np.ascontiguousarray(xy), np.ascontiguousarray(starts), np.ascontiguousarray(lengths), *origin, out
    )
    return out
