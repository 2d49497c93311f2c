"""Local words for levels stand on one scale."""

from itertools import pairwise

import pytest

from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Measure, Response
from gis.sensors.soundness import doubts, faults
from gis.words.levels import scales
from tests.build import a_gauge

GAUGE = a_gauge(id="gauge", low=None, high=None)


@pytest.mark.parametrize("scale", scales(), ids=lambda scale: scale.name)
def test_levels_of_a_scale_grow_graver_and_none_is_odd_beside_another(scale):
    rules = []
    for n, level in enumerate(scale.levels, start=1):
        at = level.raise_at if level.raise_at is not None else (-n if level.falling else n)
        shape = {"measure": level.measure, "window_s": level.window_s, "falling": level.falling}
        more = {"response": level.response, "id": level.name, **shape}
        rules.append(AlarmRule("gauge", level.name, level.severity, at, at, **more))
    for rule in rules:
        assert faults(rule, GAUGE) == []
        assert doubts(rule, GAUGE, rules) == []
    for milder, graver in pairwise([rule for rule in rules if not rule.falling]):
        assert graver.severity.priority < milder.severity.priority


def test_the_local_words_are_known_with_what_they_ask():
    known = {level.name: level for scale in scales() for level in scale.levels}
    assert known["Báo động 3"].response is Response.EVACUATE
    assert known["Siaga 1"].severity is Severity.EXTREME
    red = known["Red rainfall warning"]
    assert (red.measure, red.window_s, red.raise_at) == (Measure.SUM, 3600, 30.0)
    assert known["レベル5"].response is Response.SHELTER, "too late to leave"
