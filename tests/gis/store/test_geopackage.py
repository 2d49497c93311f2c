"""Other programs open the desk's file while the desk writes it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from shapely import Point

from gis.model.incident import Incident
from gis.store import Store
from tests.build import an_incident

CHECK = """
import sys
from osgeo_utils.samples import validate_gpkg
validate_gpkg.check(sys.argv[1], extra_checks=True, warning_as_error=True)
"""
READ = """
import json, sys, pyogrio
frame = pyogrio.read_dataframe(sys.argv[1], layer="incidents", bbox=(116, -9, 117, -8))
shape = frame.geometry.iloc[0].geom_type
print(json.dumps([len(frame), frame.crs.to_epsg(), min(frame["text"]), shape]))
"""


def elsewhere(code, *args):
    """Run in a process of its own, as another program would."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def busy(store):
    """A desk in the middle of its work."""
    with store.writing("Log") as tx:
        for n in range(20):
            tx.put(an_incident(number=f"I-{n:04}", text=f"House {n:02}", place=Point(116.5 + n / 100, -8.5)))
        tx.put(an_incident(number="I-0100", text="Nobody knows where", place=None))
    return store


def test_the_checker_finds_nothing_wrong_while_the_desk_has_it_open(busy):
    elsewhere(CHECK, busy.folder / "desk.gpkg")


def test_another_program_reads_it_by_extent_while_a_step_is_being_written(busy):
    with busy.writing("Log") as tx:
        tx.put(an_incident(number="I-0200", text="A half-written step"))
        seen = json.loads(elsewhere(READ, busy.folder / "desk.gpkg"))
    assert seen == [20, 4326, "House 00", "Point"]
    assert json.loads(elsewhere(READ, busy.folder / "desk.gpkg"))[0] == 21


def test_ogrinfo_reads_it_while_a_step_is_being_written(busy):
    ogrinfo = shutil.which("ogrinfo")
    if ogrinfo is None:
        complain = pytest.fail if os.environ.get("CI") else pytest.skip
        complain("no ogrinfo on this computer")
    with busy.writing("Log") as tx:
        tx.put(an_incident(number="I-0200", text="A half-written step"))
        seen = subprocess.run(
            [ogrinfo, "-ro", "-so", busy.folder / "desk.gpkg", "incidents"],
            capture_output=True,
            text=True,
            check=True,
        )
    assert "Feature Count: 21" in seen.stdout
    assert "severity: String" in seen.stdout


def test_no_acknowledged_step_is_lost_when_other_programs_read_in_between(busy, clock):
    for n in range(5):
        with busy.writing("Log") as tx:
            tx.put(an_incident(number=f"J-{n}", text="Between two looks"))
        elsewhere(READ, busy.folder / "desk.gpkg")
    busy.close()
    again = Store.open(busy.folder, clock=clock, author="R. Sari")
    with again.reading() as query:
        assert len(query.find(Incident, text="Between two looks")) == 5
    again.close()


def test_moving_an_incident_moves_it_in_the_spatial_index(busy):
    with busy.writing("Move") as tx:
        tx.put(replace(tx.first(Incident, number="I-0000"), place=Point(10, 50)))
    assert json.loads(elsewhere(READ, busy.folder / "desk.gpkg"))[:3] == [19, 4326, "House 01"]
