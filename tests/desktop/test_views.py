"""Saved views: place, scale and what is shown, on the digits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.panels.views import MOST, kept_views


def look_at(sitting, lon: float, lat: float, scale: float) -> None:
    canvas = sitting.panels.map.canvas
    canvas.fly_to(lon, lat)
    canvas.look(canvas.view.zoomed(scale / canvas.scale))


def names(sitting) -> list[str]:
    return [view.name for view in sitting.panels.views.views]


def test_a_view_brings_back_place_scale_and_layers_even_after_the_desk_was_closed(sitting):
    stack, canvas = sitting.desk.ground.model.stack, sitting.panels.map.canvas
    look_at(sitting, 116.71, -8.26, 20_000)
    stack.update("alarms", visible=False)
    x, y = canvas.view.x, canvas.view.y
    sitting.panels.views.add.click()
    look_at(sitting, 116.75, -8.2, 90_000)
    stack.update("alarms", visible=True)
    stack.update("sensors", visible=False)
    sitting.press("Ctrl+1")
    assert (canvas.view.x, canvas.view.y) == pytest.approx((x, y), abs=1)
    assert canvas.scale == pytest.approx(20_000, rel=1e-3)
    assert not stack.get("alarms").visible
    assert stack.get("sensors").visible
    again = sitting.reopen()
    look_at(again, 116.75, -8.2, 90_000)
    again.press("Ctrl+1")
    assert again.panels.map.canvas.scale == pytest.approx(20_000, rel=1e-3)


def test_a_view_that_was_removed_can_be_put_back_in_its_place(sitting):
    views = sitting.panels.views
    for _each in range(3):
        views.add.click()
    before = names(sitting)
    views.list.setFocus()
    views.list.setCurrentRow(1)
    sitting.press("Del")
    assert names(sitting) == [before[0], before[2]]
    sitting.desk.ground.notices.answer.click()
    assert names(sitting) == before


def test_a_view_is_renamed_and_keeps_its_digit(sitting):
    views = sitting.panels.views
    for _each in range(2):
        views.add.click()
    first = names(sitting)[0]
    views.rename(1)
    sitting.press("type:  Harbour   side ", "Return")
    assert names(sitting) == [first, "Harbour side"]
    assert views.list.item(1).text() == "2  Harbour side"
    views.rename(0)
    sitting.press("type:West", "Esc")
    assert names(sitting) == [first, "Harbour side"]


def test_a_view_that_was_saved_takes_its_name_from_what_is_typed_next(sitting):
    sitting.press("Ctrl+Shift+V", "type:Harbour", "Return")
    assert names(sitting) == ["Harbour"]
    sitting.press("Ctrl+Shift+V", "Return")
    assert names(sitting) == ["Harbour", "View 1"]


def test_views_change_places_by_the_keyboard_and_take_what_the_map_shows_now(sitting):
    views, canvas = sitting.panels.views, sitting.panels.map.canvas
    look_at(sitting, 116.71, -8.26, 20_000)
    views.add.click()
    views.add.click()
    first, second = names(sitting)
    views.list.setFocus()
    views.list.setCurrentRow(0)
    sitting.press("Alt+Down")
    assert names(sitting) == [second, first]
    look_at(sitting, 116.75, -8.2, 40_000)
    views.asked.emit(0)
    look_at(sitting, 116.6, -8.3, 90_000)
    sitting.press("Ctrl+1")
    assert canvas.scale == pytest.approx(40_000, rel=1e-3)
    assert names(sitting) == [second, first]


def test_a_tenth_view_takes_the_place_of_none(sitting):
    told: list[str] = []
    sitting.desk.ground.notices.told.connect(told.append)
    for _each in range(MOST + 1):
        sitting.panels.views.add.click()
    assert len(names(sitting)) == len(set(names(sitting))) == MOST
    assert told


def test_views_of_an_earlier_version_still_lead_to_their_place(sitting):
    (view,) = kept_views([{"name": "Old", "extent": [116.65, -8.3, 116.75, -8.2]}])
    sitting.desk.work.go_to_view(view)
    west, _s, east, _n = sitting.desk.work.seen()
    assert west < 116.66 < 116.74 < east


_ANYTHING = st.recursive(
    st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(_ANYTHING)
def test_what_was_kept_in_any_other_shape_is_left_out(kept):
    assert kept_views(kept) == []
    assert kept_views([{"name": "Harbour", "extent": kept}]) == []


@given(st.lists(st.floats(), min_size=4, max_size=4), st.floats())
def test_a_view_of_nowhere_is_left_out(extent, scale):
    for view in kept_views([{"name": "Harbour", "extent": extent, "scale": scale}]):
        assert np.isfinite((*view.extent, view.scale)).all(), "or the map would look nowhere"
