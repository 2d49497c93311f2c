"""Shapes that random walks seldom take: late ancestors one by one, copied folders, one id for two things."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proof.bounds import tried
from tests.proof.desks import Desk, room, statement
from tests.proof.oracle import heard
from tests.proof.test_delivery import WHOLE, World

HISTORY = st.lists(
    st.tuples(st.sampled_from(["amend", "amend", "meet", "settle"]), *[st.integers(0, 40)] * 4),
    min_size=5,
    max_size=14,
)


def test_edits_that_come_one_at_a_time_in_any_order_come_to_the_same(blank):
    @tried(8, 1000)
    @given(HISTORY, st.integers(0, 10**9))
    def came(acts, seed):
        with room() as folder:
            world = World(blank, folder)
            world.all_know_one()
            for what, *how in acts:
                getattr(world, what)(*how)
            world.everybody_meets()
            bodies = world.desks[0].bodies()
            order = [*bodies, *bodies]
            random.Random(seed).shuffle(order)
            late = Desk(blank, folder, "late")
            for body in order:
                late.take([body])
                late.rows_agree()
            late.agree()
            late.made_again_is_the_same()
            assert late.mind.records() == world.desks[0].mind.records()
            assert late.mind.conflicts() == world.desks[0].mind.conflicts()
            late.store.close()
            world.close()

    came()


CLAIM = st.tuples(
    st.tuples(
        st.sampled_from(["Incident", "Note", "Drone"]),
        st.sampled_from(["one", "two"]),
        st.sampled_from(["text", "void", "text"]),
    ),
    st.lists(st.integers(0, 9), max_size=3),
)


def test_what_an_edit_names_of_another_thing_it_does_not_replace(blank):
    """The same id for two kinds, and edits that claim to replace what they do not speak of."""

    @tried(15, 2000)
    @given(
        st.lists(CLAIM, min_size=3, max_size=9),
        st.randoms(),
    )
    def claimed(claims, rnd):
        bodies, names = [], []
        for seq, (place, over) in enumerate(claims, 1):
            named = {names[which % len(names)] for which in over} if names else set()
            value = bool(seq % 2) if place[2] == "void" else f"said {seq}"
            bodies.append(statement(place, value, named, seq=seq, step=f"s{seq}"))
            names.append(heard(bodies[-1]).name)
        whole = [
            statement((kind, "one", name), value, seq=100 + n)
            for kind in WHOLE
            for n, (name, value) in enumerate(WHOLE[kind].items(), len(kind) * 10)
            if name != "text"
        ]
        rnd.shuffle(bodies)
        with room() as folder:
            desk = Desk(blank, folder, "desk")
            desk.take(whole)
            half = len(bodies) // 2
            for some in (bodies[:half], bodies[half:]):
                desk.take(some)
                desk.agree()
            desk.made_again_is_the_same()
            desk.store.close()

    claimed()


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_a_folder_worked_in_on_both_sides_loses_nothing_and_says_so(blank, told):
    @tried(3, 300)
    @given(*[st.lists(st.integers(0, 2), min_size=1, max_size=3)] * 2, st.booleans())
    def parted(here, there, copy_first):
        with room() as folder:
            world = World(blank, folder, desks=1)
            world.amend(0, 0, 0)
            one = world.desks[0]
            two = one.copied("copy", told=told)
            for desk, whiches in ((one, here), (two, there)):
                for which in whiches:
                    desk.write("Incident", "one", text=f"{desk.name} {which}", affected=len(desk.mind.came))
            third = Desk(blank, folder, "third")
            for desk in (two, one) if copy_first else (one, two):
                third.take(desk.bodies())
            assert third.mind.names == one.mind.names | two.mind.names
            assert bool(third.mind.forks()) is not told
            third.agree()
            _and_both_go_on(one, two)
            for desk in (one, two, third):
                desk.store.close()

    parted()


def _and_both_go_on(one, two):
    """What is written after the branches met stands in a chain that holds, here and at the other."""
    for desk, other in ((one, two), (two, one)):
        desk.take(other.bodies()[-1:])  # its newest alone: a gap in one's own chain
        desk.agree()
        desk.write("Incident", "one", where=f"{desk.name} goes on")
        desk.take(other.bodies())
        desk.reopen()
        desk.write("Incident", "one", where=f"{desk.name} goes on again")
        desk.agree()
        other.take(desk.bodies())
        other.agree()
        desk.made_again_is_the_same()
    two.take(one.bodies())
    one.take(two.bodies())
    assert one.mind.records() == two.mind.records()
