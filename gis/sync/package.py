"""A field package: edits in one file, for a stick, a mail or a shared folder.

A zip of `manifest.json` and `edits.jsonl` (one canonical edit a line, exactly as hashed). The manifest names
the SHA-256 of the edits, whose desk they come from, and whether that desk was an exercise.
"""

import json
import os
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from gis.errors import UserError
from gis.store import Store, journal
from gis.store.geometry import time_text
from gis.store.journal import Edit
from gis.texts import _

SUFFIX = ".kentongan-package"
PACKAGE_FORMAT = 1
MOST_BYTES = 256 * 1024 * 1024
_MANIFEST, _EDITS = "manifest.json", "edits.jsonl"


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


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was read whole and is unharmed."""

    manifest: Manifest
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a package was put, how much is in it, and up to which journal number: the next one's start."""

    path: Path
    edits: int
    upto: int


def pack(store: Store, path: Path, *, after: int = 0) -> Packed:
    """Write the edits that came into this store after journal number `after` into one file at `path`.

    The file appears whole or not at all. Raises `UserError` when there is nothing new to send.
    """
    with store.reading() as query:
        numbered = query.edits_after(after)
        made_at = time_text(query.at)
    if not numbered:
        raise UserError(_("There is nothing new to send."), hint=_("Everything was in an earlier package."))
    lines = "".join(edit.body + "\n" for _number, edit in numbered).encode()
    operation = store.operation
    manifest = Manifest(
        city=operation.city,
        desk=operation.desk,
        actor=store.actor,
        author=store.author,
        made_at=made_at,
        exercise=operation.exercise,
        edits=len(numbered),
        sha256=sha256(lines).hexdigest(),
    )
    _write(path, {_MANIFEST: json.dumps(asdict(manifest), indent=1).encode(), _EDITS: lines})
    return Packed(path, len(numbered), numbered[-1][0])


def _write(path: Path, members: dict[str, bytes]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in members.items():
                    archive.writestr(name, content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):  # where nothing could be written there may be nothing to take away
            part.unlink(missing_ok=True)
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
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path) from error
    if sha256(lines).hexdigest() != manifest.sha256:
        raise _damaged(path)
    edits = _edits(lines)
    if len(edits) != manifest.edits:
        raise _damaged(path)
    return Package(manifest, edits)


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
    kept = Manifest(**{name: values[name] for name in Manifest.__slots__})
    if any(type(getattr(kept, name)) is not kind for name, kind in Manifest.__annotations__.items()):
        raise TypeError("a manifest entry is of the wrong kind")
    return kept


def _edits(lines: bytes) -> tuple[Edit, ...]:
    bodies: Sequence[str] = lines.decode().removesuffix("\n").split("\n")
    return tuple(journal.read(body) for body in bodies)
