"""A million rows sorted, asked and selected, beside pandas in the same run. Prints, asserts no time.

Run it as a script: `python -m tests.bench.bench_table [rows]`.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gis.geo.features import Features, Shape
from gis.progress import Progress
from layers.attributes.asking import asked_for, rows_asked
from layers.attributes.ordering import arranged, ranks
from layers.attributes.table import Attributes

ROUNDS = 3


def a_city(count: int) -> Features:
    """Houses with a street, a kind that is missing for some, a depth and a number."""
    rng = np.random.default_rng(7)
    streets = [
        f"Jalan {a} No {b}"
        for a, b in zip(
            rng.integers(0, 500, count).tolist(), rng.integers(0, 999, count).tolist(), strict=True
        )
    ]
    columns = {
        "street": np.array(streets, object),
        "kind": np.array(["river", "canal", None], object)[rng.integers(0, 3, count)],
        "depth": rng.normal(size=count),
        "number": rng.integers(0, 10**6, count),
    }
    whole = np.arange(count + 1)
    return Features(
        Shape.POINT, rng.uniform(0, 1e4, (count, 2)), whole, whole, np.arange(count), columns, 32750
    )


def best(work: Callable[[], Any]) -> float:
    """Milliseconds of the quickest round."""
    times: list[float] = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times) * 1e3


def compare(name: str, ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    mine, other = best(ours), best(theirs)
    print(f"{name:34} ours {mine:8.1f} ms   pandas {other:8.1f} ms   {other / mine:6.1f}x")


def compare_rows(name: str, ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    """The same, of two that say which rows: they must name the same ones."""
    assert np.flatnonzero(ours()).tolist() == np.flatnonzero(theirs()).tolist() != []
    compare(name, ours, theirs)


def counted(frame: pd.DataFrame) -> pd.DataFrame:
    """With numbers in streets that letters sort as a person does: 71 before 186."""
    return frame.assign(
        street=frame["street"].str.replace(r"\d+", lambda found: found[0].zfill(3), regex=True)
    )


@pytest.mark.bench
@pytest.mark.timeout(0)
def test_a_million_rows_beside_pandas() -> None:
    main(1_000_000)


def main(count: int) -> None:
    features = a_city(count)
    frame = pd.DataFrame(dict(features.columns))
    print(f"{count:,} rows")
    compare("open the table", lambda: Attributes([features]), lambda: pd.DataFrame(dict(features.columns)))
    for name in ("number", "depth", "kind", "street"):
        compare_sorting(features, frame, name)
    table = Attributes([features])

    def asked(text: str) -> Callable[[], Any]:
        return lambda: rows_asked(table, asked_for(text, table.names), Progress())

    compare_rows(
        "rule: depth > 1 and kind",
        asked("depth > 1 AND kind = 'river'"),
        lambda: frame.eval("depth > 1 and kind == 'river'"),
    )
    street = frame["street"]
    compare_rows(
        "words in any column",
        asked("jalan 77"),
        lambda: street.str.contains("77", regex=False) & street.str.contains("jalan", case=False),
    )
    chosen = frozenset(range(0, count, 10))
    compare_rows("a tenth selected", lambda: table.where(chosen), lambda: frame.index.isin(list(chosen)))


def compare_sorting(features: Features, frame: pd.DataFrame, name: str) -> None:
    rows = np.arange(len(features))
    table = Attributes([features])
    places = ranks(table.values(name), table.column(name), Progress())

    def first() -> Any:
        fresh = Attributes([features])
        return arranged(rows, ranks(fresh.values(name), fresh.column(name), Progress()), falling=False)

    def falling() -> Any:
        return arranged(rows, places, falling=True)

    theirs = partial(frame.sort_values, name, kind="stable")
    truth = partial(counted(frame).sort_values, name, kind="stable")
    assert (first() == truth().index).all()
    assert (falling() == truth(ascending=False).index).all()
    compare(f"sort by {name}, first time", first, theirs)
    compare(f"sort by {name}, falling, again", falling, partial(theirs, ascending=False))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
