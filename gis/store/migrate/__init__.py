"""Bringing an operation of an older format to this one, step by step; killed anywhere, it goes on from there.

The bodies of edits are never touched. What follows from them is made anew and takes the old one's place in
one transaction; readings move in bounded slices, which may be repeated. How far it has come stands in the
desk's state (`version.UNFINISHED`), written in the same transaction as the step itself. Before the first
step a copy of the desk's file is put beside it; it goes once the outcome is proven.
"""

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from gis.errors import UserError
from gis.lasting import put_in_place
from gis.progress import Progress
from gis.store.guards import version
from gis.store.guards.turn import Claim
from gis.store.migrate import format_2, format_3, format_4
from gis.store.operation import FORMAT, desk_file, readings_file
from gis.store.tables import desk_state
from gis.store.tables.engine import alone, copy_into, open_readers, open_writer, tidy
from gis.texts import _

_GLANCE_S, _GLANCES = 0.1, 30  # another window that opens it too reads first whose it is
_SPARE = 16 * 2**20  # bytes that stay free
Step = Callable[[Path, Connection, Progress], dict[str, Any]]
# From each format to the next; what a step returns is remembered for the steps after it.
_STEPS: dict[int, tuple[Step, ...]] = {1: format_2.STEPS, 2: format_3.STEPS, 3: format_4.STEPS}
_WRONG = {
    1: format_2.wrong,
    2: format_3.wrong,
    3: format_4.wrong,
}  # what is not as it was, after the last of them


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an operation has been brought: `step` steps on its way from format `since` to the next."""

    since: int
    step: int
    noted: dict[str, Any]


def bring_up(folder: Path, progress: Progress) -> None:
    """Bring the operation in `folder` to this version's format; one that has it is left as it is.

    Waits while another process does the same. Raises `UserError` when there is not enough space, when
    somebody has the operation open, or when the outcome is not what was there before; `Cancelled` between
    two steps. Whatever is raised, the next call goes on where this one stopped.
    """
    with _one_at_a_time(folder, progress), _plain_words(folder):
        while (reached := _reached(folder)) is not None:
            desk = open_writer(desk_file(folder))
            try:
                _refuse_company(desk, folder)
                if not reached.step:
                    _refuse_narrow(folder)
                    _keep_copy(desk, folder, reached.since, progress)
                _walk(folder, desk, reached, progress)
                copy_of(folder, reached.since).unlink(missing_ok=True)
                tidy(desk)
                with desk.begin() as connection:
                    _let_in(connection, reached.since + 1)
            finally:
                desk.dispose()


def copy_of(folder: Path, since: int) -> Path:
    """Where the desk's file is kept as it was in an older format, until the new one is proven."""
    return folder / f"desk.format-{since}.gpkg"


def _reached(folder: Path) -> Reached | None:
    """None when there is nothing to do."""
    views = open_readers(desk_file(folder))
    try:
        with views.begin() as desk:
            state = desk_state.everything(desk)
    finally:
        views.dispose()
    noted = state.get(version.UNFINISHED)
    if noted is not None:
        return Reached(noted["from"], noted["step"], noted)
    made = state["operation"]["format"]
    return Reached(made, 0, {"from": made}) if made < FORMAT else None


def _walk(folder: Path, desk: Engine, reached: Reached, progress: Progress) -> None:
    """Bar older versions, take the steps that are left and prove the outcome, each in one transaction."""
    noted = reached.noted
    for number, step in enumerate((_bar_older, *_STEPS[reached.since], _prove), start=1):
        if number <= reached.step:
            continue
        _refuse_company(desk, folder)
        with desk.begin() as connection:
            noted |= step(folder, connection, progress) | {"step": number}
            desk_state.keep(connection, version.UNFINISHED, noted)


def _bar_older(_folder: Path, desk: Connection, _progress: Progress) -> dict[str, Any]:
    """The oldest versions look at the number in the operation only, later ones at what stands beside it."""
    operation = desk_state.kept(desk, "operation") or {}
    made = operation["format"] + 1
    desk_state.keep(desk, "operation", operation | {"format": made})
    desk_state.keep(desk, version.STATE, version.barred(made))
    return {}


def _prove(folder: Path, desk: Connection, progress: Progress) -> dict[str, Any]:
    noted = desk_state.kept(desk, version.UNFINISHED) or {}
    copy = copy_of(folder, noted["from"])
    progress.step(0, 0, _("Proving that everything has arrived"))
    wrong = _WRONG[noted["from"]](folder, copy, desk, noted)
    if wrong:
        raise UserError(
            _("{name} could not be brought to this version: {reason}").format(
                name=folder.name, reason=" ".join(wrong)
            ),
            hint=_(
                "Nothing is lost: what stood there before is in {copy}. Keep this folder as it is."
            ).format(copy=copy.name),
        )
    return {}


def _let_in(desk: Connection, reached: int) -> None:
    desk_state.keep(desk, version.STATE, version.stamp(reached))
    desk_state.forget(desk, version.UNFINISHED)


def _keep_copy(desk: Engine, folder: Path, since: int, progress: Progress) -> None:
    """The copy appears whole or not at all."""
    progress.step(0, 0, _("Keeping a copy of the desk's file"))
    copy = copy_of(folder, since)
    part = copy.with_suffix(".part")
    part.unlink(missing_ok=True)
    copy_into(desk, part)
    put_in_place(part, copy)


def _refuse_narrow(folder: Path) -> None:
    """Raises `UserError` while there is no room for the copy, the new tables and what takes them back."""
    desk, readings = _size(desk_file(folder)), _size(readings_file(folder))
    wanted, free = 3 * desk + 2 * readings + _SPARE, shutil.disk_usage(folder).free
    if free < wanted:
        raise UserError(
            _("{name} was made by an older version, and there is too little space to bring it up.").format(
                name=folder.name
            ),
            hint=_("Nothing was changed. Free {size} MB on this disk, then open it again.").format(
                size=-(-(wanted - free) // 10**6)
            ),
        )


def _size(database: Path) -> int:
    log = database.with_name(database.name + "-wal")
    return database.stat().st_size + (log.stat().st_size if log.exists() else 0)


def _refuse_company(desk: Engine, folder: Path) -> None:
    """Raises `UserError` when another program has the desk's file open for longer than a look takes."""
    for _glance in range(_GLANCES):
        if alone(desk):
            return
        sleep(_GLANCE_S)
    raise UserError(
        _("{name} was made by an older version and is open in another program.").format(name=folder.name),
        hint=_("Nothing was changed. Close it there, then open it here again: it is brought up then."),
    )


@contextmanager
def _one_at_a_time(folder: Path, progress: Progress) -> Generator[None]:
    """Holds a lock that ends with this process, however it ends."""
    marks = folder / ".desk"
    marks.mkdir(exist_ok=True)
    claim = Claim(marks / "migration")
    try:
        while not claim.take():
            progress.step(0, 0, _("Another window brings this operation to the new version"))
            sleep(_GLANCE_S)
        yield
    finally:
        claim.close()


@contextmanager
def _plain_words(folder: Path) -> Generator[None]:
    try:
        yield
    except (OperationalError, OSError) as error:
        raise UserError(
            _("{name} could not be brought to this version.").format(name=folder.name),
            hint=_("Nothing is lost: open it again and it goes on from there. Reason: {reason}").format(
                reason=getattr(error, "orig", error)
            ),
        ) from error
