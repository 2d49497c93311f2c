"""PNG written band by band: a picture of any size needs no more memory than one of its bands (ISO 15948)."""

import struct
import zlib
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_UP = 2  # each row as its difference from the one above


class PngWriter:
    """Writes 8 bit red, green, blue to `file`: `rows` from the top until all are there, then `end`."""

    def __init__(self, file: BinaryIO, width: int, height: int, dpi: float) -> None:
        self._file, self._width, self._packer = file, width, zlib.compressobj(6)
        self._above = np.zeros((1, width * 3), np.uint8)
        per_metre = round(dpi / 0.0254)
        file.write(SIGNATURE)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        self._chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))

    def rows(self, pixels: NDArray[np.uint8]) -> None:
        """The next rows (h, w, 3). Raises `OSError`."""
        flat = pixels.reshape(len(pixels), self._width * 3)
        lines = np.empty((len(flat), self._width * 3 + 1), np.uint8)
        lines[:, 0] = _UP
        lines[:, 1:] = flat - np.vstack((self._above, flat[:-1]))
        self._above = flat[-1:].copy()
        self._chunk(b"IDAT", self._packer.compress(lines.tobytes()))

    def end(self) -> None:
        """All rows are there. Raises `OSError`."""
        self._chunk(b"IDAT", self._packer.flush())
        self._chunk(b"IEND", b"")

    def _chunk(self, name: bytes, body: bytes) -> None:
        if body or name == b"IEND":
            self._file.write(struct.pack(">I", len(body)) + name + body)
            self._file.write(struct.pack(">I", zlib.crc32(name + body)))
