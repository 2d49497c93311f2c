"""One box for everything that has a name: acts, places and coordinates, layers, incidents."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop.actions import acts
from desktop.notices import Notices
from desktop.panels.mapmenu import MapMenu
from desktop.panels.running import Running
from desktop.panels.status import StatusLine
from desktop.whereabouts import Whereabouts
from desktop.widgets.palette import Answer, Palette
from desktop.window import MainWindow
from desktop.work import Work
from gis.errors import UserError
from gis.geo.coords import Written, as_mgrs, parse
from gis.geo.gazetteer import Gazetteer, Match
from gis.geo.names import folded
from gis.intake.context import Kind
from gis.intake.logline import read
from gis.jobs import Job, Jobs
from gis.model.incident import Incident
from gis.progress import Progress
from gis.texts import _
from gis.words.terms import where_and_what
from layers.findable import findable, gazetteer, keep_findable
from layers.layer import Layer
from layers.sources.seen import from_afar

FORM = "form of coordinates"
Zoom = Callable[[Layer], object]
MOST = 30
MOST_PLACES = 10
LONGEST = 400  # letters: a map link may be long
_RANKS = {Match.EXACT: 0, Match.PREFIX: 1, Match.WORDS: 2, Match.WITHIN: 3, Match.MISHEARD: 5}


@dataclass(frozen=True, slots=True)
class Found:
    """An answer and how well it answers, 0 best."""

    rank: int
    answer: Answer


class Locator(QObject):
    """Answers the palette letter by letter, from what is in memory."""

    def __init__(
        self, window: MainWindow, work: Work, where: Whereabouts, naming: "Naming", zoom: Zoom
    ) -> None:
        super().__init__()
        self.naming = naming
        self._window, self._work, self._where, self._zoom = window, work, where, zoom
        self.palette = Palette(window)
        self.palette.typed.connect(lambda text: self.palette.offer(self.answers(text)))

    def answers(self, text: str) -> list[Answer]:
        """What `text` may mean, best first; every act where nothing is typed."""
        text = text.strip()[:LONGEST]
        if not text:
            return [found.answer for found in self._acts("")]
        typed = folded(text)
        sources = (self._acts, self._layers, self._places, self._incidents)
        found = [
            *self._measured(text),
            *self._numbered(text),
            *(each for source in sources for each in source(typed)),
        ]
        return [each.answer for each in sorted(found, key=lambda each: each.rank)[:MOST]]

    def _acts(self, typed: str) -> Iterator[Found]:
        for act in acts():
            action = self._window.actions_by_id[act.id]
            name = act.text.replace("&", "").rstrip("…")
            rank = fit(typed, f"{name} {act.id.replace('_', ' ')}")
            if rank is None and len(typed) > 2:
                rank = None if fit(typed, act.tip) is None else 4
            if rank is not None and action.isVisible():
                kind = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText) or _("act")
                yield Found(rank, Answer(name, kind, action.trigger))

    def _layers(self, typed: str) -> Iterator[Found]:
        for layer in reversed(tuple(self._work.model.stack)):
            rank = fit(typed, layer.title)
            if rank is not None:
                yield Found(
                    rank, Answer(layer.title, _("layer"), lambda layer=layer: self._go_to_layer(layer))
                )

    def _go_to_layer(self, layer: Layer) -> None:
        self._work.panels.layers.choose(layer.id)
        self._zoom(layer)

    def _places(self, typed: str) -> Iterator[Found]:
        context = self._where.context
        known = {each.number for each in context.incidents}
        for names in (context.live, context.places, context.assets):
            for place in names.search(typed, MOST_PLACES, context.view):
                if place.name in known:
                    continue  # it stands among the incidents
                kind = place.kind or _("place")
                kind = _("{kind}, sounds alike").format(kind=kind) if place.match is Match.MISHEARD else kind
                yield Found(_RANKS[place.match], self._place(place.name, kind, place.lon, place.lat))

    def _measured(self, text: str) -> Iterator[Found]:
        """Every reading of a coordinate, each with what had to be assumed."""
        if text.startswith("@") and self._where.context.last_click:
            lon, lat = self._where.context.last_click
            yield Found(0, self._place(as_mgrs(lon, lat), _("clicked last"), lon, lat))
        for n, reading in enumerate(parse(text, self._where.context.city)):
            kind = f"{reading.note} ({reading.form})" if reading.note else str(reading.form)
            said = as_mgrs(reading.lon, reading.lat) or f"{reading.lat:.5f}, {reading.lon:.5f}"
            yield Found(0 if n == 0 else 1, self._place(said, kind, reading.lon, reading.lat))

    def _place(self, name: str, kind: str, lon: float, lat: float) -> Answer:
        return Answer(name, kind, lambda: self._work.panels.map.go(name, lon, lat))

    def _numbered(self, text: str) -> Iterator[Found]:
        """The incident of a number, also one that is closed."""
        said = f"i{text}" if text.isdecimal() and text.isascii() else text
        draft = read(f"{said} >", self._where.context)
        if draft.kind is Kind.OPENING and draft.incident is not None:
            yield Found(0, self._incident(draft.incident))

    def _incidents(self, typed: str) -> Iterator[Found]:
        for incident in self._where.context.incidents:
            words = f"{incident.number} {incident.where} {incident.text}"
            rank = fit(typed, words) if len(typed) > 2 else None
            if rank is not None:
                yield Found(rank, self._incident(incident))

    def _incident(self, incident: Incident) -> Answer:
        words = f"{incident.number}  {where_and_what(incident.where, incident.text)}"
        kind = _("incident") if incident.is_open else _("closed incident")
        return Answer(words[:120], kind, lambda: self._work.open_incident(incident.id))


def fit(typed: str, name: str) -> int | None:
    """How well folded words answer to a name: it is that, begins so, has words that begin so, holds them."""
    known = folded(name)
    if known == typed:
        return 0
    if known.startswith(typed):
        return 1
    words, own = typed.split(), known.split()
    if all(any(each.startswith(word) for each in own) for word in words):
        return 2
    return 3 if all(word in known for word in words) else None


class Naming(QObject):
    """Reads the names in the layers that were chosen for it, beside the window."""

    def __init__(
        self, work: Work, where: Whereabouts, jobs: Jobs, running: Running, notices: Notices
    ) -> None:
        super().__init__()
        self._model, self._tree, self._where = work.model, work.panels.layers, where
        self._jobs, self._running, self._complain = jobs, running, notices.problem
        self._job: Job | None = None
        self._tree.names_wanted.connect(self._toggle)
        with self._model.store.reading() as query:
            self._tree.findable = frozenset(findable(query))
        if self._tree.findable:
            self._read()

    def _toggle(self, layer: Layer) -> None:
        chosen = self._tree.findable ^ {layer.id}
        self._tree.findable = chosen
        self._model.pen.keep(_("Keep what is found by name"), lambda tx: keep_findable(tx, sorted(chosen)))
        self._read()

    def _read(self) -> None:
        layers = [
            layer for layer in self._model.stack if layer.id in self._tree.findable and not layer.problem
        ]
        crs = self._model.stack.crs
        if self._job is not None:
            self._job.cancel()

        def work(progress: Progress) -> tuple[Gazetteer, list[str]]:
            found = [(layer.title, from_afar(layer.source, crs, progress)) for layer in layers]
            whole = [(title, each.features) for title, each in found if not each.notes]
            return gazetteer(whole, progress), [title for title, each in found if each.notes]

        def done(read: tuple[Gazetteer, list[str]]) -> None:
            names, vast = read
            if job is self._job:
                self._where.learn_assets(names)
                for title in vast:
                    self._complain(label, _too_large(title))

        label = _("Read names to be found")
        job = self._job = self._jobs.run(label, work, done=done)
        self._running.watch(job)


def _too_large(title: str) -> UserError:
    return UserError(
        _("{layer} is larger than memory: its names are not found.").format(layer=title),
        hint=_("Names in other layers are. Cut out the part that matters in a GIS and add that as a layer."),
    )


def join_places(menu: MapMenu, status: StatusLine, work: Work, notices: Notices) -> None:
    """Places are copied, and written in one form, that which was chosen last at this operation."""
    model = work.model

    def write_as(form: Written) -> None:
        status.write_as(form)
        menu.form = form

    def keep(form: Written) -> None:
        write_as(form)
        model.pen.keep(_("Keep the form of coordinates"), lambda tx: tx.keep(FORM, str(form)))

    def copy(text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        notices.tell(_("Copied: {text}").format(text=text))

    with model.store.reading() as query:
        kept = query.kept(FORM)
    if kept in set(Written):
        write_as(Written(kept))
    status.form_chosen.connect(keep)
    menu.copied.connect(copy)
    menu.incident.connect(work.log_by_form)
