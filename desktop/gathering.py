"""Several map files at once, or a folder of them: looked into one by one, what is wrong said beside each."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.forms.add_many import AddManyForm, Looked
from desktop.panels.running import Running
from desktop.work import Panels
from gis.errors import UserError
from gis.exchange.vector.formats import READABLE
from gis.exchange.vector.reader import Reader
from gis.jobs import Jobs
from gis.progress import Progress
from gis.texts import _

MOST_FILES, MOST_NAMES, DEEPEST = 200, 20_000, 6
NO_MAPS = frozenset({".txt"})  # of a folder: notes lie beside maps


class Gathering(QObject):
    """`wanted` carries the wishes that a person ticked."""

    wanted = Signal(object)

    def __init__(self, jobs: Jobs, running: Running, reader: Reader, panels: Panels) -> None:
        super().__init__()
        self._jobs, self._running, self._reader = jobs, running, reader
        self._panels, self._form = panels, AddManyForm()
        self._form.wanted.connect(self.wanted.emit)
        panels.detail.hold(self._form)

    def look_into(self, paths: tuple[Path, ...]) -> None:
        """Say in words what is in files and folders; nothing of it is on the map yet."""

        def work(progress: Progress) -> list[Looked]:
            files = map_files(paths, progress)
            looked: list[Looked] = []
            for number, path in enumerate(files):
                progress.step(number, len(files), path.name)
                looked.append(self._looked(path, progress))
            return looked

        def done(looked: list[Looked]) -> None:
            self._panels.detail.show_form(self._form)
            self._form.ask(looked)

        self._running.watch(self._jobs.run(_("Look into the files"), work, done=done))

    def _looked(self, path: Path, progress: Progress) -> Looked:
        try:
            return Looked(path, self._reader.inspect(path, progress))
        except UserError as error:  # one file that cannot be read keeps none of the others out
            return Looked(path, problem=str(error))


def map_files(paths: Iterable[Path], progress: Progress) -> list[Path]:
    """The files among `paths` as they are, and what looks like a map in the folders among them.

    Raises UserError when there is none, or when there are too many to be looked through.
    """
    found: list[Path] = []
    for path in paths:
        is_file = not path.is_dir() or path.suffix.casefold() in READABLE
        found += [path] if is_file else _in_folder(path, progress)
    if not found:
        raise UserError(
            _("No map file was found there."),
            hint=_("Nothing was added. Choose the files themselves, or a folder that holds them."),
        )
    if len(found) > MOST_FILES:
        raise UserError(
            _("There are too many map files there to be looked into at once."),
            hint=_("Nothing was added. Choose some of them."),
        )
    return found


def _in_folder(folder: Path, progress: Progress) -> list[Path]:
    """Map files of a folder and of those in it, by their endings; a table of QGIS or of ours is none."""
    found: list[Path] = []
    seen = 0
    for where, folders, names in os.walk(folder):
        progress.check()
        depth = len(Path(where).relative_to(folder).parts)
        inner = [each for each in sorted(folders) if not each.startswith(".") and depth < DEEPEST]
        found += [Path(where, each) for each in inner if _is_map(each)]
        folders[:] = [each for each in inner if not _is_map(each) and not each.endswith(".kentongan")]
        found += [Path(where, each) for each in sorted(names) if _is_map(each)]
        seen += len(names)
        if seen > MOST_NAMES:
            raise UserError(
                _("{name} holds too many files to be looked through.").format(name=folder.name),
                hint=_("Nothing was added. Choose the folder in it where the maps lie."),
            )
    return found


def _is_map(name: str) -> bool:
    ending = os.path.splitext(name)[1].casefold()
    return ending in READABLE and ending not in NO_MAPS and not name.startswith(".")
