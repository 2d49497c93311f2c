"""Numbers of incidents at the window: one long closed is found, one given twice is said and put right."""

from gis.model.incident import Note
from gis.ops import incidents


def test_a_long_closed_incident_is_added_to_by_its_number(sitting):
    first = sitting.incidents()[0]
    sitting.desk.store.write("Close", lambda tx: incidents.close(tx, first.id))
    sitting.press("type:i1 water is back", "Return")
    sitting.wait(lambda: [note.incident_id for note in sitting.records(Note)] == [first.id])
