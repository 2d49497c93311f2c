"""What the worker process does with one request."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange.vector import findings, ogr, parquet, rasters, shaping, stream
from gis.exchange.vector.carry import Outbox, Texts
from gis.exchange.vector.codepages import checked
from gis.exchange.vector.csv_points import load_csv
from gis.exchange.vector.formats import RASTERS, Format, recognise
from gis.exchange.vector.ogr import Part
from gis.exchange.vector.staging import Staged, stage
from gis.exchange.vector.table import Table
from gis.geo.features import Features
from gis.texts import _, ngettext

Request = dict[str, Any]
Answer = dict[str, Any]
Say = Callable[[dict[str, Any]], None]
Post = Callable[[Features, Mapping[str, NDArray[Any] | Texts]], None]
ARRAYS = "arrays"
READING_STEPS = 3


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
    return _read(found, request, folder, say)


def _parts(staged: Staged) -> list[Part]:
    if staged.format in (Format.CSV, Format.PARQUET):
        return [Part(staged, staged.title, None, staged.title)]
    return ogr.parts(staged)


def _load(part: Part, encoding: str | None, bbox: tuple[float, ...] | None = None) -> Table:
    if part.staged.format is Format.CSV:
        return load_csv(part.staged, encoding=encoding)
    if part.staged.format is Format.PARQUET:
        return parquet.load(part.staged, bbox)
    return ogr.load(part, encoding=encoding, bbox=bbox)


def _inspected(found: list[Part], request: Request, say: Say) -> Answer:
    layers: list[dict[str, Any]] = []
    for number, part in enumerate(found):
        say({"step": [number, len(found), part.title]})
        layers.append(findings.facts(_load(part, request["encoding"])))
    return {"format": found[0].staged.format.value, "layers": layers, "rasters": []}


def _read(found: list[Part], request: Request, folder: Path, say: Say) -> Answer:
    part = _chosen(found, request["layer"], Path(request["path"]).name)
    say({"step": [0, READING_STEPS, part.title]})
    try:
        answer = _streamed(part, request, _posted(folder / "pieces", say))
    except stream.NotSimple:
        answer = _whole(part, request, _posted(folder / "whole", say), say)
    if request["layer"] is None and len(found) > 1:
        answer["problems"].append(
            ngettext(
                "The file holds {count} layer ({names}); {name} is shown.",
                "The file holds {count} layers ({names}); {name} is shown.",
                len(found),
            ).format(count=len(found), names=", ".join(each.title for each in found[:10]), name=part.title)
        )
    return answer | {"layer": part.title}


def _posted(folder: Path, say: Say) -> Post:
    """A way for pieces to the desk."""
    folder.mkdir()
    outbox = Outbox(folder)
    return lambda features, columns: say({"piece": outbox.put(features, columns) | {"folder": folder.name}})


def _streamed(part: Part, request: Request, post: Post) -> Answer:
    """Reads and posts the layer in pieces. Raises stream.NotSimple, perhaps after some of them."""
    asked = request["encoding"] is not None or request["bbox"] is not None
    if asked or part.staged.format not in stream.FORMATS:
        raise stream.NotSimple
    target = request["crs"]
    rows = empty = lost = outside = 0
    with stream.opened(part) as layer:
        crs = shaping.understood(layer.crs)
        if crs is None:
            raise stream.NotSimple
        to_map = shaping.change(crs, target)
        for batch in layer.batches:
            found = batch.vertices
            if crs.is_geographic and (odd := int(shaping.beyond_degrees(found).sum())):
                if odd == np.count_nonzero(np.diff(found.parts)):
                    raise stream.NotSimple  # perhaps these are no degrees at all
                outside += odd
            placed = shaping.on_map(found, to_map)
            astray = shaping.astray(placed)
            lost += int(astray.sum())
            empty += int((np.diff(found.parts) == 0).sum())
            rows += len(batch.ids)
            post(shaping.as_features(shaping.without(placed, astray), batch.ids, {}, target), batch.columns)
    if not rows or rows != ogr.count(part):  # an empty layer; or GDAL stopped at a fault without a word
        raise stream.NotSimple
    told = [findings.outside(outside)] if outside else []
    problems = [*findings.shapeless(empty), *told, *shaping.no_place(lost)]
    return {"problems": problems, "encoding": "utf-8", "needs_crs": False}


def _whole(part: Part, request: Request, post: Post, say: Say) -> Answer:
    """Reads the whole layer, then posts it."""
    table = _load(part, request["encoding"], _box(part, request))
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
