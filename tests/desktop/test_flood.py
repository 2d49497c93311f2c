"""A flood in the list of alarms: grouped, and never moving under the hand of who reads it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from shapely import Point

from desktop.standing import Standing
from desktop.widgets.alarmtable import AlarmTable
from desktop.work import zone_of
from gis.model.incident import Severity
from gis.model.sensor import Alarm
from gis.ops import alarms, sensors
from gis.sensors.flood import Group, areas
from tests.build import SIX, a_gauge, a_rule

MINUTE = timedelta(minutes=1)


@pytest.fixture
def flooded(sitting):
    """Thirty gauges in three places far apart, and 34 alarms within ten minutes."""
    clock, store = sitting.desk.store.clock, sitting.desk.store
    sitting.desk.hearing.ringing._beat.stop()
    sitting.panels.alarms.table.viewportEvent(QEvent(QEvent.Type.Leave))  # nobody is in the list
    sitting.line.start()
    with store.writing("Set up") as tx:
        for n in range(30):
            place = Point(116.7 + 0.1 * (n % 3), -8.2 + 0.0005 * n)
            gauge = a_gauge(id=f"f{n}", key=f"F{n:02}", name=f"Gauge {n}", place=place)
            sensors.register(tx, gauge)
            sensors.set_rule(tx, a_rule(gauge, id=f"fr{n}", severity=Severity.MODERATE))
    sitting.wait(lambda: "f29" in (sitting.desk.hearing.ringing._areas or {}))
    clock.advance(MINUTE)
    ring(sitting, range(30), Severity.MODERATE)
    return sitting


def ring(sitting, numbers, severity: Severity) -> list[str]:
    """Alarms of these gauges, now; their ids."""
    at = sitting.desk.store.clock.now()
    made = [Alarm(f"fr{n}", f"f{n}", severity, at, 4.9, raised_at=at) for n in numbers]
    with sitting.desk.store.writing("Alarm") as tx:
        tx.put_all(made)
    shown(sitting)
    return [each.id for each in made]


def shown(sitting) -> None:
    """All that was written is on the screen."""
    sitting.desk.hearing.ringing.look()
    sitting.panels.alarms.look()


def lines(sitting):
    return list(sitting.panels.alarms.table.records.records)


def words(sitting) -> list[str]:
    model = sitting.panels.alarms.table.records
    return [model.data(model.index(row, 4), Qt.ItemDataRole.DisplayRole) for row in range(model.rowCount())]


def places(sitting) -> list[tuple[str, int]]:
    """Each line that is shown, and how far down it stands."""
    table = sitting.panels.alarms.table
    keys = [table.records.key_at(row) or "" for row in range(table.records.rowCount())]
    return [(key, table.rowViewportPosition(row)) for row, key in enumerate(keys)]


def test_a_flood_is_one_line_for_each_area_and_cause(flooded):
    assert words(flooded) == [
        "Gauge 0 and around, water level: 10 alarms, worst Siaga 1 at 4.50",
        "Gauge 1 and around, water level: 10 alarms, worst Siaga 1 at 4.50",
        "Gauge 2 and around, water level: 10 alarms, worst Siaga 1 at 4.50",
        "Kali 1 and around, water level: 3 alarms, worst Siaga 1 at 4.50",
    ]


def test_a_group_is_opened_and_closed_by_keys(flooded):
    table = flooded.panels.alarms.table
    table.setFocus()
    table.setCurrentIndex(table.records.index(1, 0))
    flooded.press("Right")
    assert [isinstance(line, Group) for line in lines(flooded)] == [True, True, *[False] * 10, True, True]
    flooded.press("Down", "Down", "Left")
    assert len(lines(flooded)) == 4
    assert table.currentIndex().row() == 1
    flooded.press("Return")
    assert len(lines(flooded)) == 14
    flooded.press("Return")
    assert len(lines(flooded)) == 4


def test_an_acknowledgement_on_a_group_signs_its_worst_alarm_and_no_other(flooded):
    (worse,) = ring(flooded, [4], Severity.EXTREME)
    table = flooded.panels.alarms.table
    table.setFocus()
    table.setCurrentIndex(table.records.index(1, 0))
    flooded.press("F8")
    flooded.wait(lambda: [each for each in flooded.alarms() if each.acknowledged_at])
    assert [each.id for each in flooded.alarms() if each.acknowledged_at] == [worse]


def test_the_next_alarm_is_found_inside_its_group(flooded):
    flooded.panels.alarms.next_waiting()
    flooded.press("F4")
    current = flooded.panels.alarms.table.current()
    assert isinstance(lines(flooded)[flooded.panels.alarms.table.currentIndex().row()], Standing)
    assert current.waits


def test_nothing_moves_while_the_keys_are_in_the_list_and_one_key_lets_the_new_ones_in(flooded):
    table, panel = flooded.panels.alarms.table, flooded.panels.alarms
    table.setFocus()
    table.setCurrentIndex(table.records.index(0, 0))
    flooded.press("Right")
    before = places(flooded)
    new = ring(flooded, [0, 3, 6, 9, 12], Severity.EXTREME)
    assert places(flooded) == before
    assert panel.fresh.isVisible()
    assert panel.fresh.said.startswith("5 new alarms above")
    assert words(flooded)[0].startswith("Gauge 0 and around, water level: 15 alarms")
    flooded.press("Ctrl+F4")
    assert not panel.fresh.isVisible()
    assert {line.alarm.id for line in lines(flooded) if isinstance(line, Standing)} >= set(new)
    assert table.current().alarm.id in new


def test_nothing_moves_under_the_pointer_and_what_is_over_stays_struck_through(flooded):
    table = flooded.panels.alarms.table
    table.setCurrentIndex(table.records.index(3, 0))
    table.setFocus()
    flooded.press("Right")
    flooded.line.start()
    table.viewportEvent(QEvent(QEvent.Type.Enter))
    assert table.in_hand
    before = places(flooded)
    over = [line.alarm for line in lines(flooded) if isinstance(line, Standing)]
    with flooded.desk.store.writing("Over") as tx:
        for alarm in over:
            alarms.acknowledge(tx, alarm.id, "R. Sari")
        tx.put_all([replace(tx.get(Alarm, each.id), returned_at=tx.at) for each in over])
    shown(flooded)
    assert places(flooded) == before
    struck = table.records.data(table.records.index(4, 0), Qt.ItemDataRole.FontRole)
    assert struck.strikeOut()
    table.viewportEvent(QEvent(QEvent.Type.Leave))
    assert len(lines(flooded)) == 3, "a hand that has gone lets the list settle"


def test_a_flood_that_is_over_ungroups_the_list_once_nobody_is_at_it(flooded):
    table = flooded.panels.alarms.table
    table.setFocus()
    flooded.desk.store.clock.advance(11 * MINUTE)
    flooded.desk.hearing.ringing.tick()
    assert len(lines(flooded)) == 4
    assert flooded.panels.alarms.fresh.isVisible()
    flooded.line.start()
    assert len(lines(flooded)) == 33
    assert not flooded.panels.alarms.fresh.isVisible()


def test_one_key_shows_them_one_by_one_at_once(flooded):
    flooded.panels.alarms.table.setFocus()
    flooded.press("Ctrl+Shift+F4")
    assert len(lines(flooded)) == 33
    flooded.press("Ctrl+Shift+F4")
    assert len(lines(flooded)) == 4


CITY = [a_gauge(id=f"g{n}", key=f"G{n}", place=Point(116.0 + 0.02 * n, -8.0)) for n in range(8)]
RULES = [a_rule(gauge, id=f"r{gauge.id}") for gauge in CITY]


def standing(n: int, severity: Severity) -> Standing:
    gauge, rule = CITY[n % 8], RULES[n % 8]
    alarm = Alarm(rule.id, gauge.id, severity, SIX, 4.9, raised_at=SIX, id=f"a{n}")
    return Standing(alarm, gauge, rule, 4.8)


STANDING = st.builds(standing, st.integers(0, 30), st.sampled_from(Severity))
NIGHT = st.lists(
    st.lists(
        st.builds(standing, st.integers(0, 30), st.sampled_from(Severity)),
        max_size=12,
        unique_by=lambda s: s.alarm.id,
    ),
    min_size=2,
    max_size=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(NIGHT, st.booleans(), st.integers(0, 30))
def test_whatever_comes_and_goes_the_lines_under_a_hand_are_those_that_were(
    qtbot, sitting, night, grouping, at
):
    table = AlarmTable(zone_of(sitting.desk.store))
    qtbot.addWidget(table)
    table.resize(400, 150)
    table.show()
    table.group(areas(CITY) if grouping else None, flood=True)
    table.show_records(night[0])
    rows = table.records.rowCount()
    if rows:
        table.setCurrentIndex(table.records.index(at % rows, 0))
    table._pointed = True
    keys = [table.records.key_at(row) for row in range(rows)]
    scrolled = table.verticalScrollBar().value()
    for alarms_now in night[1:]:
        table.show_records(alarms_now)
        if rows:
            assert [table.records.key_at(row) for row in range(table.records.rowCount())] == keys
            assert table.currentIndex().row() == at % rows
            assert table.verticalScrollBar().value() == scrolled
    table._pointed = False
    table.show_records(night[-1])
    told = {each.alarm.id for each in night[-1]}
    found = lines_of(table)
    assert found == told


def lines_of(table: AlarmTable) -> set[str]:
    members = [line.members if isinstance(line, Group) else (line,) for line in table.records.records]
    return {each.alarm.id for group in members for each in group}
