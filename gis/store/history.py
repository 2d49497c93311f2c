"""Undo and redo: a reversing step is written, nothing is erased."""

from dataclasses import replace
from typing import Any

from gis.errors import UserError
from gis.model.record import Record
from gis.model.sensor import Alarm
from gis.model.sitrep import Sitrep
from gis.store.journal import Edit, body_of
from gis.store.operation import ACTOR
from gis.store.query import Query, Step
from gis.store.rows import KINDS, defaults, from_json, required
from gis.store.tx import Tx
from gis.texts import _

_REACH = 500
_FINAL = (Alarm, Sitrep)  # an acknowledgement or a sent report is answered by a next entry, not taken back


def undo(tx: Tx) -> Step:
    """Take back the author's last step. Raises `UserError` when there is none, or it was built upon."""
    steps, _again = _stacks(tx, tx.author)
    if not steps:
        raise UserError(_("There is nothing of yours to undo."))
    return _take_back(tx, steps[-1], _("Undo: {label}").format(label=steps[-1].label))


def redo(tx: Tx) -> Step:
    """Do again what the author undid last. Raises `UserError` as `undo` does."""
    _done, steps = _stacks(tx, tx.author)
    if not steps:
        raise UserError(_("There is nothing of yours to redo."))
    undone = tx.step(steps[-1].undoes)
    return _take_back(tx, steps[-1], _("Redo: {label}").format(label=undone.label))


def can_undo(query: Query, author: str) -> Step | None:
    """The step that `undo` would take back."""
    steps, _again = _stacks(query, author)
    return steps[-1] if steps else None


def can_redo(query: Query, author: str) -> Step | None:
    """The undoing step that `redo` would take back."""
    _done, steps = _stacks(query, author)
    return steps[-1] if steps else None


def _stacks(query: Query, author: str) -> tuple[list[Step], list[Step]]:
    """The author's steps that can be undone, and the undoing steps that can be redone, newest last."""
    done: list[Step] = []
    undone: list[Step] = []
    here = query.kept(ACTOR)
    for step in reversed(query.steps(_REACH)):
        if step.author != author or step.edits[0].actor != here or _is_final(query, step):
            continue
        if not step.undoes:
            done.append(step)
            undone.clear()
        elif done and done[-1].id == step.undoes:
            done.pop()
            undone.append(step)
        elif undone and undone[-1].id == step.undoes:
            undone.pop()
            done.append(step)
    return done, undone


def _is_final(query: Query, step: Step) -> bool:
    """True for what is answered by a next entry; also when it decided between desks: which was before?"""
    return step.touches(*_FINAL) or any(_decides(query, edit) for edit in step.edits if len(edit.over) > 1)


def _decides(query: Query, edit: Edit) -> bool:
    return len({body_of({"value": query.edit(old).value}) for old in edit.over}) > 1


def _take_back(tx: Tx, step: Step, label: str) -> Step:
    tx.take_back(step, label)
    by_record: dict[str, list[Edit]] = {}
    for edit in step.edits:
        by_record.setdefault(edit.record, []).append(edit)
    for record_id, edits in by_record.items():
        _take_back_record(tx, record_id, edits)
    return step


def _take_back_record(tx: Tx, record_id: str, edits: list[Edit]) -> None:
    kind = KINDS[edits[0].kind]
    standing = tx.standing(record_id)
    last = {edit.field: edit for edit in edits}
    if any(not _stands(tx, edit, standing[name]) for name, edit in last.items()):
        raise UserError(
            _("This step cannot be undone: the entry was changed since."),
            hint=_("Nothing was changed now. Amend the entry by hand."),
        )
    record = tx.get(kind, record_id)
    if any(not edit.over and edit.field in required(kind) for edit in edits):  # it was made in this step
        tx.strike(record)
        return
    first = {edit.field: edit for edit in reversed(edits)}
    tx.put(replace(record, **{name: _before(tx, kind, edit) for name, edit in first.items()}))


def _stands(tx: Tx, edit: Edit, heads: list[Edit]) -> bool:
    """True while the field holds what this edit said, perhaps by way of steps taken back since."""
    if len(heads) != 1:
        return False
    return heads[0].id == edit.id or _meant(tx, heads[0]) == _meant(tx, edit)


def _meant(tx: Tx, edit: Edit) -> str:
    """The edit whose value a reversing edit brought back: two before it, for it stands on what it undid."""
    while edit.undoes:
        undone = tx.edit(edit.over[0]) if edit.over else None
        if undone is None or not undone.over:
            return ""
        edit = tx.edit(undone.over[0])
    return edit.id


def _before(tx: Tx, kind: type[Record], edit: Edit) -> Any:
    """What the field held before this edit."""
    if not edit.over:
        return defaults(kind)[edit.field]
    return from_json(kind, edit.field, tx.edit(edit.over[0]).value)
