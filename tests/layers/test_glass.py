"""A night on the glass: what is drawn over what, and which values can be read."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.badges import badges
from layers.glass import FAR, PLATE_PX, glass
from layers.style import LiveLook
from layers.view import MapView
from tests.shapes import points

VIEW = MapView(0.0, 0.0, 1.0, 200, 200)
NEAR = FAR / 4


def live(look: LiveLook, *places, **columns):
    return badges(str(look), look, [points(*places, **columns)])


def sensors(*places, severity, label=None):
    return live(LiveLook.SENSOR, *places, severity=severity, label=label or ["1.2 m"] * len(places))


def told(shown, scale: float, unit: float = 1.0) -> list[str]:
    plates = glass(shown).plates(unit, scale)
    return sorted(badge.labels[i] for badge, i in (glass(shown).badge(plate.number) for plate in plates))


def test_the_worst_is_on_top_whatever_layer_it_is_of():
    incidents = live(LiveLook.INCIDENT, (0, 0), ids=["minor"], severity=[4])
    alarms = live(LiveLook.ALARM, (0, 0), ids=["extreme"], severity=[1])
    for order in ([alarms, incidents], [incidents, alarms]):
        assert [hit.id for hit in glass(order).at(VIEW, 100, 100)] == ["extreme", "minor"]


def test_an_instrument_shows_only_its_worst_alarm_but_all_are_found():
    alarms = live(LiveLook.ALARM, (0, 0), (0, 0), (50, 0), ids=["s3", "s1", "other"], severity=[3, 1, 3])
    made = glass([alarms])
    hidden = [badge.features.ids[badge.rows[i]] for badge, i in map(made.badge, np.flatnonzero(made.covered))]
    assert hidden == ["s3"]
    assert [hit.id for hit in made.at(VIEW, 100, 100)] == ["s1", "s3"]


def test_two_incidents_at_one_place_are_both_drawn():
    assert not glass([live(LiveLook.INCIDENT, (0, 0), (0, 0), severity=[2, 2])]).covered.any()


def test_from_afar_only_what_is_over_a_limit_tells_its_value():
    shown = [sensors((0, 0), (400, 0), severity=[0, 2], label=["0.4 m", "3.9 m"])]
    assert told(shown, FAR * 2) == ["3.9 m"]
    assert told(shown, NEAR) == ["0.4 m", "3.9 m"]


def test_the_worse_of_two_neighbours_chooses_first():
    shown = [sensors((0, 0), (0, 13), severity=[3, 1])]
    worse, other = sorted(glass(shown).plates(1.0, NEAR), key=lambda plate: glass(shown).rank[plate.number])
    assert worse.x > 0
    assert other.x < 0, "on the right there is no room any more"


def test_in_a_crowd_a_value_without_room_is_left_out():
    crowd = [(x, y) for x in (-10, 0, 10) for y in (-10, 0, 10)]
    assert len(told([sensors(*crowd, severity=[2] * 9)], NEAR)) < 9


def test_a_value_stands_clear_of_the_ring_of_its_own_alarm():
    shown = [sensors((0, 0), severity=[1]), live(LiveLook.ALARM, (0, 0), severity=[1], hollow=[0])]
    (plate,) = glass(shown).plates(1.0, NEAR)
    assert plate.x > 21
    assert plate.y == -PLATE_PX / 2


def test_a_value_gives_way_to_an_incident_beside_it():
    shown = [sensors((0, 0), severity=[2]), live(LiveLook.INCIDENT, (25, 0), severity=[4])]
    (plate,) = glass(shown).plates(1.0, NEAR)
    assert plate.x + plate.width < 0, "it changes to the other side"


def test_an_empty_glass_has_nothing_on_it():
    assert glass([]).plates(1.0, NEAR) == ()
    assert glass([live(LiveLook.INCIDENT)]).at(VIEW, 1, 1) == ()


place = st.tuples(st.integers(-300, 300), st.integers(-300, 300))


@given(st.lists(st.tuples(place, st.integers(0, 5)), max_size=25), st.floats(0.2, 50))
def test_no_value_covers_another(found, unit):
    shown = [sensors(*[at for at, _s in found], severity=[s for _at, s in found])]
    made = glass(shown)
    boxes = []
    for plate in made.plates(unit, NEAR):
        x, y = made.xy[plate.number, 0] / unit + plate.x, -made.xy[plate.number, 1] / unit + plate.y
        boxes.append((x, y, x + plate.width, y + PLATE_PX))
    for n, (a, b, c, d) in enumerate(boxes):
        for e, f, g, h in boxes[:n]:
            assert c < e or g < a or d < f or h < b
