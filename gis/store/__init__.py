"""The one door to disk."""

from gis.store.change import Change
from gis.store.journal.ledger import Step
from gis.store.operation import Operation
from gis.store.past import Past
from gis.store.query import Query
from gis.store.readings.chunks import Series
from gis.store.store import Store
from gis.store.tx import Tx

__all__ = ["Change", "Operation", "Past", "Query", "Series", "Step", "Store", "Tx"]
