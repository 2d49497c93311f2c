"""Readings leave as a table: all of them, in both times, harmless in a spreadsheet, whole or not at all."""

import csv
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gis.errors import Cancelled, UserError
from gis.exchange import recorded
from gis.exchange.recorded import Excerpt, write_readings
from gis.model.record import Quality, Readings, to_us
from gis.ops import sensors
from gis.progress import Progress
from tests.build import SIX, a_gauge

NEPAL = ZoneInfo("Asia/Kathmandu")
GAUGE = a_gauge(key="=KALI", name="Kali 1", unit="+m")


@pytest.fixture
def filled(store):
    count = 5000
    at = to_us(SIX) + np.arange(count) * 3_600_000_000
    none = np.zeros(count, np.int32)
    flags = none.astype(np.uint8)
    flags[2] = int(Quality.SPIKE | Quality.RANGE)
    with store.writing("Set up") as tx:
        sensors.register(tx, GAUGE)
        tx.append(Readings((GAUGE.id,), none, at, np.arange(count) / 4, flags))
    return store


def excerpt(hours, *, exercise=False):
    return Excerpt((GAUGE,), SIX, SIX + timedelta(hours=hours), NEPAL, exercise)


def written(store, path, wanted):
    with store.reading() as query:
        count = write_readings(path, query, wanted, Progress())
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == count + 1
    return rows


def test_every_reading_is_a_row_with_its_time_here_and_in_utc(filled, tmp_path):
    rows = written(filled, tmp_path / "a.csv", excerpt(2))
    assert rows[0] == ["time_utc", "time_local", "sensor", "value", "unit", "quality"]
    assert rows[1:3] == [
        ["2026-03-14T06:00:00+00:00", "2026-03-14T11:45:00+05:45", "'=KALI", "0.0", "'+m", "good"],
        ["2026-03-14T07:00:00+00:00", "2026-03-14T12:45:00+05:45", "'=KALI", "0.25", "'+m", "good"],
    ]
    assert rows[3][-1] == "out of range, spike"


def test_months_are_written_piece_by_piece_and_none_twice(filled, tmp_path):
    rows = written(filled, tmp_path / "a.csv", excerpt(4800))
    assert [float(row[3]) for row in rows[1:]] == [n / 4 for n in range(4801)]


def test_an_exercise_says_so_in_every_row(filled, tmp_path):
    rows = written(filled, tmp_path / "a.csv", excerpt(3, exercise=True))
    assert rows[0][-1] == "exercise"
    assert {row[-1] for row in rows[1:]} == {"EXERCISE"}


def test_what_is_stopped_leaves_the_file_that_was_there(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(recorded, "WINDOW", timedelta(days=1))
    path, progress = tmp_path / "a.csv", Progress(lambda done, *_rest: done > 3 and progress.cancel())
    path.write_text("before")
    with filled.reading() as query, pytest.raises(Cancelled):
        write_readings(path, query, excerpt(4000), progress)
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".csv"] == ["a.csv"]
    assert path.read_text() == "before"


def test_a_folder_that_is_not_there_is_said(filled, tmp_path):
    with filled.reading() as query, pytest.raises(UserError, match="could not be written"):
        write_readings(tmp_path / "gone" / "a.csv", query, excerpt(3), Progress())
