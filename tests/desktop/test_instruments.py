"""Instruments are set up at the desk itself, from tables; what they say now is what is shown."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmRule, Sensor
from gis.ops import readings
from gis.store import questions
from tests.build import SIX

SENSORS = """key,name,quantity,unit,lon,lat,expected_every_s,low,high
HULU-1,Hulu 1,water level,m,116.70,-8.21,600,0,10
HULU-2,Hulu 2,water level,m,116.71,-8.22,600,0,10
"""
RULES = """key,level,severity,raise_at,clear_below,hold_s
HULU-1,Siaga 1,Extreme,4.5,4.2,
"""
READINGS = """key,time,value
HULU-1,2026-03-14T13:50:00+08:00,4.4
HULU-1,2026-03-14T14:00:00+08:00,4.9
HULU-2,2026-03-14T14:00:00+08:00,1_000
NOBODY,2026-03-14T14:00:00+08:00,1.0
"""


@pytest.fixture
def tables(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, text in (("sensors", SENSORS), ("rules", RULES), ("readings", READINGS)):
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


def found(sitting, kind, **equals):
    with sitting.desk.store.reading() as query:
        return query.find(kind, **equals)


def set_up(sitting, tables):
    instruments = sitting.desk.watch.instruments
    instruments.take_instruments(tables / "sensors.csv")
    sitting.wait(lambda: found(sitting, Sensor, key="HULU-2"))
    instruments.take_limits(tables / "rules.csv")
    hulu = found(sitting, Sensor, key="HULU-1")[0]
    sitting.wait(lambda: found(sitting, AlarmRule, sensor_id=hulu.id))
    return hulu


def test_a_table_taken_in_twice_sets_nothing_up_twice(sitting, tables):
    first = set_up(sitting, tables)
    before = len(found(sitting, Sensor)), len(found(sitting, AlarmRule))
    assert set_up(sitting, tables) == first
    sitting.wait(lambda: "1 limit" in sitting.desk.watch.instruments.form.outcome.text())
    assert (len(found(sitting, Sensor)), len(found(sitting, AlarmRule))) == before


def test_a_table_with_a_wrong_line_sets_nothing_up_and_names_the_line(sitting, tables):
    (tables / "sensors.csv").write_text(SENSORS + "HULU-3,Hulu 3,water level,m,200,-8.2,600,0,10\n", "utf-8")
    sitting.desk.watch.instruments.take_instruments(tables / "sensors.csv")
    notices = sitting.desk.ground.notices
    sitting.wait(notices.isVisible)
    assert "line 4" in notices.words.text()
    assert not found(sitting, Sensor, key="HULU-1")


def test_readings_a_crash_left_unjudged_ring_when_the_desk_opens(sitting):
    """The readings' file is committed before the records: a crash in between must not hide an alarm."""
    with sitting.desk.store.writing("Readings cut off") as tx:
        tx.append([Reading("g4", SIX + timedelta(minutes=5), 9.0)])
    assert not found(sitting, Alarm, sensor_id="g4")
    again = sitting.reopen()
    again.wait(lambda: found(again, Alarm, sensor_id="g4"))
    with again.desk.store.reading() as query:
        assert any(r.sensor.id == "g4" for r in questions.standing_alarms(query))


def test_the_strip_says_what_is_measured_now_and_not_what_first_rang(sitting, tables):
    hulu = set_up(sitting, tables)
    with sitting.desk.store.writing("Readings") as tx:
        readings.ingest(tx, [Reading(hulu.id, SIX, 4.9)])
    strip = sitting.window.regions.strip
    sitting.wait(lambda: found(sitting, Alarm, sensor_id=hulu.id))
    rang = found(sitting, Alarm, sensor_id=hulu.id)[0]
    later = Reading(hulu.id, sitting.desk.store.clock.now(), rang.peak + 0.31)
    with sitting.desk.store.writing("Readings") as tx:
        tx.append([later])
    sitting.wait(lambda: f"{rang.peak + 0.31:.2f} m" in strip.alarm.toolTip())


def test_all_instruments_and_limits_are_written_as_the_tables_that_are_taken_in(sitting, tables, tmp_path):
    set_up(sitting, tables)
    instruments, folder = sitting.desk.watch.instruments, tmp_path / "written"
    folder.mkdir()
    instruments.open()
    instruments.write_tables(folder)
    sitting.wait(
        lambda: instruments.form.outcome.text().startswith("Written to written: instruments.csv (6)")
    )
    before = found(sitting, Sensor), found(sitting, AlarmRule)
    instruments.take_instruments(folder / "instruments.csv")
    instruments.take_limits(folder / "limits.csv")
    sitting.wait(lambda: "9 limits from limits.csv" in instruments.form.outcome.text())
    assert (found(sitting, Sensor), found(sitting, AlarmRule)) == before
    instruments.write_tables(folder)
    notices = sitting.desk.ground.notices
    sitting.wait(lambda: any("already" in words for words in told(notices)))


def told(notices):
    return [label.text() for label in notices.findChildren(QLabel)]
