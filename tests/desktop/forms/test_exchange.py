"""The form for packages says what would happen before it happens, and asks what a person must decide."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.forms.exchange import ExchangeForm
from gis.store.journal.edit import body_of, read
from gis.store.questions import Conflict
from gis.sync.exchange import Plan, Received
from gis.sync.package import Manifest
from tests.build import an_incident

MANIFEST = Manifest("Seruni", "T", "a1", "Team 3", "2026-03-14T06:00:00.000Z", False, 3, "00")


@pytest.fixture
def form(qtbot):
    made = ExchangeForm(ZoneInfo("Asia/Makassar"))
    qtbot.addWidget(made)
    made.show()
    return made


def an_edit(who, value):
    texts = {"actor": who, "prev": "", "step": who, "label": "Amend", "who": who, "field": "text"}
    rest = {"v": 1, "seq": 1, "kind": "Incident", "record": "r", "value": value, "over": []}
    values = texts | rest | {"at": "2026-03-14T06:00:00.000Z"}
    return read(body_of(values))


def test_a_package_is_shown_before_anything_is_written(form, qtbot):
    form.preview(Path("team.kentongan-package"), MANIFEST, Plan(14, 2, 1, 1, 0))
    assert "Team 3" in form.words.text()
    assert "New here: 1. Changed: 1. Entries already here: 2." in form.words.text()
    assert "T06:00:00.000Z" not in form.words.text()
    with qtbot.waitSignal(form.take_in):
        qtbot.mouseClick(form.accept, Qt.MouseButton.LeftButton)


def test_a_package_that_was_here_before_offers_nothing_to_take(form):
    form.preview(Path("team.kentongan-package"), MANIFEST, Plan(0, 14, 0, 0, 0))
    assert not form.accept.isVisible()
    assert "here already" in form.words.text()


def test_both_values_of_a_conflict_are_shown_with_who_said_them_and_one_is_chosen(form, qtbot):
    ours, theirs = an_edit("R. Sari", "Knee high"), an_edit("Team 3", "<b>Chest high</b>")
    conflict = Conflict("Incident", "r", "text", (ours, theirs))
    form.taken(Received(1, 0, (conflict,), 0))
    form.ask([("I-0007", conflict)], {})
    said = " ".join(label.text() for label in form.findChildren(QLabel))
    assert "I-0007, what: which value is right?" in said
    assert "R. Sari" in said
    assert "<b>Chest high</b>" in said
    keep = [b for b in form.findChildren(QPushButton) if b.text() == "Keep this"]
    with qtbot.waitSignal(form.decided) as told:
        qtbot.mouseClick(keep[1], Qt.MouseButton.LeftButton)
    assert told.args == [conflict, theirs]


def test_once_decided_the_question_is_gone(form, qtbot):
    conflict = Conflict("Incident", "r", "text", (an_edit("a", "x"), an_edit("b", "y")))
    form.ask([("I-0007", conflict)], {})
    form.ask([], {})
    qtbot.waitUntil(lambda: not [b for b in form.findChildren(QPushButton) if b.text() == "Keep this"])


def test_a_gap_is_told(form):
    form.taken(Received(3, 0, (), 5))
    assert "5 earlier entries have not arrived" in form.words.text()


def test_numbers_that_two_would_carry_are_named_before_and_after(form):
    twice = ("I-0001", "I-0002")
    form.preview(Path("team.kentongan-package"), MANIFEST, Plan(14, 2, 1, 1, 0, twice))
    assert "Numbers given twice: I-0001, I-0002." in form.words.text()
    form.taken(Received(3, 0, (), 0, twice, letters="IKM"))
    assert "Numbers given twice: I-0001, I-0002." in form.words.text()
    assert "New numbers here begin with IKM." in form.words.text()


def test_which_of_two_gets_a_new_number_is_asked(form, qtbot):
    market, bridge = an_incident(where="Market"), an_incident(where="<b>Bridge</b>")
    form.ask([], {"I-0001": [market, bridge]})
    said = " ".join(label.text() for label in form.findChildren(QLabel))
    assert "I-0001 was given more than once: which incident gets a new number?" in said
    assert "<b>Bridge</b>: Water knee high  —  reported 2026-03-14 14:00 +08:00" in said
    buttons = [b for b in form.findChildren(QPushButton) if b.text() == "New number"]
    with qtbot.waitSignal(form.renumber) as told:
        qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert told.args == [bridge]
