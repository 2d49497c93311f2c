"""What the worker process does with one request."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.errors import Cancelled, UserError
from gis.exchange.vector import findings, ogr, parquet, rasters, shaping, sizes, stream
from gis.exchange.vector.answers import Size
from gis.exchange.vector.carry import Outbox, Texts
from gis.exchange.vector.codepages import checked
from gis.exchange.vector.csv_points import load_csv
from gis.exchange.vector.formats import RASTERS, Format, recognise
from gis.exchange.vector.ogr import Part
from gis.exchange.vector.overview import Overview
from gis.exchange.vector.process import STOP
from gis.exchange.vector.staging import Staged, stage
from gis.exchange.vector.stream import Batch
from gis.exchange.vector.table import Table
from gis.geo.features import WGS84, Features
from gis.geo.wkb import Vertices
from gis.texts import _, ngettext

Request = dict[str, Any]
Answer = dict[str, Any]
Say = Callable[[dict[str, Any]], None]
Columns = Mapping[str, NDArray[Any] | Texts]
ARRAYS = "arrays"
READING_STEPS = 3
LOOKED_AT = 250_000  # features of a layer are looked into for what may be wrong with them


class _Beyond(Exception):
    """There is more than is wanted."""


class _Post:
    """A way for pieces to the desk, until nobody waits for them or there are too many."""

    def __init__(self, folder: Path, say: Say, most_bytes: int | None = None) -> None:
        folder.mkdir()
        self._folder, self._say, self.most = folder, say, most_bytes
        self._outbox = Outbox(folder)

    def __call__(self, features: Features, columns: Columns) -> None:
        """Raises Cancelled, or _Beyond."""
        self.check()
        self._say({"piece": self._outbox.put(features, columns) | {"folder": self._folder.name}})
        if self.most is not None and self.bytes > self.most:
            raise _Beyond

    def check(self) -> None:
        if (self._folder.parent / STOP).exists():
            raise Cancelled

    @property
    def bytes(self) -> int:
        return sizes.in_use(self._outbox.written)


def answer(request: Request, say: Say) -> Answer:
    """The answer to one request, ready for JSON; arrays go to files in `request["folder"]`.

    Before that it may `say` {"step": [done, total, note]}, and {"piece": ...} of a layer that is read: what
    an `Inbox` takes, with the name of its `folder`. Pieces in another folder than those before replace them.
    Raises UserError when the file is not read.
    """
    try:
        return _answer(request, say)
    except OSError as error:
        raise UserError(
            _("{name} cannot be opened: {reason}").format(
                name=Path(request["path"]).name, reason=error.strerror or error
            ),
            hint=_("Nothing was read. Look whether the disk is there, has room, and the file may be read."),
        ) from error


def _answer(request: Request, say: Say) -> Answer:
    folder, path = Path(request["folder"]), Path(request["path"])
    if request["do"] == "piece":
        return rasters.piece(request, folder / ARRAYS)
    if request["do"] == "look":
        return rasters.look(request, recognise(path), folder / ARRAYS)
    checked(request["encoding"])
    if (what := recognise(path)) in RASTERS:
        if request["do"] == "read":
            raise UserError(
                _("{name} is a raster: there are no points, lines or polygons in it.").format(name=path.name),
                hint=_("The file was not changed. On the map it can be added as a layer of pixels."),
            )
        return rasters.inspected(request, what)
    staging = folder / "staged"
    staging.mkdir()
    found = [each for staged in stage(path, staging) for each in _parts(staged)]
    if not found:
        raise UserError(
            _("{name} holds no layer with shapes.").format(name=path.name),
            hint=_("It has only tables or pictures. The file was not changed."),
        )
    if request["do"] == "inspect":
        return _inspected(found, request, say)
    part = _chosen(found, request["layer"], path.name)
    if request["do"] == "survey":
        return _surveyed(part, request, _Post(folder / "survey", say), say)
    return _read(found, part, request, say)


def _parts(staged: Staged) -> list[Part]:
    if staged.format in (Format.CSV, Format.PARQUET):
        return [Part(staged, staged.title, None, staged.title)]
    return ogr.parts(staged)


def _load(
    part: Part, encoding: str | None, bbox: tuple[float, ...] | None = None, most: int | None = None
) -> Table:
    if part.staged.format is Format.CSV:
        return load_csv(part.staged, encoding=encoding)
    if part.staged.format is Format.PARQUET:
        return parquet.load(part.staged, bbox)
    return ogr.load(part, encoding=encoding, bbox=bbox, most=most)


def _inspected(found: list[Part], request: Request, say: Say) -> Answer:
    layers: list[dict[str, Any]] = []
    for number, part in enumerate(found):
        say({"step": [number, len(found), part.title]})
        layers.append(_looked_at(part, request["encoding"]))
    return {"format": found[0].staged.format.value, "layers": layers, "rasters": []}


def _looked_at(part: Part, encoding: str | None) -> dict[str, Any]:
    """What is in a layer and wrong with it; of a very long one with its first features."""
    count = ogr.count(part) if part.staged.format in stream.BY_EXTENT else 0
    if count <= LOOKED_AT:
        return findings.facts(_load(part, encoding))
    facts = findings.facts(_load(part, encoding, most=LOOKED_AT))
    extent = sizes.size(part, [part], WGS84, None).extent or facts["extent"]
    return facts | {
        "count": count,
        "extent": extent,
        "findings": [findings.first(LOOKED_AT, count), *facts["findings"]],
    }


def _read(found: list[Part], part: Part, request: Request, say: Say) -> Answer:
    say({"step": [0, READING_STEPS, part.title]})
    most = request["most_bytes"] if _by_extent(part, request) else None
    answer: Answer = {"problems": [], "encoding": "", "needs_crs": False, "bytes": 0, "beyond": None}
    try:
        if most is not None and request["bbox"] is None and _size(part, found, request).bytes > most:
            raise _Beyond
        answer |= _in_pieces_or_whole(part, request, say, most)
    except _Beyond:
        answer["beyond"] = asdict(_size(part, found, request))
    if request["layer"] is None and len(found) > 1:
        answer["problems"].append(
            ngettext(
                "The file holds {count} layer ({names}); {name} is shown.",
                "The file holds {count} layers ({names}); {name} is shown.",
                len(found),
            ).format(count=len(found), names=", ".join(each.title for each in found[:10]), name=part.title)
        )
    return answer | {"layer": part.title}


def _by_extent(part: Part, request: Request) -> bool:
    """True where a layer can be read by extent, again and again: from its own place, not from a copy."""
    return part.staged.format in stream.BY_EXTENT and part.staged.path == Path(request["path"])


def _size(part: Part, found: list[Part], request: Request) -> Size:
    return sizes.size(part, found, request["crs"], request["assume_crs"])


def _in_pieces_or_whole(part: Part, request: Request, say: Say, most: int | None) -> Answer:
    folder = Path(request["folder"])
    try:
        post = _Post(folder / "pieces", say, most)
        answer = _streamed(part, request, post)
    except stream.NotSimple:
        post = _Post(folder / "whole", say, most)
        answer = _whole(part, request, post, say)
    return answer | {"bytes": post.bytes}


def _streamed(part: Part, request: Request, post: _Post) -> Answer:
    """Reads and posts the layer in pieces. Raises stream.NotSimple, perhaps after some of them."""
    told = _Told()
    box = _box(part, request)
    if request["bbox"] is not None and box is None:
        raise stream.NotSimple
    for placed, batch in _placed(part, request, told, box):
        post(shaping.as_features(placed, batch.ids, {}, request["crs"]), batch.columns)
    if box is None:
        _check_all(part, told.rows)
    return {"problems": told.problems(), "encoding": "utf-8"}


def _check_all(part: Part, rows: int) -> None:
    """Raises stream.NotSimple for an empty layer, and where GDAL stopped at a fault without a word."""
    if not rows or (part.staged.format in stream.BY_EXTENT and rows != ogr.count(part)):
        raise stream.NotSimple


@dataclass(slots=True)
class _Told:
    """What came in pieces, and what a person should know of it."""

    rows: int = 0
    empty: int = 0
    lost: int = 0
    outside: int = 0

    def problems(self) -> list[str]:
        told = [findings.outside(self.outside)] if self.outside else []
        return [*findings.shapeless(self.empty), *told, *shaping.no_place(self.lost)]


def _placed(
    part: Part, request: Request, told: _Told, box: tuple[float, ...] | None = None
) -> Iterator[tuple[Vertices, Batch]]:
    """The pieces of a layer, each with its shapes on the map. Raises stream.NotSimple, perhaps after some."""
    if request["encoding"] is not None or part.staged.format not in stream.FORMATS:
        raise stream.NotSimple
    with stream.opened(part, box) as layer:
        crs = shaping.understood(layer.crs)
        if crs is None:
            raise stream.NotSimple
        to_map = shaping.change(crs, request["crs"])
        for batch in layer.batches:
            found = batch.vertices
            if crs.is_geographic and (odd := int(shaping.beyond_degrees(found).sum())):
                if odd == np.count_nonzero(np.diff(found.parts)):
                    raise stream.NotSimple  # perhaps these are no degrees at all
                told.outside += odd
            placed = shaping.on_map(found, to_map)
            astray = shaping.astray(placed)
            told.lost += int(astray.sum())
            told.empty += int((np.diff(found.parts) == 0).sum())
            told.rows += len(batch.ids)
            yield shaping.without(placed, astray), batch


def _surveyed(part: Part, request: Request, post: _Post, say: Say) -> Answer:
    """Posts an overview of the whole layer, from one pass over it in pieces."""
    told, overview, count = _Told(), Overview(request["most"]), ogr.count(part)
    try:
        for placed, batch in _placed(part, request, told):
            post.check()
            overview.add(placed, batch.columns)
            say({"step": [told.rows, count, part.title]})
        _check_all(part, told.rows)
    except stream.NotSimple:
        return {"simple": False}
    for features, columns in overview.marks(request["crs"]):
        post(features, columns)
    return {"simple": True}


def _whole(part: Part, request: Request, post: _Post, say: Say) -> Answer:
    """Reads the whole layer, then posts it."""
    most = None
    if post.most is not None and (count := ogr.count(part)):
        most = 1 + count * post.most // max(sizes.bytes_of(part, count, count), 1)
    table = _load(part, request["encoding"], _box(part, request), most)
    if most is not None and len(table.ids) >= most:
        raise _Beyond
    say({"step": [1, READING_STEPS, part.title]})
    problems = [*table.problems, *findings.missing(table)]
    crs = shaping.source_crs(table, request["assume_crs"], problems)
    if crs is not None:
        if crs.is_geographic and (count := shaping.outside_degrees(table.geometry)):
            problems.append(findings.outside(count))
        to_map = shaping.change(crs, request["crs"])
        for each in shaping.features(table, to_map, request["crs"], problems):
            post(each, each.columns)
    return {"problems": problems, "encoding": table.encoding, "needs_crs": crs is None}


def _chosen(found: list[Part], layer: str | None, name: str) -> Part:
    for part in found:
        if layer is None or part.title == layer:
            return part
    raise UserError(
        _("{name} holds no layer called {layer}.").format(name=name, layer=layer),
        hint=_("It holds: {layers}.").format(layers=", ".join(each.title for each in found[:20])),
    )


def _box(part: Part, request: Request) -> tuple[float, ...] | None:
    """The wanted extent in the CRS of the file; None for everything."""
    if request["bbox"] is None or part.staged.format is Format.CSV:
        return None
    said = parquet.source_crs(part.staged) if part.staged.format is Format.PARQUET else ogr.source_crs(part)
    crs = shaping.understood(said) or shaping.understood(request["assume_crs"])
    if crs is None:
        return None
    return shaping.box_in(request["bbox"], shaping.CRS.from_epsg(request["crs"]), crs)
