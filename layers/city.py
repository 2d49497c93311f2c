"""Where the city is and what its places are called: kept in the operation, read from its map files."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gis.exchange.vector.reader import Reader
from gis.geo.extent import Extent
from gis.geo.features import WGS84, Features
from gis.geo.gazetteer import Gazetteer, Named
from gis.geo.shapes import to_shapely
from gis.geo.wards import Wards
from gis.progress import Progress
from gis.store import Query, Tx
from gis.training.night import CITY


@dataclass(frozen=True, slots=True)
class CityFiles:
    """`extent` is WGS84; `names` and `wards` say where to read them: {"path", "layer"}, or nothing; of wards
    also what is not as usual: "name" (the column of their names), "encoding", "crs"."""

    extent: Extent
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    wards: Mapping[str, str] = field(default_factory=dict[str, str])


def keep_city(tx: Tx, city: CityFiles) -> None:
    """Remember where the city is, beside the records."""
    tx.keep(CITY, asdict(city))


def keep_wards(tx: Tx, wards: Mapping[str, str]) -> None:
    """From now on these are the wards of the city; nothing while nobody has said where it is."""
    city = kept_city(tx)
    if city is not None and {**city.wards} != {**wards}:
        keep_city(tx, replace(city, wards=dict(wards)))


def kept_city(query: Query) -> CityFiles | None:
    """The city that was remembered; None when nobody has said where it is, or in no words we know."""
    kept: Any = query.kept(CITY)
    try:
        west, south, east, north = (float(value) for value in kept["extent"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    sample = kept.get("geopackage")
    own = {name: {"path": sample, "layer": name} if sample else {} for name in ("gazetteer", "wards")}
    names, wards = kept.get("names") or own["gazetteer"], kept.get("wards") or own["wards"]
    return CityFiles((west, south, east, north), names, wards)


def read_city(city: CityFiles, reader: Reader, progress: Progress) -> tuple[Gazetteer, Wards]:
    """The names and wards of the city; empty where there is no file. Raises UserError or Cancelled."""
    return (
        Gazetteer(_named(_read(city.names, reader, progress))),
        _wards(_read(city.wards, reader, progress), city.wards.get("name", "name")),
    )


def _read(origin: Mapping[str, str], reader: Reader, progress: Progress) -> tuple[Features, ...]:
    if "path" not in origin:
        return ()
    return reader.read(
        Path(origin["path"]),
        origin.get("layer"),
        crs=WGS84,
        progress=progress,
        encoding=origin.get("encoding"),
        assume_crs=int(origin["crs"]) if "crs" in origin else None,
    ).features


def _named(found: tuple[Features, ...]) -> Named:
    names: list[str] = []
    kinds: list[str] = []
    aliases: list[str] = []
    places: list[Any] = []
    for features in found:
        names += _texts(features, "name")
        kinds += _texts(features, "kind")
        aliases += _texts(features, "alias")
        places += [(shape.x, shape.y) for shape in (s.representative_point() for s in to_shapely(features))]
    xy = np.array(places, np.float64).reshape(-1, 2)
    return Named(names, kinds, xy[:, 0], xy[:, 1], aliases)


def _wards(found: tuple[Features, ...], column: str) -> Wards:
    names = [name for features in found for name in _texts(features, column)]
    return Wards(names, [shape for features in found for shape in to_shapely(features)])


def _texts(features: Features, name: str) -> list[str]:
    column = features.columns.get(name)
    if column is None:
        return [""] * len(features)
    return ["" if value is None else str(value) for value in column]
