"""What a person sees of an operation: for comparing one with what became of it."""

from gis.model.incident import Incident
from gis.store import Store


def state_of(store):
    """Everything a person would see."""
    with store.reading() as query:
        assert query.broken() is None
        texts = [(each.number, each.text) for each in query.find(Incident)]
        series = {
            key: query.series(key).value.tolist() for key in sorted(query.latest()) if len(query.series(key))
        }
        return texts, series, query.kept("round")


def opened(folder, clock):
    store = Store.open(folder, clock=clock, author="")
    found = state_of(store)
    store.close()
    return found
