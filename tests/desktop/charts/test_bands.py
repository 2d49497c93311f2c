"""Bands lie in a chart where something was, and what a limit would have done beside what it did."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from desktop.charts.course import Course
from desktop.charts.episodes import Episode, Kind
from desktop.charts.small import SensorChart
from desktop.theme import DAY
from gis.model.incident import Severity
from gis.model.sensor import Alarm
from tests.build import SIX, a_gauge, a_rule
from tests.desktop.charts.test_small import course

GAUGE = a_gauge()
RULE = a_rule(GAUGE)
RANG = Alarm(
    RULE.id, GAUGE.id, Severity.EXTREME, SIX - timedelta(minutes=40), 4.9, SIX - timedelta(minutes=30)
)


@pytest.fixture
def chart(qtbot) -> SensorChart:
    made = SensorChart(DAY, ZoneInfo("UTC"))
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def colours(chart, minutes: int) -> set[str]:
    """The topmost pixels of a column of the chart, so many minutes before six."""
    chart.plot.grab()  # only then does it know what it shows
    box = chart.plot.getPlotItem().vb
    begin, end = box.viewRange()[0]
    x = ((SIX - timedelta(minutes=minutes)).timestamp() - begin) / (end - begin) * box.width()
    left, top = box.mapToScene(x, 0).x(), box.mapToScene(0, 0).y()
    image = chart.plot.grab().toImage()
    ratio = image.devicePixelRatio()
    return {image.pixelColor(round(left * ratio), round((top + y) * ratio)).name() for y in range(1, 12)}


def rising(alarms=()) -> Course:
    plain = course([3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6])
    return Course(plain.sensor, plain.series, (RULE,), alarms, plain.now)


def test_a_ringing_alarm_has_a_ribbon_and_a_tint_from_when_it_rang(chart):
    chart.show_course(rising((RANG,)))
    assert "#ff3c7c" in colours(chart, 10)
    assert colours(chart, 35) - colours(chart, 55), "tinted from the first reading over the limit"
    assert "#ff3c7c" not in colours(chart, 35), "it did not ring yet"


def test_what_a_limit_would_have_done_is_shown_until_it_is_taken_away(chart):
    chart.show_course(rising())
    before = colours(chart, 25)
    would = Episode(SIX - timedelta(minutes=30), SIX, "Would have rung", Kind.WOULD)
    chart.show_bands([would])
    assert colours(chart, 25) != before
    chart.show_course(rising())  # newer readings leave it there
    assert colours(chart, 25) != before
    chart.show_bands(())
    assert colours(chart, 25) == before
