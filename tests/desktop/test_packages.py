"""Packages at the window: what the form says follows what is done with what came in."""

from gis.clock import ManualClock
from gis.model.incident import Severity
from gis.ops import incidents
from gis.store import Operation, Store
from gis.sync.package import SUFFIX, pack
from tests.build import SIX


def test_the_form_says_when_what_it_took_in_is_undone_and_when_it_is_done_again(sitting, tmp_path):
    about = Operation("Muara Seruni", SIX, timezone="Asia/Makassar")
    team = Store.create(tmp_path / "team.kentongan", about, clock=ManualClock(SIX), author="Team B")
    team.write("Log", lambda tx: incidents.log(tx, "fl", "boat at the bridge", Severity.MINOR))
    packed = pack(team, tmp_path / f"team{SUFFIX}")
    team.close()
    form, notices = sitting.desk.packages._form, sitting.desk.ground.notices
    sitting.desk.packages.look_into(packed.path)
    sitting.wait(form.accept.isVisible)
    form.accept.click()
    sitting.wait(lambda: "entries taken in." in form.words.text())
    sitting.wait(lambda: notices.answer.text() == "Undo")
    notices.answer.click()
    sitting.wait(lambda: "was undone" in form.words.text())
    assert "taken in." not in form.words.text()
    sitting.desk.steps.redo()
    sitting.wait(lambda: "entries taken in." in form.words.text())
    sitting.desk.packages.open()
    sitting.desk.steps.undo()
    sitting.wait(lambda: "Undone" in sitting.window.regions.status.news.text())
    assert "A package carries" in form.words.text()
