"""Taking in another desk's edits: look first, then all of it in one step, as often as one likes."""

from collections import Counter
from dataclasses import dataclass

from gis.errors import UserError
from gis.model.incident import Incident
from gis.model.record import Record
from gis.ops.incidents import letters_here, number_apart
from gis.store import Query, Tx
from gis.store.journal.edit import Edit
from gis.store.operation import Operation
from gis.store.questions import Conflict, conflicts, shared_numbers
from gis.store.tables.rows import KINDS
from gis.sync.package import Package
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking in a package would do. Nothing is written by making one."""

    new_edits: int
    known_edits: int
    new_records: int
    changed_records: int
    unknown_kinds: int  # edits of a newer version: kept and passed on, not shown
    shared_numbers: tuple[str, ...] = ()  # that two different incidents would carry


@dataclass(frozen=True, slots=True)
class Received:
    """What was taken in, and the conflicts that now stand open in the records it touched."""

    new_edits: int
    known_edits: int
    conflicts: tuple[Conflict, ...]
    missing_edits: int  # of any desk: known to exist, not arrived yet
    shared_numbers: tuple[str, ...] = ()  # that what came and something else carry now
    twin: bool = False  # it proves that another folder wrote under this one's name: this one has another now
    letters: str = ""  # new ones that numbers begin with, because both desks had counted under the same


def refuse_unfit(package: Package, operation: Operation) -> None:
    """Raises `UserError` when the package may not enter this operation: drill and reality never mix."""
    if package.manifest.exercise and not operation.exercise:
        raise UserError(
            _("This package comes from an exercise and this operation is real."),
            hint=_("Nothing was taken from it. Open the exercise to take it in there."),
        )
    if operation.exercise and not package.manifest.exercise:
        raise UserError(
            _("This package is real and this operation is an exercise."),
            hint=_("Nothing was taken from it. Open the real operation to take it in there."),
        )


def plan(query: Query, package: Package) -> Plan:
    """What `receive` would do with this package."""
    here = query.arrived([edit.id for edit in package.edits])
    fresh = [edit for edit in package.edits if edit.id not in here]
    touched = {(edit.kind, edit.record) for edit in fresh if edit.kind in KINDS}
    changed = sum(query.known(KINDS[kind], record) is not None for kind, record in touched)
    return Plan(
        new_edits=len(fresh),
        known_edits=len(package.edits) - len(fresh),
        new_records=len(touched) - changed,
        changed_records=changed,
        unknown_kinds=sum(edit.kind not in KINDS for edit in fresh),
        shared_numbers=_would_share(query, [edit for edit in fresh if edit.kind == Incident.__name__]),
    )


def _would_share(query: Query, fresh: list[Edit]) -> tuple[str, ...]:
    """The numbers that two incidents would carry, of those that these edits give."""
    coming = {
        edit.record: edit.value for edit in fresh if edit.field == "number" and isinstance(edit.value, str)
    }
    struck = {edit.record for edit in fresh if edit.field == "void" and edit.value}
    here = query.carrying({*coming.values()})
    carried = coming | {incident.id: incident.number for incident in here if incident.id not in coming}
    count = Counter(number for record, number in carried.items() if record not in struck)
    return tuple(sorted(number for number, carriers in count.items() if carriers > 1))


def receive(tx: Tx, package: Package) -> Received:
    """Take in a package: edits already here change nothing, order does not matter, none is dropped."""
    refuse_unfit(package, tx.operation)
    actor = tx.chain.actor
    new = tx.receive(package.edits, package.personal)
    touched = _records(new)
    numbers = {incident.number for incident in tx.known_all(Incident, [*touched]).values()}
    shared = tuple(sorted(shared_numbers(tx, numbers)))
    letters, twin = letters_here(tx)[0], tx.chain.actor != actor
    return Received(
        new_edits=len(new),
        known_edits=len(package.edits) - len(new),
        conflicts=tuple(conflict for conflict in conflicts(tx) if conflict.record_id in touched),
        missing_edits=tx.missing(),
        shared_numbers=shared,
        twin=twin,
        letters=letters if twin else _apart(tx, letters, shared),
    )


def _apart(tx: Tx, letters: str, shared: tuple[str, ...]) -> str:
    """New letters, where somebody else counts under these; "" where nobody does."""
    return number_apart(tx) if any(number.startswith(f"{letters}-") for number in shared) else ""


def _records(edits: list[Edit]) -> set[str]:
    return {edit.record for edit in edits}


def settle(tx: Tx, conflict: Conflict, chosen: Edit) -> Record:
    """A person has decided: `chosen`'s value replaces every value that stood against it."""
    return tx.settle(KINDS[conflict.kind], conflict.record_id, conflict.field, chosen.value)
