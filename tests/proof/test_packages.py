"""A package arrives whole or not at all, tells nothing withheld, and carries what nobody here knows."""

import json
import zipfile
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from gis.store.journal.edit import read
from gis.sync.package import pack, unpack
from tests.proof.bounds import TORTURE, tried
from tests.proof.desks import Desk, room, spelled, statement
from tests.proof.test_delivery import WHOLE

CALLER = "Ibu Kartini 0812-555-0199"


@pytest.fixture
def city(blank):
    with room() as folder:
        desk = Desk(blank, folder, "city")
        desk.write("Incident", "one", **WHOLE["Incident"], source=CALLER)
        yield desk
        desk.store.close()


def sent(desk, **how):
    path = desk.folder.parent / "p.kentongan-package"
    pack(desk.store, path, **how)
    return path


def content(package):
    return [edit.body for edit in package.edits], sorted(each.name for each in package.personal)


def test_a_package_with_any_bit_turned_is_refused_whole_or_says_the_same(city):
    """Not every bit of a zip says something (times, attributes); what it says is never changed."""
    path = sent(city)
    whole, said = path.read_bytes(), content(unpack(path))
    refused = 0
    for at in range(0, len(whole), 1 if TORTURE else 5):
        turned = bytearray(whole)
        turned[at] ^= 1 << at % 8
        path.write_bytes(turned)
        try:
            package = unpack(path)
        except UserError:
            refused += 1
            continue
        assert content(package) == said
    city.agree()
    assert refused > len(range(0, len(whole), 1 if TORTURE else 5)) * 0.6


def test_a_package_cut_anywhere_is_refused_whole(city):
    path = sent(city)
    whole = path.read_bytes()
    for length in range(0, len(whole), 1 if TORTURE else 9):
        path.write_bytes(whole[:length])
        with pytest.raises(UserError):
            unpack(path)
    city.agree()


def test_what_is_withheld_is_in_no_byte_of_the_package_nor_of_the_desk_that_took_it(city, blank):
    path = sent(city, personal=False)
    with zipfile.ZipFile(path) as archive:
        raw = path.read_bytes() + b"".join(map(archive.read, archive.namelist()))
    assert CALLER.encode() not in raw
    assert CALLER.encode().hex().encode() not in raw
    team = Desk(blank, city.folder.parent, "team")
    team.take([edit.body for edit in unpack(path).edits])
    team.agree()
    assert team.mind.records()["Incident", "one"]["source"] == ""
    team.store.close()
    for file in team.folder.iterdir():
        if file.is_file():
            assert CALLER.encode() not in file.read_bytes(), file


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NEWER = st.dictionaries(
    st.sampled_from(
        ["kind", "record", "field", "value", "over", "step", "label", "who", "at", "undoes", "wind"]
    ),
    ODD,
    max_size=6,
)
SOON = st.tuples(
    st.sampled_from([("Incident", "one", "wind"), ("Drone", "d", "text"), ("Incident", "one", "void")]), ODD
)


def test_what_this_version_does_not_know_travels_byte_for_byte_and_is_applied_nowhere(blank):
    @tried(20, 1500)
    @given(st.lists(NEWER, max_size=3), st.lists(SOON, max_size=3))
    def relayed(newer, soon):
        with room() as folder:
            desks = [Desk(blank, folder, name) for name in ("one", "two", "three")]
            desks[0].write("Incident", "one", **WHOLE["Incident"])
            known = desks[0].mind.records()
            plain = json.loads(statement(("Incident", "one", "text"), "?", v=2))
            odd = [spelled(plain | but | {"seq": n}) for n, but in enumerate(newer, 1)]
            odd += [statement(*each, seq=n, actor="d" * 16) for n, each in enumerate(soon, 1)]
            desks[0].take([body for body in odd if readable(body)])
            for source, target in pairwise(desks):
                path = sent(source)
                target.take([edit.body for edit in unpack(path).edits])
            for desk in desks:
                assert desk.bodies() == desks[0].bodies()
                desk.agree(datetime(2026, 3, 14, 6, tzinfo=UTC))
                told = desk.mind.records()
                assert {key: told[key] | {"void": False} for key in told} == known
                desk.made_again_is_the_same()
                desk.store.close()

    relayed()


def readable(body):
    """Text of halves of characters is no file's text: refused at the door."""
    try:
        return bool(read(body))
    except UserError:
        return False
