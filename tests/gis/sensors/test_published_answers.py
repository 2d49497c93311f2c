"""Readings of a real logger, with the faults that another program's authors found in them."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from gis.model.record import Quality
from gis.model.sensor import Quantity
from gis.sensors.feeds.folder import CsvFormat, read_csv
from tests.build import a_gauge
from tests.gis.sensors.judging import judged

LATER = datetime(2020, 1, 1, tzinfo=UTC)
FORM = CsvFormat(time_column="", key_column="", time_pattern="%m/%d/%Y %H:%M")
BOUNDS = {"A": (None, None), "B": (0.0, 1.0), "C": (None, None), "D": (-1.0, 1.0)}


@pytest.fixture
def sensors():
    return {
        key: a_gauge(key=key, quantity=Quantity.OTHER, low=low, high=high, expected_every_s=900)
        for key, (low, high) in BOUNDS.items()
    }


def test_every_cell_is_a_reading_or_is_missing_and_what_is_out_of_range_is_what_was_published(
    realdata, sensors
):
    folder = realdata / "sensors" / "pecos" / "pecos"
    table = folder.parent / "examples" / "simple" / "simple.csv"
    batch = read_csv(table, sensors.values(), FORM, LATER)
    with table.open(encoding="utf-8") as file:
        cells = [cell for row in list(csv.reader(file))[1:] for cell in row[1:] if cell]
    assert len(batch.readings) == len(cells)
    assert batch.rejected == ()

    told, _traces = judged([*sensors.values()], batch.readings, LATER)
    names = {sensor.id: key for key, sensor in sensors.items()}
    looked_at = [r for r in told if 3 < r.at.hour + r.at.minute / 60 < 21]  # the authors' time filter
    found = {(names[r.sensor_id], r.at) for r in looked_at if r.quality & Quality.RANGE}
    assert found == published(folder / "tests" / "data" / "Simple_test_results.csv")


def published(path):
    """(instrument, time) of each value that the answers call out of bounds."""
    answers = set()
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["Error Flag"].startswith("Data ") and row["Variable Name"] in BOUNDS:
                at = datetime.strptime(row["Start Time"], "%m/%d/%Y %H:%M").replace(tzinfo=UTC)
                answers |= {
                    (row["Variable Name"], at + n * timedelta(minutes=15))
                    for n in range(int(row["Timesteps"]))
                }
    return answers
