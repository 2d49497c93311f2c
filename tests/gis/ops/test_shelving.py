"""What people keep from ringing: for a while, with a reason and a name, and always still to be seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.sensor import Alarm, AlarmState, Suppression, Withholding
from gis.ops import alarms, sensors, shelving
from gis.store import Operation, Store, history
from gis.store.questions import standing_alarms, withheld
from gis.store.quiet import kept_quiet, last_reasons
from gis.sync import exchange
from gis.sync.package import pack, unpack
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)
KATHMANDU = ZoneInfo("Asia/Kathmandu")


@pytest.fixture
def siaga(store):
    """Two limits of one gauge, both rung."""
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        two = sensors.set_rule(
            tx, a_rule(gauge, level="Siaga 2", severity=Severity.SEVERE, raise_at=3.5, clear_below=3.2)
        )
        one = sensors.set_rule(tx, a_rule(gauge))
        for rule in (two, one):
            tx.put(Alarm(rule.id, gauge.id, rule.severity, SIX, 4.8, raised_at=SIX))
    return two, one


def shelve(store, rule, minutes=10, reason="Crew at work", name="R. Sari"):
    with store.writing("Shelve") as tx:
        return shelving.shelve(tx, rule.id, tx.at + minutes * MINUTE, reason, name)


def lists(store):
    """Which levels ring, and which are kept quiet and how."""
    with store.reading() as query:
        standing = standing_alarms(query)
        quiet = kept_quiet(query, standing)
    return [r.rule.level for r in standing if r.waits], {(q.state, q.rule and q.rule.level) for q in quiet}


def test_a_shelf_keeps_one_limit_quiet_and_no_other_of_its_instrument(store, siaga):
    shelve(store, siaga[0])
    assert lists(store) == (["Siaga 1"], {(AlarmState.SHELVED, "Siaga 2")})


def test_a_shelf_ends_by_itself_and_the_alarm_waits_again(store, clock, siaga):
    shelve(store, siaga[0], minutes=10)
    clock.advance(10 * MINUTE - timedelta(milliseconds=1))
    assert lists(store)[0] == ["Siaga 1"]
    clock.advance(timedelta(milliseconds=1))
    assert lists(store) == (["Siaga 1", "Siaga 2"], set())


def test_what_is_shelved_is_seen_though_no_alarm_stands(store, siaga):
    with store.writing("Return") as tx:
        (alarm,) = tx.find(Alarm, rule_id=siaga[0].id)
        tx.put(replace(alarm, returned_at=SIX, acknowledged_at=SIX, acknowledged_by="R. Sari"))
    shelve(store, siaga[0])
    with store.reading() as query:
        (quiet,) = kept_quiet(query, standing_alarms(query))
    assert (quiet.rule.level, quiet.ringing, quiet.ends_at) == ("Siaga 2", (), SIX + 10 * MINUTE)


@pytest.mark.parametrize(
    ("minutes", "reason", "name", "says"),
    [
        (10, " ", "R. Sari", "reason is needed"),
        (10, "Crew at work", " ", "name is needed"),
        (0, "Crew at work", "R. Sari", "end before it begins"),
        (-5, "Crew at work", "R. Sari", "end before it begins"),
        (12 * 60 + 1, "Crew at work", "R. Sari", "too long"),
    ],
)
def test_a_shelf_needs_an_end_a_reason_and_a_name(store, siaga, minutes, reason, name, says):
    with pytest.raises(UserError, match=says):
        shelve(store, siaga[0], minutes, reason, name)
    assert lists(store)[1] == set()


def test_what_is_of_priority_1_is_shelved_for_30_minutes_at_most(store, siaga):
    with pytest.raises(UserError, match="too long") as refused:
        shelve(store, siaga[1], minutes=31)
    assert "30 minutes" in refused.value.hint
    shelve(store, siaga[1], minutes=30)
    assert lists(store)[0] == ["Siaga 2"]


def test_a_shelf_that_came_from_elsewhere_ends_as_well(store, clock, siaga):
    """Whatever another program or desk has written: no end, or one in nine years for priority 1."""
    with store.writing("From elsewhere") as tx:
        for rule, until in ((siaga[0], None), (siaga[1], SIX + timedelta(days=3285))):
            tx.put(Suppression(Withholding.SHELVED, SIX, "Rain", "X", rule_id=rule.id, until=until))
    assert lists(store)[0] == []
    clock.advance(30 * MINUTE)
    assert lists(store)[0] == ["Siaga 1"]
    clock.advance(timedelta(hours=12))
    assert lists(store) == (["Siaga 1", "Siaga 2"], set())


def test_an_instrument_out_of_service_is_quiet_until_it_is_returned(store, clock, siaga):
    with store.writing("Out of service") as tx:
        shelving.take_out_of_service(tx, siaga[0].sensor_id, "Being cleaned", "R. Sari")
    clock.advance(timedelta(days=40))
    assert lists(store) == ([], {(AlarmState.OUT_OF_SERVICE, None)})
    with store.writing("Back in service") as tx:
        shelving.return_to_service(tx, siaga[0].sensor_id, "A. Putri")
    assert lists(store) == (["Siaga 1", "Siaga 2"], set())


def test_what_is_shelved_can_be_acknowledged_and_stays_quiet(store, siaga):
    shelve(store, siaga[0])
    with store.writing("Acknowledge") as tx:
        (alarm,) = tx.find(Alarm, rule_id=siaga[0].id)
        alarms.acknowledge(tx, alarm.id, "R. Sari")
    assert lists(store) == (["Siaga 1"], {(AlarmState.SHELVED, "Siaga 2")})


def test_a_shelf_and_its_end_survive_a_restart(tmp_path):
    clock = ManualClock(SIX)
    folder = tmp_path / "o.kentongan"
    first = Store.create(folder, Operation("Seruni", SIX), clock=clock, author="R. Sari")
    with first.writing("Set up") as tx:
        gauge = sensors.register(tx, a_gauge())
        rule = sensors.set_rule(tx, a_rule(gauge))
    made = shelve(first, rule)
    first.close()
    again = Store.open(folder, clock=clock, author="A. Putri")
    with again.reading() as query:
        assert withheld(query).on(rule) == made
    with again.writing("Unshelve") as tx:
        shelving.unshelve(tx, rule.id, "A. Putri")
    with again.reading() as query:
        assert withheld(query).all == ()
        assert query.get(Suppression, made.id).ended_by == "A. Putri"
    again.close()


def test_a_shelf_is_answered_by_a_next_entry_and_not_undone(store, siaga):
    made = shelve(store, siaga[0])
    with store.reading() as query:
        act = history.can_undo(query, store.author)
    assert act is None or act.label != "Shelve"
    with store.reading() as query:
        assert query.get(Suppression, made.id).ended_at is None


def test_what_was_shelved_then_is_shelved_when_looking_back(store, clock, siaga):
    shelve(store, siaga[0])
    clock.advance(5 * MINUTE)
    with store.writing("Unshelve") as tx:
        shelving.unshelve(tx, siaga[0].id, "R. Sari")
    with store.reading() as query:
        past = history.Past(query, SIX + 3 * MINUTE)
        assert [q.rule.level for q in kept_quiet(past, standing_alarms(past))] == ["Siaga 2"]
        assert kept_quiet(query, standing_alarms(query)) == []


def test_the_last_reasons_are_offered_newest_first_and_once(store, clock, siaga):
    for reason in ("Crew at work", "Being cleaned", "Crew at work"):
        shelve(store, siaga[0], reason=reason)
        clock.advance(11 * MINUTE)
    with store.reading() as query:
        assert last_reasons(query, 5) == ["Crew at work", "Being cleaned"]
        assert last_reasons(query, 1) == ["Crew at work"]


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (datetime(2026, 3, 14, 0, 14, tzinfo=UTC), datetime(2026, 3, 14, 0, 15, tzinfo=UTC)),
        (datetime(2026, 3, 14, 0, 15, tzinfo=UTC), datetime(2026, 3, 14, 8, 15, tzinfo=UTC)),
        (datetime(2026, 3, 14, 17, 0, tzinfo=UTC), datetime(2026, 3, 15, 0, 15, tzinfo=UTC)),
    ],
)
def test_a_shift_ends_by_the_clocks_of_the_city(at, ends):
    assert shelving.end_of_shift(at, KATHMANDU) == ends


def test_a_shift_of_a_night_in_which_the_clocks_change_is_as_long_as_people_work():
    rome = ZoneInfo("Europe/Rome")
    begun = datetime(2026, 3, 28, 21, 0, tzinfo=UTC)  # 22:00 there; at 2 the clocks go forward
    assert shelving.end_of_shift(begun, rome) - begun == timedelta(hours=7)


@pytest.fixture
def two_desks(tmp_path):
    made = []
    for name in ("city", "team"):
        operation = Operation("Seruni", SIX, desk=name)
        made.append(
            Store.create(tmp_path / f"{name}.kentongan", operation, clock=ManualClock(SIX), author=name)
        )
    yield made
    for store in made:
        store.close()


def carry(source, target, folder):
    package = unpack(pack(source, folder / f"{source.author}.kentongan-package").path)
    with target.writing("Take in") as tx:
        return exchange.receive(tx, package)


def test_what_one_desk_signs_and_shelves_is_so_at_the_other(two_desks, tmp_path):
    city, team = two_desks
    gauge = a_gauge()
    with city.writing("Set up") as tx:
        sensors.register(tx, gauge)
        rules = [sensors.set_rule(tx, a_rule(gauge, level=level)) for level in ("Siaga 1", "Siaga 2")]
        rung = [tx.put(Alarm(r.id, gauge.id, r.severity, SIX, 4.8, raised_at=SIX)) for r in rules]
        alarms.acknowledge(tx, rung[0].id, "R. Sari")
    shelve(city, rules[1])
    carry(city, team, tmp_path)
    with team.reading() as query:
        told = {r.rule.level: r.state for r in standing_alarms(query)}
    assert told == {"Siaga 1": AlarmState.ACKED, "Siaga 2": AlarmState.SHELVED}


def test_two_desks_that_shelve_the_same_at_once_do_no_harm(two_desks, tmp_path):
    city, team = two_desks
    gauge = a_gauge()
    with city.writing("Set up") as tx:
        sensors.register(tx, gauge)
        rule = sensors.set_rule(tx, a_rule(gauge, severity=Severity.SEVERE))
    carry(city, team, tmp_path)
    shelve(city, rule, minutes=10)
    shelve(team, rule, minutes=60)
    assert carry(city, team, tmp_path).conflicts == ()
    assert carry(team, city, tmp_path).conflicts == ()
    for store in two_desks:
        with store.reading() as query:
            (quiet,) = kept_quiet(query, standing_alarms(query))
        assert quiet.ends_at == SIX + 60 * MINUTE
    with city.writing("Unshelve") as tx:
        assert len(shelving.unshelve(tx, rule.id, "R. Sari")) == 2
    carry(city, team, tmp_path)
    assert lists(team) == ([], set())
