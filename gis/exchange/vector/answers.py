"""What reading and looking into a file of layers gives."""

from dataclasses import dataclass
from pathlib import Path

from gis.exchange.raster.answers import RasterFacts
from gis.geo.features import Features


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which layer of a file (None: the first with shapes), in which CRS (EPSG), and all of it or what touches
    `bbox`, in that CRS. `encoding` overrides what is found; `assume_crs` stands in where the file says none.
    Of a file that can be read by extent not more than `most_bytes` are wanted, if given.
    """

    crs: int
    layer: str | None = None
    encoding: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    assume_crs: int | None = None
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """What a file says of a layer before it is read: how many features, about how many bytes they take in
    memory, and in which extent they lie, in the wanted CRS; None where that is not known."""

    count: int
    bytes: int
    extent: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One layer: one `Features` per shape that it holds, and what a person should know about it.

    `layer` is the layer that was read; `encoding` is how its texts were decoded. With `needs_crs` the
    file does not say where on earth it lies: `features` is empty until it is read again with
    `assume_crs`. With `beyond` there is more than the wanted `most_bytes`: `features` is empty.
    `bytes` is what they take.
    """

    features: tuple[Features, ...]
    problems: tuple[str, ...] = ()
    layer: str = ""
    encoding: str = ""
    needs_crs: bool = False
    beyond: Size | None = None
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `kind` is "text", "whole number", "number" or "yes/no", in the language of the screen."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What one layer of a file holds and what is wrong with it, in words.

    `extent` is west, south, east, north in WGS84 degrees, None when empty or of unknown place. `role` is
    a guess: "wards", "roads", "buildings", "river", "hospitals", "schools", "flood", ... or "".
    """

    name: str
    geometry: str
    count: int
    crs: str
    extent: tuple[float, float, float, float] | None
    fields: tuple[Field, ...]
    encoding: str
    role: str
    findings: tuple[str, ...]
    needs_crs: bool = False


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything that can be shown of a file before it is used."""

    path: Path
    format: str
    layers: tuple[LayerFacts, ...]
    rasters: tuple[RasterFacts, ...] = ()
