"""The names and ids in layers whose things are to be found by them: pumps, hydrants, shelters, poles."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.geo.crs import transform
from gis.geo.features import WGS84, Features, Shape
from gis.geo.gazetteer import Gazetteer, Named
from gis.geo.shapes import to_shapely
from gis.progress import Progress
from gis.store import Query, Tx
from layers.columns import as_text

KEPT = "findable layers"
MOST = 200_000  # names held in memory
BLOCK = 20_000
_NAMES = ("name", "nama", "title", "label")
_IDS = ("id", "code", "kode", "ref", "number", "nomor", "no", "key", "asset")


def keep_findable(tx: Tx, layer_ids: Sequence[str]) -> None:
    """Remember in which layers things are looked for by name."""
    tx.keep(KEPT, list(layer_ids))


def findable(query: Query) -> tuple[str, ...]:
    """The layers that were remembered."""
    kept: Any = query.kept(KEPT)
    return tuple(str(each) for each in kept) if isinstance(kept, list) else ()


def called_by(features: Features) -> tuple[str, ...]:
    """The columns that name a thing, the name before the ids; without any, the first that holds texts."""
    small = {name.casefold(): name for name in reversed(tuple(features.columns))}
    found = [small[word] for word in (*_NAMES, *_IDS) if word in small]
    ends = tuple(f"_{word}" for word in (*_NAMES, *_IDS))
    found += [name for said, name in small.items() if said.endswith(ends) and name not in found]
    texts = (name for name, column in features.columns.items() if column.dtype == object)
    return tuple(found) or tuple(texts)[:1]


def gazetteer(layers: Sequence[tuple[str, Sequence[Features]]], progress: Progress) -> Gazetteer:
    """What can be found in these layers, each with its title; of very many things the first.

    Takes seconds for a hundred thousand. Raises `Cancelled`.
    """
    names: list[str] = []
    kinds: list[str] = []
    aliases: list[str] = []
    places: list[NDArray[np.float64]] = [np.zeros((0, 2))]
    for title, parts in layers:
        for features in parts:
            rows, said = _said(features, MOST - len(names), progress)
            names += [first for first, _more in said]
            aliases += [";".join(more) for _first, more in said]
            kinds += [title] * len(said)
            places.append(transform(_middle(features, progress)[rows], features.crs, WGS84))
    progress.check()
    xy = np.concatenate(places)
    return Gazetteer(Named(names, kinds, xy[:, 0], xy[:, 1], aliases))


def _said(
    features: Features, room: int, progress: Progress
) -> tuple[NDArray[np.int64], list[tuple[str, list[str]]]]:
    """The rows that have a name and a place, and what each is called."""
    columns = [features.columns[name].tolist() for name in called_by(features)]
    placed = np.diff(features.rings[features.parts]) > 0
    rows: list[int] = []
    said: list[tuple[str, list[str]]] = []
    for n, values in enumerate(zip(*columns, strict=True)) if columns else ():
        if n % BLOCK == 0:
            progress.step(n, len(features))
        words = [text for value in values if (text := as_text(value).replace(";", ",").strip()[:120])]
        if words and placed[n] and len(rows) < room:
            rows.append(n)
            said.append((words[0], words[1:]))
    return np.array(rows, np.int64), said


def _middle(features: Features, progress: Progress) -> NDArray[np.float64]:
    """(n, 2) a point on each feature; nan where it has no place."""
    progress.check()
    if features.shape is Shape.POINT:
        first = np.minimum(features.rings[features.parts[:-1]], max(len(features.xy) - 1, 0))
        return features.xy[first] if len(features.xy) else np.full((len(features), 2), np.nan)
    points: Any = shapely.point_on_surface(to_shapely(features))
    return np.column_stack((shapely.get_x(points), shapely.get_y(points)))
