"""An operation opens wherever its folder lies, or says why it cannot; it never opens another's file."""

import pytest

from gis.errors import UserError
from gis.model.incident import Incident
from gis.store import Operation, Store
from tests.build import SIX, an_incident

FILES = [".desk", "desk.gpkg", "readings.sqlite", "reserve", "tip"]


def made(folder, clock):
    return Store.create(folder, Operation("Seruni", SIX), clock=clock, author="R. Sari")


@pytest.fixture
def closed(tmp_path, clock):
    folder = tmp_path / "flood.kentongan"
    made(folder, clock).close()
    return folder


@pytest.mark.parametrize("name", ["banjir?", "posko #3", "100%20", "%", "file:x", "ruang-漢 ñ", "a&mode=ro"])
def test_a_folder_may_have_any_name(tmp_path, clock, name):
    folder = tmp_path / name / f"{name}.kentongan"
    first = made(folder, clock)
    with first.writing("Log") as tx:
        tx.put(an_incident())
    first.close()
    again = Store.open(folder, clock=clock, author="R. Sari")
    with again.reading() as query:
        assert len(query.find(Incident)) == 1
    again.close()
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_two_operations_whose_names_differ_after_a_question_mark_stay_apart(tmp_path, clock):
    one, two = (made(tmp_path / f"apa?{n}.kentongan", clock) for n in (1, 2))
    with one.writing("Log") as tx:
        tx.put(an_incident())
    with two.reading() as query:
        assert query.find(Incident) == []
    one.close()
    two.close()


def test_where_nothing_can_be_written_no_operation_is_made(tmp_path, clock):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(UserError, match="could not be made"):
        made(tmp_path / "taken" / "flood.kentongan", clock)


def test_a_folder_copied_without_its_readings_is_refused_and_left_alone(closed, clock):
    (closed / "readings.sqlite").unlink()
    with pytest.raises(UserError, match=r"readings\.sqlite is missing"):
        Store.open(closed, clock=clock, author="R. Sari")
    assert sorted(path.name for path in closed.iterdir()) == [".desk", "desk.gpkg", "reserve"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_damaged_readings_are_refused_with_a_reason(closed, clock, content):
    (closed / "readings.sqlite").write_bytes(content)
    with pytest.raises(UserError, match="cannot be read as an operation"):
        Store.open(closed, clock=clock, author="R. Sari")


@pytest.mark.parametrize("name", ["desk.gpkg-wal", "readings.sqlite-wal"])
def test_a_file_that_we_may_not_have_is_not_called_damaged(closed, clock, name):
    (closed / name).mkdir()  # no log can be written there
    with pytest.raises(UserError, match="cannot be opened for writing"):
        Store.open(closed, clock=clock, author="R. Sari")


def test_a_folder_that_cannot_be_sat_down_in_is_refused_in_words_and_let_go(closed, clock):
    (closed / ".desk").rename(closed / "was")
    (closed / ".desk").write_text("in the way")
    with pytest.raises(UserError, match=r"cannot be opened for writing: .*\.desk") as refused:
        Store.open(closed, clock=clock, author="R. Sari")
    assert "unharmed" in refused.value.hint
    (closed / ".desk").unlink()
    Store.open(closed, clock=clock, author="R. Sari").close()
    assert not list(closed.glob("*-wal")), "an open connection was left behind"
