"""Undo and redo: a reversing step is written, nothing is erased."""

from dataclasses import replace

from gis.errors import UserError
from gis.model.record import Record
from gis.model.sensor import Alarm
from gis.model.sitrep import Sitrep
from gis.store.edit import Edit, body_of
from gis.store.ledger import Arrival, Step
from gis.store.operation import ACTOR
from gis.store.past import Past
from gis.store.query import Query
from gis.store.rows import KINDS, field_types, to_json
from gis.store.tx import Tx
from gis.texts import _

_REACH = 500
_FINAL = (Alarm, Sitrep)  # an acknowledgement or a sent report is answered by a next entry, not taken back
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
    """The author's acts that can be undone, and those undone with the step that undid them; newest last."""
    done: list[Act] = []
    undone: list[tuple[Act, Step]] = []
    for act in _acts(query, author):
        if isinstance(act, Arrival) or not act.undoes:
            done.append(act)
            undone.clear()
        elif done and done[-1].id == act.undoes:
            undone.append((done.pop(), act))
        elif undone and undone[-1][1].id == act.undoes:
            undone.pop()
            done.append(act)
    return done, undone


def _acts(query: Query, author: str) -> list[Act]:
    """What this person did at this desk, oldest first, without what is answered by a next entry instead."""
    here = query.kept(ACTOR)
    steps = [s for s in query.steps(_REACH) if s.author == author and s.edits[0].actor == here]
    own = [step for step in steps if not _is_final(query, step) and not _is_idle(query, step)]
    arrivals = [arrival for arrival in query.arrivals() if arrival.author == author]
    return sorted([*own, *arrivals], key=lambda act: act.number)


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
    for edit in edits:
        if edit.kind in KINDS and not edit.is_newer:  # what is not shown needs no taking back
            by_record.setdefault((edit.kind, edit.record), []).append(edit)
    for (kind, record_id), said in by_record.items():
        _take_back_record(tx, earlier, (KINDS[kind], record_id), said)
    return act


def _take_back_record(tx: Tx, earlier: Past, which: tuple[type[Record], str], said: list[Edit]) -> None:
    kind, record_id = which
    now, then = tx.standing(kind.__name__, record_id), earlier.standing(kind.__name__, record_id)
    fields = dict.fromkeys(edit.field for edit in said)
    for field in fields:
        mine = {edit.id for edit in said if edit.field == field} | {edit.id for edit in then.get(field, ())}
        if not all(_means(tx, edit, mine) for edit in now.get(field, ())):
            raise UserError(
                _("This step cannot be undone: the entry was changed since."),
                hint=_("Nothing was changed now. Amend the entry by hand."),
            )
    record, was = tx.known(kind, record_id), earlier.known(kind, record_id)
    if record is None:
        return
    if was is None:
        tx.strike(record)
        return
    before = {field: getattr(was, field) for field in fields if field in field_types(kind)}
    put = tx.put(replace(record, **before))
    for field in before:
        if len(now[field]) > 1:
            tx.settle(kind, record_id, field, to_json(getattr(put, field)))


def _means(tx: Tx, head: Edit, wanted: set[str]) -> bool:
    """True while a head is one of these edits, or brings one back by way of steps taken back since."""
    while head.id not in wanted:
        undone = tx.edit(head.over[0]) if head.undoes and head.over else None
        if undone is None or not undone.over:
            return False
        head = tx.edit(undone.over[0])
    return True
