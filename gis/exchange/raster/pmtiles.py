"""PMTiles 3 with pictures in it (github.com/protomaps/PMTiles, spec/v3): a head, directories, tiles."""

import json
import struct
import zlib
from bisect import bisect_right
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from gis.errors import UserError
from gis.exchange.raster import pyramid
from gis.exchange.raster.answers import MOST_BYTES, Look, RasterFacts
from gis.exchange.raster.decoding import decoded
from gis.exchange.raster.described import degrees, described
from gis.exchange.raster.pyramid import Pyramid
from gis.geo.mesh import Frame
from gis.geo.tiles import DEEPEST, web_mercator
from gis.texts import _

MAGIC = b"PMTiles"
HEAD = struct.Struct("<7sB11Q6B4iB2i")  # 127 bytes
PLAIN, GZIP = frozenset({0, 1}), 2
VECTOR, PICTURES = frozenset({1, 6}), frozenset({0, 2, 3, 4})  # 0: it does not say; the tiles will
PACKINGS = {3: "Brotli", 4: "Zstandard"}
MOST_DIRECTORY, MOST_ENTRIES, MOST_METADATA = 16 << 20, 2_000_000, 4 << 20  # bytes, lines, bytes
DIRECTORIES_KEPT, DEEPEST_DIRECTORY = 64, 4
_SEVEN = np.uint64(7)


class Broken(ValueError):
    """It is cut off, or says something that cannot be; the words are for a person."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where its parts lie (offset, length), how they are packed, and what the tiles are."""

    root: tuple[int, int]
    metadata: tuple[int, int]
    leaves: tuple[int, int]
    tiles: tuple[int, int]
    packing: int
    tile_packing: int
    kind: int
    zooms: tuple[int, int]
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """Lines in the order of `ids`; a `run` of 0 leads to another directory."""

    ids: list[int]
    runs: NDArray[np.uint64]
    lengths: NDArray[np.uint64]
    offsets: NDArray[np.uint64]


@dataclass(slots=True)
class Archive:
    """An open file. Raises Broken for what cannot be."""

    file: BinaryIO
    head: Head
    read: dict[tuple[int, int], Directory] = field(default_factory=dict[tuple[int, int], Directory])

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """A tile as it is packed in pictures; None where there is none, b"" where it is torn."""
        wanted, place = number(zoom, x, y), self.head.root
        for _depth in range(DEEPEST_DIRECTORY):
            directory = self._directory(place)
            line = bisect_right(directory.ids, wanted) - 1
            if line < 0:
                return None
            run, length = int(directory.runs[line]), int(directory.lengths[line])
            offset = int(directory.offsets[line])
            if run:
                beside = wanted - directory.ids[line] >= run
                return None if beside else self._content(offset, length)
            place = self._inside(self.head.leaves, offset, length)
        return None  # a directory that leads round in a circle

    def metadata(self) -> dict[str, Any]:
        """What the file says of itself; nothing where it cannot be made out."""
        try:
            said = json.loads(self._unpacked(self.head.metadata, MOST_METADATA).decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def first(self) -> bytes | None:
        """The first tile that is in it."""
        place = self.head.root
        for _depth in range(DEEPEST_DIRECTORY):
            directory = self._directory(place)
            if not directory.ids:
                return None
            offset, length = int(directory.offsets[0]), int(directory.lengths[0])
            if directory.runs[0]:
                return self._content(offset, length)
            place = self._inside(self.head.leaves, offset, length)
        return None

    def _content(self, offset: int, length: int) -> bytes:
        if length > MOST_BYTES:
            return b""
        try:
            raw = self._bytes(self._inside(self.head.tiles, offset, length))
            return unzipped(raw, MOST_BYTES) if self.head.tile_packing == GZIP else raw
        except Broken:
            return b""

    def _directory(self, place: tuple[int, int]) -> Directory:
        if place not in self.read:
            if len(self.read) >= DIRECTORIES_KEPT:
                self.read.clear()
            self.read[place] = directory(self._unpacked(place, MOST_DIRECTORY))
        return self.read[place]

    def _unpacked(self, place: tuple[int, int], most: int) -> bytes:
        if place[1] > most:
            raise Broken(_("a directory is larger than it can be"))
        raw = self._bytes(place)
        return unzipped(raw, most) if self.head.packing == GZIP else raw

    def _bytes(self, place: tuple[int, int]) -> bytes:
        offset, length = place
        if offset >= 1 << 62:
            raise Broken(_("it is cut off"))
        self.file.seek(offset)
        raw = self.file.read(length)
        if len(raw) < length:
            raise Broken(_("it is cut off"))
        return raw

    def _inside(self, part: tuple[int, int], offset: int, length: int) -> tuple[int, int]:
        if not length or offset + length > part[1]:
            raise Broken(_("a part lies outside of the file"))
        return part[0] + offset, length


def number(zoom: int, x: int, y: int) -> int:
    """The number of a tile: those of all coarser zooms, then its place along Hilbert's curve."""
    at, side = (4**zoom - 1) // 3, 1 << zoom
    while side > 1:
        side >>= 1
        right, down = bool(x & side), bool(y & side)
        at += side * side * ((3 * right) ^ down)
        x, y = x & (side - 1), y & (side - 1)
        if not down:
            x, y = (side - 1 - y, side - 1 - x) if right else (y, x)
    return at


def directory(raw: bytes) -> Directory:
    """The lines of a directory: numbers as differences, then runs, lengths, offsets. Raises Broken."""
    values = varints(raw)
    count = int(values[0]) if len(values) else 0
    if count > min(MOST_ENTRIES, (len(values) - 1) // 4):
        raise Broken(_("a directory is cut off"))
    steps, runs, lengths, offsets = values[1 : 1 + 4 * count].reshape(4, count)
    if count and (steps.max() >= 1 << 61 or lengths.max() >= 1 << 40 or offsets.max() >= 1 << 61):
        raise Broken(_("a directory holds numbers that cannot be"))
    ids = np.cumsum(steps, dtype=np.uint64)
    if count > 1 and (steps[1:] == 0).any():
        raise Broken(_("a directory is not in order"))
    if count and (ids[1:] < ids[:-1]).any():
        raise Broken(_("a directory holds numbers that cannot be"))
    return Directory(ids.tolist(), runs, lengths, _placed(offsets, lengths))


def _placed(offsets: NDArray[np.uint64], lengths: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Where each part begins: 0 says right behind the one before, else it is one less than the number."""
    if len(offsets) and offsets[0] == 0:
        raise Broken(_("a directory holds numbers that cannot be"))
    anchors = np.flatnonzero(offsets)
    before = np.concatenate(([0], np.cumsum(lengths, dtype=np.uint64)))[:-1].astype(np.uint64)
    anchor = anchors[np.searchsorted(anchors, np.arange(len(offsets)), side="right") - 1]
    return offsets[anchor] - np.uint64(1) + before - before[anchor]


def varints(raw: bytes) -> NDArray[np.uint64]:
    """Whole numbers of seven bits a byte, the lowest first; what is cut off at the end is left out."""
    octets = np.frombuffer(raw, np.uint8)
    ends = np.flatnonzero(octets < 0x80)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    long = ends - starts + 1
    if len(long) and long.max() > 9:
        raise Broken(_("a directory holds numbers that cannot be"))
    values = np.zeros(len(ends), np.uint64)
    for place in range(int(long.max()) if len(long) else 0):
        there = long > place
        part = (octets[starts[there] + place] & 0x7F).astype(np.uint64)
        values[there] |= part << (np.uint64(place) * _SEVEN)
    return values


def unzipped(raw: bytes, most: int) -> bytes:
    """What is packed with gzip, as far as `most` bytes. Raises Broken, also for more."""
    unpacker = zlib.decompressobj(31)
    try:
        plain = unpacker.decompress(raw, most + 1)
    except zlib.error as error:
        raise Broken(_("a part of it is torn")) from error
    if len(plain) > most or not unpacker.eof:
        raise Broken(_("a part of it is torn or far too large"))
    return plain


def head_of(raw: bytes, name: str) -> Head:
    """The head of a file. Raises Broken, or UserError for what is sound and not read here."""
    if len(raw) < HEAD.size or not raw.startswith(MAGIC):
        raise Broken(_("it is cut off"))
    said = HEAD.unpack(raw[: HEAD.size])
    version, places, counts = said[1], said[2:13], said[13:19]
    _clustered, packing, tile_packing, kind, lowest, highest = counts
    if version != 3:
        raise Broken(_("it is version {version} and 3 is read").format(version=version))
    _refuse(name, kind, (packing, tile_packing))
    if not lowest <= highest <= DEEPEST:
        raise Broken(_("its zooms cannot be"))
    root, metadata, leaves, tiles = zip(places[:8:2], places[1:8:2], strict=True)
    west, south, east, north = (each / 1e7 for each in said[19:23])
    packings = (packing, tile_packing, kind)
    return Head(root, metadata, leaves, tiles, *packings, (lowest, highest), (west, south, east, north))


def _refuse(name: str, kind: int, packings: tuple[int, int]) -> None:
    """What is no picture, or packed in a way that this computer cannot undo. Raises UserError."""
    if kind in VECTOR:
        raise UserError(
            _("{name} holds vector tiles, which are not read; pictures are.").format(name=name),
            hint=_("Make tiles of pictures (PNG, JPEG, WebP) of it, or open the layers it was made from."),
        )
    if kind not in PICTURES:
        raise UserError(
            _("{name} holds pictures of a kind that is not read.").format(name=name),
            hint=_("The file was not changed. PNG, JPEG and WebP are read."),
        )
    for packing in packings:
        if packing not in PLAIN and packing != GZIP:
            raise UserError(
                _("{name} is packed with {packing}, which is not read.").format(
                    name=name, packing=PACKINGS.get(packing, str(packing))
                ),
                hint=_("The file was not changed. Pack it anew with gzip, or not at all."),
            )


@contextmanager
def opened(path: Path) -> Generator[Archive]:
    """The archive. Raises UserError when no pictures are in it, or when it is damaged."""
    try:
        with path.open("rb") as file:
            yield Archive(file, head_of(file.read(HEAD.size), path.name))
    except Broken as error:
        raise UserError(
            _("{name} cannot be read: {reason}.").format(name=path.name, reason=error),
            hint=_("Nothing was changed. It may be cut off: copy it again from where it came from."),
        ) from error


def look(path: Path, frame: Frame) -> Look:
    """The pixels of a frame. Raises UserError."""
    with opened(path) as archive:
        lowest, highest = archive.head.zooms
        tiles = Pyramid(lambda n, x, y: archive.tile(lowest + n, x, y), web_mercator(lowest, highest))
        return pyramid.look(tiles, frame)


def facts(path: Path) -> RasterFacts:
    """What there is. Raises UserError."""
    with opened(path) as archive:
        said, sample = archive.metadata(), archive.first()
    if sample is None:
        raise UserError(
            _("{name} holds no tiles.").format(name=path.name),
            hint=_("Copy it again from where it came from."),
        )
    torn = [] if decoded(sample) else [_("The first tile looked at is no picture (PNG, JPEG or WebP).")]
    name = said.get("name")
    return described(
        name.strip()[:100] if isinstance(name, str) and name.strip() else path.stem,
        archive.head.zooms,
        degrees(*archive.head.box),
        str(said.get("attribution") or ""),
        torn,
    )
