"""How the window writes: every act on the store's own lane, its outcome back in the GUI thread.

Whoever looks at the past writes nothing: what is on the screen is not what is.
"""

from collections.abc import Callable
from typing import TypeVar

from desktop.notices import Notices
from desktop.outlook import Outlook
from gis.jobs import Jobs, Lane
from gis.progress import Progress
from gis.store import Store, Tx
from gis.texts import _

T = TypeVar("T")
Verb = Callable[[Tx], T]
Work = Callable[[Progress], T]
Done = Callable[[T], None]
Failed = Callable[[Exception], None] | None


def _nothing(_value: object) -> None:
    """What follows where nothing has to."""


class Pen:
    """Writes to one store. What fails is said where `jobs` says it; nothing half-written stays.

    A verb is done a second time where the disk was full and the room kept back has been given up for it.
    """

    def __init__(self, store: Store, jobs: Jobs, outlook: Outlook, notices: Notices) -> None:
        self._store, self._jobs, self._outlook, self._notices = store, jobs, outlook, notices
        self._question = _("You look at the past; nothing can be changed there. Nothing was changed.")
        outlook.moved.connect(lambda at: notices.withdraw(self._question) if at is None else None)

    def ready(self, then: Callable[[], object] = lambda: None) -> bool:
        """True when the desk looks at now; otherwise asks to go back there, and `then` follows."""
        if self._outlook.live:
            return True

        def back() -> None:
            self._outlook.go(None)
            then()

        self._notices.ask(self._question, _("Back to live"), back)
        return False

    def write(self, label: str, verb: Verb[T], done: Done[T] = _nothing, failed: Failed = None) -> None:
        """Perform `verb` in one transaction, then `done` with its value, or `failed` with what went wrong.

        What a person does while looking at the past is not done: they are asked to come back first.
        """
        if self.ready():
            self.keep(label, verb, done, failed)

    def keep(self, label: str, verb: Verb[T], done: Done[T] = _nothing, failed: Failed = None) -> None:
        """The same at any time, for what the desk keeps for itself and changes nothing in the log."""

        def work(_progress: Progress) -> T:
            return self._store.write(label, verb)

        self.do(label, work, done, failed)

    def do(self, label: str, work: Work[T], done: Done[T] = _nothing, failed: Failed = None) -> None:
        """The same for what takes care of its transactions itself."""
        self._jobs.run(label, work, lane=Lane.STORE, done=done, failed=failed)
