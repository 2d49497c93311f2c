"""Who reports in the sample night, and who falls silent: the low ground from which nobody calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gis.training.sample.callers import Call
from gis.training.sample.city import City
from gis.training.sample.columns import shapely
from gis.training.sample.curves import Points
from gis.training.sample.instruments import hour_of

_CALLED_AFTER = timedelta(minutes=12)  # a round, who did not answer is called


@dataclass(frozen=True, slots=True)
class Post:
    """A line of reporting.csv; `xy` in the projected CRS, None for who moves about."""

    kind: str
    name: str
    contact: str
    every: str
    people: int | None
    hazard: str
    xy: Points | None
    height_m: float


@dataclass(frozen=True, slots=True)
class Word:
    """A line of reports.csv: at a round somebody was heard from, or called without an answer."""

    time: datetime
    kind: str
    name: str
    answered: bool


def posts(rng: Generator, city: City, night: dict[str, Any]) -> list[Post]:
    """Every ward, every shelter, and the teams."""
    wards, shelters, rhythm = city.wards, city.shelters, night["rhythm"]
    inside = shapely.get_coordinates(shapely.point_on_surface(wards.shapes))
    numbers = (f"0800-{number:04d}" for number in rng.permutation(9000) + 1000)
    ground = [
        *_grounded("ward", wards.name, inside, wards.elevation_m, wards.population),
        *_grounded("shelter", shelters.at.name, shelters.at.xy, shelters.elevation_m, shelters.capacity),
    ]
    risks = np.quantile(wards.elevation_m, (0.2, 0.45, 0.75))
    words = ("extreme", "high", "moderate", "low")
    called = {"ward": "Lurah {name}, {number}", "shelter": "Posko {name}, {number}"}
    return [
        *(
            Post(
                kind,
                name,
                called[kind].format(name=name, number=next(numbers)),
                rhythm[kind]["every"],
                people,
                words[int(np.searchsorted(risks, height))],
                xy,
                height,
            )
            for kind, name, xy, height, people in ground
        ),
        *(
            Post("team", name, next(numbers), rhythm["team"]["every"], None, "high", None, float(nth))
            for nth, name in enumerate(rhythm["team"]["names"])
        ),
    ]


def _grounded(
    kind: str, names: NDArray[Any], xy: Points, height_m: Points, people: NDArray[np.int64]
) -> Iterator[tuple[str, str, Points, float, int]]:
    for name, at, height, count in zip(names, xy, height_m.tolist(), people.tolist(), strict=True):
        yield kind, str(name), at, float(height), int(count)


def words(city: City, found: list[Post], calls: list[Call], night: dict[str, Any]) -> list[Word]:
    """What came of every round, in order of time."""
    start = datetime.fromisoformat(night["start"])
    told = _called_from(city, calls)
    made: list[Word] = []
    for kind, rhythm in night["rhythm"].items():
        own = [post for post in found if post.kind == kind]
        quiet = sorted((post for post in own if post.name not in told), key=lambda post: post.height_m)
        silent = {post.name for post in quiet[: rhythm["silent"]]}
        first, last = (hour_of(start, rhythm[name]) for name in ("from", "to"))
        for clock in rhythm["rounds"]:
            hour = hour_of(start, clock)
            missing = silent if first <= hour < last else set[str]()
            at = start + timedelta(hours=hour)
            made += [Word(at, kind, post.name, True) for post in own if post.name not in missing]
            made += [Word(at + _CALLED_AFTER, kind, name, False) for name in sorted(missing)]
    return sorted(made, key=lambda word: (word.time, word.kind, word.name))


def _called_from(city: City, calls: list[Call]) -> set[str]:
    """The wards from which somebody calls in the night."""
    spots = shapely.points([call.xy for call in calls])
    tree = shapely.STRtree(city.wards.shapes)
    _spot, ward = tree.query(spots, predicate="intersects")
    return {str(name) for name in city.wards.name[np.unique(ward)]}
