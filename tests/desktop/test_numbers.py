"""Numbers of incidents at the window: one long closed is found, one given twice is said and put right."""

import shutil

import pytest
from PySide6.QtWidgets import QPushButton

from gis.clock import ManualClock
from gis.model.incident import Note, Severity
from gis.ops import incidents
from gis.store import Operation, Store
from gis.sync.package import SUFFIX, pack
from tests.build import SIX
from tests.desktop.conftest import Sitting


def test_a_long_closed_incident_is_added_to_by_its_number(sitting):
    first = sitting.incidents()[0]
    sitting.desk.store.write("Close", lambda tx: incidents.close(tx, first.id))
    sitting.press("type:i1 water is back", "Return")
    sitting.wait(lambda: [note.incident_id for note in sitting.records(Note)] == [first.id])


def test_a_copied_operation_says_how_it_counts_until_it_has_counted(qtbot, store, tmp_path, appearance):
    store.write("Log", lambda tx: incidents.log(tx, "fl", "before", Severity.MINOR))
    store.close()
    folder = shutil.copytree(store.folder, tmp_path / "copy.kentongan")
    for told in (True, False):
        copy = Store.open(folder, clock=store.clock, author="RS")
        sitting = Sitting(qtbot, copy, appearance)
        assert ("are numbered I" in sitting.window.regions.status.news.text()) == told
        copy.write("Log", lambda tx: incidents.log(tx, "fl", "after", Severity.MINOR))
        sitting.window.close()


@pytest.fixture
def package(tmp_path):
    """What a team wrote under the letter that is this desk's too."""
    about = Operation("Muara Seruni", SIX, timezone="Asia/Makassar")
    team = Store.create(tmp_path / "team.kentongan", about, clock=ManualClock(SIX), author="Team B")
    team.write("Log", lambda tx: incidents.log(tx, "fl", "boat at the bridge", Severity.MINOR))
    packed = pack(team, tmp_path / f"team{SUFFIX}")
    team.close()
    return packed.path


def shown(sitting):
    table = sitting.panels.incidents.table.records
    return sorted(table.data(table.index(row, 1)) for row in range(table.rowCount()))


def test_a_number_given_twice_is_said_marked_and_put_right(sitting, package):
    form = sitting.desk.packages._form
    sitting.desk.packages.open()
    sitting.desk.packages.look_into(package)
    sitting.wait(lambda: "Numbers given twice: I-0001." in form.words.text())
    form.accept.click()
    sitting.wait(lambda: shown(sitting) == ["I-0001 ×2", "I-0001 ×2", "I-0002", "I-0003"])
    assert "New numbers here begin with I" in form.words.text()
    bridge = sitting.incidents()[-1]
    sitting.desk.work.open_incident(bridge.id)
    assert "given twice, also to: Pasar Lama: knee deep" in sitting.panels.detail.text.toPlainText()
    sitting.wait(lambda: len(new_numbers(form)) == 2)
    new_numbers(form)[1].click()
    sitting.wait(lambda: shown(sitting)[:3] == ["I-0001", "I-0002", "I-0003"])
    renumbered = sitting.incidents()[-1]
    assert renumbered.id == bridge.id
    assert renumbered.number.endswith("-0001")
    sitting.wait(lambda: not new_numbers(form))
    sitting.press("Ctrl+F", "type:I-0001")
    sitting.wait(lambda: sitting.panels.incidents.table.records.row_of(bridge.id) >= 0)
    sitting.wait(lambda: len(shown(sitting)) == 2)


def new_numbers(form):
    return [b for b in form.findChildren(QPushButton) if b.text() == "New number"]
