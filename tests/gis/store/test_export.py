"""One file that leaves the desk, for any program, with nothing in it that should have stayed."""

import json
from datetime import timedelta

import pytest

from gis.errors import Cancelled, UserError
from gis.model.incident import Incident
from gis.model.record import Quality, Reading
from gis.progress import Progress
from gis.store.export import export
from gis.store.journal.edit import body_of, read
from tests import needs
from tests.build import SIX, a_gauge, an_incident
from tests.elsewhere import check_geopackage, python
from tests.rooms import in_a_small_room

READ = """
import json, sys, pyogrio
layers = sorted(name for name, _kind in pyogrio.list_layers(sys.argv[1]).tolist())
rows = pyogrio.read_dataframe(sys.argv[1], layer="readings", datetime_as_string=True)
incidents = pyogrio.read_dataframe(sys.argv[1], layer="incidents")
print(json.dumps([layers, rows.values.tolist(), incidents.text.tolist()]))
"""

FULL = """
import sys
from pathlib import Path
from gis.clock import SystemClock
from gis.errors import UserError
from gis.progress import Progress
from gis.store import Store
from gis.store.export import export

place = Path(sys.argv[1])
out = place / "stick" / "out.gpkg"
out.write_bytes(b"old")
store = Store.open(place / "flood.kentongan", clock=SystemClock(), author="")
try:
    export(store, out, Progress())
except UserError as error:
    print(error, [path.name for path in out.parent.iterdir()], out.read_bytes())
store.close()
"""


@pytest.fixture
def gauge(store):
    gauge, later = a_gauge(), SIX + timedelta(minutes=10, milliseconds=5)
    with store.writing("Set up") as tx:
        tx.put(gauge)
        tx.put(an_incident(text="Water knee high", source="Ibu Wati 0812-555-0199"))
        tx.keep("view", {"secret": "what the desk keeps for itself"})
        tx.append(
            [
                Reading(gauge.id, SIX, 1.25),
                Reading(gauge.id, later, 9.5, Quality.SPIKE | Quality.RANGE),
                Reading("a-sensor-nobody-registered", SIX, 7.0),
            ]
        )
    return gauge


def test_the_checker_finds_nothing_wrong_and_readings_are_rows(store, gauge, tmp_path):
    made = export(store, tmp_path / "out.gpkg", Progress())
    check_geopackage(made)
    layers, rows, texts = json.loads(python("-c", READ, made))
    assert texts == ["Water knee high"]
    assert {"incidents", "sensors", "journal", "readings"} <= {*layers}
    assert sorted(rows) == sorted(
        [
            [gauge.id, "KALI-3", "2026-03-14T06:00:00Z", 1.25, "m", "good"],
            [gauge.id, "KALI-3", "2026-03-14T06:10:00.005Z", 9.5, "m", "range spike"],
            ["a-sensor-nobody-registered", "", "2026-03-14T06:00:00Z", 7.0, "", "good"],
        ]
    )


def test_it_opens_from_a_folder_nobody_may_write_to(store, gauge, tmp_path):
    made = export(store, tmp_path / "out.gpkg", Progress())
    assert made.read_bytes()[18:20] == b"\x01\x01"  # rollback mode: no log beside it is looked for
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flood.kentongan", "out.gpkg"]


def test_no_byte_of_what_stays_at_the_desk_is_in_the_file(store, gauge, tmp_path):
    content = export(store, tmp_path / "out.gpkg", Progress()).read_bytes()
    for stays in (b"what the desk keeps for itself", b"0812-555-0199"):
        assert stays not in content
    assert b"Water knee high" in content


def test_personal_values_go_along_when_asked_for(store, gauge, tmp_path):
    made = export(store, tmp_path / "out.gpkg", Progress(), personal=True)
    assert b"0812-555-0199" in made.read_bytes()
    check_geopackage(made)


def test_many_readings_go_in_slices_and_can_be_stopped_with_the_old_file_untouched(store, gauge, tmp_path):
    with store.writing("Readings") as tx:
        tx.append([Reading(gauge.id, SIX + timedelta(seconds=n), n / 10) for n in range(1, 45_000)])
    out = tmp_path / "out.gpkg"
    out.write_bytes(b"the old one")
    notes = []

    def stop(_done, _total, note):
        notes.append(note)
        if "rows" in note:
            progress.cancel()

    progress = Progress(stop)
    with pytest.raises(Cancelled):
        export(store, out, progress)
    assert out.read_bytes() == b"the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flood.kentongan", "out.gpkg"]
    export(store, out, Progress())
    _layers, rows, _texts = json.loads(python("-c", READ, out))
    assert len(rows) == 45_002


def test_a_place_inside_an_operation_is_refused(store, tmp_path):
    with pytest.raises(UserError, match="cannot be written there"):
        export(store, store.folder / "out.gpkg", Progress())
    with pytest.raises(UserError, match="cannot be written there"):
        export(store, tmp_path / "nowhere" / "out.gpkg", Progress())


def test_the_desk_writes_on_while_it_is_exported(store, gauge, tmp_path):
    def write(*_said):
        with store.writing("Log") as tx:
            tx.put(an_incident(text="meanwhile"))

    export(store, tmp_path / "out.gpkg", Progress(write))
    with store.reading() as query:
        assert query.broken() is None


@needs.linux
def test_a_full_disk_leaves_the_old_export_and_no_part(store, gauge, tmp_path):
    (tmp_path / "stick").mkdir()
    with store.writing("Fill") as tx:
        for n in range(500):
            tx.put(an_incident(number=f"I-{n}", text="x" * 900))
    store.close()
    said = in_a_small_room(tmp_path / "stick", "1m", "-c", FULL, tmp_path)
    assert "full" in said
    assert "['out.gpkg'] b'old'" in said


def test_what_an_earlier_version_wrote_of_a_caller_stays_here_too(store, gauge, tmp_path):
    """Its edits hold the value itself; ours hold a name for it."""
    with store.reading() as query:
        (incident,) = query.find(Incident)
        (edit,) = query.standing("Incident", incident.id)["source"]
    said = json.loads(edit.body) | {"actor": "an older desk", "seq": 1, "prev": "", "over": [edit.id]}
    with store.writing("Take in a package") as tx:
        tx.receive([read(body_of(said | {"value": "Pak Budi 0813"}))])
        assert tx.get(Incident, incident.id).source == "Pak Budi 0813"
    assert b"Pak Budi" not in export(store, tmp_path / "out.gpkg", Progress()).read_bytes()
    assert b"Pak Budi" in export(store, tmp_path / "all.gpkg", Progress(), personal=True).read_bytes()
