"""What the store promises: all or nothing, journaled, announced, and read back as it was put."""

import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import Point, Polygon

from gis.errors import UserError
from gis.model.incident import Incident, Note, Severity, Status
from gis.model.record import Reading
from gis.ops import incidents
from gis.store import Operation, Store
from gis.store.guards.wal import WalWatch
from tests.build import SIX, a_gauge, a_rule, an_incident


def logged(store, **but):
    with store.writing("Log incident") as tx:
        return tx.put(an_incident(**but))


def test_what_is_put_is_read_back_after_reopening(store, clock):
    area = Polygon(
        [(116.7, -8.2), (116.8, -8.2), (116.8, -8.1)], [[(116.75, -8.19), (116.77, -8.19), (116.77, -8.17)]]
    )
    made = logged(store, place=area, text="Güneş 日本語 नेपाली", affected=12)
    gauge = a_gauge()
    with store.writing("Set up gauge") as tx:
        tx.put(gauge)
        rule = tx.put(a_rule(gauge, hold_s=300))
    store.close()
    again = Store.open(store.folder, clock=clock, author="A. Putri")
    with again.reading() as query:
        assert query.get(Incident, made.id) == made
        assert query.get(type(gauge), gauge.id) == gauge
        assert query.get(type(rule), rule.id) == rule
    assert again.operation == store.operation
    again.close()


def test_one_edit_is_written_for_each_field_that_changed(store, clock):
    made = logged(store)
    with store.writing("Amend incident") as tx:
        tx.put(replace(made, text="Water chest high", severity=Severity.EXTREME))
    with store.reading() as query:
        newest = query.steps()[0]
    assert newest.label == "Amend incident"
    assert newest.author == "R. Sari"
    assert {(e.field, e.value) for e in newest.edits} == {
        ("text", "Water chest high"),
        ("severity", "Extreme"),
    }
    assert all(len(e.over) == 1 for e in newest.edits)


def test_putting_the_same_again_writes_nothing(store):
    made = logged(store)
    with store.writing("Amend incident") as tx:
        tx.put(made)
    with store.reading() as query:
        assert [step.label for step in query.steps()] == ["Log incident"]


def test_a_step_that_fails_leaves_no_trace(store):
    heard = []
    store.changed.connect(heard.append)

    def fail_halfway():
        with store.writing("Log incident") as tx:
            incidents.log(tx, "fl", "Water knee high", Severity.SEVERE)
            tx.append([Reading("gauge", SIX, 1.0)])
            incidents.log(tx, "", " ", Severity.SEVERE)

    with pytest.raises(UserError, match="nothing to log"):
        fail_halfway()
    with store.reading() as query:
        assert query.find(Incident) == []
        assert query.steps() == []
        assert len(query.series("gauge")) == 0
    assert heard == []


def test_a_write_says_what_it_touched(store):
    heard = []
    store.changed.connect(heard.append)
    made = logged(store)
    with store.writing("Readings") as tx:
        tx.append([Reading("gauge", SIX, 1.0)])
    assert heard[0].touches(Incident)
    assert not heard[0].touches(Note, Reading)
    assert heard[0].ids == {made.id}
    assert heard[1].touches(Reading)


def test_a_struck_out_incident_is_kept_but_not_shown(store):
    made = logged(store)
    with store.writing("Strike") as tx:
        incidents.strike(tx, made.id)
    with store.reading() as query:
        assert query.find(Incident) == []
        assert query.get(Incident, made.id).void


def test_numbers_go_on_after_a_struck_out_one_and_never_repeat(store):
    with store.writing("Log") as tx:
        first = incidents.log(tx, "fl", "one", Severity.MINOR)
        incidents.strike(tx, first.id)
        second = incidents.log(tx, "fl", "two", Severity.MINOR)
    assert (first.number, second.number) == ("I-0001", "I-0002")


def test_closing_and_reopening(store, clock):
    made = logged(store)
    with store.writing("Close") as tx:
        assert incidents.close(tx, made.id).closed_at == clock.now()
    with pytest.raises(UserError, match="closed already"), store.writing("Close") as tx:
        incidents.close(tx, made.id)
    with store.writing("Reopen") as tx:
        again = incidents.reopen(tx, made.id)
    assert again.is_open
    assert again.status is Status.VERIFIED


def test_readings_can_come_twice_late_and_out_of_order(store):
    minute = timedelta(minutes=1)
    batch = [Reading("gauge", SIX + n * minute, float(n)) for n in (3, 1, 2)]
    with store.writing("Readings") as tx:
        assert len(tx.append(batch)) == 3
    with store.writing("Readings") as tx:
        assert len(tx.append([*batch, Reading("gauge", SIX, 0.0)])) == 1
    with store.reading() as query:
        series = query.series("gauge")
        assert series.value.tolist() == [0.0, 1.0, 2.0, 3.0]
        assert query.latest()["gauge"] == batch[0]
        part = query.series("gauge", since=SIX + minute, until=SIX + 2 * minute)
        assert part.value.tolist() == [1.0, 2.0]


def test_two_values_for_one_instant_are_both_kept(store):
    with store.writing("Readings") as tx:
        tx.append([Reading("gauge", SIX, 1.0), Reading("gauge", SIX, 1.5)])
    with store.reading() as query:
        assert query.series("gauge").value.tolist() == [1.0, 1.5]


def test_a_look_does_not_change_under_the_reader(store):
    with store.reading() as query:
        before = query.find(Incident)
        logged(store)
        assert query.find(Incident) == before == []
    with store.reading() as query:
        assert len(query.find(Incident)) == 1


def test_two_desks_counting_in_one_file_lose_no_update(store, clock):
    made = logged(store, affected=0)
    other = Store.open(store.folder, clock=clock, author="desk 2")

    def count(desk):
        for _ in range(50):
            with desk.writing("Count") as tx:
                now = tx.get(Incident, made.id)
                tx.put(replace(now, affected=now.affected + 1))

    threads = [threading.Thread(target=count, args=(desk,)) for desk in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as query:
        assert query.get(Incident, made.id).affected == 100
        assert query.broken() is None
    other.close()


def test_an_altered_entry_is_named(store):
    logged(store)
    with store.reading() as query:
        assert query.broken() is None
        edit = query.steps()[0].edits[2]
    store.close()
    with sqlite3.connect(store.folder / "desk.gpkg") as raw:
        raw.execute("DROP TRIGGER journal_stands")
        raw.execute("UPDATE journal SET body = replace(body, 'knee', 'neck') WHERE field = 'text'")
        name = raw.execute("SELECT edit FROM journal WHERE field = 'text'").fetchone()[0]
    raw.close()
    again = Store.open(store.folder, clock=store.clock, author="R. Sari")
    with again.reading() as query:
        assert query.broken() == name
    again.close()
    assert edit.id


def test_a_folder_that_is_no_operation_is_refused_in_words(tmp_path, clock):
    with pytest.raises(UserError, match=r"photos is not an operation"):
        Store.open(tmp_path / "photos", clock=clock, author="R. Sari")


def test_a_damaged_operation_is_refused_and_left_alone(store, clock):
    store.close()
    damaged = store.folder / "desk.gpkg"
    damaged.write_bytes(b"not a database at all" * 500)
    with pytest.raises(UserError, match="cannot be read") as caught:
        Store.open(store.folder, clock=clock, author="R. Sari")
    assert "backup" in caught.value.hint
    assert damaged.read_bytes().startswith(b"not a database")


def test_an_operation_of_a_newer_version_is_refused_unharmed(store, clock):
    with store.writing("Newer") as tx:
        tx.keep("format", {"format": 99, "min_reader": 99, "min_writer": 99})
    store.close()
    with pytest.raises(UserError, match="newer version"):
        Store.open(store.folder, clock=clock, author="R. Sari")


def test_an_operation_never_overwrites_another(store, clock):
    with pytest.raises(UserError, match="cannot become"):
        Store.create(store.folder, Operation("Other", clock.now()), clock=clock, author="R. Sari")


def test_desk_state_is_kept_beside_the_journal(store):
    with store.writing("Layers") as tx:
        tx.keep("layers", [{"title": "Wards"}])
    with store.reading() as query:
        assert query.kept("layers") == [{"title": "Wards"}]
        assert query.kept("views") is None
        assert query.steps() == []


def test_a_commit_is_refused_once_the_log_file_was_taken_away(store):
    logged(store)
    (store.folder / "desk.gpkg-wal").rename(store.folder / "gone")
    with pytest.raises(UserError, match="taken the operation's file away"):
        logged(store, number="I-0002", text="Must not look saved")


def test_the_watch_knows_a_replaced_log_from_a_grown_one(tmp_path):
    log = tmp_path / "desk.gpkg-wal"
    log.write_bytes(b"one")
    watch = WalWatch(tmp_path / "desk.gpkg")
    watch.check()
    with log.open("ab") as more:
        more.write(b"two")
    watch.check()
    (tmp_path / "next").write_bytes(b"three")
    (tmp_path / "next").replace(log)
    with pytest.raises(UserError):
        watch.check()


def test_places_are_kept_to_a_centimetre(store):
    made = logged(store, place=Point(116.123456789, -8.987654321))
    assert made.place == Point(116.1234568, -8.9876543)


def test_a_look_is_of_the_moment_it_began_even_when_nothing_was_read_yet(store):
    with store.reading() as query:
        with store.writing("Log") as tx:
            tx.put(an_incident())
            tx.append([Reading("gauge", SIX, 1.0)])
        assert query.find(Incident) == []
        assert query.latest() == {}
