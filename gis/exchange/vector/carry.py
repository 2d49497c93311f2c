"""Arrays from one process to another: one file, mapped into memory, so that nothing is copied or parsed."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from gis.geo.features import Features, Shape

ALIGNMENT = 64
Place = dict[str, Any]  # dtype, shape and byte offset of one array in the file


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


def write(file: BinaryIO, layers: list[Features]) -> list[dict[str, Any]]:
    """The arrays of the layers into the file; what is returned goes through JSON to `mapped`."""
    return [
        {
            "shape": each.shape.value,
            "crs": each.crs,
            "xy": put(file, each.xy),
            "rings": put(file, each.rings),
            "parts": put(file, each.parts),
            "ids": put(file, each.ids),
            "columns": [[name, *_put_column(file, column)] for name, column in each.columns.items()],
        }
        for each in layers
    ]


def mapped(path: Path, layers: list[dict[str, Any]]) -> tuple[Features, ...]:
    """The layers that `write` put into the file. The file may be deleted afterwards where the system allows
    it: the arrays stay. They are read-only."""
    buffer = whole(path)
    return tuple(
        Features(
            shape=Shape(each["shape"]),
            xy=get(buffer, each["xy"]),
            rings=get(buffer, each["rings"]),
            parts=get(buffer, each["parts"]),
            ids=get(buffer, each["ids"]),
            columns=Columns({name: _maker(buffer, places) for name, *places in each["columns"]}),
            crs=each["crs"],
        )
        for each in layers
    )


def whole(path: Path) -> NDArray[np.uint8]:
    """The bytes of a file, mapped into memory."""
    return np.asarray(np.memmap(path, np.uint8, "r") if path.stat().st_size else np.empty(0, np.uint8))


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


def _put_column(file: BinaryIO, column: NDArray[Any]) -> list[Place]:
    """Numbers as they are; texts as a code per feature (-1 for None), all words in UTF-8, and their ends."""
    if column.dtype != object:
        return [put(file, column)]
    words: dict[str, int] = {}
    codes = np.array(
        [-1 if each is None else words.setdefault(each, len(words)) for each in column], dtype=np.int32
    )
    letters = [each.encode("utf-8", "replace") for each in words]
    ends = np.cumsum([0, *map(len, letters)], dtype=np.int64)
    return [
        put(file, codes),
        put(file, np.frombuffer(b"".join(letters), dtype=np.uint8)),
        put(file, ends),
    ]


def _maker(buffer: NDArray[np.uint8], places: list[Place]) -> Callable[[], NDArray[Any]]:
    arrays = [get(buffer, each) for each in places]
    return (lambda: _texts(*arrays)) if len(arrays) > 1 else (lambda: arrays[0])


def _texts(codes: NDArray[np.int32], letters: NDArray[np.uint8], ends: NDArray[np.int64]) -> NDArray[Any]:
    raw = letters.tobytes()
    words = np.empty(len(ends), dtype=object)  # the last stays None: code -1
    starts = ends.tolist()
    words[:-1] = [raw[a:b].decode() for a, b in pairwise(starts)]
    return words[codes]
