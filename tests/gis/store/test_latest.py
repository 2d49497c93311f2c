"""Other programs look on while readings and incidents pour in."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from shapely import Point

from gis.model.incident import Incident
from gis.model.record import Quality, Reading
from gis.ops import sensors
from gis.progress import Progress
from tests import needs
from tests.build import a_gauge, an_incident

READER = """
import json, subprocess, sys, pyogrio
seen, heights, tables = [], [], 0
while True:
    frame = pyogrio.read_dataframe(sys.argv[1], layer="latest_readings")
    heights.append(frame.sort_values("key")["value"].tolist())
    seen.append(len(pyogrio.read_dataframe(sys.argv[1], layer="incidents")))
    tables += len(pyogrio.read_dataframe(sys.argv[1], layer="sensors"))
    asked = ["ogrinfo", "-ro", "-so", sys.argv[1], "latest_readings"]
    said = subprocess.run(asked, capture_output=True, text=True)
    assert said.returncode == 0 and "ERROR" not in said.stderr, said.stderr
    print(json.dumps([heights[-1], seen[-1]]), flush=True)
"""
SHOWN = "SELECT key, value, at, quality FROM latest_readings ORDER BY key"


@pytest.fixture
def gauges(store):
    with store.writing("Set up") as tx:
        return [
            sensors.register(tx, a_gauge(key=f"K-{n}", place=Point(116.7 + n / 100, -8.2))) for n in range(4)
        ]


def shown(store):
    store.show_latest()
    with store.glancing() as desk:
        return [tuple(row) for row in desk.exec_driver_sql(SHOWN)]


def test_the_layer_shows_what_each_instrument_said_last(store, gauges, clock):
    at = clock.now()
    with store.writing("Readings") as tx:
        tx.append([Reading(gauges[0].id, at - timedelta(minutes=n), 3.0 - n) for n in range(3)])
        tx.append([Reading(gauges[1].id, at, 99.0, Quality.RANGE | Quality.SPIKE)])
    assert shown(store) == [
        ("K-0", 3.0, "2026-03-14T06:00:00.000Z", "good"),
        ("K-1", 99.0, "2026-03-14T06:00:00.000Z", "range spike"),
        ("K-2", None, None, ""),
        ("K-3", None, None, ""),
    ]
    assert store.show_latest() == 0
    with store.writing("Strike out") as tx:
        tx.strike(gauges[3])
    assert [row[0] for row in shown(store)] == ["K-0", "K-1", "K-2"]
    store.seal(Progress())
    assert store.show_latest() == 0


def test_it_is_neither_journaled_nor_taken_for_the_work_of_others(store, gauges, clock):
    with store.reading() as query:
        before = query.upto()
    with store.writing("Readings") as tx:
        tx.append([Reading(gauges[0].id, clock.now(), 1.0)])
    store.show_latest()
    with store.reading() as query:
        assert query.upto() == before
        assert not query.touched_outside()


def test_other_programs_read_again_and_again_and_everything_only_moves_forward(store, gauges, clock):
    needs.program("ogrinfo")
    reader = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", READER, str(store.folder / "desk.gpkg")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    lines: list[str] = []
    written = 0
    while len(lines) < 6:
        for _each in range(25):
            clock.advance(timedelta(seconds=1))
            written += 1
            with store.writing("Readings") as tx:
                tx.append([Reading(each.id, clock.now(), float(written)) for each in gauges])
                tx.put(an_incident(number=f"I-{written:05}"))
            store.show_latest()
        lines.append(reader.stdout.readline())
    reader.kill()
    errors = reader.communicate()[1]
    assert "Error" not in errors, errors
    heard = [json.loads(line) for line in lines if line]
    assert len(heard) == len(lines), errors
    heights = [max((value or 0) for value in values) for values, _count in heard]
    counts = [count for _values, count in heard]
    assert heights == sorted(heights)
    assert counts == sorted(counts)
    assert heights[-1] > 0
    with store.reading() as query:
        assert len(query.find(Incident)) == written
        assert [len(query.series(each.id)) for each in gauges] == [written] * 4
        assert query.broken() is None
