"""Edits travel in files: any order, any number of times, none lost, disagreement shown."""

import zipfile
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident, Severity
from gis.ops import incidents
from gis.store import Operation, Store
from gis.store.questions import conflicts
from gis.sync import exchange
from gis.sync.package import pack, unpack
from tests.build import SIX, an_incident


@pytest.fixture
def desks(tmp_path):
    """Makes desks of one city, each with its own clock and folder."""
    made = []

    def desk(name, exercise=False):
        clock = ManualClock(SIX)
        operation = Operation("Seruni", SIX, desk=name, exercise=exercise)
        made.append(Store.create(tmp_path / f"{name}.kentongan", operation, clock=clock, author=name))
        return made[-1]

    yield desk
    for store in made:
        store.close()


def carry(source, target, folder, after=0):
    package = unpack(pack(source, folder / f"{source.author}.kentongan-package", after=after).path)
    with target.writing("Take in") as tx:
        return exchange.receive(tx, package)


def log(store, **but):
    with store.writing("Log") as tx:
        return tx.put(an_incident(**but))


def amend(store, incident, **changes):
    with store.writing("Amend") as tx:
        return incidents.amend(tx, incident.id, **changes)


def shown(store):
    with store.reading() as query:
        return sorted(query.find(Incident, void=None), key=lambda i: i.id)


def test_a_team_brings_home_what_it_logged(desks, tmp_path):
    city, team = desks("city"), desks("team")
    made = log(team)
    received = carry(team, city, tmp_path)
    assert received.conflicts == ()
    assert received.missing_edits == 0
    assert shown(city) == [made]


def test_the_same_package_twice_changes_nothing(desks, tmp_path):
    city, team = desks("city"), desks("team")
    log(team)
    first = carry(team, city, tmp_path)
    again = carry(team, city, tmp_path)
    assert (again.new_edits, again.known_edits) == (0, first.new_edits)


def test_different_fields_of_one_incident_merge_without_a_question(desks, tmp_path):
    city, team = desks("city"), desks("team")
    made = log(city)
    carry(city, team, tmp_path)
    amend(city, made, severity=Severity.EXTREME)
    amend(team, made, text="Two in the clinic", affected=2)
    assert carry(team, city, tmp_path).conflicts == ()
    assert shown(city) == [replace(made, severity=Severity.EXTREME, text="Two in the clinic", affected=2)]


def test_the_same_field_on_both_sides_is_a_conflict_until_a_person_decides(desks, tmp_path):
    city, team = desks("city"), desks("team")
    made = log(city)
    carry(city, team, tmp_path)
    amend(city, made, text="Knee high")
    amend(team, made, text="Chest high")
    (conflict,) = carry(team, city, tmp_path).conflicts
    assert {edit.value for edit in conflict.values} == {"Knee high", "Chest high"}
    assert {edit.who for edit in conflict.values} == {"city", "team"}
    theirs = next(edit for edit in conflict.values if edit.who == "team")
    with city.writing("Decide") as tx:
        exchange.settle(tx, conflict, theirs)
    carry(city, team, tmp_path)
    for store in (city, team):
        assert [i.text for i in shown(store)] == ["Chest high"]
        with store.reading() as query:
            assert conflicts(query) == []


def test_the_same_edit_made_twice_is_no_conflict(desks, tmp_path):
    city, team = desks("city"), desks("team")
    made = log(city)
    carry(city, team, tmp_path)
    for store in (city, team):
        amend(store, made, severity=Severity.EXTREME)
    assert carry(team, city, tmp_path).conflicts == ()


def test_striking_out_what_another_is_amending_loses_neither(desks, tmp_path):
    city, team = desks("city"), desks("team")
    made = log(city)
    carry(city, team, tmp_path)
    with city.writing("Strike") as tx:
        incidents.strike(tx, made.id)
    amend(team, made, text="Still flooding")
    carry(team, city, tmp_path)
    assert shown(city) == [replace(made, void=True, text="Still flooding")]


def test_what_is_shown_of_a_dispute_does_not_depend_on_what_arrived_first(desks, tmp_path):
    city, sides = desks("city"), [desks("east"), desks("west")]
    made = log(city)
    for side in sides:
        carry(city, side, tmp_path)
        amend(side, made, text=f"said by {side.author}")
    readers = [desks("reader one"), desks("reader two")]
    for reader, order in zip(readers, (sides, sides[::-1]), strict=True):
        for side in order:
            carry(side, reader, tmp_path)
    assert shown(readers[0]) == shown(readers[1])


def test_a_later_package_may_come_first_and_the_gap_is_told(desks, tmp_path):
    city, team = desks("city"), desks("team")
    made = log(team)
    early = pack(team, tmp_path / "early.kentongan-package")
    amend(team, made, text="Chest high")
    late = pack(team, tmp_path / "late.kentongan-package", after=early.upto)
    with city.writing("Take in") as tx:
        received = exchange.receive(tx, unpack(late.path))
    assert received.missing_edits == early.edits
    assert shown(city) == []
    with city.writing("Take in") as tx:
        assert exchange.receive(tx, unpack(early.path)).missing_edits == 0
    assert [i.text for i in shown(city)] == ["Chest high"]


def test_the_plan_says_what_would_happen_and_writes_nothing(desks, tmp_path):
    city, team = desks("city"), desks("team")
    made = log(city)
    carry(city, team, tmp_path)
    amend(team, made, text="Chest high")
    log(team, number="T-0001")
    package = unpack(pack(team, tmp_path / "p.kentongan-package").path)
    with city.reading() as query:
        plan = exchange.plan(query, package)
    assert (plan.new_records, plan.changed_records, plan.unknown_kinds) == (1, 1, 0)
    assert len(shown(city)) == 1


@pytest.mark.parametrize("drill_first", [True, False])
def test_drill_and_reality_never_mix(desks, tmp_path, drill_first):
    drill, real = desks("drill", exercise=True), desks("real")
    source, target = (drill, real) if drill_first else (real, drill)
    log(source)
    with pytest.raises(UserError, match="exercise"):
        carry(source, target, tmp_path)
    assert shown(target) == []


def test_a_package_with_one_changed_byte_is_refused_whole(desks, tmp_path):
    city, team = desks("city"), desks("team")
    log(team)
    whole = pack(team, tmp_path / "p.kentongan-package").path
    with zipfile.ZipFile(whole) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["edits.jsonl"] = members["edits.jsonl"].replace(b"knee", b"neck")
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(UserError, match="not a whole field package"):
        unpack(whole)
    assert shown(city) == []


@pytest.mark.parametrize("share", [0, 10, 50, 90, 99])
def test_a_package_cut_short_is_refused(desks, tmp_path, share):
    team = desks("team")
    log(team)
    whole = pack(team, tmp_path / "p.kentongan-package").path
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) * share // 100])
    with pytest.raises(UserError, match="not a whole field package"):
        unpack(whole)


def test_an_edit_of_a_newer_version_is_kept_and_passed_on(desks, tmp_path):
    from gis.store.journal.edit import read

    city, team = desks("city"), desks("team")
    log(team)
    with team.reading() as query:
        sample = query.steps()[0].edits[0]
    newer = sample.body.replace('"kind":"Incident"', '"kind":"Drone"')
    with city.writing("Take in") as tx:
        tx.receive([read(newer)])
    assert shown(city) == []
    relayed = unpack(pack(city, tmp_path / "p.kentongan-package").path)
    assert [edit.body for edit in relayed.edits] == [newer]


def test_a_value_no_version_understands_does_not_hide_the_incident(desks, tmp_path):
    from gis.store.journal.edit import read

    city, team = desks("city"), desks("team")
    made = log(team)
    carry(team, city, tmp_path)
    with city.reading() as query:
        head = query.standing("Incident", made.id)["severity"][0]
    odd = head.body.replace('"value":"Severe"', '"value":"Apocalyptic"').replace(
        '"over":[]', f'"over":["{head.id}"]'
    )
    with city.writing("Take in") as tx:
        tx.receive([read(odd)])
    assert [i.id for i in shown(city)] == [made.id]


ACTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["log", "text", "severity", "strike", "carry", "late"]),
        st.integers(0, 5),
        st.integers(-3 * 365, 3 * 365),
    ),
    min_size=4,
    max_size=18,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_when_everyone_has_met_everyone_all_desks_agree_and_no_edit_is_gone(tmp_path_factory, acts):
    folder = tmp_path_factory.mktemp("desks")
    clocks = [ManualClock(SIX) for _ in range(3)]
    stores = [
        Store.create(
            folder / f"{n}.kentongan", Operation("Seruni", SIX, desk=str(n)), clock=c, author=f"desk {n}"
        )
        for n, c in enumerate(clocks)
    ]
    for who, what, which, days in acts:
        clocks[who]._now = SIX.replace(year=SIX.year + days // 365, day=1 + abs(days) % 28)
        _act(stores, who, what, which, folder)
    written = {edit.id for store in stores for edit in _edits(store)}
    for _round in range(2):
        for one, other in combinations(stores, 2):
            _meet(one, other, folder)
    for store in stores:
        assert {edit.id for edit in _edits(store)} == written
        with store.reading() as query:
            assert query.broken() is None
            assert query.missing() == 0
    assert shown(stores[0]) == shown(stores[1]) == shown(stores[2])
    assert _disputes(stores[0]) == _disputes(stores[1]) == _disputes(stores[2])
    for store in stores:
        store.close()


def _act(stores, who, what, which, folder):
    store = stores[who]
    known = shown(store)
    target = known[which % len(known)] if known else None
    if what == "log" or (target is None and what in ("text", "severity", "strike")):
        log(store, number=f"{who}-{which}")
    elif what == "text":
        amend(store, target, text=f"said by {who}, {which}")
    elif what == "severity":
        amend(store, target, severity=list(Severity)[which % 5])
    elif what == "strike":
        with store.writing("Strike") as tx:
            tx.strike(target)
    elif edits := _edits(store):
        _give(
            store, stores[(who + 1 + which % 2) % 3], folder, after=len(edits) // 2 if what == "late" else 0
        )


def _edits(store):
    with store.reading() as query:
        return [edit for _number, edit in query.edits_after(0)]


def _give(source, target, folder, after=0):
    if len(_edits(source)) > after:
        carry(source, target, folder, after)


def _meet(one, other, folder):
    _give(one, other, folder)
    _give(other, one, folder)


def _disputes(store):
    with store.reading() as query:
        return {(c.record_id, c.field, frozenset(e.id for e in c.values)) for c in conflicts(query)}
