"""Undo and redo: a reversing step is written, nothing is erased."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from gis.errors import UserError
from gis.model.record import Record
from gis.model.sensor import Alarm, Suppression
from gis.model.sitrep import Sitrep
from gis.store.journal.edit import Edit, body_of
from gis.store.journal.ledger import Arrival, Step
from gis.store.past import Past
from gis.store.query import Query
from gis.store.tables.rows import KINDS, field_types, to_json
from gis.store.tx import Tx
from gis.texts import _

_REACH = 500
_PART = 40  # edits of a package looked at together
_NOTHING = ""  # in place of an edit's name: nothing had been said
# An acknowledgement, a shelf or a sent report is answered by a next entry, not taken back.
_FINAL = (Alarm, Suppression, Sitrep)
Act = Step | Arrival


def undo(tx: Tx) -> Act:
    """Take back the author's last act. Raises `UserError` when there is none, or it was built upon."""
    acts, _again = _stacks(tx, tx.author)
    if not acts:
        raise UserError(_("There is nothing of yours to undo."))
    return _take_back(tx, acts[-1], _("Undo: {label}").format(label=acts[-1].label))


def redo(tx: Tx) -> Act:
    """Do again what the author undid last. Raises `UserError` as `undo` does."""
    _done, acts = _stacks(tx, tx.author)
    if not acts:
        raise UserError(_("There is nothing of yours to redo."))
    undone, step = acts[-1]
    return _take_back(tx, step, _("Redo: {label}").format(label=undone.label))


def can_undo(query: Query, author: str) -> Act | None:
    """The act that `undo` would take back."""
    acts, _again = _stacks(query, author)
    return acts[-1] if acts else None


def can_redo(query: Query, author: str) -> Act | None:
    """The act that `redo` would do again."""
    _done, acts = _stacks(query, author)
    return acts[-1][0] if acts else None


def _stacks(query: Query, author: str) -> tuple[list[Act], list[tuple[Act, Step]]]:
    """The author's newest acts that can be undone, and those undone with the step that undid them; newest
    last.

    Only as much is read as tells the newest of each: below an act that can be undone nothing matters, for
    what was undone before it cannot be redone, and what was undone and redone is in its place below it.

    Wherever the folder lay and whichever version wrote it, it is the same person's work: not the actor counts
    but that no package brought it. So a copy offers authors what they did before it was made, and nobody what
    others did: taking it back is an edit of the copy, and stands beside what the original says since.
    """
    steps = {*query.begun(author, _REACH)}
    arrivals = {each.number: each for each in query.arrivals() if each.author == author}
    numbers = sorted(steps | arrivals.keys(), reverse=True)
    acts: list[Act] = []
    done, undone = _replayed(acts)
    start, many = 0, 1
    while start < len(numbers) and not done:
        some = {*numbers[start : start + many]}
        came = [arrivals[number] for number in some & arrivals.keys()]
        acts = [*_acts(query, some & steps, came), *acts]
        done, undone = _replayed(acts)
        start, many = start + many, 2 * many
    return done, undone


def _replayed(acts: Iterable[Act]) -> tuple[list[Act], list[tuple[Act, Step]]]:
    done: list[Act] = []
    undone: list[tuple[Act, Step]] = []
    for act in acts:
        if isinstance(act, Arrival) or not act.undoes:
            done.append(act)
            undone.clear()
        elif done and done[-1].id == act.undoes:
            undone.append((done.pop(), act))
        elif undone and undone[-1][1].id == act.undoes:
            undone.pop()
            done.append(act)
    return done, undone


def _acts(query: Query, begun: Collection[int], arrivals: Iterable[Arrival]) -> list[Act]:
    """The steps that begin with these edits, and the arrivals, oldest first, without what is answered by a
    next entry instead."""
    steps = query.steps(begun=begun)
    own = [step for step in steps if step.undoes or not (_is_final(query, step) or _is_idle(query, step))]
    return sorted([*own, *(each for each in arrivals if _shows(query, each))], key=lambda act: act.number)


def _shows(query: Query, arrival: Arrival) -> bool:
    """True when something of what came in is shown: the rest needs no taking back."""
    end = arrival.number + arrival.edits
    parts = (replace(arrival, number=n, edits=min(_PART, end - n)) for n in range(arrival.number, end, _PART))
    return any(
        _is_shown(edit) and query.known(KINDS[edit.kind], edit.record)
        for part in parts
        for edit in query.brought(part)
    )


def _is_shown(edit: Edit) -> bool:
    return not edit.is_newer and edit.kind in KINDS and edit.field in field_types(KINDS[edit.kind])


def _is_final(query: Query, step: Step) -> bool:
    """True for what is answered by a next entry; also when it decided between desks: which was before?"""
    return step.touches(*_FINAL) or any(_decides(query, edit) for edit in step.edits if len(edit.over) > 1)


def _decides(query: Query, edit: Edit) -> bool:
    return len({body_of({"value": query.edit(old).value}) for old in edit.over}) > 1


def _is_idle(query: Query, step: Step) -> bool:
    """True when everything it changed it changed back."""
    first = {edit.address: edit for edit in reversed(step.edits)}
    last = {edit.address: edit for edit in step.edits}
    if len(first) == len(step.edits):
        return False
    return all(
        edit.over and query.edit(edit.over[0]).value == last[place].value for place, edit in first.items()
    )


def _take_back(tx: Tx, act: Act, label: str) -> Act:
    edits = tx.brought(act) if isinstance(act, Arrival) else tx.step(act.id).edits
    earlier = Past(tx, tx.at, act.number - 1)
    tx.take_back(act.id, label)
    by_record: dict[tuple[str, str], list[Edit]] = {}
    for edit in filter(_is_shown, edits):
        by_record.setdefault((edit.kind, edit.record), []).append(edit)
    before = tx.reach
    for (kind, record_id), said in by_record.items():
        _take_back_record(tx, earlier, (KINDS[kind], record_id), said)
    if tx.reach == before:
        _say_again(tx, edits)
    return act


def _say_again(tx: Tx, edits: Iterable[Edit]) -> None:
    """Nothing needed to change (what was said was erased since): an edit has to stand for the taking back."""
    for edit in filter(_is_shown, edits):
        record = tx.known(KINDS[edit.kind], edit.record)
        if record is not None:
            tx.settle(type(record), record.id, edit.field, to_json(getattr(record, edit.field)))
            return


def _take_back_record(tx: Tx, earlier: Past, which: tuple[type[Record], str], said: list[Edit]) -> None:
    kind, record_id = which
    record, was = tx.known(kind, record_id), earlier.known(kind, record_id)
    if record is None:
        return
    now, then = tx.standing(kind.__name__, record_id), earlier.standing(kind.__name__, record_id)
    fields = dict.fromkeys(edit.field for edit in said)
    for field in fields if was else {**fields, "void": None}:
        mine = {edit.id for edit in said if edit.field == field}
        _refuse_when_changed(tx, now.get(field, ()), mine | _names(then.get(field, ())))
    if was is None:
        tx.strike(record)
        return
    alone = {
        field: getattr(was, field) for field in fields if len(now[field]) == len(then.get(field, "?")) == 1
    }
    tx.put(replace(record, **alone))
    for field in fields.keys() - alone.keys():
        values = _rival_values(then.get(field, ())) or [to_json(getattr(was, field))]
        tx.settle(kind, record_id, field, *values)


def _rival_values(heads: Iterable[Edit]) -> list[Any]:
    """What desks disagreed about, the one that was shown first; empty when they did not."""
    values = [*{body_of({"value": head.value}): head.value for head in heads}.values()]
    return values if len(values) > 1 else []


def _names(heads: Sequence[Edit]) -> set[str]:
    """The names of these edits; _NOTHING where there are none."""
    return {edit.id for edit in heads} or {_NOTHING}


def _refuse_when_changed(tx: Tx, heads: Iterable[Edit], wanted: set[str]) -> None:
    """Raises `UserError` unless every head is one of these edits, or brings them back by way of steps taken
    back here since."""
    left = [*heads]
    while left:
        head = left.pop()
        if head.id in wanted:
            continue
        before = _brought_back(tx, head) if head.undoes and tx.arrived([head.id], unbrought=True) else None
        if before is None or not (before or _NOTHING in wanted):
            raise UserError(
                _("This step cannot be undone: the entry was changed since."),
                hint=_("Nothing was changed now. Amend the entry by hand."),
            )
        left += before


def _brought_back(tx: Tx, edit: Edit) -> list[Edit]:
    """What had stood in the field of this edit before the act that it took back."""
    arrivals = [each for each in tx.arrivals() if each.id == edit.undoes]
    act = arrivals[0] if arrivals else tx.step(edit.undoes)
    return Past(tx, tx.at, act.number - 1).standing(edit.kind, edit.record).get(edit.field, [])
