"""From a second copy, and from whatever else can still be read, to an operation again."""

import shutil
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from sqlalchemy import Connection, func, select

from gis.clock import SystemClock
from gis.errors import UserError
from gis.lasting import sync_file, sync_folder
from gis.model.record import Readings
from gis.progress import Progress
from gis.store import aside, checkup, derive
from gis.store.blank import lay_out
from gis.store.guards import identity
from gis.store.guards.tip import Tip
from gis.store.journal.edit import read
from gis.store.operation import COPY_SUFFIX, SUFFIX, Operation, desk_file, readings_file
from gis.store.second import base as second_base
from gis.store.second import readings as second_readings
from gis.store.second import replay, salvage
from gis.store.second.base import DESK, READINGS, Generation, Unsound
from gis.store.second.salvage import Remains
from gis.store.second.spool import Frame, read_spool
from gis.store.store import Store
from gis.store.tables import schema
from gis.store.tables.engine import open_blank
from gis.texts import _, ngettext


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of entries that are known to exist and were found nowhere: [first, last].

    They are those of one desk's chain; with `actor` "" those of a damaged journal, which its tip file knew.
    """

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

    def report(self, zone: tzinfo = UTC) -> list[str]:
        """What it holds and what is lost, a sentence each, with times as in `zone`."""
        until = _("The last came in at {at}.").format(at=_moment(self.until, zone)) if self.until else ""
        held = ngettext("{name} holds {count} entry.", "{name} holds {count} entries.", self.entries)
        return [
            f"{held.format(name=self.folder.name, count=f'{self.entries:,}')} {until}".strip(),
            *self._lost(),
        ]

    def _lost(self) -> list[str]:
        return [_gap_words(gap) for gap in self.missing]


def restore(
    copy: Path,
    target: Path,
    progress: Progress,
    *,
    damaged: Sequence[Path] = (),
    found: Remains | None = None,
) -> Restored:
    """Make an operation at `target` of a second copy: its newest base that is sound, and its spools.

    `damaged` are operations' folders, not open anywhere, whose readable edits and readings are added, and
    `found` comes from packages: a set union, so nothing is taken twice. They are read and left as they are.
    Without any sound base a damaged operation and the spools alone are taken. `target`
    appears whole or not at all, and writes and numbers under a name of its own from then on.
    Raises `UserError` when nothing can be restored or written; `Cancelled`.
    """
    _require_free(target)
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # left by a restore that was cut off
    try:
        part.mkdir(parents=True)
        remarks, ends = _fill(copy, part, progress, damaged, found or Remains())
        progress.step(0, 0, _("Checking what was restored"))
        _require_sound(part)
        entries, until, missing = _held(part)
        _make_last(part)
        progress.check()
        part.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise UserError(
            _("{name} could not be restored: {reason}.").format(
                name=target.name, reason=error.strerror or error
            ),
            hint=_("The copy was left as it is. Choose a place with enough room that you may write to."),
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Restored(target, entries, until, tuple(remarks), (*missing, *ends))


def _require_free(target: Path) -> None:
    if target.suffix != SUFFIX or target.exists():
        raise UserError(
            _("{name} cannot become the restored operation.").format(name=target.name),
            hint=_("Choose a name that is not taken yet, ending in {suffix}.").format(suffix=SUFFIX),
        )


def _fill(
    copy: Path, part: Path, progress: Progress, damaged: Sequence[Path], more: Remains
) -> tuple[list[str], list[Gap]]:
    """Lay everything that can be read into `part`. Returns what could not, in sentences, and lost ends."""
    remarks: list[str] = []
    scratch = part / "salvage"
    remains = [salvage.read(folder, scratch / f"{n}", progress) for n, folder in enumerate(damaged)]
    base, spooled = _base(_copy_folder(copy), part, progress, remarks, remains)
    found = _frames(spooled, remarks)
    desk, readings = open_blank(desk_file(part)), open_blank(readings_file(part))
    try:
        with desk.begin() as records, readings.begin() as series:
            aside.put_all_aside(records)
            behind = replay.frames(records, series, found, progress)
            sensors = second_readings.names(series, found)
            derive.rebuild(records, progress)
            identity.sign_anew(records)  # the desk that went on without us may still write
    finally:
        desk.dispose()
        readings.dispose()
    reached = max([base, *(entry.n for frame in found for entry in frame.entries)])
    with closing(Store.open(part, clock=SystemClock(), author="")) as store:
        with store.writing(_("Found while restoring")) as tx:
            tx.receive([read(entry.body) for entry in behind])
            for each in (more, *remains):  # named by their content: this is a union of sets
                tx.receive(each.edits, each.personal)
                remarks += each.remarks
        ends = _lost_ends(store, damaged, remains, reached)
        remarks += _append_spooled(store, found, sensors, progress)
        for n, folder in enumerate(damaged):
            _append(store, salvage.series(folder, scratch / f"{n}", progress, remarks), progress)
    shutil.rmtree(scratch, ignore_errors=True)
    return remarks, ends


def _base(
    copy: Path, part: Path, progress: Progress, remarks: list[str], remains: Sequence[Remains]
) -> tuple[int, Sequence[Generation]]:
    """Lay out in `part` what everything else is added to: a sound base, or an empty operation where there is
    a damaged one to fill it from. Returns how far it reaches, and the generations whose spools go on."""
    found = second_base.generations(copy)
    sound = _sound_base(found, progress, remarks)
    if sound is not None:
        for name, path in ((DESK, desk_file(part)), (READINGS, readings_file(part))):
            _copy_file(found[sound].folder / name, path, progress)
        return found[sound].cursor.upto, found[sound:]
    named = [each.operation for each in remains if each.operation]
    named += [Operation.from_json(each.operation) for each in found]
    if not remains or not named:
        raise UserError(
            _("{name} holds no copy that is sound.").format(name=copy.name),
            hint=_("It was left as it is. Try another copy. {remarks}").format(remarks=" ".join(remarks)),
        )
    lay_out(part, named[0])
    remarks.append(_("No base of the copy is sound: this is what the damaged operation and the spools gave."))
    return 0, found


def _lost_ends(store: Store, damaged: Sequence[Path], remains: Sequence[Remains], reached: int) -> list[Gap]:
    """What the tip files of damaged operations know and nothing brought. Each entry of a journal has the next
    number, so those found without one count as well."""
    ends: list[Gap] = []
    for folder, found in zip(damaged, remains, strict=True):
        tip = Tip(folder).read()
        with store.reading() as query:
            is_lost = tip is not None and not query.arrived([tip.edit])
        first = max(reached, found.upto, len(found.edits)) + 1
        if tip is not None and is_lost and first <= tip.n:
            ends.append(Gap("", first, tip.n))
    return ends


def _append_spooled(
    store: Store, found: Sequence[Frame], sensors: Mapping[int, str], progress: Progress
) -> list[str]:
    """Add the readings of all frames. Returns a remark when some are of nobody knows which sensor."""
    nameless = 0

    def batches() -> Generator[Readings]:
        nonlocal nameless
        for frame in found:
            if frame.readings:
                batch, unknown = second_readings.told(second_readings.unpack(frame.readings), sensors)
                nameless += unknown
                yield batch

    _append(store, batches(), progress)
    said = ngettext(
        "{count} reading is left out: the part that says whose it is is damaged.",
        "{count} readings are left out: the part that says whose they are is damaged.",
        nameless,
    )
    return [said.format(count=nameless)] if nameless else []


def _append(store: Store, batches: Iterable[Readings], progress: Progress) -> None:
    """Add readings in steps, and put them into chunks before they fill the memory."""
    for batch in batches:
        progress.check()
        with store.writing(_("Readings of the second copy")) as tx:
            tx.append(batch)
        if store.pending().is_due(store.clock.now()):
            store.seal(progress)


def _make_last(part: Path) -> None:
    for path in (desk_file(part), readings_file(part)):
        sync_file(path)
    sync_folder(part)


def _copy_folder(path: Path) -> Path:
    """The copy itself, or the only one in the folder that was given."""
    found = [path] if path.suffix == COPY_SUFFIX else sorted(path.glob(f"*{COPY_SUFFIX}"))
    if len(found) != 1 or not found[0].is_dir():
        raise UserError(
            _("{name} is not a second copy.").format(name=path.name),
            hint=_("Choose one folder ending in {suffix}.").format(suffix=COPY_SUFFIX),
        )
    return found[0]


def _sound_base(found: Sequence[Generation], progress: Progress, remarks: list[str]) -> int | None:
    """Which is the newest base that is sound; None when none is."""
    for place in reversed(range(len(found))):
        progress.step(0, 0, _("Checking the copy of {at}").format(at=_moment(found[place].made_at)))
        try:
            second_base.verify(found[place], progress.check)
            return place
        except (Unsound, OSError) as error:
            said = _("The base of {at} is damaged, an earlier one was used: {fault}")
            remarks.append(said.format(at=_moment(found[place].made_at), fault=error))
    return None


def _gap_words(gap: Gap) -> str:
    count = 1 + gap.last - gap.first
    of_desk = ngettext(
        "Lost: the entry {last} of the desk {actor}.",
        "Lost: the entries {first} to {last} of the desk {actor}.",
        count,
    )
    at_the_end = ngettext(
        "Lost: the last entry of the damaged operation, number {last}.",
        "Lost: the last entries of the damaged operation, numbers {first} to {last}.",
        count,
    )
    said = of_desk if gap.actor else at_the_end
    return said.format(first=gap.first, last=gap.last, actor=gap.actor[:8])


def _moment(at: datetime, zone: tzinfo = UTC) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


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
            until = desk.scalar(select(table.c.received_at).order_by(table.c.n.desc()).limit(1))
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
