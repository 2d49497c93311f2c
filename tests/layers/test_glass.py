"""A night on the glass: what is drawn over what, and what each symbol looks like."""

import numpy as np

from layers.glass import KINDS, Kind, glass
from layers.style import LiveLook
from layers.view import MapView
from tests.layers.night import live, sensors

VIEW = MapView(0.0, 0.0, 1.0, 200, 200)


def test_the_worst_is_on_top_whatever_layer_it_is_of():
    incidents = live(LiveLook.INCIDENT, (0, 0), ids=["minor"], severity=[4])
    alarms = live(LiveLook.ALARM, (0, 0), ids=["extreme"], severity=[1])
    for order in ([alarms, incidents], [incidents, alarms]):
        assert [hit.id for hit in glass(order).at(VIEW, 100, 100)] == ["extreme", "minor"]


def test_instruments_lie_under_everything_that_happened_to_people():
    calm = live(LiveLook.INCIDENT, (0, 0), ids=["unknown"], severity=[5])
    over = live(LiveLook.SENSOR, (0, 0), (0, 0), ids=["normal", "extreme"], severity=[0, 1])
    assert [hit.id for hit in glass([calm, over]).at(VIEW, 100, 100)] == ["unknown", "extreme", "normal"]


def test_an_instrument_shows_only_its_worst_alarm_but_all_are_found():
    alarms = live(LiveLook.ALARM, (0, 0), (0, 0), (50, 0), ids=["s3", "s1", "other"], severity=[3, 1, 3])
    made = glass([alarms])
    hidden = [badge.features.ids[badge.rows[i]] for badge, i in map(made.badge, np.flatnonzero(made.covered))]
    assert hidden == ["s3"]
    assert [hit.id for hit in made.at(VIEW, 100, 100)] == ["s1", "s3"]


def test_two_layers_of_alarms_do_not_hide_each_other():
    first, second = (live(LiveLook.ALARM, (0, 0), severity=[2]) for _layer in "12")
    assert not glass([first, second]).covered.any()


def test_two_incidents_at_one_place_are_both_drawn():
    assert not glass([live(LiveLook.INCIDENT, (0, 0), (0, 0), severity=[2, 2])]).covered.any()


def test_a_symbol_looks_like_what_is_said_of_it():
    shown = [
        live(LiveLook.ALARM, (0, 0), severity=[1], hollow=[1], exercise=[1]),
        live(LiveLook.INCIDENT, (0, 0), severity=[3], hollow=[0]),
        sensors((0, 0), severity=[0]),
    ]
    assert [KINDS[kind] for kind in glass(shown).kind] == [
        Kind(LiveLook.SENSOR, 0, hollow=False, exercise=False),
        Kind(LiveLook.INCIDENT, 3, hollow=False, exercise=False),
        Kind(LiveLook.ALARM, 1, hollow=True, exercise=True),
    ]


def test_a_severity_nobody_knows_is_drawn_as_unknown():
    made = glass([live(LiveLook.INCIDENT, (0, 0), (0, 0), severity=[77, -3])])
    assert {KINDS[kind].severity for kind in made.kind} == {5}


def test_an_empty_glass_has_nothing_on_it():
    assert glass([live(LiveLook.INCIDENT)]).at(VIEW, 1, 1) == ()
    assert not len(glass([]).kind)
