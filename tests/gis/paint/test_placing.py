"""Names look for places: the compiled way and the plain one, side by side."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gis.paint.compiled import compiled
from gis.paint.placing import Wanted, by_steps, chosen

thorough = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
GRID = (100, 40)


def wanted(*names, grid=GRID, twins=None, apart=0.0, avoid=()) -> Wanted:
    """Each name is a list of places, each place a list of boxes."""
    places = [place for name in names for place in name]
    boxes = [box for place in places for box in place]
    return Wanted(
        *grid,
        np.array(boxes, np.int32).reshape(-1, 4),
        np.cumsum([0, *map(len, places)], dtype=np.int32),
        np.cumsum([0, *map(len, names)], dtype=np.int32),
        np.array(range(len(names)) if twins is None else twins, np.int32),
        np.array([place[0][:2] for place in places], np.float32).reshape(-1, 2),
        np.full(len(names), apart, np.float32),
        np.array(avoid, np.int32).reshape(-1, 4),
    )


def both(asked: Wanted) -> list[int]:
    found = chosen(asked)
    assert (found == by_steps(asked)).all()
    return found.tolist()


def test_the_first_has_its_way_and_the_next_stands_elsewhere():
    here, there = [(0, 0, 9, 3)], [(10, 0, 19, 3)]
    assert both(wanted([here, there], [here, there], [here, there])) == [0, 3, -1]


def test_what_leaves_the_grid_has_no_place():
    out = [[(-1, 0, 5, 3)], [(0, 0, 100, 3)], [(0, 0, 5, 40)], [(5, 5, 4, 6)]]
    assert both(wanted(out, [[(90, 36, 99, 39)]])) == [-1, 4]


def test_of_a_bent_name_every_box_must_be_free():
    bent = [(20, 10, 24, 14), (26, 12, 30, 16), (64, 14, 70, 18)]
    assert both(wanted([[(63, 18, 64, 20)]], [bent])) == [0, -1]


def test_the_same_name_keeps_its_distance_from_itself_alone():
    one, near, far = [(0, 0, 5, 3)], [(10, 0, 15, 3)], [(60, 0, 65, 3)]
    assert both(wanted([one], [near, far], [near], twins=[0, 0, 1], apart=50.0)) == [0, 2, 3]


def test_what_is_to_be_avoided_is_covered_only_when_all_else_is_taken():
    sign, beside = [(0, 0, 5, 5)], [(10, 0, 15, 5)]
    assert both(wanted([sign, beside], [sign, beside], avoid=sign)) == [1, 2]


boxes = hnp.arrays(np.int32, st.tuples(st.integers(0, 24), st.just(4)), elements=st.integers(-3, 140))


@st.composite
def crowds(draw) -> Wanted:
    held = draw(boxes)
    if draw(st.booleans()):
        held[:, 2:] = np.minimum(held[:, :2] + held[:, 2:] % 30, 139)
    places = draw(_offsets(len(held)))
    names = draw(_offsets(len(places) - 1))
    count = len(names) - 1
    xy = hnp.arrays(np.float32, (len(places) - 1, 2), elements=st.floats(-50, 50, width=32))
    return Wanted(
        *draw(st.tuples(st.integers(0, 140), st.integers(0, 60))),
        held,
        places,
        names,
        draw(hnp.arrays(np.int32, count, elements=st.integers(0, max(count - 1, 0)))),
        draw(xy),
        draw(hnp.arrays(np.float32, count, elements=st.sampled_from([0.0, 5.0, 40.0]))),
        draw(boxes),
    )


def _offsets(most: int):
    inner = st.lists(st.integers(0, most), max_size=12).map(sorted)
    return inner.map(lambda each: np.array([0, *each, most], np.int32))


@given(crowds())
@thorough
def test_compiled_and_plain_give_the_same_answer(asked):
    both(asked)


@given(crowds(), st.data())
@thorough
def test_arrays_of_any_kind_end_in_an_answer_or_a_value_error(asked, data):
    wild = hnp.arrays(np.int32, st.integers(0, 9), elements=st.integers(-(2**31), 2**31 - 1))
    part = data.draw(st.sampled_from(["places", "names", "twins"]))
    asked = dataclasses.replace(asked, **{part: data.draw(wild)})
    try:
        found = chosen(asked)
    except ValueError:
        return
    assert ((found >= -1) & (found < len(asked.places) - 1)).all()


@pytest.mark.parametrize("part", ["names", "places", "twins"])
def test_an_answer_that_is_written_over_the_question_is_the_same_answer(part):
    out, here = [(0, 0, 500, 500)], [(0, 0, 5, 3)]
    asked = wanted([out], [out, here], [here, [(90, 0, 99, 3)]], twins=[0, 0, 0], apart=1.0, avoid=here)
    memory = np.concatenate([getattr(asked, part).ravel(), np.zeros(4, np.int32)])
    shape = getattr(asked, part).shape
    written = dataclasses.replace(asked, **{part: memory[:-4].reshape(shape)})
    answer = memory[1:4]
    arrays = (written.boxes, written.places, written.names, written.twins, written.xy)
    compiled.places(GRID, *arrays, written.apart, written.avoid, answer)
    assert answer.tolist() == by_steps(asked).tolist() == [-1, 2, 4]


def test_a_place_that_grows_when_it_is_chosen_covers_what_it_did():
    asked = wanted([*[[(0, 0, 500, 500)]] * 5000, [(0, 0, 5, 3)]])
    answer = asked.boxes[-1, 3:]  # where the place ends in the south
    arrays = (asked.boxes, asked.places, asked.names, asked.twins, asked.xy)
    compiled.places(GRID, *arrays, asked.apart, asked.avoid, answer)
    assert answer.tolist() == [5000]


def test_a_wrong_array_is_named():
    sound = wanted([[(0, 0, 5, 3)]])
    for part, wrong in {
        "boxes": np.zeros((1, 3), np.int32),
        "places": np.array([0, 2], np.int32),
        "names": np.array([1, 0], np.int32),
        "twins": np.array([1], np.int32),
        "xy": np.zeros((2, 2), np.float32),
        "apart": np.zeros(1),
    }.items():
        with pytest.raises(ValueError, match=part):
            chosen(dataclasses.replace(sound, **{part: wrong}))
