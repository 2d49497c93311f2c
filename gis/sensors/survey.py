"""What is wrong with a recording: times that are missing, twice or out of order, and values not to believe.

For a table somebody hands over, before rules are rehearsed over it. Each finding is a stretch of one kind of
fault, as a technician would list them. Pure, arrays only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.sensors.measures import distinct


class Fault(StrEnum):
    """Kinds of faults, in the words of quality control of measurements."""

    NO_TIME = "missing timestamp"
    TWICE = "duplicate timestamp"
    BACKWARDS = "nonmonotonic timestamp"
    ABSENT = "missing value"
    CORRUPT = "corrupt value"
    RANGE = "out of range"
    STEP = "step"
    STILL = "stuck"


@dataclass(frozen=True, slots=True)
class Expected:
    """What is believed of one column: within [low, high]; from one value to the next changed by no more than
    `step`; over `still_us` changed by at least `least`. `corrupt` values are a logger's words for "none"."""

    low: float = -np.inf
    high: float = np.inf
    step: float = np.inf
    least: float = 0.0
    still_us: int = 3_600_000_000
    corrupt: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a column ("" of the times themselves), in so many values between two times (us UTC)."""

    fault: Fault
    column: str
    begin_us: int
    end_us: int
    count: int


def survey(
    at_us: NDArray[np.int64],
    columns: Mapping[str, NDArray[np.float64]],
    expected: Mapping[str, Expected],
    every_us: int,
    looked_at: NDArray[np.bool_] | None = None,
) -> list[Finding]:
    """The findings of a table whose rows should come every `every_us` microseconds: times, then columns.

    `at_us` and each column are as they stand in the table, NaN where a cell is empty; of a time that comes
    twice the first row counts. `looked_at` says of each row whether its values are looked at (an instrument
    that measures by daylight).
    """
    found = _times(at_us, every_us)
    order = np.argsort(at_us, kind="stable")
    once = order[np.append(True, np.diff(at_us[order]) > 0)[: len(order)]]
    grid = _grid(at_us[once], every_us)
    looked = np.ones(len(at_us), np.bool_) if looked_at is None else looked_at
    for name, values in columns.items():
        found += _values(name, grid, _placed(values[once], at_us[once], grid), expected[name], every_us)
    seen = set(at_us[looked].tolist())
    return [finding for each in found for finding in _within(each, seen, every_us)]


def _times(at_us: NDArray[np.int64], every_us: int) -> list[Finding]:
    back = np.flatnonzero(np.diff(at_us) < 0) + 1
    ordered = np.sort(at_us)
    twice = ordered[1:][np.diff(ordered) == 0]
    missing = np.setdiff1d(_grid(distinct(ordered), every_us), ordered)
    return [
        *_stretches(Fault.NO_TIME, "", missing, every_us),
        *_stretches(Fault.TWICE, "", distinct(twice), every_us),
        *_stretches(Fault.BACKWARDS, "", np.sort(at_us[back]), every_us),
    ]


def _grid(at_us: NDArray[np.int64], every_us: int) -> NDArray[np.int64]:
    """Every time that is there, and those that should be between them."""
    if not len(at_us):
        return at_us
    return np.union1d(at_us, np.arange(at_us[0], at_us[-1] + 1, every_us))


def _placed(
    values: NDArray[np.float64], at_us: NDArray[np.int64], grid: NDArray[np.int64]
) -> NDArray[np.float64]:
    placed = np.full(len(grid), np.nan)
    placed[np.searchsorted(grid, at_us)] = values
    return placed


def _values(
    name: str,
    grid: NDArray[np.int64],
    values: NDArray[np.float64],
    expected: Expected,
    every_us: int,
) -> list[Finding]:
    corrupt = np.isin(values, expected.corrupt)
    absent = np.isnan(values)
    values = np.where(corrupt, np.nan, values)
    with np.errstate(invalid="ignore"):
        wide = (values < expected.low) | (values > expected.high)
        step = np.append(False, np.abs(np.diff(values)) > expected.step)[: len(values)]
    faults = {
        Fault.ABSENT: absent,
        Fault.CORRUPT: corrupt,
        Fault.RANGE: wide,
        Fault.STEP: step,
        Fault.STILL: _still(grid, values, expected),
    }
    return [
        finding
        for fault, wrong in faults.items()
        for finding in _stretches(fault, name, grid[wrong], every_us)
    ]


def _still(grid: NDArray[np.int64], values: NDArray[np.float64], expected: Expected) -> NDArray[np.bool_]:
    """Runs of values that differ by less than `least` from one to the next, for longer than `still_us`."""
    found = np.zeros(len(values), np.bool_)
    if not expected.least:
        return found
    with np.errstate(invalid="ignore"):
        same = np.abs(np.diff(values)) < expected.least
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.astype(np.int8), [0]])))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if grid[end] - grid[begin] > expected.still_us:
            found[begin : end + 1] = True
    return found


def _stretches(fault: Fault, column: str, at_us: NDArray[np.int64], every_us: int) -> list[Finding]:
    """Times that follow one another without a break, as one finding."""
    breaks = np.flatnonzero(np.diff(at_us) > every_us) + 1
    parts: Sequence[NDArray[np.int64]] = np.split(at_us, breaks) if len(at_us) else []
    return [Finding(fault, column, int(part[0]), int(part[-1]), len(part)) for part in parts]


def _within(finding: Finding, seen: set[int], every_us: int) -> list[Finding]:
    """A finding in values, cut to the times that are looked at; one in the times themselves as it is."""
    if not finding.column:
        return [finding]
    times = [at for at in range(finding.begin_us, finding.end_us + 1, every_us) if at in seen]
    return _stretches(finding.fault, finding.column, np.array(times, np.int64), every_us)
