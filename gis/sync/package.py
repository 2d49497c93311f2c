"""A field package: edits in one file, for a stick, a mail or a shared folder.

A zip of `manifest.json` and `edits.jsonl` (one canonical edit a line, exactly as hashed). The manifest names
the SHA-256 of the other members, whose desk they come from, and whether that desk was an exercise. What the
edits say about private persons lies in `personal.jsonl`, and need not be there.
"""

import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

from gis.errors import UserError
from gis.lasting import whole
from gis.store import Store
from gis.store.journal.edit import Edit, read
from gis.store.journal.personal import Personal
from gis.store.tables.geometry import time_text
from gis.texts import _

SUFFIX = ".kentongan-package"
PACKAGE_FORMAT = 1
MOST_BYTES = 256 * 1024 * 1024
_FULL = MOST_BYTES * 3 // 4
# a turned bit asks for a password, for another compression, or is no compressed data at all
_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    struct.error,
)
_DAMAGE = (OSError, ValueError, KeyError, TypeError, RecursionError, *_ZIP)
_MANIFEST, _EDITS, _PERSONAL = "manifest.json", "edits.jsonl", "personal.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says about itself."""

    city: str
    desk: str
    actor: str
    author: str
    made_at: str
    exercise: bool
    edits: int
    sha256: str
    format: int = PACKAGE_FORMAT
    private: str = ""  # the SHA-256 of what is said of private persons; "" in packages made before this name


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was read whole and is unharmed."""

    manifest: Manifest
    edits: tuple[Edit, ...]
    personal: tuple[Personal, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a package was put, how much is in it, and up to which journal number: the next one's start.

    `left` counts the edits for which there was no room: they go into the next package.
    """

    path: Path
    edits: int
    upto: int
    left: int = 0


def pack(store: Store, path: Path, *, after: int = 0, personal: bool = True) -> Packed:
    """Write the edits that came into this store after journal number `after` into one file at `path`,
    without what they say about private persons unless `personal`.

    The file appears whole or not at all. Raises `UserError` when there is nothing new to send.
    """
    with store.reading() as query:
        waiting = query.edits_after(after)
        numbered = _as_many_as_fit(waiting)
        apart = query.personal([edit for _number, edit in numbered]) if personal else []
        made_at = time_text(query.at)
    if not numbered:
        raise UserError(_("There is nothing new to send."), hint=_("Everything was in an earlier package."))
    lines = "".join(edit.body + "\n" for _number, edit in numbered).encode()
    operation = store.operation
    private = "".join(json.dumps(asdict(each)) + "\n" for each in apart).encode()
    manifest = Manifest(
        city=operation.city,
        desk=operation.desk,
        actor=store.actor,
        author=store.author,
        made_at=made_at,
        exercise=operation.exercise,
        edits=len(numbered),
        sha256=sha256(lines).hexdigest(),
        private=sha256(private).hexdigest(),
    )
    named = json.dumps(asdict(manifest), indent=1).encode()
    _write(path, {_MANIFEST: named, _EDITS: lines, _PERSONAL: private})
    return Packed(path, len(numbered), numbered[-1][0], len(waiting) - len(numbered))


def _as_many_as_fit(numbered: list[tuple[int, Edit]]) -> list[tuple[int, Edit]]:
    """The first edits, up to the size that every desk takes in."""
    sizes = accumulate(len(edit.body.encode()) + 1 for _number, edit in numbered)
    return [each for each, size in zip(numbered, sizes, strict=True) if size <= _FULL]


def _write(path: Path, members: dict[str, bytes]) -> None:
    try:
        with whole(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
    except OSError as error:
        raise UserError(
            _("{name} could not be written: {reason}.").format(name=path.name, reason=error.strerror),
            hint=_("Nothing is lost. Check the stick or folder, or choose another."),
        ) from error


def unpack(path: Path) -> Package:
    """Read a package. Raises `UserError` unless all of it is there and unharmed; nothing is written."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(_member(archive, _MANIFEST))
            lines = _member(archive, _EDITS)
            private = _member(archive, _PERSONAL) if _PERSONAL in archive.namelist() else b""
            personal = _personal(private)
    except _DAMAGE as error:
        raise _damaged(path) from error
    if sha256(lines).hexdigest() != manifest.sha256:
        raise _damaged(path)
    if manifest.private and sha256(private).hexdigest() != manifest.private:
        raise _damaged(path)
    edits = _edits(lines)
    if len(edits) != manifest.edits:
        raise _damaged(path)
    return Package(manifest, edits, personal)


def _damaged(path: Path) -> UserError:
    return UserError(
        _("{name} is not a whole field package.").format(name=path.name),
        hint=_("Nothing was taken from it. Copy it again from where it was made."),
    )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member, read by its expected name only and never beyond the limit, whatever the file claims."""
    with archive.open(name) as member:
        content = member.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    return content


def _manifest(raw: bytes) -> Manifest:
    values: dict[str, Any] = json.loads(raw)
    if values["format"] > PACKAGE_FORMAT:
        raise UserError(
            _("This package was made by a newer version of this program."),
            hint=_("Keep it, and open it after updating."),
        )
    values.setdefault("private", "")
    kept = Manifest(**{name: values[name] for name in Manifest.__slots__})
    if any(type(getattr(kept, name)) is not kind for name, kind in Manifest.__annotations__.items()):
        raise TypeError("a manifest entry is of the wrong kind")
    return kept


def _edits(lines: bytes) -> tuple[Edit, ...]:
    bodies: Sequence[str] = lines.decode().removesuffix("\n").split("\n")
    return tuple(read(body) for body in bodies)


def _personal(lines: bytes) -> tuple[Personal, ...]:
    """Raises `ValueError`, `KeyError` or `TypeError` when one of them is not what its name was made of."""
    found = [Personal(**json.loads(line)) for line in lines.splitlines()]
    if not all(type(each.salt) is type(each.value) is str and each.is_true for each in found):
        raise ValueError("not the value behind this name")
    return tuple(found)
