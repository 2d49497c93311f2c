"""Setting up who reports: from layers of the city and tables, and what is changed of them later."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from desktop.forms.expecting import ExpectingForm, LayerWanted
from desktop.notices import Notices
from desktop.whereabouts import Whereabouts
from desktop.widgets.choose import ask_open
from desktop.work import Work, zone_of
from gis.errors import UserError
from gis.geo.features import WGS84, Features
from gis.geo.wards import Wards
from gis.jobs import Jobs, Lane
from gis.model.reporting import PointKind, ReportingPoint
from gis.ops import reporting
from gis.ops.reporting import Expecting as Outcome
from gis.progress import Progress
from gis.sensors.roster import Post, read_roster
from gis.store import Change, Query, Tx
from gis.texts import _
from layers import posts
from layers.city import keep_wards
from layers.layer import Layer
from layers.roles import Role
from layers.sources.base import EVERYWHERE, PixelSource
from layers.stack import LayerStack

EVERY_S = 6 * 3_600  # of those whose table says nothing else
_FIRST = (Role.WARDS, Role.SHELTERS, Role.SCHOOLS, Role.HOSPITALS)


class Expecting(QObject):
    """Region 7 while it is said who reports."""

    def __init__(self, work: Work, where: Whereabouts, jobs: Jobs, notices: Notices) -> None:
        super().__init__()
        self._work, self._where, self._jobs, self._notices = work, where, jobs, notices
        self._model = work.model
        self.form = ExpectingForm(zone_of(work.model.store))
        work.panels.detail.hold(self.form)
        self._join()

    def _join(self) -> None:
        form = self.form
        form.looked.connect(self.look_into)
        form.wanted.connect(self.expect_layer)
        form.added.connect(lambda post: self._expect(lambda: [post], form.team.clear))
        form.table_wanted.connect(self.ask_table)
        form.changed.connect(self.change)
        form.paused.connect(lambda ids: self._write(_("Wait no longer"), reporting.suspend, ids))
        form.resumed.connect(lambda ids: self._write(_("Wait again"), reporting.resume, ids))
        form.removed.connect(lambda ids: self._write(_("Remove from who reports"), reporting.strike, ids))
        self._model.outlook.changed.connect(self._on_changed)

    def open(self) -> None:
        """Show the form: the layers there are, wards and shelters first, and who reports now."""
        if not self._model.pen.ready(self.open):
            return
        self._work.panels.detail.show_form(self.form)
        self.form.tell("")
        self.form.show_layers([(a.id, a.title, posts.kind_of(a.role)) for a in _fit(self._model.stack)])
        self.look()
        self.form.begin()

    def look(self) -> None:
        """Read again who reports."""

        def question(query: Query) -> tuple[list[ReportingPoint], Any]:
            return query.find(ReportingPoint), query.at

        self._model.outlook.ask(self, question, lambda told: self.form.show_points(*told))

    def look_into(self, layer_id: str) -> None:
        """Which columns has this layer?"""

        def done(found: tuple[Features, ...]) -> None:
            columns = posts.columns_of(found)
            name, people = posts.name_column(columns), posts.people_column(columns)
            self.form.show_columns(layer_id, columns, name, people)

        self._read(layer_id, lambda found: found, done)

    def expect_layer(self, wanted: LayerWanted) -> None:
        """Wait for everybody in a layer; if they are wards, these are the wards of the city from now on."""

        def told(found: tuple[Features, ...]) -> tuple[list[Post], Wards | None]:
            named = posts.posts_of(found, wanted.kind, wanted.name, wanted.people)
            ward = wanted.kind is PointKind.WARD
            return named, posts.wards_of(found, wanted.name) if ward else None

        def done(read: tuple[list[Post], Wards | None]) -> None:
            named, wards = read
            if wards is not None:
                self._learn(wanted, wards)
            self._expect(lambda: named, lambda: None, wanted.every_s)

        self._read(wanted.layer_id, told, done)

    def _learn(self, wanted: LayerWanted, wards: Wards) -> None:
        self._where.learn(self._where.context.places, wards)
        origin = self._model.stack.get(wanted.layer_id).source.origin
        usual = {} if wanted.name == "name" else {"name": wanted.name}
        said = {key: value for key, value in origin.items() if key != "kind"} | usual
        if "path" in said:
            self._model.pen.keep(_("Say which wards there are"), lambda tx: keep_wards(tx, said))

    def ask_table(self) -> None:
        """Ask for a table of teams and others."""
        filters = _("Tables ({patterns})").format(patterns="*.csv *.txt *.tsv") + ";;" + _("All files (*)")
        ask_open(self.form, _("Who reports"), filters, self.take_table)

    def take_table(self, path: Path) -> None:
        """Wait for everybody in a table."""

        def read() -> list[Post]:
            found = read_roster(path)
            if not found:
                raise UserError(_("{file} names nobody.").format(file=path.name))
            return found

        self._expect(read, lambda: None)

    def _expect(
        self, named: Callable[[], Sequence[Post]], then: Callable[[], object], every_s: int = EVERY_S
    ) -> None:
        def verb(tx: Tx) -> Outcome:
            return reporting.expect(tx, named(), every_s)

        def done(outcome: Outcome) -> None:
            words = _("{new} new, {known} brought up to date.  Ctrl+Z takes it back.")
            self.form.tell(words.format(new=outcome.new, known=outcome.known))
            then()

        self._model.pen.write(_("Wait for reports"), verb, done)

    def change(self, ids: Collection[str], fields: Mapping[str, Any]) -> None:
        """Change the same of several."""
        self._write(_("Change who reports"), lambda tx, each: reporting.change(tx, each, **fields), ids)

    def _write(self, label: str, verb: Callable[[Tx, Collection[str]], object], ids: Collection[str]) -> None:
        self._model.pen.write(label, lambda tx: verb(tx, ids), lambda _done: self.form.tell(""))

    def _read(
        self, layer_id: str, look: Callable[[tuple[Features, ...]], Any], done: Callable[[Any], None]
    ) -> None:
        """Read a layer in WGS84, off the window's thread."""
        layer = self._model.stack.get(layer_id)

        def work(progress: Progress) -> Any:
            return look(layer.source.read(EVERYWHERE, WGS84, progress))

        label = _("Read {layer}").format(layer=layer.title)
        self._jobs.run(label, work, lane=Lane.WORK, done=done)

    def _on_changed(self, change: Change) -> None:
        if self.form.isVisible() and change.touches(ReportingPoint):
            self.look()


def _fit(stack: LayerStack) -> list[Layer]:
    """The layers of files whose features may report, the likely ones first."""
    found = [a for a in stack if not a.source.kinds and a.source.origin.get("path") and not a.problem]
    files = [each for each in found if not isinstance(each.source, PixelSource)]
    return sorted(files, key=lambda each: _FIRST.index(each.role) if each.role in _FIRST else len(_FIRST))
