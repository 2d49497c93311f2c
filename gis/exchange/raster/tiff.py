"""TIFF 6.0 and BigTIFF as far as maps use them: one picture or band, read block by block, never whole."""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MOST_ENTRIES, MOST_VALUES, MOST_LEVELS = 200, 4_000_000, 32
BLOCK_PIXELS = 64 << 20
_TYPES = {
    **{1: "B", 2: "s", 3: "H", 4: "I", 6: "b", 7: "s", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"},
    **{16: "Q", 17: "q"},  # of BigTIFF
}
_WIDTH, _HEIGHT, _BITS, _PACKING, _MEANING = 256, 257, 258, 259, 262
_STRIPS, _SAMPLES, _ROWS, _STRIP_BYTES, _PLANES, _PREDICTOR = 273, 277, 278, 279, 284, 317
_PALETTE, _TILE_W, _TILE_H, _TILES, _TILE_BYTES, _FORMAT, _TABLES = 320, 322, 323, 324, 325, 339, 347
_REDUCED, _SUBFILE = 1, 254
_DEFLATE, _BY_PILLOW, _JPEG = (8, 32946), (5, 32773, 50000), 7
Tags = dict[int, Any]


class BrokenTiff(ValueError):
    """It is cut off, or says something that cannot be; the words are for a person."""


@dataclass(frozen=True, slots=True)
class Level:
    """One picture of the file: all of it at one fineness."""

    tags: Tags
    order: str  # "<" or ">"

    def one(self, tag: int, otherwise: int) -> int:
        value = self.tags.get(tag, (otherwise,))
        return int(value[0])

    @property
    def width(self) -> int:
        return self.one(_WIDTH, 0)

    @property
    def height(self) -> int:
        return self.one(_HEIGHT, 0)

    @property
    def samples(self) -> int:
        return self.one(_SAMPLES, 1)

    @property
    def meaning(self) -> int:
        """Photometric interpretation: 1 values, 2 RGB, 3 palette, 6 YCbCr."""
        return self.one(_MEANING, 1)

    @property
    def palette(self) -> NDArray[np.uint8] | None:
        stops = self.tags.get(_PALETTE)
        return None if not stops else (np.array(stops).reshape(3, -1).T >> 8).astype(np.uint8)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Raises BrokenTiff for samples of other kinds than whole bytes."""
        bits, kind = self.one(_BITS, 1), {1: "u", 2: "i", 3: "f"}.get(self.one(_FORMAT, 1))
        if kind is None or bits not in (8, 16, 32, 64) or (kind == "f" and bits == 8):
            raise BrokenTiff(f"{bits} bits, sample format {self.one(_FORMAT, 1)}")
        return np.dtype(f"{self.order}{kind}{bits // 8}")

    @property
    def block(self) -> tuple[int, int]:
        """Width and height of a tile or strip."""
        if _TILE_W in self.tags:
            return self.one(_TILE_W, 0), self.one(_TILE_H, 0)
        return self.width, min(self.one(_ROWS, self.height), self.height)


def levels(file: BinaryIO) -> list[Level]:
    """The picture and its overviews, the finest first. Raises BrokenTiff."""
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
    try:
        if not order or len(head) < 8:
            raise BrokenTiff("no head")
        big = struct.unpack(order + "H", head[2:4])[0] == 43
        at = struct.unpack(order + "Q", head[8:16])[0] if big else struct.unpack(order + "I", head[4:8])[0]
        found: list[Level] = []
        while at and len(found) < MOST_LEVELS:
            tags, at = _directory(file, at, order, big)
            found.append(Level(tags, order))
    except (struct.error, OverflowError, OSError) as error:
        raise BrokenTiff("cut off") from error
    return _of_one_picture(found)


def _of_one_picture(found: list[Level]) -> list[Level]:
    """The first and what is the same, smaller."""
    if not found:
        raise BrokenTiff("no picture")
    first = found[0]
    rest = [each for each in found[1:] if each.one(_SUBFILE, 0) == _REDUCED and each.samples == first.samples]
    for each in (first, *rest):
        wide, high = each.block
        if min(each.width, each.height, wide, high) < 1 or wide * high * each.samples > BLOCK_PIXELS:
            raise BrokenTiff("sizes")
        if each.samples > 1 and each.one(_PLANES, 1) != 1:
            raise BrokenTiff("bands in separate planes")
    return sorted((first, *rest), key=lambda each: -each.width)


def _directory(file: BinaryIO, at: int, order: str, big: bool) -> tuple[Tags, int]:
    count_size, entry_size, inline = (8, 20, 8) if big else (2, 12, 4)
    file.seek(at)
    (count,) = struct.unpack(order + ("Q" if big else "H"), file.read(count_size))
    if count > MOST_ENTRIES:
        raise BrokenTiff("too many entries")
    raw = file.read(count * entry_size)
    (following,) = struct.unpack(order + ("Q" if big else "I"), file.read(inline))
    tags: Tags = {}
    for n in range(count):
        entry = raw[n * entry_size : (n + 1) * entry_size]
        tag, kind = struct.unpack(order + "HH", entry[:4])
        (length,) = struct.unpack(order + ("Q" if big else "I"), entry[4 : 4 + inline])
        tags[tag] = _values(file, (kind, length), entry[4 + inline :], order, big)
    return tags, following


def _values(file: BinaryIO, what: tuple[int, int], entry: bytes, order: str, big: bool) -> Any:
    kind, length = what
    letter = _TYPES.get(kind)
    if letter is None or length > MOST_VALUES:
        return ()
    size = length * struct.calcsize(order + letter)
    if size > len(entry):
        (at,) = struct.unpack(order + ("Q" if big else "I"), entry)
        file.seek(at)
        entry = file.read(size)
    if letter == "s":
        return entry[:size]
    return struct.unpack(f"{order}{length}{letter}", entry[:size])


def window(file: BinaryIO, level: Level, box: tuple[int, int, int, int]) -> NDArray[Any]:
    """The pixels (h, w, samples) of columns box[0]:box[2] and rows box[1]:box[3]. A block that is not there
    (offset 0) is zeros. Raises BrokenTiff."""
    left, top, right, bottom = box
    wide, high = level.block
    across = -(-level.width // wide)
    whole = np.zeros((bottom - top, right - left, level.samples), level.dtype)
    for row in range(top // high, -(-bottom // high)):
        for column in range(left // wide, -(-right // wide)):
            block = _block(file, level, row * across + column, row)
            if block is None:
                continue
            x, y = column * wide, row * high
            x0, y0 = max(x, left), max(y, top)
            x1, y1 = min(x + block.shape[1], right), min(y + block.shape[0], bottom)
            whole[y0 - top : y1 - top, x0 - left : x1 - left] = block[y0 - y : y1 - y, x0 - x : x1 - x]
    return whole


def _block(file: BinaryIO, level: Level, number: int, row: int) -> NDArray[Any] | None:
    tiled = _TILES in level.tags
    starts, sizes = (
        level.tags.get(tag, ()) for tag in ((_TILES, _TILE_BYTES) if tiled else (_STRIPS, _STRIP_BYTES))
    )
    if number >= min(len(starts), len(sizes)):
        raise BrokenTiff("blocks are missing")
    if not starts[number] or not sizes[number]:
        return None
    wide, high = level.block
    if not tiled:
        high = min(high, level.height - row * high)
    if sizes[number] > 2 * wide * high * level.samples * level.dtype.itemsize + (1 << 20):
        raise BrokenTiff("a block is larger than it can be")
    file.seek(starts[number])
    return _unpacked(file.read(sizes[number]), level, wide, high)


def _unpacked(raw: bytes, level: Level, wide: int, high: int) -> NDArray[Any]:
    packing, stride = level.one(_PACKING, 1), wide * level.samples * level.dtype.itemsize
    if packing == _JPEG:
        return _jpeg(raw, level, wide, high)
    if packing in _DEFLATE:
        try:
            raw = zlib.decompressobj().decompress(raw, stride * high)
        except zlib.error as error:
            raise BrokenTiff("a block is torn") from error
    elif packing in _BY_PILLOW:
        raw = _by_pillow(raw, packing, stride, high)
    elif packing != 1:
        raise BrokenTiff(f"compression {packing}")
    if len(raw) < stride * high:
        raise BrokenTiff("a block is cut off")
    return _undone(np.frombuffer(raw, np.uint8, stride * high), level, wide, high)


def _by_pillow(raw: bytes, packing: int, stride: int, high: int) -> bytes:
    """The bytes of a block: to libtiff, which Pillow brings, it is a grey picture of `stride` by `high`."""
    entries = (
        (_WIDTH, 4, stride), (_HEIGHT, 4, high), (_BITS, 3, 8), (_PACKING, 3, packing), (_MEANING, 3, 1),
        (_STRIPS, 4, 122), (_SAMPLES, 3, 1), (_ROWS, 4, high), (_STRIP_BYTES, 4, len(raw)),
    )  # fmt: skip
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    head += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    try:
        image = Image.open(io.BytesIO((head + bytes(4)).ljust(122, b"\0") + raw), formats=("TIFF",))
        return image.tobytes()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BrokenTiff("a block is torn") from error


def _jpeg(raw: bytes, level: Level, wide: int, high: int) -> NDArray[Any]:
    tables = level.tags.get(_TABLES, b"")
    tables = bytes(tables)
    try:
        image = Image.open(io.BytesIO(tables[:-2] + raw[2:] if tables else raw), formats=("JPEG",))
        if image.size[0] > wide or image.size[1] > high:
            raise BrokenTiff("a block is larger than it says")
        pixels = np.asarray(image.convert("RGB" if level.samples == 3 else "L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BrokenTiff("a block is torn") from error
    return pixels.reshape(*pixels.shape[:2], -1)


def _undone(flat: NDArray[np.uint8], level: Level, wide: int, high: int) -> NDArray[Any]:
    """Without the predictor: 2 is the difference to the left, 3 the same of the bytes of floats."""
    shape, dtype, predictor = (high, wide, level.samples), level.dtype, level.one(_PREDICTOR, 1)
    if predictor == 2:
        whole = flat.view(dtype).reshape(shape)
        kind = np.dtype(f"{level.order}u{dtype.itemsize}")
        return np.cumsum(whole.view(kind), axis=1, dtype=kind).astype(kind).view(dtype).reshape(shape)
    if predictor == 3 and dtype.kind == "f":
        size = dtype.itemsize
        rows = np.cumsum(flat.reshape(high, -1, level.samples), axis=1, dtype=np.uint8)
        planes = rows.reshape(high, size, wide * level.samples)
        return np.ascontiguousarray(planes.transpose(0, 2, 1)).view(f">f{size}").reshape(shape)
    if predictor != 1:
        raise BrokenTiff(f"predictor {predictor}")
    return flat.view(dtype).reshape(shape)
