"""Whoever edits the journal with another program, be it one byte, is found out, and the entry is named."""

import json
import random
import shutil
import subprocess
import sys

import pytest

from gis.store.journal import proof
from gis.store.tables.engine import open_readers
from tests.architecture.source import ROOT
from tests.proof.bounds import TORTURE
from tests.proof.desks import Desk, room, statement
from tests.proof.oracle import heard
from tests.proof.test_delivery import WHOLE

COLUMNS = ("edit", "actor", "step", "at", "who", "label", "kind", "record", "field")


@pytest.fixture(scope="module")
def city(blank):
    """A journal with what was written here, two years apart, and what came from elsewhere."""
    with room() as folder:
        desk = Desk(blank, folder, "city")
        desk.write("Incident", "one", **WHOLE["Incident"])
        desk.now(700)
        desk.write("Incident", "one", text="Água até o joelho", affected=3)
        desk.take(
            [statement(("Note", "n", "text"), "elsewhere", at="2026-03-14T13:00:00+07:00", label="Nota")]
        )
        desk.agree()
        desk.store.close()
        yield desk


def after(city, changes):
    """What the proof says of a copy of the journal, change by change: [statement, parameters]."""
    with room() as folder:
        lines = []
        for n, change in enumerate(changes):
            shutil.copy(city.folder / "desk.gpkg", folder / f"{n}.gpkg")
            lines.append(json.dumps([f"{n}.gpkg", *change]))
        hand = [sys.executable, "-m", "tests.proof.hand", str(folder)]
        subprocess.run(hand, cwd=ROOT, input="\n".join(lines), text=True, check=True)
        said = []
        for n in range(len(lines)):
            views = open_readers(folder / f"{n}.gpkg")
            with views.begin() as desk:
                said.append(proof.broken(desk))
            views.dispose()
        return said


def turned(raw, at):
    return {"hex": (raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]).hex()}


def test_the_copy_that_nobody_changed_is_whole(city):
    assert after(city, [["UPDATE journal SET n = n"]]) == [None]


def test_a_single_altered_byte_of_any_body_is_named(city):
    rnd, changes, names = random.Random(7), [], []
    for n, each in enumerate(city.mind.came, 1):
        raw = each.said.body.encode()
        for at in range(len(raw)) if TORTURE else rnd.sample(range(len(raw)), 7):
            changes.append(["UPDATE journal SET body = CAST(? AS TEXT) WHERE n = ?", turned(raw, at), n])
            names.append(each.said.name)
    assert after(city, changes) == names


@pytest.mark.parametrize("column", COLUMNS)
def test_a_single_altered_byte_beside_any_body_is_named(city, column):
    values = [json.loads(each.said.body) | {"edit": each.said.name} for each in city.mind.came]
    values[-1]["at"] = "2026-03-14T06:00:00.000Z"
    rnd, changes, names = random.Random(7), [], []
    for n, value in enumerate(values, 1):
        raw = value[column].encode()
        for at in range(len(raw)) if TORTURE else rnd.sample(range(len(raw)), 1):
            put = turned(raw, at)
            changes.append([f"UPDATE journal SET {column} = CAST(? AS TEXT) WHERE n = ?", put, n])
            there = bytes.fromhex(put["hex"]).decode("utf-8", "replace")
            names.append(there if column == "edit" else value["edit"])
    assert after(city, changes) == names


def test_another_number_another_kind_of_value_and_no_value_are_named(city):
    names = [each.said.name for each in city.mind.came]
    changes = [
        ["UPDATE journal SET seq = seq + 100 WHERE n = 2"],
        ["UPDATE journal SET body = CAST(body AS BLOB) WHERE n = 3"],
        ["UPDATE journal SET body = '' WHERE n = 4"],
        ["UPDATE journal SET body = '[1' WHERE n = 1"],
    ]
    assert after(city, changes) == [names[1], names[2], names[3], names[0]]


def test_an_entry_taken_out_of_the_middle_is_noticed(city):
    names = [each.said.name for each in city.mind.came]
    count = len(names) - 1  # the last came from elsewhere
    taken = [["DELETE FROM journal WHERE n = ?", n] for n in range(1, count)]
    assert after(city, taken) == names[1:count]


def test_a_body_and_its_name_made_up_together_break_the_chain(city):
    names = [each.said.name for each in city.mind.came]
    forged = city.mind.came[2].said.body.replace("Water", "Quiet")
    assert forged != city.mind.came[2].said.body
    change = ["UPDATE journal SET body = ?, edit = ? WHERE n = 3", forged, heard(forged).name]
    assert after(city, [change]) == [heard(forged).name]
    assert heard(forged).name not in names
