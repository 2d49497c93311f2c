"""The proof of the log goes on beside the work, and names what was altered."""

import sqlite3

from gis.ops import incidents
from gis.progress import Progress
from gis.store import Store
from gis.store.journal import proof
from gis.store.trust import Trust, prove
from tests.build import an_incident


def test_every_entry_is_proven_and_later_only_the_new_ones(store, monkeypatch):
    monkeypatch.setattr(proof, "SLICE", 5)
    with store.writing("Log") as tx:
        made = tx.put(an_incident())
    told = []
    trust = prove(store, Progress(lambda done, total, note: told.append((done, total))))
    assert trust.is_whole
    assert (trust.proven, trust.altered) == (trust.entries, None)
    assert told == [(n, trust.entries) for n in range(0, trust.entries, 5)]
    with store.writing("Note") as tx:
        incidents.note(tx, "pump arrived", made.id)
    told.clear()
    again = prove(store, Progress(lambda done, total, note: told.append(done)), trust)
    assert again.is_whole
    assert told[0] == trust.proven < again.entries


def test_the_altered_entry_is_told_by_number_act_and_name(store, clock):
    for n in range(3):
        with store.writing(f"Log {n}") as tx:
            tx.put(an_incident(number=f"I-000{n}"))
    store.close()
    with sqlite3.connect(store.folder / "desk.gpkg") as raw:
        raw.execute("DROP TRIGGER journal_stands")
        ((number,),) = raw.execute("SELECT n FROM journal WHERE label = 'Log 1' AND field = 'severity'")
        raw.execute("UPDATE journal SET body = replace(body, 'Severe', 'Severf') WHERE n = ?", (number,))
    raw.close()
    again = Store.open(store.folder, clock=clock, author="R. Sari")
    trust = prove(again, Progress())
    again.close()
    assert trust.altered is not None
    assert (trust.altered.number, trust.altered.label) == (number, "Log 1")
    assert (trust.altered.author, trust.altered.at) == ("R. Sari", clock.now())
    assert not trust.is_whole


def test_an_empty_log_is_whole(store):
    assert prove(store, Progress()) == Trust(0, 0)
    assert Trust().is_whole
