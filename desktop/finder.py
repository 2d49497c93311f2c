"""What a person looks for among the entries, off the window's thread; only the newest request is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gis.jobs import Job, Jobs, Lane
from gis.model.incident import Incident, Note
from gis.progress import Progress
from gis.store import Store
from gis.store.index import Index
from gis.store.index.searching import Hit, found
from gis.texts import _

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


class Finder:
    """Asks the index of one operation for one list."""

    def __init__(self, store: Store, index: Index, jobs: Jobs) -> None:
        self._store, self._index, self._jobs = store, index, jobs
        self._asking: Job | None = None

    def ask(self, text: str, done: Callable[[Finding], object]) -> None:
        """Have `done` called with what holds these words, unless something else is asked before."""
        self.drop()

        def work(progress: Progress) -> Finding:
            progress.check()
            return self._look(text)

        def tell(finding: Finding) -> None:
            if job is self._asking:
                done(finding)

        job = self._asking = self._jobs.run(_("Find in incidents and notes"), work, lane=Lane.ASK, done=tell)

    def drop(self) -> None:
        """Let nothing come of what was asked."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

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
