"""Which values can be read on the map, and that nobody has to wait for them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers import plates
from layers.glass import glass
from layers.plates import FAR, PLATE_PX, Plates
from layers.style import LiveLook
from layers.view import MapView
from tests.layers.night import live, sensors

VIEW = MapView(0.0, 0.0, 1.0, 2_000, 2_000)
NEAR = FAR / 4
NOTHING = np.zeros((0, 4))


def seen(shown, scale: float = NEAR, view: MapView = VIEW, forbidden=NOTHING):
    return Plates(glass(shown), view.units_per_pixel, scale).see(view, forbidden)


def told(shown, scale: float = NEAR, view: MapView = VIEW, forbidden=NOTHING) -> list[str]:
    return sorted(glass(shown).label(plate.number) for plate in seen(shown, scale, view, forbidden))


def boxes(made: Plates, view: MapView) -> list[tuple[float, ...]]:
    """Left, top, right, bottom of what is to be read, in pixels of the view."""
    found = []
    for plate in made.see(view, NOTHING):
        ((x, y),) = view.to_pixels(made.glass.xy[[plate.number]]).tolist()
        found.append((x + plate.x, y + plate.y, x + plate.x + plate.width, y + plate.y + PLATE_PX))
    return found


def test_from_afar_only_what_is_over_a_limit_tells_its_value():
    shown = [sensors((0, 0), (400, 0), severity=[0, 2], label=["0.4 m", "3.9 m"])]
    assert told(shown, FAR * 2) == ["3.9 m"]
    assert told(shown, NEAR) == ["0.4 m", "3.9 m"]


def test_the_worse_of_two_neighbours_chooses_first():
    shown = [sensors((0, 0), (0, 13), severity=[3, 1])]
    worse, other = sorted(seen(shown), key=lambda plate: glass(shown).rank[plate.number])
    assert worse.x > 0
    assert other.x < 0, "on the right there is no room any more"


def test_in_a_crowd_a_value_without_room_is_left_out():
    crowd = [(x, y) for x in (-10, 0, 10) for y in (-10, 0, 10)]
    assert len(told([sensors(*crowd, severity=[2] * 9)])) < 9


def test_a_value_stands_clear_of_the_ring_of_its_own_alarm():
    shown = [sensors((0, 0), severity=[1]), live(LiveLook.ALARM, (0, 0), severity=[1], hollow=[0])]
    (plate,) = seen(shown)
    assert plate.x > 21
    assert plate.y == -PLATE_PX / 2


def test_a_value_gives_way_to_an_incident_beside_it():
    shown = [sensors((0, 0), severity=[2]), live(LiveLook.INCIDENT, (25, 0), severity=[4])]
    (plate,) = seen(shown)
    assert plate.x + plate.width < 0, "it changes to the other side"


def test_a_value_that_the_edge_of_the_map_would_cut_is_left_out():
    shown = [sensors((95, 0), (0, 0), severity=[2, 2], label=["cut", "whole"])]
    assert told(shown, view=MapView(0, 0, 1.0, 200, 200)) == ["whole"]


def test_no_value_is_written_where_something_else_must_be_read():
    shown = [sensors((0, 0), (0, 300), severity=[2, 2], label=["free", "under the arrow"])]
    arrow = np.array([(1_000.0, 690.0, 1_030.0, 730.0)])
    assert told(shown, forbidden=arrow) == ["free"]


def test_an_empty_glass_has_no_values():
    assert seen([]) == ()


def test_dragging_the_map_decides_nothing_anew(monkeypatch):
    """What came into view keeps its side, wherever the map is dragged and back."""
    rng = np.random.default_rng(3)
    places = [tuple(at) for at in rng.uniform(-900, 900, (150, 2))]
    made = Plates(glass([sensors(*places, severity=[2] * 150)]), 1.0, NEAR)
    first = made.see(VIEW, NOTHING)
    decided = []
    decide = made._decide
    monkeypatch.setattr(made, "_decide", lambda waiting: (decided.append(len(waiting)), decide(waiting)))
    for step in range(30):
        made.see(VIEW.panned(step * 7, -step * 3), NOTHING)
    assert made.see(VIEW, NOTHING) == first
    assert decided == []


def test_a_crowd_finds_its_places_in_several_frames_the_worst_first(monkeypatch):
    monkeypatch.setattr(plates, "MOST", 4)
    places = [(200 * (n % 4), 100 * (n // 4)) for n in range(12)]
    made = Plates(glass([sensors(*places, severity=[3, 1, 2] * 4)]), 1.0, NEAR)
    ranks = []
    while True:
        shown = made.see(VIEW, NOTHING)
        ranks.append(sorted(made.glass.rank[plate.number] for plate in shown))
        if not made.pending:
            break
    assert ranks == [[1] * 4, [1] * 4 + [2] * 4, [1] * 4 + [2] * 4 + [3] * 4]


def test_a_crowd_too_dense_to_look_through_is_still_got_through(monkeypatch):
    monkeypatch.setattr(plates, "MOST_PAIRS", 10)
    made = Plates(glass([sensors(*[(n, 0) for n in range(30)], severity=[2] * 30)]), 1.0, NEAR)
    frames = 1
    made.see(VIEW, NOTHING)
    while made.pending:
        made.see(VIEW, NOTHING)
        frames += 1
    assert frames <= 30


place = st.tuples(st.integers(-300, 300), st.integers(-300, 300))


@given(st.lists(st.tuples(place, st.integers(0, 5)), max_size=25), st.floats(0.2, 50))
def test_no_value_covers_another(found, unit):
    shown = [sensors(*[at for at, _s in found], severity=[s for _at, s in found])]
    view = MapView(0, 0, unit, 4_000, 4_000)
    standing = boxes(Plates(glass(shown), unit, NEAR), view)
    for n, (a, b, c, d) in enumerate(standing):
        for e, f, g, h in standing[:n]:
            assert c < e or g < a or d < f or h < b


@given(st.lists(st.tuples(place, st.integers(1, 5)), min_size=1, max_size=25), st.floats(0.5, 50))
def test_no_value_covers_a_symbol_of_another_place(found, unit):
    shown = [sensors(*[at for at, _s in found], severity=[s for _at, s in found])]
    view = MapView(0, 0, unit, 4_000, 4_000)
    made = Plates(glass(shown), unit, NEAR)
    for left, top, right, bottom in boxes(made, view):
        near = view.to_pixels(made.glass.xy)
        reach = made.glass.reach[:, None] - 0.01
        inside = ((near + reach > (left, top)) & (near - reach < (right, bottom))).all(axis=1)
        assert not inside.any()
