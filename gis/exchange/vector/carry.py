"""Arrays from one process to another: growing files, mapped into memory; nothing is copied or parsed."""

import mmap
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape

ALIGNMENT = 64
Place = dict[str, Any]  # dtype, shape and byte offset of one array in a file
Piece = dict[str, Any]  # which rows, rings and vertices of the files one `put` added, ready for JSON
_XY, _RINGS, _PARTS, _IDS, _COLUMNS, _COUNTS = "xy", "rings", "parts", "ids", "columns", "counts"


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """n texts as bytes in UTF-8: text `i` is `letters[ends[i]:ends[i + 1]]`, or None where not `present`."""

    letters: NDArray[np.uint8]
    ends: NDArray[Any]
    present: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, words: NDArray[Any]) -> "Texts":
        """Of an object array of str or None."""
        raw = [b"" if each is None else each.encode("utf-8", "replace") for each in words]
        ends = np.cumsum([0, *map(len, raw)], dtype=np.int64)
        present = np.array([each is not None for each in words], np.bool_)
        return cls(np.frombuffer(b"".join(raw), np.uint8), ends, None if present.all() else present)

    def words(self) -> NDArray[Any]:
        """(n,) object array of str or None; texts that are the same are one object."""
        raw, known = self.letters.tobytes(), dict[bytes, str]()
        start = int(self.ends[0])
        found = np.empty(len(self.ends) - 1, object)
        for n, (a, b) in enumerate(pairwise((self.ends - start).tolist())):
            word = raw[a:b]
            if word not in known:
                known[word] = word.decode("utf-8", "replace")
            found[n] = known[word]
        if self.present is not None:
            found[~self.present] = None
        return found


class Columns(Mapping[str, NDArray[Any]]):
    """The columns of a layer; texts become Python strings when they are first asked for, and stay."""

    def __init__(self, makers: Mapping[str, Callable[[], NDArray[Any]]]) -> None:
        self._makers = makers
        self._made: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._made:  # two threads may both make it: the same values, no harm
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Outbox:
    """Writes features into a folder, piece after piece; a piece goes on where the last of its shape ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._ends: dict[Shape, dict[str, int]] = {}

    def put(self, features: Features, columns: Mapping[str, NDArray[Any] | Texts] | None = None) -> Piece:
        """One more piece, whole on the disk when this returns; `columns`, if given, stand for its own."""
        shape = features.shape
        start = self._ends.get(shape) or {_XY: 0, _RINGS: 0, _PARTS: 0}
        added = {_XY: len(features.xy), _RINGS: len(features.rings) - 1, _PARTS: len(features)}
        end = {name: start[name] + added[name] for name in added}
        first = shape not in self._ends
        self._append(shape, _XY, features.xy.astype(np.float64, copy=False))
        for name, values, base in (
            (_RINGS, features.rings, start[_XY]),
            (_PARTS, features.parts, start[_RINGS]),
        ):
            self._append(shape, name, (values if first else values[1:]) + base)
        self._append(shape, _IDS, features.ids.astype(np.int64, copy=False))
        if features.counts is not None:
            self._append(shape, _COUNTS, features.counts)
        self._ends[shape] = end
        asked = features.columns if columns is None else columns
        file = self._file(shape, _COLUMNS)
        places = [[name, *_put_column(file, column)] for name, column in asked.items()]
        spans = {name: [start[name], end[name]] for name in end}
        said = {"shape": shape.value, "crs": features.crs, "spans": spans, "columns": places}
        return said | {"counted": features.counts is not None}

    @property
    def written(self) -> int:
        """How many bytes there are."""
        return sum(file.tell() for file in self._files.values())

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _append(self, shape: Shape, name: str, array: NDArray[Any]) -> None:
        self._file(shape, name).write(np.ascontiguousarray(array).data)

    def _file(self, shape: Shape, name: str) -> BinaryIO:
        path = _path(self._folder, shape, name)
        if path.name not in self._files:
            self._files[path.name] = path.open("wb", buffering=0)
        return self._files[path.name]


class Inbox:
    """What an `Outbox` wrote. The arrays are read-only; the files may be deleted once all were taken, where
    the system allows it: the arrays stay."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pieces: dict[Shape, list[tuple[Piece, Columns]]] = {}

    def take(self, piece: Piece) -> Features:
        """The features of the piece that `put` spoke of, in the order of the pieces."""
        shape = Shape(piece["shape"])
        buffer = whole(_path(self._folder, shape, _COLUMNS))
        columns = Columns({name: _maker(buffer, places) for name, *places in piece["columns"]})
        self._pieces.setdefault(shape, []).append((piece, columns))
        return self._features(piece, piece["spans"], columns)

    def all(self) -> tuple[Features, ...]:
        """Everything taken so far, one `Features` for each shape."""
        return tuple(map(self._joined, self._pieces.values()))

    def _joined(self, pieces: list[tuple[Piece, Columns]]) -> Features:
        last, columns = pieces[-1]
        spans = {name: [0, end] for name, (_start, end) in last["spans"].items()}
        if len(pieces) > 1:
            columns = Columns({name: _joiner([each for _piece, each in pieces], name) for name in columns})
        return self._features(last, spans, columns)

    def _features(self, piece: Piece, spans: Mapping[str, list[int]], columns: Columns) -> Features:
        shape = Shape(piece["shape"])
        (xy0, xy1), (ring0, ring1), (row0, row1) = (spans[name] for name in (_XY, _RINGS, _PARTS))
        return Features(
            shape=shape,
            xy=self._mapped(shape, _XY, np.float64, 2 * xy0, 2 * xy1).reshape(-1, 2),
            rings=_from(self._mapped(shape, _RINGS, np.int64, ring0, ring1 + 1), xy0),
            parts=_from(self._mapped(shape, _PARTS, np.int64, row0, row1 + 1), ring0),
            ids=self._mapped(shape, _IDS, np.int64, row0, row1),
            columns=columns,
            crs=piece["crs"],
            counts=self._mapped(shape, _COUNTS, np.int64, row0, row1) if piece["counted"] else None,
        )

    def _mapped(self, shape: Shape, name: str, dtype: type, start: int, stop: int) -> NDArray[Any]:
        """Entries `start` to `stop` of a file."""
        if start == stop:
            return np.empty(0, dtype)
        size = np.dtype(dtype).itemsize
        return _mapped(_path(self._folder, shape, name), start * size, stop * size).view(dtype)


def whole(path: Path) -> NDArray[np.uint8]:
    """The bytes of a file, mapped into memory."""
    return _mapped(path, 0, None)


def _mapped(path: Path, start: int, stop: int | None) -> NDArray[np.uint8]:
    """Some bytes of a file, read-only. NumPy's own `memmap` asks the system a dozen things for each."""
    with open(path, "rb", buffering=0) as file:
        stop = os.fstat(file.fileno()).st_size if stop is None else stop
        if start == stop:  # nothing cannot be mapped
            return np.empty(0, np.uint8)
        page = start - start % mmap.ALLOCATIONGRANULARITY
        mapped = mmap.mmap(file.fileno(), stop - page, access=mmap.ACCESS_READ, offset=page)
    return np.frombuffer(mapped, np.uint8, offset=start - page)


def put(file: BinaryIO, array: NDArray[Any]) -> Place:
    """One array into the file; what is returned goes through JSON to `get`."""
    file.write(b"\0" * (-file.tell() % ALIGNMENT))
    place = {"dtype": array.dtype.str, "shape": list(array.shape), "at": file.tell()}
    file.write(np.ascontiguousarray(array).data)
    return place


def get(buffer: NDArray[np.uint8], place: Place) -> NDArray[Any]:
    """The array that `put` wrote, in the bytes of the whole file."""
    dtype = np.dtype(place["dtype"])
    size = int(np.prod(place["shape"])) * dtype.itemsize
    return buffer[place["at"] : place["at"] + size].view(dtype).reshape(place["shape"])


def _path(folder: Path, shape: Shape, name: str) -> Path:
    return folder / f"{shape.name.lower()}-{name}"


def _from(ends: NDArray[np.int64], base: int) -> NDArray[np.int64]:
    return ends - base if base else ends


def _put_column(file: BinaryIO, column: NDArray[Any] | Texts) -> list[Place]:
    """Numbers as one array, texts as two or three."""
    if isinstance(column, Texts):
        said = [column.letters, column.ends]
        return [put(file, each) for each in ([*said, column.present] if column.present is not None else said)]
    return _put_column(file, Texts.of(column)) if column.dtype == object else [put(file, column)]


def _maker(buffer: NDArray[np.uint8], places: list[Place]) -> Callable[[], NDArray[Any]]:
    arrays = [get(buffer, each) for each in places]
    return Texts(*arrays).words if len(arrays) > 1 else (lambda: arrays[0])


def _joiner(pieces: list[Columns], name: str) -> Callable[[], NDArray[Any]]:
    return lambda: np.concatenate([piece[name] for piece in pieces])
