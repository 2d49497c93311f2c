"""The desk hears what does not come."""

from datetime import timedelta

from desktop.listening import Listening
from gis.model.record import Reading
from gis.model.sensor import Alarm, AlarmState, Measure
from gis.ops import readings, sensors
from tests.build import a_gauge, a_rule


def test_a_gauge_that_falls_silent_stands_in_the_list_of_alarms(sitting):
    store = sitting.desk.store
    gauge = a_gauge(key="LONE", name="Lone gauge")
    silent = a_rule(gauge, level="Silent", raise_at=30.0, clear_below=30.0, measure=Measure.SILENCE)
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, silent)
        readings.ingest(tx, [Reading(gauge.id, store.clock.now(), 1.0)])
    listening = Listening(store, sitting.desk.ground.jobs, sitting.desk.ground.notices)
    store.clock.advance(timedelta(minutes=29))
    listening.look()
    store.clock.advance(timedelta(minutes=2))
    listening.look()

    def rings():
        lines = sitting.panels.alarms.table.records.records
        return [line for line in lines if getattr(line, "sensor", None) == gauge]

    sitting.wait(rings)
    with store.reading() as query:
        (alarm,) = query.find(Alarm, rule_id=silent.id)
    assert alarm.state is AlarmState.UNACK
    listening.rest()
