"""What is said about a private person can be erased, and every chain still holds."""

import zipfile
from dataclasses import replace

from gis.model.incident import Incident
from gis.ops import incidents
from gis.store import Operation, Store
from gis.sync import exchange
from gis.sync.package import pack, unpack
from tests.build import SIX, an_incident

CALLER = "Ibu Kartini 0812-555-0199"


def every_byte(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def logged(store):
    with store.writing("Log") as tx:
        return tx.put(an_incident(source=CALLER))


def test_a_caller_is_read_back_and_stands_in_no_edit(store):
    made = logged(store)
    with store.reading() as query:
        assert query.get(Incident, made.id).source == CALLER
        assert not any(CALLER in edit.body for _n, edit in query.edits_after(0))
        assert any(edit.value == CALLER for step in query.steps() for edit in step.edits)


def test_what_was_erased_is_in_no_file_of_the_operation_and_the_chain_holds(store):
    made = logged(store)
    with store.writing("Amend") as tx:
        tx.put(replace(made, source=CALLER + " (neighbour)"))
    assert CALLER.encode() in every_byte(store.folder)
    store.erase(Incident, made.id)
    assert CALLER.encode() not in every_byte(store.folder)
    with store.reading() as query:
        assert query.get(Incident, made.id).source == ""
        assert query.get(Incident, made.id).text == made.text
        assert query.broken() is None


def test_while_somebody_reads_on_the_log_still_holds_what_was_erased_and_it_is_known(store):
    made = logged(store)
    with store.reading() as query:
        assert query.get(Incident, made.id).source == CALLER
        store.erase(Incident, made.id)
        assert store.log_holds_erased
        store.look_around()
        assert store.log_holds_erased
        assert CALLER.encode() in every_byte(store.folder)
    store.look_around()
    assert not store.log_holds_erased
    assert CALLER.encode() not in every_byte(store.folder)


def test_a_package_that_comes_back_does_not_bring_the_erased_again(store, tmp_path):
    made = logged(store)
    pack(store, tmp_path / "all.kentongan-package")
    store.erase(Incident, made.id)
    with store.writing("Take in") as tx:
        exchange.receive(tx, unpack(tmp_path / "all.kentongan-package"))
    with store.reading() as query:
        assert query.get(Incident, made.id).source == ""
    assert CALLER.encode() not in every_byte(store.folder)


def test_another_desk_sees_the_caller_only_when_the_sender_wants_it(store, clock, tmp_path):
    made = logged(store)
    for personal, seen in ((False, ""), (True, CALLER)):
        path = tmp_path / f"{personal}.kentongan-package"
        pack(store, path, personal=personal)
        other = Store.create(
            tmp_path / f"{personal}.kentongan", Operation("Seruni", SIX), clock=clock, author="B"
        )
        with other.writing("Take in") as tx:
            exchange.receive(tx, unpack(path))
        with other.reading() as query:
            assert query.get(Incident, made.id).source == seen
        other.close()
        with zipfile.ZipFile(path) as archive:
            content = b"".join(map(archive.read, archive.namelist()))
        assert (CALLER.encode() in content) is personal


def test_the_same_caller_named_on_two_desks_is_no_conflict(store, clock, tmp_path):
    made = logged(store)
    pack(store, tmp_path / "one.kentongan-package")
    other = Store.create(tmp_path / "b.kentongan", Operation("Seruni", SIX), clock=clock, author="B")
    with other.writing("Take in") as tx:
        exchange.receive(tx, unpack(tmp_path / "one.kentongan-package"))
    for desk in (store, other):
        with desk.writing("Amend") as tx:
            incidents.amend(tx, made.id, source="Pak Budi")
    pack(other, tmp_path / "two.kentongan-package")
    other.close()
    with store.writing("Take in") as tx:
        assert exchange.receive(tx, unpack(tmp_path / "two.kentongan-package")).conflicts == ()
