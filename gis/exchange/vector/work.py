"""What the worker process does with one request."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gis.errors import UserError
from gis.exchange.vector import carry, findings, ogr, parquet, rasters, shaping
from gis.exchange.vector.codepages import checked
from gis.exchange.vector.csv_points import load_csv
from gis.exchange.vector.formats import RASTERS, Format, recognise
from gis.exchange.vector.ogr import Part
from gis.exchange.vector.staging import Staged, stage
from gis.exchange.vector.table import Table
from gis.texts import _, ngettext

Request = dict[str, Any]
Answer = dict[str, Any]
Step = Callable[[int, int, str], None]
ARRAYS = "arrays"
READING_STEPS = 3


def answer(request: Request, step: Step) -> Answer:
    """The answer to one request, ready for JSON; arrays go to a file in `request["folder"]`.

    Raises UserError when the file is not read.
    """
    try:
        return _answer(request, step)
    except OSError as error:
        raise UserError(
            _("{name} cannot be opened: {reason}").format(
                name=Path(request["path"]).name, reason=error.strerror or error
            ),
            hint=_("Nothing was read. Look whether the disk is there, has room, and the file may be read."),
        ) from error


def _answer(request: Request, step: Step) -> Answer:
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
        return _inspected(found, request, step)
    return _read(found, request, folder, step)


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


def _inspected(found: list[Part], request: Request, step: Step) -> Answer:
    layers: list[dict[str, Any]] = []
    for number, part in enumerate(found):
        step(number, len(found), part.title)
        layers.append(findings.facts(_load(part, request["encoding"])))
    return {"format": found[0].staged.format.value, "layers": layers, "rasters": []}


def _read(found: list[Part], request: Request, folder: Path, step: Step) -> Answer:
    part = _chosen(found, request["layer"], Path(request["path"]).name)
    step(0, READING_STEPS, part.title)
    table = _load(part, request["encoding"], _box(part, request))
    step(1, READING_STEPS, part.title)
    problems = list(table.problems)
    if request["layer"] is None and len(found) > 1:
        problems.append(
            ngettext(
                "The file holds {count} layer ({names}); {name} is shown.",
                "The file holds {count} layers ({names}); {name} is shown.",
                len(found),
            ).format(count=len(found), names=", ".join(each.title for each in found[:10]), name=part.title)
        )
    problems += findings.missing(table)
    crs = shaping.source_crs(table, request["assume_crs"], problems)
    made = [] if crs is None else _made(table, crs, request["crs"], problems)
    step(2, READING_STEPS, part.title)
    with (folder / ARRAYS).open("wb") as file:
        layers = carry.write(file, made)
    return {
        "features": layers,
        "problems": problems,
        "layer": part.title,
        "encoding": table.encoding,
        "needs_crs": crs is None,
    }


def _made(table: Table, crs: shaping.CRS, target: int, problems: list[str]) -> list[carry.Features]:
    if crs.is_geographic and (count := shaping.outside_degrees(table.geometry)):
        problems.append(findings.outside(count))
    return shaping.features(table, shaping.projected(table.geometry, crs, target, problems), target)


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
