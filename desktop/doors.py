"""Another operation in this window: a new one, or one that lies somewhere."""

from pathlib import Path

from desktop.widgets.choose import ask_folder, ask_save
from desktop.window import MainWindow
from gis import settings
from gis.store.operation import SUFFIX
from gis.texts import _


def ask_new(window: MainWindow) -> None:
    """Ask what the new operation is called and where it shall lie; it is named after its city."""
    folder = settings.home().operations
    name = str(folder / f"{_('My city')}{SUFFIX}") if _made(folder) else f"{_('My city')}{SUFFIX}"
    ask_save(window, _("New operation: the name of your city"), name, lambda path: _go(window, path))


def ask_other(window: MainWindow) -> None:
    """Ask for the folder of an operation."""
    ask_folder(window, _("Open an operation (NAME{suffix})").format(suffix=SUFFIX), window.elsewhere.emit)


def _go(window: MainWindow, path: Path) -> None:
    whole = path if path.name.endswith(SUFFIX) else path.with_name(path.name + SUFFIX)
    window.elsewhere.emit(whole)


def _made(folder: Path) -> bool:
    """Is there such a folder, now at the latest? Where it cannot be made, home will do."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True
