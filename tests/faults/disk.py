"""A disk that keeps only what it was made to keep: what is on it after the power fails at a given moment."""

import random
from dataclasses import dataclass, field

SECTOR = 512


@dataclass(slots=True)
class _File:
    kept: bytearray
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)  # (offset, data), or a new length

    def sync(self) -> None:
        for at, data in self.waiting:
            _apply(self.kept, at, data)
        self.waiting.clear()


class Disk:
    """Writes wait until their file is synced, names until their folder is; with `honest=False` for ever.

    After a cut each waiting sector of 512 bytes is there or not, a new length too, and of the waiting
    names the first few: file systems keep their order.
    """

    def __init__(self, files: dict[str, bytes], *, honest: bool = True) -> None:
        self._honest = honest
        self._files = [_File(bytearray(content)) for content in files.values()]
        self._kept_names = {name: number for number, name in enumerate(files)}
        self._names = dict(self._kept_names)
        self._waiting_names: list[dict[str, int]] = []

    def open(self, name: str) -> int:
        """The number of the file with this name, made when there is none."""
        if name not in self._names:
            self._files.append(_File(bytearray()))
            self._names[name] = len(self._files) - 1
            self._named()
        return self._names[name]

    def write(self, file: int, at: int, data: bytes) -> None:
        self._files[file].waiting.append((at, data))

    def truncate(self, file: int, length: int) -> None:
        self._files[file].waiting.append((length, None))

    def unlink(self, name: str) -> None:
        self._names.pop(name, None)
        self._named()

    def rename(self, old: str, new: str) -> None:
        self._names[new] = self._names.pop(old)
        self._named()

    def sync(self, file: int) -> None:
        if self._honest:
            self._files[file].sync()

    def fail_sync(self, file: int, rng: random.Random) -> None:
        """What waited is on the disk or gone for good: the next sync knows nothing of it."""
        found = self._files[file]
        found.kept, found.waiting = bytearray(_torn(found, rng, 0.5)), []

    def sync_names(self) -> None:
        if self._honest:
            self._kept_names = dict(self._names)
            self._waiting_names.clear()

    def after_a_cut(self, rng: random.Random) -> dict[str, bytes]:
        """What the next start finds."""
        moments = [self._kept_names, *self._waiting_names]
        names, share = rng.choice(moments), rng.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        return {name: _torn(self._files[number], rng, share) for name, number in names.items()}

    def _named(self) -> None:
        self._waiting_names.append(dict(self._names))


def _torn(file: _File, rng: random.Random, share: float) -> bytes:
    """The file with about this share of what was waiting."""
    found = bytearray(file.kept)
    for at, data in file.waiting:
        if data is None:
            if rng.random() < share:
                _apply(found, at, None)
            continue
        for start in range(0, len(data), SECTOR):
            sector = data[start : start + SECTOR]
            if rng.random() < share:
                _apply(found, at + start, sector)
            elif rng.random() < share:  # the length was kept and the sector was not
                found.extend(bytes(max(0, at + start + len(sector) - len(found))))
    return bytes(found)


def _apply(content: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del content[at:]
        content.extend(bytes(at - len(content)))
        return
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data
