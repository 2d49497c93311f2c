"""The way of a situation report: gathered, frozen under its number, written in every form."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.forms.sitrep import SitrepForm
from desktop.notices import Notices
from desktop.panels.running import Running
from desktop.work import Model
from gis.jobs import Job, Jobs, JobState, Lane
from gis.progress import Progress
from gis.report.content import SitrepContent
from gis.report.freeze import draft, freeze
from gis.texts import _
from layers.handout import handout

if TYPE_CHECKING:
    from gis.report.files import Published


class Reports:
    """What F12 does. A number is used up when the officer publishes, not before."""

    def __init__(
        self, model: Model, jobs: Jobs, running: Running, form: SitrepForm, notices: Notices
    ) -> None:
        self._model, self._jobs, self._running, self._form = model, jobs, running, form
        self._complain = notices.problem
        self._job: Job | None = None
        self._frozen: SitrepContent | None = None  # has its number, but not all of its files
        form.publish.connect(self.publish)
        form.look.connect(self.open)
        form.stop.connect(self._stop)
        jobs.changed.connect(self._hear)

    def open(self) -> None:
        """Gather a draft and show it."""
        if not self._model.pen.ready(self.open):
            return
        store, self._frozen = self._model.store, None

        def work(_progress: Progress) -> SitrepContent:
            with store.reading() as query:
                return draft(query, store.operation, author=store.author)

        self._running.watch(self._jobs.run(_("Draft situation report"), work, done=self._form.ask))

    def publish(self, assessment: str, folder: Path) -> None:
        """Freeze the report, then write it; both off the window's thread."""
        if not self._model.pen.ready():
            self._form.ended(_("Go back to live first: a report tells of now."))
            return
        if self._frozen is not None:
            self._write(self._frozen, folder)
            return
        self._job = self._jobs.run(
            _("Freeze situation report"),
            lambda _progress: self._freeze(assessment),
            lane=Lane.STORE,
            done=lambda content: self._write(content, folder),
            failed=self._fail,
        )

    def _freeze(self, assessment: str) -> SitrepContent:
        with self._model.store.writing(_("Publish situation report")) as tx:
            return freeze(tx, assessment=assessment)

    def _write(self, content: SitrepContent, folder: Path) -> None:
        self._frozen = content
        stack = tuple(self._model.stack)
        crs, at = self._model.stack.crs, self._model.stack.at

        def work(progress: Progress) -> "Published":
            from gis.report.files import publish  # typst, folium and GDAL stay off the way to the first paint

            return publish(content, handout(stack, crs, progress, at), folder, progress)

        job = self._jobs.run(_("Write situation report"), work, done=self._done, failed=self._fail)
        self._job = self._running.watch(job)

    def _hear(self, state: JobState) -> None:
        if self._job is not None and state.number == self._job.number and not state.finished:
            self._form.progress(state.done, state.total, state.note)
        elif self._job is not None and state.number == self._job.number and self._job.progress.cancelled:
            self._form.ended()

    def _done(self, published: "Published") -> None:
        self._frozen = None
        self._form.published(published)

    def _fail(self, error: Exception) -> None:
        self._form.ended(_("It did not work: {reason}.").format(reason=str(error).rstrip(".")))
        self._complain(_("Publish situation report"), error)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
