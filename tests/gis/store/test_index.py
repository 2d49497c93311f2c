"""What the index answers is what looking through every record would answer, whatever became of its file."""

import json
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon

from gis.errors import Cancelled
from gis.model.incident import Incident, Status
from gis.ops import incidents
from gis.progress import Progress
from gis.store import Operation, Store, index
from gis.store.index import Index
from gis.store.index.searching import OPEN, Crowd, found, incidents_within, newest_closed
from tests.build import SIX, an_incident
from tests.gis.store.damage import DAMAGE

SAID = {
    "th": "สะพานถูกน้ำพัด ถนนเลียบแม่น้ำปิดแล้ว",
    "ko": "홍수로 다리가 무너졌다, 지진 피해 확인 중",
    "zh": "四川省地震，桥梁倒塌，三人被困",
    "ja": "橋が洪水で流された",
    "id": "Jembatan ambruk diterjang banjir bandang",
    "ar": "انهار الجسر بسبب الفيضان",
    "vi": "Cầu bị sập do lũ lụt ở Hội An",
    "ne": "पुल बाढीले बगायो",
    "tr": "Köprü yıkıldı, Işıklar sönük",
}


@pytest.fixture
def desk(store):
    """A store with its index."""
    store.index = Index(store)
    yield store
    store.index.close()


def logged(store, **but) -> Incident:
    with store.writing("Log incident") as tx:
        return tx.put(an_incident(**but))


def ids(store, text, **how) -> list[str]:
    return [hit.id for hit in found(store.index, text, **how).hits]


@pytest.mark.parametrize(
    ("tongue", "part"),
    [
        ("th", "น้ำ"),
        ("th", "แม่น้ำ"),
        ("ko", "지진"),
        ("ko", "다리"),
        ("ko", "진"),
        ("zh", "地震"),
        ("zh", "震"),
        ("zh", "四川省地震"),
        ("ja", "洪水"),
        ("id", "banjir"),
        ("id", "AMBRUK"),
        ("id", "njir"),
        ("ar", "الجسر"),
        ("ar", "الجِسْر"),
        ("vi", "lũ lụt"),
        ("vi", "lu lut"),
        ("vi", "hoi an"),
        ("ne", "बाढी"),
        ("tr", "köprü"),
        ("tr", "ISIKLAR"),
    ],
)
def test_part_of_a_sentence_is_found_in_every_script_and_nothing_else(desk, tongue, part):
    made = {each: logged(desk, text=text, where="") for each, text in SAID.items()}
    assert ids(desk, part) == [made[tongue].id]


def test_letters_that_stand_apart_are_not_found_as_a_word(desk):
    logged(desk, text="四川地区有小震", where="地 震")
    assert ids(desk, "地震") == []
    logged(desk, text="", where="ends in 地", number="震 begins")
    assert ids(desk, "地震") == []


def test_words_all_of_them_may_stand_in_any_field(desk):
    both = logged(desk, text="Water knee high", where="Pasar Lama")
    logged(desk, text="Water", where="Pasar Baru", number="I-0002")
    assert ids(desk, "lama knee") == [both.id]
    assert ids(desk, "I-0001 water") == [both.id]
    assert len(ids(desk, "water pas")) == 2


def test_a_number_is_found_as_it_is_said(desk):
    made = [logged(desk, number=f"I-00{n}") for n in (36, 37, 136)]
    assert ids(desk, "I-0036") == [made[0].id]
    assert ids(desk, "i-003") == [made[1].id, made[0].id]
    assert ids(desk, "36") == [made[2].id, made[0].id]


@pytest.mark.parametrize(
    "typed",
    ['"', "*", "z*", '"a" OR "b', "NEAR(", "body:x", "-", "^", "(", "\0", "\ud800", "a" * 9_000, "{", "' ;"],
)
def test_what_is_typed_is_looked_for_and_never_obeyed(desk, typed):
    logged(desk, text="quiet")
    assert ids(desk, typed) == []


@given(typed=st.text(max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_at_all_makes_a_question_fail(desk, typed):
    assert found(desk.index, typed).hits == ()


def test_a_hit_says_where_the_word_stands(desk):
    logged(desk, text="Nghe nói cầu bị sập")
    (hit,) = found(desk.index, "CAU").hits
    assert (hit.text[hit.start :][: hit.length], hit.kind, hit.number) == ("cầu", Incident, "I-0001")


def test_a_note_leads_to_its_incident(desk):
    made = logged(desk)
    with desk.writing("Note") as tx:
        incidents.note(tx, "Pump arrived", made.id)
        incidents.note(tx, "Pump is on its way")
    own, other = found(desk.index, "pump").hits
    assert {own.incident_id, other.incident_id} == {None, made.id}
    assert {own.number, other.number} == {"", made.number}


def test_the_newest_comes_first_and_the_rest_is_owned_up_to(desk):
    made = [logged(desk, reported_at=SIX - timedelta(minutes=n)) for n in (5, 1, 9)]
    answer = found(desk.index, "water", 2)
    assert [hit.id for hit in answer.hits] == [made[1].id, made[0].id]
    assert answer.more
    assert not found(desk.index, "water", 3).more


def test_the_struck_out_is_found_only_when_asked_for(desk):
    made = logged(desk)
    with desk.writing("Strike") as tx:
        incidents.strike(tx, made.id)
    assert ids(desk, "water") == []
    assert ids(desk, "water", void=True) == [made.id]
    assert len(incidents_within(desk.index).fid) == 0
    assert len(incidents_within(desk.index, void=True).fid) == 1


# -- box, time and status

BOX = (116.70, -8.24, 116.72, -8.22)


def test_a_box_a_time_and_a_status_together(desk):
    inside = logged(desk, place=Point(116.71, -8.23))
    logged(desk, place=Point(116.73, -8.23), number="outside")
    logged(desk, reported_at=SIX - timedelta(days=2), number="before")
    logged(desk, status=Status.CLOSED, closed_at=SIX, number="closed")
    area = Polygon([(116.71, -8.23), (116.715, -8.23), (116.715, -8.225)])
    logged(desk, place=area, number="area", reported_at=SIX - timedelta(minutes=1))
    nowhere = logged(desk, place=None, number="nowhere")
    seen = incidents_within(desk.index, BOX, SIX - timedelta(days=1), SIX, OPEN)
    assert list(seen.at_us) == [
        int(SIX.timestamp() * 1e6),
        int((SIX - timedelta(minutes=1)).timestamp() * 1e6),
    ]
    with desk.reading() as query:
        rows = query._rows_of(Incident, [inside.id, nowhere.id])
    assert rows[inside.id][0] in seen.fid
    assert rows[nowhere.id][0] not in seen.fid
    assert (seen.status[0], seen.priority[0], seen.code[0]) == (0, 2, "fl")
    assert len(incidents_within(desk.index, None, status=OPEN).fid) == 5


@pytest.mark.parametrize("since", [None, SIX - timedelta(minutes=30)])
def test_a_crowd_is_counted_in_its_cells(desk, since):
    with desk.writing("Log many") as tx:
        for n in range(40):
            tx.put(an_incident(number=str(n), place=Point(116.7001 + n * 5e-4, -8.2301)))
        tx.put(an_incident(number="old", reported_at=SIX - timedelta(hours=1)))
    seen = incidents_within(desk.index, BOX, since, limit=10)
    assert isinstance(seen, Crowd)
    assert seen.count.sum() == (41 if since is None else 40)
    assert len(seen.count) > 2
    assert (abs(seen.lat + 8.23) < seen.side).all()


# -- whatever becomes of the file


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_index_is_made_again_unnoticed(store, what):
    made = logged(store)
    first = Index(store)
    assert [hit.id for hit in found(first, "water").hits] == [made.id]
    first.close()
    DAMAGE[what](store.folder / "index.sqlite")
    again = Index(store)
    assert [hit.id for hit in found(again, "water").hits] == [made.id]
    again.close()


@pytest.mark.parametrize("what", DAMAGE)
def test_an_index_that_is_damaged_under_us_costs_one_wait(store, what):
    """Another program does it, so from another process."""
    one = Index(store)
    first = logged(store)
    assert len(found(one, "water").hits) == 1
    program = "import sys; from pathlib import Path; from tests.gis.store.damage import DAMAGE;"
    program += f"DAMAGE[{what!r}](Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", program, str(store.folder / "index.sqlite")], check=True)
    second = logged(store, number="I-0002")
    assert {hit.id for hit in found(one, "water").hits} == {first.id, second.id}
    one.close()


def test_an_index_of_another_operation_is_not_believed(store, tmp_path, clock):
    other = Store.create(tmp_path / "o.kentongan", Operation("O", clock.now()), clock=clock, author="o")
    logged(other, text="from elsewhere")
    foreign = Index(other)
    assert len(found(foreign, "elsewhere").hits) == 1
    foreign.close()
    other.close()
    made = logged(store)
    shutil.copy(other.folder / "index.sqlite", store.folder / "index.sqlite")
    own = Index(store)
    assert found(own, "elsewhere").hits == ()
    assert [hit.id for hit in found(own, "water").hits] == [made.id]
    own.close()


def test_after_an_older_copy_came_back_the_index_forgets_what_came_later(store, clock, tmp_path):
    logged(store)
    store.close()
    shutil.copytree(store.folder, tmp_path / "copy")
    again = Store.open(store.folder, clock=clock, author="a")
    logged(again, text="lost with the copy")
    later = Index(again)
    assert len(found(later, "lost").hits) == 1
    later.close()
    again.close()
    for name in ("desk.gpkg", "readings.sqlite"):
        shutil.copy(tmp_path / "copy" / name, store.folder / name)
    back = Store.open(store.folder, clock=clock, author="a")
    logged(back, text="another entry")
    own = Index(back)
    assert found(own, "lost").hits == ()
    assert len(found(own, "another").hits) == 1
    own.close()
    back.close()


def test_where_nothing_may_be_written_the_index_lives_elsewhere(store):
    made = logged(store)
    (store.folder / "index.sqlite").mkdir()  # a file cannot be made there, whoever we are
    own = Index(store)
    assert [hit.id for hit in found(own, "water").hits] == [made.id]
    own.close()


def test_an_operation_that_may_only_be_looked_at_is_searched_too(store, clock, tmp_path):
    made = logged(store)
    store.close()
    with sqlite3.connect(store.folder / "desk.gpkg") as desk:
        newer = {"format": 99, "min_reader": 1, "min_writer": 99}
        desk.execute("INSERT OR REPLACE INTO desk_state VALUES ('format', ?)", (json.dumps(newer),))
    desk.close()
    newer = Store.open(store.folder, clock=clock, author="a")
    assert newer.read_only
    own = Index(newer)
    assert [hit.id for hit in found(own, "water").hits] == [made.id]
    assert not (store.folder / "index.sqlite").exists()
    own.close()
    newer.close()


def test_what_was_forgotten_is_not_on_the_disk(desk):
    logged(desk)
    assert ids(desk, "water")
    desk.index.forget()
    assert not (desk.folder / "index.sqlite").exists()
    assert len(ids(desk, "water")) == 1


def test_two_desks_on_one_folder_find_each_others_entries(store, clock):
    one, two = Index(store), Index(store)
    first = logged(store)
    assert [hit.id for hit in found(one, "water").hits] == [first.id]
    second = logged(store, number="I-0002", reported_at=SIX + timedelta(minutes=1))
    assert [hit.id for hit in found(two, "water").hits] == [second.id, first.id]
    assert [hit.id for hit in found(one, "water").hits] == [second.id, first.id]
    one.close()
    two.close()


def test_a_long_first_reading_is_told_goes_in_slices_and_can_be_stopped(desk, monkeypatch):
    monkeypatch.setattr(index, "SLICE", 10)
    monkeypatch.setattr(index, "FEW", 2)
    with desk.writing("Log many") as tx:
        for n in range(35):
            tx.put(an_incident(number=f"I-{n:04d}"))
    assert found(desk.index, "water").unread > 0
    told = []

    def report(done: int, total: int, note: str) -> None:
        told.append(done)
        if len(told) == 2:
            stopped.cancel()

    stopped = Progress(report)
    with pytest.raises(Cancelled):
        desk.index.catch_up(stopped)
    assert sorted(set(told)) == told
    assert len(told) == 2
    assert len(found(desk.index, "water").hits) == 30
    desk.index.catch_up(Progress())
    assert (len(found(desk.index, "water").hits), found(desk.index, "water").unread) == (35, 0)


def test_the_newest_closed_incidents_are_told_with_how_many_there_are(desk):
    calls = [logged(desk, number=f"I-{n:04}", reported_at=SIX + timedelta(minutes=n)) for n in range(9)]
    with desk.writing("Close") as tx:
        for each in calls[:6]:
            incidents.close(tx, each.id)
        incidents.strike(tx, calls[4].id)
    newest = newest_closed(desk.index, 3)
    assert newest.ids == (calls[5].id, calls[3].id, calls[2].id)
    assert newest.count == 5
