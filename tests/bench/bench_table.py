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

        def first(name: str = name) -> Any:
            table = Attributes([features])
            places = ranks(table.values(name), table.column(name), Progress())
            return arranged(np.arange(count), places, falling=False)

        theirs = partial(frame.sort_values, name, kind="stable")
        compare(f"sort by {name}, first time", first, theirs)
        table = Attributes([features])
        places = ranks(table.values(name), table.column(name), Progress())
        compare(
            f"sort by {name}, falling, again",
            lambda places=places: arranged(np.arange(count), places, falling=True),
            partial(theirs, ascending=False),
        )
    table = Attributes([features])

    def asked(text: str) -> Callable[[], Any]:
        return lambda: rows_asked(table, asked_for(text, table.names), Progress())

    compare(
        "rule: depth > 1 and kind",
        asked("depth > 1 AND kind = 'river'"),
        lambda: frame.query("depth > 1 and kind == 'river'"),
    )
    street = frame["street"]
    compare(
        "words in any column",
        asked("jalan 77"),
        lambda: frame[street.str.contains("77", regex=False) & street.str.contains("jalan", case=False)],
    )
    chosen = frozenset(range(0, count, 10))
    compare("a tenth selected", lambda: table.where(chosen), lambda: frame.index.isin(list(chosen)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
