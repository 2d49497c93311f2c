"""What can be promised about the log at this moment, and in how many words there is room to say it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from gis.store.second import CopyState
from gis.store.trust import Trust
from gis.texts import _, ngettext

LATE_S = 30.0  # a second copy that was not looked at for so long is told as late


class Weight(IntEnum):
    """How loud it has to be said."""

    CALM = 0
    BUSY = 1
    WARN = 2
    GRAVE = 3


@dataclass(frozen=True, slots=True)
class Assurance:
    """The log, the newest step, the second copy. Times are this computer's, in UTC, also in an exercise.

    `proving` is how much of the first proof is done, in hundredths; None when none goes on. `copy` is None
    where no second copy is wanted, `exercise` makes that a matter of course.
    """

    trust: Trust = field(default_factory=Trust)
    proving: int | None = None
    saved_at: datetime | None = None
    unsaved: str = ""
    read_only: str = ""
    copy: CopyState | None = None
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One promise: in full, short, as a sentence, and how loud."""

    full: str
    short: str
    sentence: str
    weight: Weight = Weight.CALM


@dataclass(frozen=True, slots=True)
class Said:
    """`forms` from the longest to the shortest; the sentences on the log, the newest step and the second
    copy say all of it."""

    forms: tuple[str, ...]
    log: str
    step: str
    copy: str
    weight: Weight

    @property
    def sentences(self) -> tuple[str, ...]:
        return self.log, self.step, self.copy


def say(held: Assurance, now: datetime) -> Said:
    """The promises in words; what is worst comes first and alone survives where there is little room."""
    log, step, copy = _log(held), _step(held, now), _copy(held, now)
    parts = sorted((log, step, copy), key=lambda part: part.weight < Weight.GRAVE)  # else in this order
    worst = max(parts, key=lambda part: part.weight)
    full = ", ".join(part.full for part in parts if part.full)
    short = ", ".join(part.short for part in parts if part.short)
    forms = (full, short, worst.short)
    return Said(forms, log.sentence, step.sentence, copy.sentence, worst.weight)


def _log(held: Assurance) -> Part:
    trust = held.trust
    if trust.altered is not None:
        number, who = f"{trust.altered.number:,}", trust.altered.author
        return Part(
            _("entry {number} was ALTERED").format(number=number),
            _("entry {number} ALTERED").format(number=number),
            _("Entry {number} ({label}, {who}) was altered after it was written.").format(
                number=number, label=trust.altered.label, who=who
            ),
            Weight.GRAVE,
        )
    if held.proving is not None:
        words = _("proving {part} %").format(part=held.proving)
        whole = _("It is being proven that no entry was altered: {part} % are done.")
        return Part(words, words, whole.format(part=held.proving), Weight.BUSY)
    count = trust.proven
    full = ngettext("{count} entry, unbroken", "{count} entries, unbroken", count)
    whole = ngettext(
        "{count} entry; it is as it was written.",
        "{count} entries; every one is as it was written.",
        count,
    )
    told = f"{count:,}"
    short = _("{count} unbroken").format(count=told)
    return Part(full.format(count=told), short, whole.format(count=told))


def _step(held: Assurance, now: datetime) -> Part:
    if held.read_only:
        words = _("read-only")
        return Part(words, words, held.read_only, Weight.GRAVE if held.unsaved else Weight.WARN)
    if held.unsaved:
        words = _("NOT SAVED")
        whole = _("The last step was not kept: {reason}").format(reason=held.unsaved)
        return Part(_("last step NOT SAVED"), words, whole, Weight.GRAVE)
    if held.saved_at is None:
        return Part("", "", _("Nothing was written in this sitting yet."))
    ago = age(held.saved_at, now)
    return Part(
        _("saved {age} ago").format(age=ago),
        _("saved {age}").format(age=ago),
        _("The newest step was on the disk {age} ago.").format(age=ago),
    )


def _copy(held: Assurance, now: datetime) -> Part:
    copy = held.copy
    if copy is None:
        words, weight = _("no second copy"), Weight.CALM if held.exercise else Weight.WARN
        return Part(words, words, _("There is no second copy on another disk."), weight)
    if copy.problem:
        return Part(_("second copy STOPPED"), _("copy STOPPED"), copy.problem, Weight.WARN)
    if copy.saved_at is None:
        words = _("The second copy in {folder} is being made.").format(folder=copy.folder)
        return Part(_("second copy begins"), _("copy begins"), words, Weight.BUSY)
    return _copied(copy, copy.saved_at, now)


def _copied(copy: CopyState, saved_at: datetime, now: datetime) -> Part:
    ago, late = age(saved_at, now), (now - saved_at).total_seconds() > LATE_S
    full, short = _("second copy {age} ago").format(age=ago), _("copy {age}").format(age=ago)
    sentences = [
        _("The second copy in {folder} held everything {age} ago.").format(folder=copy.folder, age=ago)
    ]
    if late and copy.behind:
        words = ngettext("{count} entry is not in it.", "{count} entries are not in it.", copy.behind)
        sentences.append(words.format(count=f"{copy.behind:,}"))
    if copy.same_disk:
        full, short = _("{copy}, SAME DISK").format(copy=full), _("{copy}, SAME DISK").format(copy=short)
        sentences.append(_("It lies on the same disk: choose a folder on another one."))
    return Part(full, short, " ".join(sentences), Weight.WARN if late or copy.same_disk else Weight.CALM)


def age(since: datetime, now: datetime) -> str:
    """0.4 s, 12 s, 5 min, 3 h, 2 d: in the largest unit that says enough."""
    seconds = max((now - since).total_seconds(), 0.0)
    if seconds < 1:
        return _("{count} s").format(count=int(seconds * 10) / 10)
    units = ((1, _("{count} s")), (60, _("{count} min")), (3600, _("{count} h")), (86_400, _("{count} d")))
    size, words = max((unit for unit in units if seconds >= unit[0]), key=lambda unit: unit[0])
    return words.format(count=int(seconds // size))
