"""Choosing a file or folder beside the desk: from home on, or where something was chosen last."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gis.texts import _

LAST_FOLDER = "last_folder"  # of the window: where something was chosen last


def tables() -> str:
    """What tables are called, for `ask_open`."""
    return _("Tables ({patterns})").format(patterns="*.csv *.txt *.tsv") + ";;" + _("All files (*)")


def ask_open(parent: QWidget, title: str, filters: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a file that is there."""
    dialog = _dialog(parent, title, chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(filters.split(";;"))
    dialog.show()
    return dialog


def ask_several(
    parent: QWidget, title: str, filters: str, chosen: Callable[[tuple[Path, ...]], object]
) -> QFileDialog:
    """Ask for one or more files that are there."""
    dialog = _dialog(parent, title, lambda _one: None)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(filters.split(";;"))
    dialog.filesSelected.connect(lambda names: chosen(tuple(map(Path, names))))
    dialog.show()
    return dialog


def ask_folder(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a folder that is there."""
    dialog = _dialog(parent, title, chosen)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.show()
    return dialog


def ask_save(parent: QWidget, title: str, name: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask where to put a new file, called `name` (or a whole path) unless somebody says otherwise."""
    dialog = _dialog(parent, title, chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    dialog.show()
    return dialog


def _dialog(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> QFileDialog:
    desk = parent.window()
    for asked_before in desk.findChildren(QFileDialog):
        asked_before.close()  # one question at a time: they would lie on each other
    dialog = QFileDialog(parent, title)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)  # it would not wear the theme
    dialog.setModal(False)
    dialog.setDirectory(desk.property(LAST_FOLDER) or QDir.homePath())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: desk.setProperty(LAST_FOLDER, str(Path(name).parent)))
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    return dialog
