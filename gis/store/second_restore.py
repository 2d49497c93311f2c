"""From a second copy, and from whatever else can still be read, to an operation again."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from gis.clock import SystemClock
from gis.errors import UserError
from gis.progress import Progress
from gis.store import checkup, derive, replay, salvage, schema, second_base, second_readings
from gis.store.edit import read
from gis.store.engine import open_blank
from gis.store.operation import ACTOR, COPY_SUFFIX, SUFFIX, desk_file, readings_file
from gis.store.salvage import Remains
from gis.store.second_base import DESK, READINGS, Generation, Unsound
from gis.store.second_spool import Frame, read_spool
from gis.store.store import Store
from gis.texts import _, ngettext


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of one desk's entries that are known to exist and were found nowhere: [first, last]."""

    actor: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored operation holds. `until` is when its newest entry came in; `remarks` are sentences
    about what could not be read; `missing` names entries that are lost."""

    folder: Path
    entries: int
    until: datetime | None
    remarks: tuple[str, ...]
    missing: tuple[Gap, ...]

    def report(self) -> list[str]:
        """What it holds and what is lost, a sentence each."""
        until = _("The last came in at {at}.").format(at=_moment(self.until)) if self.until else ""
        held = ngettext("{name} holds {count} entry.", "{name} holds {count} entries.", self.entries)
        lost = [
            _("Lost: the entries {first} to {last} of the desk {actor}.").format(
                first=gap.first, last=gap.last, actor=gap.actor[:8]
            )
            for gap in self.missing
        ]
        return [f"{held.format(name=self.folder.name, count=self.entries)} {until}".strip(), *lost]


def restore(
    copy: Path,
    target: Path,
    progress: Progress,
    *,
    damaged: Sequence[Path] = (),
    found: Remains | None = None,
) -> Restored:
    """Make an operation at `target` of a second copy: its newest base that is sound, and its spools.

    `damaged` are operations' folders, not open anywhere, whose readable edits are added, and `found` comes
    from packages: a set union, so nothing is taken twice. They are read and left as they are. `target`
    appears whole or not at all, and writes under a name of its own from then on.
    Raises `UserError` when nothing can be restored or written; `Cancelled`.
    """
    _require_free(target)
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # left by a restore that was cut off
    try:
        part.mkdir(parents=True)
        remarks = _fill(copy, part, progress, damaged, found or Remains())
        progress.step(0, 0, _("Checking what was restored"))
        _require_sound(part)
        entries, until, missing = _held(part)
        _make_last(part)
        progress.check()
        part.rename(target)
        second_base.sync_folder(target.parent)
    except OSError as error:
        raise UserError(
            _("{name} could not be restored: {reason}.").format(
                name=target.name, reason=error.strerror or error
            ),
            hint=_("The copy was left as it is. Choose a place with enough room that you may write to."),
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Restored(target, entries, until, tuple(remarks), missing)


def _require_free(target: Path) -> None:
    if target.suffix != SUFFIX or target.exists():
        raise UserError(
            _("{name} cannot become the restored operation.").format(name=target.name),
            hint=_("Choose a name that is not taken yet, ending in {suffix}.").format(suffix=SUFFIX),
        )


def _fill(copy: Path, part: Path, progress: Progress, damaged: Sequence[Path], more: Remains) -> list[str]:
    """Lay everything that can be read into `part`. Returns what could not, in sentences."""
    remarks: list[str] = []
    base, newer = _sound_base(_copy_folder(copy), progress, remarks)
    for name, path in ((DESK, desk_file(part)), (READINGS, readings_file(part))):
        _copy_file(base.folder / name, path, progress)
    found = _frames([base, *newer], remarks)
    desk, readings = open_blank(desk_file(part)), open_blank(readings_file(part))
    try:
        with desk.begin() as records, readings.begin() as series:
            behind = replay.frames(records, series, found, progress)
            sensors = second_readings.names(series, found)
            derive.rebuild(records, progress)
            _sign_anew(records)
    finally:
        desk.dispose()
        readings.dispose()
    remains = [more, Remains(tuple(read(entry.body) for entry in behind))]
    for place, folder in enumerate(damaged):
        scratch = part / f"salvage-{place}"
        remains.append(salvage.read(folder, scratch, progress))
        remarks += remains[-1].remarks
        shutil.rmtree(scratch)
    with closing(Store.open(part, clock=SystemClock(), author="")) as store:
        with store.writing(_("Found while restoring")) as tx:
            for each in remains:  # named by their content: this is a union of sets
                tx.receive(each.edits, each.personal)
        remarks += _append(store, found, sensors, progress)
    return remarks


def _append(
    store: Store, found: Sequence[Frame], sensors: Mapping[int, str], progress: Progress
) -> list[str]:
    """Add the readings of all frames. Returns a remark when some are of nobody knows which sensor."""
    nameless = 0
    with store.writing(_("Readings of the second copy")) as tx:
        for frame in found:
            progress.check()
            if frame.readings:
                batch, unknown = second_readings.told(frame, sensors)
                nameless += unknown
                tx.append(batch)
    said = _("{count} readings are left out: the part that says whose they are is damaged.")
    return [said.format(count=nameless)] if nameless else []


def _make_last(part: Path) -> None:
    for path in (desk_file(part), readings_file(part)):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    second_base.sync_folder(part)


def _copy_folder(path: Path) -> Path:
    """The copy itself, or the only one in the folder that was given."""
    found = [path] if path.suffix == COPY_SUFFIX else sorted(path.glob(f"*{COPY_SUFFIX}"))
    if len(found) != 1 or not found[0].is_dir():
        raise UserError(
            _("{name} is not a second copy.").format(name=path.name),
            hint=_("Choose one folder ending in {suffix}.").format(suffix=COPY_SUFFIX),
        )
    return found[0]


def _sound_base(
    copy: Path, progress: Progress, remarks: list[str]
) -> tuple[Generation, Sequence[Generation]]:
    """The newest base that is sound, and the generations after it, whose spools go on from there."""
    found = second_base.generations(copy)
    for place in reversed(range(len(found))):
        progress.step(0, 0, _("Checking the copy of {at}").format(at=_moment(found[place].made_at)))
        try:
            second_base.verify(found[place], progress.check)
            return found[place], found[place + 1 :]
        except (Unsound, OSError) as error:
            said = _("The base of {at} is damaged, an earlier one was used: {fault}")
            remarks.append(said.format(at=_moment(found[place].made_at), fault=error))
    raise UserError(
        _("{name} holds no copy that is sound.").format(name=copy.name),
        hint=_("It was left as it is. Try another copy. {remarks}").format(remarks=" ".join(remarks)),
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _copy_file(source: Path, target: Path, progress: Progress) -> None:
    """Copies a file that no database has open."""
    size, done = source.stat().st_size, 0
    with source.open("rb") as reader, target.open("xb") as writer:
        while block := reader.read(1 << 22):
            writer.write(block)
            done += len(block)
            progress.step(done, size, _("Copying {name}").format(name=target.name))


def _frames(found: Sequence[Generation], remarks: list[str]) -> list[Frame]:
    """All that the spools say, in the order in which it was committed."""
    frames: list[Frame] = []
    for path in (path for generation in found for path in generation.spools):
        try:
            spooled = read_spool(path)
        except OSError as error:
            remarks.append(_("{file} cannot be read: {fault}").format(file=path.name, fault=error.strerror))
            continue
        if spooled.damaged:
            remarks.append(_("Part of {file} is damaged and was left out.").format(file=path.name))
        frames += spooled.frames
    return sorted(frames, key=lambda frame: (frame.cursor.upto, frame.at))


def _sign_anew(records: Connection) -> None:
    """The desk that went on without us may still write under the old name."""
    row = {"name": ACTOR, "value": json.dumps(os.urandom(8).hex())}
    records.execute(upsert(schema.desk_state).values(row).on_conflict_do_update(["name"], set_=row))


def _require_sound(folder: Path) -> None:
    found = checkup.faults(folder)
    if found:
        raise UserError(
            _("What was restored is not whole, and was taken away again: {fault}").format(fault=found[0]),
            hint=_("The copy was left as it is. Restore from another one."),
        )


def _held(folder: Path) -> tuple[int, datetime | None, tuple[Gap, ...]]:
    views = open_blank(desk_file(folder))
    try:
        with views.begin() as desk:
            table = schema.journal
            entries = desk.scalar(select(func.count()).select_from(table)) or 0
            until = desk.scalar(select(func.max(table.c.received_at)))
            return entries, until, tuple(_gaps(desk))
    finally:
        views.dispose()


_GAPS = (
    "SELECT actor, before + 1, seq - 1 FROM (SELECT actor, seq, lag(seq, 1, 0) OVER"
    " (PARTITION BY actor ORDER BY seq) AS before FROM (SELECT DISTINCT actor, seq FROM journal))"
    " WHERE seq > before + 1 ORDER BY actor, seq"
)


def _gaps(desk: Connection) -> list[Gap]:
    return [Gap(*row) for row in desk.exec_driver_sql(_GAPS)]
