"""What is wrong with a recording: beside what another program's authors published about theirs."""

import csv
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.sensors.survey import Expected, Fault, Finding, survey

QUARTER_US = 900_000_000
WORDS = {
    "Missing timestamp": Fault.NO_TIME,
    "Duplicate timestamp": Fault.TWICE,
    "Nonmonotonic timestamp": Fault.BACKWARDS,
    "Missing data": Fault.ABSENT,
    "Corrupt data": Fault.CORRUPT,
    "Data": Fault.RANGE,
    "|Increment|": Fault.STEP,
    "Delta": Fault.STILL,
}


def us(text):
    at = datetime.strptime(f"{text} +0000", "%m/%d/%Y %H:%M %z")
    return int(at.timestamp()) * 1_000_000


@pytest.fixture
def recording(realdata):
    """Times and columns as they stand, and how far two of them are from the wave their authors expected."""
    table = realdata / "sensors" / "pecos" / "examples" / "simple" / "simple.csv"
    with table.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    at_us = np.array([us(row[0]) for row in rows], np.int64)
    columns = {name: np.array([float(row[n + 1] or "nan") for row in rows]) for n, name in enumerate("ABCD")}
    wave = np.sin(10 * (at_us - at_us[0]) / 86_400e6)
    for name in "CD":
        there = (columns[name] != -999) & ~np.isnan(columns[name])
        columns[f"Wave Error {name}"] = np.where(there, np.abs(columns[name] - wave), 0.0)
    return at_us, columns


def published(path):
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            flag = row["Error Flag"].partition(" <")[0].partition(" >")[0]
            column, count = row["Variable Name"], int(row["Timesteps"])
            yield Finding(WORDS[flag], column, us(row["Start Time"]), us(row["End Time"]), count)


def test_every_published_finding_is_found_and_none_is_invented(realdata, recording):
    at_us, columns = recording
    wave = Expected(-1.0, 1.0, step=0.6, least=1e-4, corrupt=(-999.0,))
    expected = {
        "A": Expected(least=1e-4, corrupt=(-999.0,)),
        "B": Expected(0.0, 1.0, least=1e-4, corrupt=(-999.0,)),
        "C": wave,
        "D": wave,
        "Wave Error C": Expected(high=0.25),
        "Wave Error D": Expected(high=0.25),
    }
    hour = at_us / 3_600e6 % 24
    found = survey(at_us, columns, expected, QUARTER_US, (hour > 3) & (hour < 21))
    answers = realdata / "sensors" / "pecos" / "pecos" / "tests" / "data" / "Simple_test_results.csv"
    wanted = [*published(answers)]
    assert len(wanted) == 17
    assert sorted(found, key=repr) == sorted(wanted, key=repr)


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0.0, 0.5, 2.0, np.nan])), max_size=30))
def test_a_clean_value_is_never_found_and_a_wrong_one_always(rows):
    at_us = np.array([n * QUARTER_US for n, _value in rows], np.int64)
    values = np.array([value for _n, value in rows], np.float64)
    found = survey(at_us, {"x": values}, {"x": Expected(high=1.0)}, QUARTER_US)
    first = {n: value for n, value in reversed(rows)}
    wide = {n for n, value in first.items() if value == 2.0}
    told = {
        n
        for each in found
        if each.fault is Fault.RANGE
        for n in range(each.begin_us // QUARTER_US, each.end_us // QUARTER_US + 1)
    }
    assert told == wide
    assert sum(each.count for each in found if each.fault is Fault.TWICE) == sum(
        [n for n, _v in rows].count(n) > 1 for n in {n for n, _v in rows}
    )


def test_an_empty_recording_has_no_faults():
    assert survey(np.empty(0, np.int64), {"x": np.empty(0)}, {"x": Expected()}, QUARTER_US) == []
