"""The chart of a sensor says where its value is going."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyqtgraph as pg
import pytest

from desktop.charts.course import Course
from desktop.charts.small import SensorChart
from desktop.theme import DAY
from gis.model.incident import Severity
from gis.model.record import to_us
from gis.store import Series
from tests.build import SIX, a_gauge, a_rule

GAUGE = a_gauge()
RULES = (
    a_rule(GAUGE),
    a_rule(GAUGE, level="Siaga 2", severity=Severity.SEVERE, raise_at=3.8, clear_below=3.6),
)


@pytest.fixture
def chart(qtbot) -> SensorChart:
    made = SensorChart(DAY, ZoneInfo("UTC"))
    qtbot.addWidget(made)
    made.resize(420, 200)
    made.show()
    return made


def course(values, late=timedelta(0), doubtful=0) -> Course:
    """A reading every ten minutes up to six, the last of them `doubtful`; looked at so `late`."""
    at_us = to_us(SIX) - np.arange(len(values))[::-1] * 600_000_000
    quality = np.arange(len(values)) >= len(values) - doubtful
    series = Series(at_us, np.array(values), quality.astype(np.uint8))
    return Course(GAUGE, series, RULES, (), SIX + late)


def ways(chart) -> int:
    return sum(isinstance(mark, pg.FillBetweenItem) for mark in chart._marks)


def test_a_rising_river_is_told_when_it_will_be_at_the_next_limit(chart):
    chart.show_course(course([3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6]))
    assert chart.title.text().endswith("3.60 m at 06:00:00   +0.60 m/h")
    assert chart.ahead.isVisible()
    assert chart.ahead.text() == "Siaga 2 at 3.80 in about 20 min"
    assert ways(chart) == 1


def test_over_one_limit_the_next_counts(chart):
    chart.show_course(course([3.4, 3.5, 3.6, 3.7, 3.8, 3.9, 4.0]))
    assert chart.ahead.text() == "Siaga 1 at 4.50 in about 50 min"


def test_the_time_runs_on_while_the_next_reading_is_awaited(chart):
    rising = [3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6]
    chart.show_course(course(rising, timedelta(minutes=9)))
    assert chart.ahead.text() == "Siaga 2 at 3.80 in about 11 min"
    chart.show_course(course(rising, timedelta(minutes=21)))
    assert not chart.ahead.isVisible()


def test_readings_that_are_doubted_tell_nothing_new(chart):
    stuck = [3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6] + [3.6] * 40
    chart.show_course(course(stuck, doubtful=40))
    assert not chart.ahead.isVisible()
    assert "m/h" not in chart.title.text()


def test_an_uneven_river_has_a_time_from_and_to(chart):
    chart.show_course(course([3.00, 3.12, 3.20, 3.32, 3.40, 3.52, 3.60]))
    assert chart.ahead.text() == "Siaga 2 at 3.80 in about 20 min (19 min to 21 min)"


def test_a_river_that_may_stand_still_may_not_be_there_at_all(chart):
    chart.show_course(course([3.40, 3.44, 3.39, 3.46, 3.41, 3.48, 3.44]))
    assert chart.ahead.text() == "Siaga 2 at 3.80 in about 5 h 40 min, if at all (from 2 h 50 min on)"


@pytest.mark.parametrize(
    ("values", "late"),
    [
        ([3.6, 3.5, 3.4, 3.3, 3.2, 3.1, 3.0], timedelta(0)),
        ([4.6, 4.7, 4.8, 4.9, 5.0, 5.1, 5.2], timedelta(0)),
        ([3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6], timedelta(minutes=26)),
        ([3.5, 3.6], timedelta(0)),
    ],
    ids=["falling", "over all limits", "silent since", "too few to say"],
)
def test_nothing_is_foretold_where_nothing_is_to_come_or_to_be_known(chart, values, late):
    chart.show_course(course([3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6]))
    chart.show_course(course(values, late))
    assert not chart.ahead.isVisible()
    assert ways(chart) == 0
