"""What a person looks for among the entries, off the window's thread; only the newest request is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from gis.jobs import Job, Jobs, Lane
from gis.model.incident import Incident, Note
from gis.progress import Progress
from gis.store import Store
from gis.store.index import Index
from gis.store.index.searching import Hit, found, newest_closed
from gis.texts import _

MOST_CLOSED = 500  # listed; older ones are found by their words
_BEFORE = 24  # characters shown before the word in a note


@dataclass(frozen=True, slots=True)
class Finding:
    """Incidents, newest first; `led` holds the words of the note that led to one, by incident id.

    `alone` counts notes of the log that belong to no incident; `unread` entries were not looked at yet;
    `twice` are numbers that another incident carries too.
    """

    text: str
    incidents: tuple[Incident, ...] = ()
    led: dict[str, str] = field(default_factory=dict[str, str])
    alone: int = 0
    more: bool = False
    unread: int = 0
    twice: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed incidents that were reported last, out of `count`; `unread` as in `Finding`."""

    incidents: tuple[Incident, ...] = ()
    count: int = 0
    unread: int = 0


T = TypeVar("T", Finding, Closed)


class Finder:
    """Asks the index of one operation for one list; what was asked before gets no answer any more."""

    def __init__(self, store: Store, index: Index, jobs: Jobs) -> None:
        self._store, self._index, self._jobs = store, index, jobs
        self._asking: Job | None = None
        self._reading = False

    def ask(self, text: str, done: Callable[[Finding], object]) -> None:
        """Have `done` called with what holds these words, unless something else is asked before."""
        self._ask(_("Find in incidents and notes"), lambda: self._look(text), done)

    def closed(self, done: Callable[[Closed], object]) -> None:
        """Have `done` called with the newest closed incidents, unless something else is asked before."""
        self._ask(_("List closed incidents"), self._look_closed, done)

    def _ask(self, label: str, look: Callable[[], T], done: Callable[[T], object]) -> None:
        self.drop()

        def work(progress: Progress) -> T:
            progress.check()
            return look()

        def tell(answer: T) -> None:
            if job is self._asking:
                done(answer)
                if answer.unread:
                    self._catch_up(lambda: self._ask(label, look, done) if job is self._asking else None)

        job = self._asking = self._jobs.run(label, work, lane=Lane.ASK, done=tell)

    def _catch_up(self, again: Callable[[], object]) -> None:
        """Read what the index does not know yet (a large package); then the question is asked again."""
        if self._reading:
            return
        self._reading = True

        def done(_caught_up: None) -> None:
            self._reading = False
            again()

        self._jobs.run(_("Read the entries for the search"), self._index.catch_up, done=done)

    def drop(self) -> None:
        """Let nothing come of what was asked."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _look_closed(self) -> Closed:
        newest = newest_closed(self._index, MOST_CLOSED)
        with self._store.reading() as query:
            known = query.known_all(Incident, newest.ids)
        closed = tuple(each for each in known.values() if not (each.is_open or each.void))
        return Closed(closed, max(newest.count, len(closed)), newest.unread)

    def _look(self, text: str) -> Finding:
        findings = found(self._index, text)
        wanted = dict.fromkeys(hit.incident_id for hit in findings.hits if hit.incident_id)
        with self._store.reading() as query:
            known = [query.known(Incident, incident_id) for incident_id in wanted]
            incidents = tuple(each for each in known if each is not None and not each.void)
            twice = frozenset(query.repeated_numbers({each.number for each in incidents}))
        own = {hit.id for hit in findings.hits if hit.kind is Incident}
        notes = [hit for hit in findings.hits if hit.kind is Note]
        led = {hit.incident_id: _around(hit) for hit in notes[::-1] if hit.incident_id not in own}
        return Finding(
            text,
            incidents,
            {incident_id: words for incident_id, words in led.items() if incident_id},
            sum(hit.incident_id is None for hit in notes),
            findings.more,
            findings.unread,
            twice,
        )


def _around(hit: Hit) -> str:
    """The words of a note from a little before the one that was looked for."""
    if hit.start <= _BEFORE:
        return hit.text
    begin = hit.text.find(" ", hit.start - _BEFORE, hit.start) + 1 or hit.start - _BEFORE
    return f"… {hit.text[begin:]}"
