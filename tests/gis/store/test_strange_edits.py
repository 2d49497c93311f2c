"""Edits come from other desks and other versions: what cannot be shown is kept, and nothing stops working."""

from datetime import datetime

import pytest

from gis.errors import UserError
from gis.model.incident import Incident, Severity
from gis.model.record import new_id
from gis.model.sensor import Sensor
from gis.ops import incidents
from gis.progress import Progress
from gis.store.journal.edit import body_of, read

CALL = {
    "number": "X-0001",
    "code": "fl",
    "text": "Water knee high",
    "severity": "Severe",
    "reported_at": "2026-03-14T06:00:00.000Z",
}
GAUGE = {"key": "KALI-9", "name": "Kali 9", "quantity": "pump", "unit": "m", "place": "POINT (1 2)"}


def said(kind, values, **but):
    """One edit a field, as another desk would send them."""
    step = {"kind": kind, "step": new_id(), "label": "Log", "who": "B", "v": 1, "actor": "b" * 16}
    step |= {"at": "2026-03-14T06:00:00.000Z", "record": new_id(), "over": [], "prev": ""}
    each = enumerate(values.items(), start=1)
    return [
        read(body_of(step | {"seq": n, "field": field, "value": value} | but)) for n, (field, value) in each
    ]


def take(store, edits):
    with store.writing("Take in") as tx:
        return tx.receive(edits)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("affected", 10**30),
        ("affected", -(2**63) - 1),
        ("place", "POINT (nan nan)"),
        ("place", "POINT (inf 3)"),
        ("place", "LINESTRING (0 0, 1e400 1)"),
        ("closed_at", "2026-03-14T06:00:00"),
        ("closed_at", "0001-01-01T00:00:00+14:00"),
        ("id", "another"),
    ],
)
def test_a_value_no_column_holds_is_kept_but_not_shown(store, field, value):
    edits = said("Incident", CALL | {field: value})
    assert take(store, edits) == edits
    with store.reading() as query:
        (shown,) = query.find(Incident)
        assert [edit for _n, edit in query.edits_after(0)] == edits
    assert (shown.text, shown.affected, shown.place, shown.closed_at) == (CALL["text"], None, None, None)
    assert shown.id == edits[0].record


def test_a_time_without_an_offset_is_no_time_whatever_zone_this_computer_stands_in(store):
    take(store, said("Incident", CALL | {"reported_at": "2026-03-14T06:00:00"}))
    with store.reading() as query:
        assert query.find(Incident) == []


@pytest.mark.parametrize("place", ["LINESTRING (0 0, 1 1)", "POINT EMPTY", "POINT (nan 1)"])
def test_a_gauge_stands_at_a_point_or_is_not_shown(store, place):
    take(store, said("Sensor", GAUGE | {"place": place}))
    with store.reading() as query:
        assert query.find(Sensor) == []


def test_a_height_in_a_place_is_left_aside(store):
    take(store, said("Sensor", GAUGE | {"place": "POINT Z (1 2 3)"}))
    with store.reading() as query:
        assert [sensor.place.wkt for sensor in query.find(Sensor)] == ["POINT (1 2)"]


@pytest.mark.parametrize(
    "but", [{"seq": 10**30}, {"seq": 0}, {"seq": -7}, {"at": "0001-01-01T00:00:00+14:00"}]
)
def test_an_edit_with_a_number_or_time_no_desk_writes_is_damaged(but):
    with pytest.raises(UserError, match="damaged"):
        said("Incident", {"text": "x"}, **but)


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 18])
def test_an_absurd_number_from_elsewhere_does_not_keep_this_desk_from_logging(store, digits):
    take(store, said("Incident", CALL | {"number": f"I-{digits}"}))
    with store.writing("Log") as tx:
        assert incidents.log(tx, "fl", "Water", Severity.MINOR).number == "I-0001"


def test_half_a_character_costs_only_itself(store):
    with store.writing("Log \ud800", "R. \ud83d Sari") as tx:
        made = incidents.log(tx, "fl", "Water \udc00 in the market", Severity.MINOR)
    assert made.text == "Water ? in the market"
    with store.reading() as query:
        assert query.get(Incident, made.id) == made
        assert query.steps()[0].author == "R. ? Sari"


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_an_edit_replaces_nothing_in_another_entry_whatever_it_names(store, first):
    call = said("Incident", CALL)
    liar = said("Incident", {"where": "elsewhere"}, over=[edit.id for edit in call], actor="c" * 16)
    for edits in (liar, call) if first else (call, liar):
        take(store, edits)
    take(store, said("Incident", {"where": "Pasar Lama"}, record=call[0].record, actor="d" * 16))
    with store.reading() as query:
        (shown,) = query.find(Incident)
        assert query.standing("Incident", shown.id).keys() == {*CALL, "where"}
    assert (shown.text, shown.where) == (CALL["text"], "Pasar Lama")


def test_what_came_of_a_record_before_all_of_it_did_stands_when_it_is_made_whole_here(store):
    some = {name: value for name, value in CALL.items() if name != "number"} | {"affected": 2}
    edits = said("Incident", some)
    take(store, edits)
    with store.reading() as query:
        assert not query.find(Incident)  # without its number it is no incident yet
    with store.writing("Put Incident") as tx:
        at = datetime.fromisoformat(CALL["reported_at"])
        put = tx.put(Incident("I-0007", "fl", "Hip high", Severity.MINOR, at, id=edits[0].record))
    assert (put.text, put.affected) == ("Hip high", 2)
    with store.reading() as query:
        assert query.find(Incident) == [put]
    store.rebuild(Progress())
    with store.reading() as query:
        assert query.find(Incident) == [put]
