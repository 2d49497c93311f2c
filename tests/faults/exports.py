"""Rows 4 and 8: what leaves the desk, and a target that has no room or may not be written to.

Run as `python -m tests.faults.exports KIND TOWN SCRATCH ROOM`: prints what went wrong, a line each.
"""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from gis.clock import ManualClock
from gis.errors import UserError
from gis.report import freeze
from gis.report.files import publish
from gis.store import Store
from gis.sync.package import SUFFIX, pack, unpack
from tests.build import SIX
from tests.faults.acts import Sitting
from tests.faults.town import copied
from tests.rooms import become_nobody

LEFT = 1_500  # bytes of room: less than any package


def refused(store: Store, room: Path) -> Iterator[str]:
    """Complaints about packing and publishing into a room that takes nothing more."""
    before = _contents(room)
    try:
        pack(store, room / f"home{SUFFIX}")
        yield "the package was said to be written"
    except UserError as said:
        if not said.hint:
            yield "a refusal without a way out"
    if _contents(room) != before:
        yield "packing left something half done or took the old package away"
    yield from _publishing(store, room)


def _publishing(store: Store, room: Path) -> Iterator[str]:
    with store.reading() as query:
        content = freeze.draft(query, store.operation, author="desk")
    try:
        published = publish(content, (), room)
    except UserError:
        return
    if not published.failed:
        yield "the report was said to be published"
    whole = {made.path.name: made.digest for made in published.made}
    if _contents(published.folder) != whole:
        yield "publishing left something half written"


def _contents(room: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in room.iterdir() if path.is_file()}


def full(store: Store, room: Path) -> Iterator[str]:
    """A stick that fills up, and then has room again."""
    first = pack(store, room / f"home{SUFFIX}")
    sitting = Sitting(store, room, 1)
    for _each in range(20):
        sitting.log()
        sitting.number += 1
    ballast = room / "photos"
    with ballast.open("wb", buffering=0) as file:
        while _room_left(room) > LEFT and file.write(bytes(4096)) == 4096:
            pass
    yield from refused(store, room)
    if len(unpack(first.path).edits) != first.edits:
        yield "the package of before is not whole"
    ballast.unlink()
    if pack(store, first.path).edits <= first.edits:
        yield "nothing more was packed when there was room again"


def nobody(store: Store, room: Path) -> Iterator[str]:
    """As `refused`, without the rights of root; the operation was opened before they went."""
    with store.reading():
        become_nobody()
    yield from refused(store, room)


def _room_left(room: Path) -> int:
    state = os.statvfs(room)
    return state.f_bavail * state.f_bsize


def main(kind: str, town: str, scratch: str, room: str) -> None:
    folder = copied(Path(town), Path(scratch) / "town.kentongan")
    store = Store.open(folder, clock=ManualClock(SIX + timedelta(days=1)), author="desk")
    for said in {"full": full, "refused": refused, "nobody": nobody}[kind](store, Path(room)):
        print(said)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
