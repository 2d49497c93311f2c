"""What is logged at a desk, and what a copy of it gives back."""

from gis.model.incident import Incident
from gis.progress import Progress
from gis.store import Store
from gis.store.second.restore import restore
from tests.build import an_incident


def log(store, *texts):
    with store.writing("Log") as tx:
        for text in texts:
            tx.put(an_incident(text=text))


def texts_in(folder, clock):
    store = Store.open(folder, clock=clock, author="")
    with store.reading() as query:
        assert query.broken() is None
        found = [incident.text for incident in query.find(Incident)]
    store.close()
    return found


def restored(stick, tmp_path, clock):
    made = restore(stick, tmp_path / "again.kentongan", Progress())
    assert made.remarks == ()
    assert made.missing == ()
    return texts_in(made.folder, clock)
