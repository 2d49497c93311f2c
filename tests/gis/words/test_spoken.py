"""What a voice says of an alarm."""

import pytest

from gis.words.spoken import rising, spoken, spoken_figure
from tests.build import a_gauge, a_rule


def test_an_alarm_is_told_in_words_that_can_be_heard():
    gauge = a_gauge()
    assert spoken(gauge, a_rule(gauge), 4.8, "rising") == "Siaga 1, Kali 3, 4 point 8 metres, rising"
    assert spoken(gauge, a_rule(gauge), 5.0) == "Siaga 1, Kali 3, 5 metres"


@pytest.mark.parametrize(
    ("value", "said"),
    [(4.82, "4 point 8 2"), (0.0, "0"), (-0.35, "minus 0 point 3 5"), (136.4, "136"), (57.8, "57 point 8"),
     (-0.001, "0"), (0.05, "0 point 0 5")],
)  # fmt: skip
def test_digits_after_the_point_are_said_one_by_one(value, said):
    assert spoken_figure(value) == said


def test_a_unit_without_a_word_is_said_as_it_is_written():
    gauge = a_gauge(unit="NTU", name="Turbidity 1")
    assert spoken(gauge, a_rule(gauge), 12.0).endswith("12 NTU")


def test_a_course_that_may_be_either_is_not_told():
    assert rising(0.5, 0.1, 0.9) == "rising"
    assert rising(-0.5, -0.9, -0.1) == "falling"
    assert rising(0.1, -0.1, 0.3) == ""
