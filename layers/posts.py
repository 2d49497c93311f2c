"""Who reports, read from a layer of the city: its wards, its shelters, with the people in them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis.geo.features import Features
from gis.geo.shapes import to_shapely
from gis.geo.wards import Wards
from gis.model.reporting import PointKind
from gis.sensors.roster import Post
from layers.columns import as_text, numbers_of
from layers.roles import NAMED, Role, called

KIND_OF = {Role.WARDS: PointKind.WARD, Role.SHELTERS: PointKind.SHELTER}
_COUNTED = ("population", "people", "pop", "inhabitants", "penduduk", "dan_so", "capacity", "places")


def kind_of(role: Role) -> PointKind:
    """What reports where a layer has this role."""
    return KIND_OF.get(role, PointKind.OTHER)


def name_column(columns: Iterable[str]) -> str:
    """The column that most likely holds the names; empty where none does."""
    return called(tuple(columns), NAMED)


def people_column(columns: Iterable[str]) -> str:
    """The column that most likely counts people; empty where none does."""
    return called(tuple(columns), _COUNTED)


def columns_of(found: Sequence[Features]) -> list[str]:
    """The columns of all shapes of a layer, in order."""
    return list(dict.fromkeys(name for features in found for name in features.columns))


def posts_of(found: Sequence[Features], kind: PointKind, name: str, people: str) -> list[Post]:
    """One for each name in the column `name` of WGS84 features, at a point inside it, with what the column
    `people` counts (empty: nothing). Of several features of a name the people are added up; those without a
    name are left out."""
    posts: dict[str, Post] = {}
    for features in found:
        names = features.columns.get(name)
        if names is None:
            continue
        counted = features.columns.get(people)
        counts = [None] * len(features) if counted is None else [_count(n) for n in numbers_of(counted)]
        for said, count, shape in zip(names, counts, to_shapely(features), strict=True):
            title = as_text(said).strip()
            if title:
                before = posts.get(title.casefold())
                inside = _inside(shape)
                posts[title.casefold()] = (
                    Post(kind, title, inside, count) if before is None else _joined(before, inside, count)
                )
    return list(posts.values())


def wards_of(found: Sequence[Features], name: str) -> Wards:
    """The same features as wards by the column `name`."""
    pairs = [
        (as_text(said).strip(), shape)
        for features in found
        if name in features.columns
        for said, shape in zip(features.columns[name], to_shapely(features), strict=True)
    ]
    return Wards([said for said, _shape in pairs], [shape for _said, shape in pairs])


def _count(value: float) -> int | None:
    """A number of people; None for what cannot be one."""
    return int(value) if 0 <= value < 1e9 else None


def _inside(shape: BaseGeometry) -> Point | None:
    return None if shape.is_empty else shape.representative_point()


def _joined(post: Post, place: Point | None, people: int | None) -> Post:
    counted = [each for each in (post.people, people) if each is not None]
    return replace(post, place=post.place or place, people=sum(counted) if counted else None)
