"""Plausible faults of the journal, each with the proof that has to find it."""

from typing import NamedTuple

ONE_BY_ONE = "test_shapes.py::test_edits_that_come_one_at_a_time_in_any_order_come_to_the_same"
CLAIMED = "test_shapes.py::test_what_an_edit_names_of_another_thing_it_does_not_replace"
PARTED = "test_shapes.py::test_a_folder_worked_in_on_both_sides_loses_nothing_and_says_so"
DELIVERED = "test_delivery.py::test_when_all_have_met_all_agree_and_nothing_acknowledged_is_gone"
DECIDED = "test_delivery.py::test_two_decisions_made_apart_are_a_question_again"
NIGHT = "test_machine.py"
TAMPERED = "test_tampering.py"
PACKED = "test_packages.py"


class Mutant(NamedTuple):
    name: str
    file: str
    old: str
    new: str
    proof: str


J, H = "gis/store/journal/__init__.py", "gis/store/history.py"
MUTANTS = (
    Mutant("a late ancestor stands again", J, "untils.setdefault(row.edit, row.n)", "pass", ONE_BY_ONE),
    Mutant(
        "the last writer wins", J, "until = ? WHERE edit = ? AND", "until = ? WHERE ? <> '' AND", ONE_BY_ONE
    ),
    Mutant(
        "an actor's number is taken for the edit",
        J,
        "for edit in edits if edit.id not in here}",
        "for edit in edits if edit.id not in here and not connection.scalar(select(schema.journal.c.n).where("
        "schema.journal.c.actor == edit.actor, schema.journal.c.seq == edit.seq))}",
        PARTED,
    ),
    Mutant(
        "what came first is shown",
        J,
        "sorted(edits, key=lambda e: (time_text(e.at), e.id), reverse=True)",
        "list(edits)",
        DECIDED,
    ),
    Mutant(
        "what is dated in the far future is dropped",
        J,
        "for edit in edits if edit.id not in here}",
        "for edit in edits if edit.id not in here and edit.at.year < 2028}",
        DELIVERED,
    ),
    Mutant("the last that replaced it counts", J, "untils[old] = min(", "untils[old] = max(", DELIVERED),
    Mutant("an id is one thing whatever its kind", J, "? AND kind = ? AND", "? AND ? <> '' AND", CLAIMED),
    Mutant(
        "an edit in one package replaces what it names",
        J,
        "elif addresses[old] == edit.address:",
        "else:",
        CLAIMED,
    ),
    Mutant(
        "who is awaited is forgotten to be here",
        J,
        "DELETE FROM journal_awaited WHERE edit IN",
        "DELETE FROM journal_awaited WHERE 0 AND edit IN",
        ONE_BY_ONE,
    ),
    Mutant("every edit opens a step", J, "opens = edit.step not in opened", "opens = True", ONE_BY_ONE),
    Mutant(
        "a decision leaves the question",
        J,
        "if begun or connection.scalar(_ANY_DISPUTE, records):",
        "if begun:",
        DECIDED,
    ),
    Mutant(
        "a fork is another entry",
        J,
        "chain[2] = min(seq, chain[2] or seq)",
        "chain[1] = (chain[1] or 0) + 1",
        PARTED,
    ),
    Mutant(
        "only one of the rivals is covered",
        "gis/store/tx.py",
        "value, standing.get(field, ()))",
        "value, [*standing.get(field, ())][:1])",
        DECIDED,
    ),
    Mutant(
        "the past shows what was replaced",
        "gis/store/past.py",
        "AND j.n <= :number AND (j.until IS NULL OR j.until > :number)",
        "AND j.n <= :number",
        NIGHT,
    ),
    Mutant(
        "the past is told by number alone",
        "gis/store/journal/ledger.py",
        "order_by(table.c.received_at.desc(), table.c.n.desc())",
        "order_by(table.c.n.desc())",
        NIGHT,
    ),
    Mutant(
        "undo brings back the present",
        H,
        "Past(tx, tx.at, act.number - 1)\n    tx.take",
        "Past(tx, tx.at)\n    tx.take",
        NIGHT,
    ),
    Mutant("undo overwrites what others did", H, "if head.id in wanted:", "if head.id:", NIGHT),
    Mutant("undo decides a question in silence", H, "_rival_values(then.get(field, ())) or ", "", NIGHT),
    Mutant(
        "what was erased comes back",
        "gis/store/journal/personal.py",
        "ON CONFLICT (name) DO NOTHING",
        "ON CONFLICT (name) DO UPDATE SET salt = excluded.salt, value = excluded.value",
        NIGHT,
    ),
    Mutant(
        "the entry before is not looked for",
        "gis/store/journal/proof.py",
        "AND j.arrival IS NULL AND j.seq > 1",
        "AND 0",
        TAMPERED,
    ),
    Mutant(
        "the columns are not compared",
        "gis/store/journal/proof.py",
        "label IS body ->> 'label'",
        "1",
        TAMPERED,
    ),
    Mutant(
        "made again, a newer format stands", "gis/store/derive.py", "THEN n ELSE", "THEN NULL ELSE", PACKED
    ),
    Mutant("what is withheld is sent", "gis/sync/package.py", " if personal else []", "", PACKED),
    Mutant(
        "private words lost on the way are not missed",
        "gis/sync/package.py",
        "if manifest.private and",
        "if 0 and",
        PACKED,
    ),
)
BOUNDED = (
    "a late ancestor stands again",
    "the last writer wins",
    "an actor's number is taken for the edit",
    "what came first is shown",
    "what is dated in the far future is dropped",
    "the last that replaced it counts",
    "an id is one thing whatever its kind",
    "who is awaited is forgotten to be here",
    "a decision leaves the question",
    "a fork is another entry",
    "only one of the rivals is covered",
    "the past shows what was replaced",
    "undo brings back the present",
    "what was erased comes back",
    "the entry before is not looked for",
    "made again, a newer format stands",
    "what is withheld is sent",
)
