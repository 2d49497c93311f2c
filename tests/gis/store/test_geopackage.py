"""Other programs open the desk's file while the desk writes it."""

import json
import subprocess
from dataclasses import replace

import pytest
from shapely import Point, box

from gis.geo.figures import Circle
from gis.model.incident import Incident
from gis.ops import drawings
from gis.ops.drawings import Form
from gis.store import Store
from tests import needs
from tests.build import an_incident
from tests.elsewhere import check_geopackage, python

READ = """
import json, sys, pyogrio
frame = pyogrio.read_dataframe(sys.argv[1], layer="incidents", bbox=(116, -9, 117, -8))
shape = frame.geometry.iloc[0].geom_type
print(json.dumps([len(frame), frame.crs.to_epsg(), min(frame["text"]), shape]))
"""


@pytest.fixture
def busy(store):
    """A desk in the middle of its work."""
    with store.writing("Log") as tx:
        for n in range(20):
            tx.put(an_incident(number=f"I-{n:04}", text=f"House {n:02}", place=Point(116.5 + n / 100, -8.5)))
        tx.put(an_incident(number="I-0100", text="Nobody knows where", place=None))
        drawings.draw(tx, Form.AREA, box(116.5, -8.6, 116.6, -8.5))
        drawings.draw(tx, Form.CIRCLE, Circle(116.5, -8.5, 300))
        drawings.draw(tx, Form.TEXT, Point(116.5, -8.5), "Assembly point")
    return store


def test_the_checker_finds_nothing_wrong_while_the_desk_has_it_open(busy):
    check_geopackage(busy.folder / "desk.gpkg")


def test_another_program_reads_it_by_extent_while_a_step_is_being_written(busy):
    with busy.writing("Log") as tx:
        tx.put(an_incident(number="I-0200", text="A half-written step"))
        seen = json.loads(python("-c", READ, busy.folder / "desk.gpkg"))
    assert seen == [20, 4326, "House 00", "Point"]
    assert json.loads(python("-c", READ, busy.folder / "desk.gpkg"))[0] == 21


def test_ogrinfo_reads_it_while_a_step_is_being_written(busy):
    ogrinfo = needs.program("ogrinfo")
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


def test_another_program_sees_what_was_drawn_as_shapes_with_their_titles(busy):
    script = (
        "import sys, pyogrio;"
        "f = pyogrio.read_dataframe(sys.argv[1], layer='drawings', bbox=(116, -9, 117, -8));"
        "print(*f['title'], *f.geometry.geom_type, sep='|')"
    )
    seen = python("-c", script, busy.folder / "desk.gpkg").strip()
    assert seen == "Area 1|Circle 1|Assembly point|Polygon|Polygon|Point"


def test_no_acknowledged_step_is_lost_when_other_programs_read_in_between(busy, clock):
    for n in range(5):
        with busy.writing("Log") as tx:
            tx.put(an_incident(number=f"J-{n}", text="Between two looks"))
        python("-c", READ, busy.folder / "desk.gpkg")
    busy.close()
    again = Store.open(busy.folder, clock=clock, author="R. Sari")
    with again.reading() as query:
        assert len(query.find(Incident, text="Between two looks")) == 5
    again.close()


def test_moving_an_incident_moves_it_in_the_spatial_index(busy):
    with busy.writing("Move") as tx:
        tx.put(replace(tx.first(Incident, number="I-0000"), place=Point(10, 50)))
    assert json.loads(python("-c", READ, busy.folder / "desk.gpkg"))[:3] == [19, 4326, "House 01"]
