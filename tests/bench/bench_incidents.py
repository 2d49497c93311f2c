"""A million incidents: how long does a search take, and a question for a box, a time and a status?

Run: `python -m pytest -q -s tests/bench/bench_incidents.py`; for the whole figure with
`KENTONGAN_INCIDENTS=1000000` and `-o faulthandler_timeout=0 --timeout=0`. The peers ask the desk's own file:
`LIKE` for the words, SQLite's own plan for the box. Prints figures and ratios, asserts that both find the
same, asserts no time.
"""

import math
import os
import random
import statistics
import time
from datetime import timedelta

import pytest
from shapely import Point
from sqlalchemy import insert

from gis.clock import SystemClock
from gis.model.incident import Incident, Severity, Status
from gis.progress import Progress
from gis.store import Operation, Store
from gis.store.index import Index
from gis.store.index.searching import MOST_SINGLY, OPEN, Crowd, found, incidents_within
from gis.store.tables import schema
from gis.store.tables.geometry import time_text
from gis.store.tables.rows import to_row
from tests.build import SIX

pytestmark = pytest.mark.bench
COUNT = int(os.environ.get("KENTONGAN_INCIDENTS", "200000"))
ROUNDS = 7
ROUNDED = 2  # the r-tree of the desk's file rounds its boxes outwards and takes in so many more
SPAN = timedelta(days=5 * 365)
SAID = {
    "Thai": ("น้ำท่วม", "สะพานถูกน้ำพัดพัง ถนนเลียบแม่น้ำปิด น้ำท่วม โรงเรียนต้องอพยพเด็ก"),
    "Korean": (
        "지진",
        "홍수로 다리가 무너졌다 지진 피해 확인 중 주민 대피 도로가 막혔다",
    ),
    "Chinese": ("地震", "四川省地震 桥梁倒塌 三人被困 洪水 淹没学校 道路中断 居民转移 供电中断 医院需要支援"),
    "Indonesian": (
        "jembatan",
        "jembatan ambruk diterjang banjir bandang warga mengungsi ke sekolah listrik padam jalan putus",
    ),
    "one letter, Chinese": ("震", ""),
    "rare": ("xylophone", "xylophone"),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    clock = SystemClock()
    folder = tmp_path_factory.mktemp("city") / "n.kentongan"
    store = Store.create(folder, Operation("Seruni", clock.now()), clock=clock, author="desk")
    start = time.perf_counter()
    fill(store)
    print(f"\n{COUNT:,} incidents written as rows in {time.perf_counter() - start:.0f} s")
    index = Index(store)
    start = time.perf_counter()
    index.catch_up(Progress())
    assert found(index, "jalan", 1).unread == 0
    size = (folder / "index.sqlite").stat().st_size / 2**20
    print(f"index made in {time.perf_counter() - start:.0f} s, {size:.0f} MB")
    yield store, index
    index.close()
    store.close()


def fill(store) -> None:
    """Rows as the journal would make them, without the journal: the index reads the rows first anyway."""
    chance = random.Random(7)
    with store._desk.begin() as desk:
        for start in range(0, COUNT, 10_000):
            rows = [to_row(an_entry(chance, n)) for n in range(start, min(start + 10_000, COUNT))]
            desk.execute(insert(schema.TABLE_OF[Incident]), rows)


def an_entry(chance, n) -> Incident:
    tongue = chance.choices([*SAID], (25, 25, 25, 25, 0, 0.01))[0]
    words = SAID[tongue][1].split()
    is_open = chance.random() < 0.1
    at = SIX + SPAN * (n / COUNT)
    return Incident(
        number=f"I-{n + 1:04d}",
        code="fl",
        text=" ".join(chance.choices(words, k=8)),
        severity=chance.choice([*Severity]),
        reported_at=at,
        place=Point(round(chance.uniform(100, 130), 6), round(chance.uniform(-10, 20), 6)),
        where=f"Jalan {chance.randrange(5000)}",
        status=Status.REPORTED if is_open else Status.CLOSED,
        closed_at=None if is_open else at,
    )


def hits(index, words):
    """The ids of the newest 100 that hold all of these words."""
    return [hit.id for hit in found(index, words, 100).hits]


def alike(store, *words):
    """The same, as the file itself tells it."""
    each = 'AND (text LIKE ? OR "where" LIKE ? OR number LIKE ?) '
    query = f"SELECT id FROM incidents WHERE void = 0 {each * len(words)}ORDER BY reported_at DESC LIMIT 100"
    with store.glancing() as desk:
        return [
            row.id for row in desk.exec_driver_sql(query, tuple(f"%{w}%" for w in words for _n in range(3)))
        ]


@pytest.mark.parametrize("tongue", SAID)
def test_words_in_every_script(city, tongue):
    store, index = city
    word = SAID[tongue][0]
    ours, theirs = timed(lambda: hits(index, word)), timed(lambda: alike(store, word))
    assert ours[0] == theirs[0]
    assert ours[0] or tongue == "rare"
    tell(f"newest 100 with {word} ({tongue})", ours, theirs, "LIKE in the same file")


def test_words_that_stand_in_every_entry_and_two_at_once(city):
    store, index = city
    for words in ("jalan", "i-0", "banjir jalan", "地震 jalan 12"):
        there, median, worst = timed(lambda words=words: hits(index, words))
        assert there == alike(store, *words.split()) != []
        print(f"{words}: {median:.1f} ms, worst {worst:.1f} ms, {len(there)} hits")


NOW = SIX + SPAN
ASKED = {
    "1 degree, 5 years, all": (1, SPAN, ()),
    "5 degrees, 5 years, all": (5, SPAN, ()),
    "20 degrees, 24 hours, open": (20, timedelta(days=1), OPEN),
    "20 degrees, 30 days, open": (20, timedelta(days=30), OPEN),
    "everywhere, 30 days, all": (30, timedelta(days=30), ()),
    "20 degrees, 5 years, open": (20, SPAN, OPEN),
    "20 degrees, 5 years, all": (20, SPAN, ()),
    "20 degrees, half the time, all": (20, SPAN / 2, ()),
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_box_a_time_and_a_status(city, asked):
    store, index = city
    wide, back, status = ASKED[asked]
    box = (101.0, -9.0, 101.0 + wide, -9.0 + wide)
    since = NOW - back
    plain = (
        "SELECT i.fid, i.reported_at, i.place, i.status, i.severity, i.code FROM incidents AS i"
        " JOIN rtree_incidents_place AS r ON r.id = i.fid WHERE r.minx <= ? AND r.maxx >= ? AND r.miny <= ?"
        " AND r.maxy >= ? AND i.reported_at BETWEEN ? AND ? AND i.void = 0"
        + (" AND i.closed_at IS NULL" if status else "")
        + " ORDER BY i.reported_at DESC"
    )

    def peer(box=box):
        west, south, east, north = box
        values = (east, west, north, south, time_text(since), time_text(NOW))
        with store.glancing() as desk:
            return [row.fid for row in desk.exec_driver_sql(plain, values).all()]

    mine, theirs = timed(lambda: incidents_within(index, box, since, NOW, status)), timed(peer)
    seen = mine[0]
    if isinstance(seen, Crowd):
        count = int(seen.count.sum())
        assert count > MOST_SINGLY
        assert abs(count - len(peer(in_whole_cells(box, seen.side)))) <= ROUNDED
    else:
        count = len(seen.fid)
        assert count <= MOST_SINGLY
        assert {*seen.fid.tolist()} <= {*theirs[0]}
        assert len(theirs[0]) - count <= ROUNDED
    assert count > 0
    tell(f"{asked}: {'cells of ' * isinstance(seen, Crowd)}{count:,}", mine, theirs, "SQLite's own choice")


def in_whole_cells(box, side):
    """The box, widened to the borders of the cells that it touches."""
    low = [
        math.floor((edge + turn) / side) * side - turn for edge, turn in zip(box[:2], (180, 90), strict=True)
    ]
    high = [
        (math.floor((edge + turn) / side) + 1) * side - turn
        for edge, turn in zip(box[2:], (180, 90), strict=True)
    ]
    return (*low, *high)


def timed(ask):
    """What it says, the median of warm rounds, and the worst, in ms."""
    said, times = ask(), []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1e3)
    return said, statistics.median(times), max(times)


def tell(what, ours, peer, named) -> None:
    print(
        f"{what}: {ours[1]:.1f} ms (worst {ours[2]:.1f}); {named}: {peer[1]:.1f} ms;"
        f" {peer[1] / ours[1]:.1f} times faster"
    )
