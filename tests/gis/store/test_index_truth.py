"""Whatever is done and whatever becomes of its file, the index answers as looking through all of it would."""

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from gis.clock import ManualClock
from gis.errors import UserError
from gis.model.incident import Incident, Note, Status
from gis.ops import incidents
from gis.store import Operation, Store, history
from gis.store.index import Index
from gis.store.index.searching import OPEN, Crowd, found, incidents_within
from tests.build import SIX, an_incident
from tests.gis.store.damage import DAMAGE

LETTERS = "abกข้ขิ지진地震اب"
WORDS = st.text(LETTERS, min_size=1, max_size=4)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
PLACES = st.sampled_from(
    [None, Point(1, 1), Point(1.001, 1), Point(30, -20), Point(-180, -90), Point(180, 90)]
)
STEPS = st.one_of(
    st.tuples(st.just("log"), TEXTS, PLACES, st.integers(0, 50)),
    st.tuples(st.just("note"), TEXTS),
    st.tuples(st.just("amend"), TEXTS, PLACES),
    st.tuples(st.sampled_from(["close", "strike", "undo", "redo", "receive", "reopen", *DAMAGE])),
    st.tuples(st.just("ask"), TEXTS),
)
BOXES = st.sampled_from([None, (0.0, 0.0, 2.0, 2.0), (0.9, 0.9, 1.0005, 1.1), (-180.0, -90.0, 180.0, 90.0)])


class World:
    """A desk, a second one whose entries arrive, and an index that things happen to."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock(datetime(2026, 3, 14, 6, tzinfo=UTC))
        self.store, self.other = (
            Store.create(
                folder / f"{n}.kentongan", Operation(n, self.clock.now()), clock=self.clock, author=n
            )
            for n in "ab"
        )
        self.index = Index(self.store)

    def do(self, what: str, *how) -> None:
        if what in DAMAGE:
            self.index.close()
            path = self.store.folder / "index.sqlite"
            if path.exists():
                DAMAGE[what](path)
            self.index = Index(self.store)
            return
        self.clock.advance(timedelta(seconds=1))
        with suppress(UserError):  # nothing to undo, closed already
            getattr(self, what)(*how)

    def log(self, text, place, minutes) -> None:
        at = SIX + timedelta(minutes=minutes)
        with self.store.writing("Log") as tx:
            tx.put(an_incident(text=text, place=place, reported_at=at, where=""))
        with self.other.writing("Log") as tx:
            tx.put(an_incident(text=text[::-1], reported_at=at, where=""))

    def note(self, text) -> None:
        with self.store.writing("Note") as tx:
            incidents.note(tx, text)

    def _on_last(self, verb) -> None:
        with self.store.writing("Change") as tx:
            known = tx.find(Incident)
            if known:
                verb(tx, known[len(known) // 2])

    def amend(self, text, place) -> None:
        self._on_last(lambda tx, last: tx.put(replace(last, text=text, place=place)))

    def close(self) -> None:
        self._on_last(lambda tx, last: incidents.close(tx, last.id))

    def reopen(self) -> None:
        self._on_last(lambda tx, last: incidents.reopen(tx, last.id))

    def strike(self) -> None:
        self._on_last(lambda tx, last: incidents.strike(tx, last.id))

    def undo(self) -> None:
        with self.store.writing("Undo") as tx:
            history.undo(tx)

    def redo(self) -> None:
        with self.store.writing("Redo") as tx:
            history.redo(tx)

    def receive(self) -> None:
        with self.other.reading() as query:
            edits = [edit for _n, edit in query.edits_after(0)]
        with self.store.writing("Receive") as tx:
            tx.receive(edits)

    def ask(self, text) -> None:
        asked = text.split()[0][:2]
        for void in (False, True):
            with self.store.reading() as query:
                among = [
                    r for kind in (Incident, Note) for r in query.find(kind, void=None if void else False)
                ]
            expected = {r.id for r in among if asked in r.text}
            answer = found(self.index, asked, void=void)
            assert {hit.id for hit in answer.hits} == expected
            assert [hit.at for hit in answer.hits] == sorted((hit.at for hit in answer.hits), reverse=True)

    def look(self, box, since, until, status, limit) -> None:
        with self.store.reading() as query:
            known = query.find(Incident)
        expected = sorted(i.reported_at for i in known if _matches(i, box, since, until, status))
        seen = incidents_within(self.index, box, since, until, status, limit)
        if isinstance(seen, Crowd):
            assert len(expected) > limit
            inside = sum(i.place is not None and _matches(i, box, since, until, status) for i in known)
            assert seen.count.sum() >= inside
            if box in (None, (-180.0, -90.0, 180.0, 90.0)):
                assert seen.count.sum() == inside
        else:
            assert [at / 1e6 for at in seen.at_us[::-1]] == [at.timestamp() for at in expected]

    def end(self) -> None:
        self.index.close()
        self.store.close()
        self.other.close()


def _matches(incident, box, since, until, status) -> bool:
    place = incident.place
    inside = box is None or (
        place is not None and box[0] <= place.x <= box[2] and box[1] <= place.y <= box[3]
    )
    in_time = (since is None or since <= incident.reported_at) and (
        until is None or incident.reported_at <= until
    )
    return inside and in_time and (not status or incident.status in status)


MOMENTS = st.none() | st.integers(0, 50).map(lambda minutes: SIX + timedelta(minutes=minutes))


@given(
    steps=st.lists(STEPS, min_size=1, max_size=14),
    text=TEXTS,
    looks=st.lists(
        st.tuples(BOXES, MOMENTS, MOMENTS, st.sampled_from([(), OPEN, {Status.CLOSED}]), st.integers(1, 4)),
        min_size=2,
        max_size=4,
    ),
)
@settings(max_examples=40, deadline=None)
def test_the_index_answers_what_looking_through_every_record_would(steps, text, looks):
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            for what, *how in [*steps, ("ask", text), ("ask", "地震")]:
                world.do(what, *how)
            for look in looks:
                world.look(*look)
        finally:
            world.end()
