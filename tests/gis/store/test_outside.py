"""Other programs change the desk's tables; the desk notices, and a person decides."""

import subprocess
from dataclasses import replace

import pytest
from shapely import Point

from gis.model.incident import Incident, Severity
from gis.progress import Progress
from gis.store import checkup
from gis.store.adopting import adopt, put_back
from gis.store.tables.engine import open_blank
from tests import needs
from tests.build import an_incident
from tests.elsewhere import python

APPEND = """
import sys, geopandas
from datetime import datetime, UTC
from shapely import Point
row = {"id": "from-outside", "void": False, "number": "Q-0001", "code": "fl", "text": "Drawn in QGIS",
       "severity": "Severe", "reported_at": datetime(2026, 3, 14, 7, tzinfo=UTC), "where": "",
       "source": "GIS cell", "confidence": "reported", "status": "reported"}
frame = geopandas.GeoDataFrame([row], geometry=[Point(116.7, -8.2)], crs=4326)
frame.to_file(sys.argv[1], layer="incidents", mode="a", engine="pyogrio")
"""


@pytest.fixture
def busy(store):
    with store.writing("Log") as tx:
        for n in range(3):
            tx.put(an_incident(number=f"I-{n:04}", text=f"House {n}", affected=n))
    return store


def sql(store, statement):
    """Another program writes; that it can is what GeoPackage is for."""
    done = subprocess.run(
        [needs.program("ogrinfo"), "-q", store.folder / "desk.gpkg", "-sql", statement],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr


def append(store):
    python("-W", "ignore", "-c", APPEND, store.folder / "desk.gpkg")


def seen(store):
    with store.reading() as query:
        return query.outside()


def named(store):
    with store.reading() as query:
        return {incident.number: incident for incident in query.find(Incident, void=None)}


def is_whole(store):
    with store.reading() as query:
        assert query.broken() is None
        assert not query.touched_outside()
    assert checkup.faults(store.folder) == []
    before = named(store)
    store.rebuild(Progress())
    assert named(store) == before


def test_our_own_steps_leave_no_trace_of_others(busy):
    with busy.writing("Amend") as tx:
        tx.put(replace(tx.find(Incident)[0], text="Waist high"))
    busy.rebuild(Progress())
    with busy.reading() as query:
        assert not query.touched_outside()


def test_a_value_changed_by_another_program_becomes_an_edit_of_this_desk(busy):
    sql(busy, "UPDATE incidents SET text = 'Roof high', affected = 40 WHERE number = 'I-0001'")
    (foreign,) = seen(busy)
    assert [(said.field, said.before, said.after) for said in foreign.fields] == [
        ("text", "House 1", "Roof high"),
        ("affected", 1, 40),
    ]
    with busy.writing("Take over") as tx:
        assert adopt(tx) == []
    assert named(busy)["I-0001"].text == "Roof high"
    with busy.reading() as query:
        step = query.steps(1)[0]
    assert (step.label, step.author, {edit.field for edit in step.edits}) == (
        "Take over",
        "R. Sari",
        {"text", "affected"},
    )
    is_whole(busy)


def test_put_back_makes_the_table_what_the_journal_says(busy):
    before = named(busy)
    sql(busy, "UPDATE incidents SET text = 'Nonsense' WHERE number = 'I-0000'")
    sql(busy, "DELETE FROM incidents WHERE number = 'I-0002'")
    append(busy)
    assert named(busy) != before
    with busy.writing("Put back") as tx:
        assert put_back(tx) == 3
    assert named(busy) == before
    is_whole(busy)


def test_a_row_taken_away_is_struck_out_and_not_lost(busy):
    sql(busy, "DELETE FROM incidents WHERE number = 'I-0002'")
    (foreign,) = seen(busy)
    assert foreign.is_gone
    assert "1 record " in " ".join(checkup.faults(busy.folder))
    with busy.writing("Take over") as tx:
        adopt(tx)
    assert named(busy)["I-0002"].void
    is_whole(busy)


def test_a_row_drawn_in_another_program_becomes_an_incident(busy):
    append(busy)
    (foreign,) = seen(busy)
    assert foreign.is_new
    assert foreign.problem == ""
    with busy.writing("Take over") as tx:
        adopt(tx)
    drawn = named(busy)["Q-0001"]
    assert (drawn.text, drawn.severity, drawn.place, drawn.source) == (
        "Drawn in QGIS",
        Severity.SEVERE,
        Point(116.7, -8.2),
        "GIS cell",
    )
    is_whole(busy)


def test_a_number_that_a_foreign_row_took_is_made_free_for_our_next_entry(busy):
    with busy.reading() as query:
        following = query.upto() + 1
    append(busy)
    sql(busy, f"UPDATE incidents SET fid = {following} WHERE id = 'from-outside'")
    with busy.writing("Log") as tx:
        tx.put(an_incident(number="I-0100", text="Ours"))
    assert {"I-0100", "Q-0001"} <= named(busy).keys()
    (foreign,) = seen(busy)
    assert (foreign.record_id, foreign.is_new) == ("from-outside", True)
    with busy.writing("Take over") as tx:
        adopt(tx)
    assert {"I-0100", "Q-0001"} <= named(busy).keys()
    is_whole(busy)


def test_what_was_changed_while_the_desk_was_closed_is_noticed_at_the_next_start(busy, clock):
    busy.close()
    sql(busy, "UPDATE incidents SET severity = 'Extreme' WHERE number = 'I-0001'")
    again = type(busy).open(busy.folder, clock=clock, author="R. Sari")
    (foreign,) = seen(again)
    assert [said.field for said in foreign.fields] == ["severity"]
    with again.writing("Take over") as tx:
        adopt(tx)
    assert named(again)["I-0001"].severity is Severity.EXTREME
    is_whole(again)
    again.close()


HOSTILE = {
    "a word that is none": "UPDATE incidents SET severity = 'foo' WHERE number = 'I-0001'",
    "a time that is none": "UPDATE incidents SET reported_at = 'yesterday' WHERE number = 'I-0001'",
    "a time without an offset": "UPDATE incidents SET reported_at = '2026-03-14T06:00:00' WHERE affected = 1",
    "a number that is text": "UPDATE incidents SET affected = 'many' WHERE number = 'I-0001'",
    "another id": "UPDATE incidents SET id = 'stolen' WHERE number = 'I-0001'",
    "another number in the table": "UPDATE incidents SET fid = 4711 WHERE number = 'I-0001'",
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_taken_over_is_shown_harms_nobody_and_can_only_be_put_back(busy, statement):
    before = named(busy)
    sql(busy, statement)
    assert before.items() >= {k: v for k, v in named(busy).items() if k != "I-0001"}.items()
    assert [foreign.problem != "" for foreign in seen(busy)] == [True] * len(seen(busy))
    assert seen(busy)
    with busy.writing("Take over") as tx:
        assert adopt(tx)
    assert seen(busy), "it still waits for a decision"
    with busy.writing("Put back") as tx:
        put_back(tx)
    assert named(busy) == before
    is_whole(busy)


def test_a_row_damaged_behind_every_trigger_is_named_by_the_checkup_and_mended_by_a_rebuild(busy):
    before = named(busy)
    busy.close()
    raw = open_blank(busy.folder / "desk.gpkg")
    with raw.begin() as desk:
        desk.exec_driver_sql("UPDATE incidents SET severity = 'foo' WHERE number = 'I-0001'")
    raw.dispose()
    (fault,) = checkup.faults(busy.folder)
    assert "1 record" in fault
    again = type(busy).open(busy.folder, clock=busy.clock, author="R. Sari")
    assert named(again) == before, "the journal tells what the row cannot"
    again.rebuild(Progress())
    assert checkup.faults(again.folder) == []
    again.close()
