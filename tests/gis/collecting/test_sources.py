"""What this desk asks for readings is kept in its operation, without passwords, and comes back as it was."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import fail

from gis.collecting import kinds
from gis.collecting.kinds import CsvSource, Openings, RecordingSource, settings_of
from gis.collecting.plain import from_plain, to_plain
from gis.collecting.secrets import Secrets, usual_ring
from gis.collecting.source import Source, adopt_watched, keep, remove, sources
from gis.errors import UserError
from gis.model.incident import Severity
from gis.ops import sensors
from gis.sensors.feeds.csvtable import CsvFormat
from gis.sensors.feeds.feed import Link
from gis.store import Operation, Store
from tests.build import SIX, a_gauge

PASSWORD = "sungai-7731-naik"


def found(store):
    with store.reading() as query:
        return sources(query)


def a_source(path, kind="folder", **but):
    return Source("Logger", kind, to_plain(CsvSource(str(path), CsvFormat(";", ","))), **but)


def opened(store, tmp_path, source, known):
    return Openings(store, Secrets(None), tmp_path).open(source, known)


def test_a_source_is_still_there_after_a_restart(store, clock, tmp_path):
    first, second = a_source(tmp_path / "a"), a_source(tmp_path / "b", paused=True)
    for source in (first, second):
        store.write("Add a source", lambda tx, source=source: keep(tx, source))
    store.close()
    again = Store.open(store.folder, clock=clock, author="desk")
    assert found(again) == [first, second]
    assert settings_of(found(again)[1]) == CsvSource(str(tmp_path / "b"), CsvFormat(";", ","))
    again.close()


def test_an_edited_source_keeps_its_place_and_a_removed_one_is_gone(store, tmp_path):
    first, second = a_source(tmp_path / "a"), a_source(tmp_path / "b")
    with store.writing("Sources") as tx:
        keep(tx, first)
        keep(tx, second)
        keep(tx, replace(first, name="Weir"))
    assert [each.name for each in found(store)] == ["Weir", "Logger"]
    store.write("Remove", lambda tx: remove(tx, first.id))
    assert found(store) == [second]


def test_sources_are_of_this_desk_and_not_in_the_journal(store, tmp_path):
    with store.reading() as query:
        before = query.upto()
    store.write("Add a source", lambda tx: keep(tx, a_source(tmp_path)))
    with store.reading() as query:
        assert query.upto() == before


def test_the_folder_that_was_watched_before_goes_on_being_watched(store, tmp_path):
    old = {"folder": str(tmp_path), "separator": ";", "decimal": ","}
    store.write("Watch a folder", lambda tx: tx.keep("watched_folder", old))
    for _start in range(2):
        store.write("Sources", lambda tx: adopt_watched(tx, "Asia/Makassar"))
    (source,) = found(store)
    assert settings_of(source) == CsvSource(str(tmp_path), CsvFormat(";", ",", "Asia/Makassar"))


@pytest.mark.parametrize("kept", [None, "x", {}, [3], [{"name": "a"}], [{"name": 3, "kind": "folder"}]])
def test_what_is_no_source_ends_nothing(store, kept):
    store.write("Spoil", lambda tx: tx.keep("feeds", kept))
    assert found(store) == []


@pytest.mark.parametrize(
    "settings", [{}, {"path": 3}, {"path": "a", "form": []}, {"path": "a", "form": {"separator": 1}}]
)
def test_settings_that_are_none_are_said_and_ask_nobody(settings):
    with pytest.raises(UserError, match="cannot be read"):
        settings_of(Source("Logger", "folder", settings))


def test_a_kind_of_a_later_version_is_kept_and_said(store, tmp_path):
    source = Source("Satellite", "orbit", {"orbit": 7})
    store.write("Add", lambda tx: keep(tx, source))
    assert found(store) == [source]
    with pytest.raises(UserError, match="orbit"):
        opened(store, tmp_path, source, [])
    assert kinds.every_s(source) > 0


@dataclass(frozen=True, slots=True)
class Inner:
    text: str
    severity: Severity = Severity.MINOR


@dataclass(frozen=True, slots=True)
class Outer:
    number: float
    row: tuple[Inner, ...] = ()
    pair: tuple[str, int] = ("", 0)
    maybe: str | None = None
    yes: bool = False


inners = st.builds(Inner, st.text(), st.sampled_from(Severity))


@given(
    st.builds(
        Outer,
        st.floats(allow_nan=False, allow_infinity=False),
        st.lists(inners).map(tuple),
        st.tuples(st.text(), st.integers()),
        st.none() | st.text(),
        st.booleans(),
    )
)
def test_settings_come_back_from_json_as_they_were(settings):
    assert from_plain(Outer, json.loads(json.dumps(to_plain(settings)))) == settings


def in_all_files(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


class OwnRing(KeyringBackend):
    """A keyring that is one of this user's, in memory."""

    priority = 5

    def __init__(self):
        super().__init__()
        self.held = {}

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self.held[service, username] = password

    def delete_password(self, service, username):
        del self.held[service, username]


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    mine = OwnRing()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_a_password_is_kept_in_the_keyring_and_nowhere_else(store, ring, tmp_path):
    source = a_source(tmp_path / "logger")
    assert Secrets(usual_ring()).keep(source.id, PASSWORD)
    store.write("Add", lambda tx: keep(tx, source))
    assert Secrets(usual_ring()).get(source.id) == PASSWORD
    assert PASSWORD.encode() not in in_all_files(store.folder)
    assert PASSWORD not in json.dumps(to_plain(source))
    Secrets(usual_ring()).forget(source.id)
    assert ring.held == {}


def test_without_a_keyring_a_password_lives_as_long_as_the_desk():
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    try:
        secrets = Secrets(usual_ring())
    finally:
        keyring.set_keyring(before)
    assert not secrets.lasting
    assert not secrets.keep("s", PASSWORD)
    assert secrets.get("s") == PASSWORD
    assert Secrets(None).get("s") == ""
    secrets.forget("s")
    assert secrets.get("s") == ""


def test_a_locked_keyring_costs_no_source(ring, caplog):
    def refuse(*_said):
        raise RuntimeError("locked")

    ring.get_password = ring.set_password = ring.delete_password = refuse
    secrets = Secrets(usual_ring())
    assert secrets.get("s") == ""
    assert not secrets.keep("s", PASSWORD)
    assert secrets.get("s") == PASSWORD
    secrets.forget("s")
    assert PASSWORD not in caplog.text


def table(path, *lines):
    path.write_text("\n".join(["key,time,value", *lines, ""]), "utf-8")
    return path


@pytest.fixture
def recording(tmp_path):
    lines = ("KALI-3,2019-01-05T02:00Z,1.0", "KALI-3,2019-01-05T02:10Z,1.5", "KALI-3,2019-01-05T02:20Z,2")
    return table(tmp_path / "recorded.csv", *lines)


def test_a_recording_is_played_by_the_clock_of_the_exercise(tmp_path, clock, recording):
    store = Store.create(
        tmp_path / "drill.kentongan", Operation("Town", SIX, exercise=True), clock=clock, author="desk"
    )
    with store.writing("Set up") as tx:
        gauge = sensors.register(tx, a_gauge())
    settings = to_plain(RecordingSource(str(recording), SIX.isoformat()))
    feed = opened(store, tmp_path, Source("Flood of 2019", "recording", settings), [gauge])
    assert [each.at for each in feed.poll(SIX).readings] == [SIX]
    feed.kept()
    assert feed.poll(SIX + timedelta(minutes=9)).readings == ()
    later = feed.poll(SIX + timedelta(minutes=20)).readings
    assert [(each.at - SIX).seconds // 60 for each in later] == [10, 20]
    feed.kept()
    assert feed.link is Link.ENDED
    store.close()


def test_no_recording_is_played_into_a_real_operation(store, tmp_path, recording):
    settings = to_plain(RecordingSource(str(recording), SIX.isoformat()))
    with pytest.raises(UserError, match="real operation"):
        opened(store, tmp_path, Source("Flood of 2019", "recording", settings), [a_gauge()])


def test_a_file_read_once_has_ended_when_it_is_on_the_disk(store, tmp_path):
    path = table(tmp_path / "a.csv", "KALI-3,2026-03-14T05:00Z,1.0")
    feed = opened(store, tmp_path, Source("Once", "file", to_plain(CsvSource(str(path)))), [a_gauge()])
    feed.poll(SIX)
    assert len(feed.poll(SIX).readings) == 1
    assert feed.link is Link.CONNECTED
    feed.kept()
    assert feed.link is Link.ENDED


def test_a_source_that_is_tried_shows_what_came_and_keeps_nothing(store, tmp_path):
    with store.writing("Set up") as tx:
        gauge = sensors.register(tx, a_gauge())
    path = table(tmp_path / "a.csv", "KALI-3,2026-03-14T05:00Z,1.0", "KALI-3,2026-03-14T05:10Z,1_0")
    source = Source("Once", "file", to_plain(CsvSource(str(path))))
    found = Openings(store, Secrets(None), tmp_path).tried(source)
    assert found.words == "a.csv: 1 reading, 1 line would be set aside."
    assert [len(line.readings) for line in found.lines] == [1, 0]
    with store.reading() as query:
        assert (query.latest(), query.rejected(limit=1)) == ({}, [])
    assert gauge.key == "KALI-3"


def test_a_broker_without_tls_or_a_user_is_not_vouched_for():
    plain = {"name": "b", "host": "b", "client_id": "c", "bindings": [{"topic": "a/+"}]}
    assert not kinds.vouched(Source("b", "mqtt", {**plain, "tls": False, "user": "u"}))
    assert not kinds.vouched(Source("b", "mqtt", plain))
    assert kinds.vouched(Source("b", "mqtt", {**plain, "user": "u"}))


def test_a_broker_whose_password_nobody_knows_here_says_so(store, tmp_path):
    broker = {"name": "b", "host": "b", "client_id": "c", "user": "u", "bindings": [{"topic": "a/+"}]}
    with pytest.raises(UserError, match="password of River is not known"):
        opened(store, tmp_path, Source("River", "mqtt", broker), [a_gauge()])


@pytest.mark.parametrize(
    ("address", "safe"), [("https://gauges.example/v1.1", True), ("http://gauges.example/v1.1", False)]
)
def test_a_server_is_opened_with_its_stations_and_vouched_for_when_it_is_encrypted(
    store, tmp_path, address, safe
):
    values = {"address": address, "bindings": [["42", "KALI-3"]]}
    source = Source("Gauges", "sensorthings", values)
    feed = opened(store, tmp_path, source, [a_gauge()])
    assert feed.link is Link.CONNECTING
    feed.close()
    assert kinds.vouched(source) is safe
    with pytest.raises(UserError, match="KALI-3"):
        opened(store, tmp_path, source, [])
