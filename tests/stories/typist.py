"""Somebody who types one call at a real desk: says SHOWN the moment its row stands in the table, then stays.

Run as `python -m tests.stories.typist OPERATION WORDS`; the desk is unseen but whole.
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.opening import open_folder
from desktop.session import application, show, until
from desktop.theme import Appearance
from gis.settings import Settings


def main(folder: Path, words: str) -> None:
    app = application()
    desk = show(open_folder(folder, Settings(author="R. Sari")), Appearance(app))
    rows, edit = desk.panels.incidents.table.records, desk.line.edit

    def tell() -> None:
        for row in range(rows.rowCount()):
            if words in str(rows.data(rows.index(row, 4))):
                os.write(1, b"SHOWN\n")

    rows.modelReset.connect(tell)
    rows.dataChanged.connect(tell)
    until(desk.window.isActiveWindow)
    desk.window.setFocus()
    for letter in f"fl2 @@ {words}":
        QTest.keyClick(app.focusWidget() or desk.window, letter)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
