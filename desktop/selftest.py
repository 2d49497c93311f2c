"""Does this build work on this computer? The desk opens unseen, an entry is typed, and all is looked at."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.desk import Desk
from desktop.opening import open_folder
from desktop.session import application, show, until
from desktop.theme import Appearance
from gis.model.incident import Incident
from gis.progress import Progress
from gis.report.files import publish
from gis.report.freeze import draft
from gis.settings import Settings

Check = tuple[str, Callable[[], bool]]
WARD = """{"type": "Feature", "properties": {"name": "Kampung Baru"}, "geometry":
{"type": "Polygon", "coordinates": [[[116.1, -8.6], [116.2, -8.6], [116.2, -8.5], [116.1, -8.6]]]}}"""


def self_test() -> int:
    """Print one line for each check; 0 when all went well. Nothing outside a temporary folder is touched."""
    with tempfile.TemporaryDirectory(prefix="kentongan-", ignore_cleanup_errors=True) as name:
        folder, appearance = Path(name), Appearance(application())
        desk = show(open_folder(folder / "Test.kentongan", Settings(author="Self test")), appearance)
        try:
            failed = [name for name, check in checks(desk, folder) if not _passes(name, check)]
        finally:
            desk.window.close()
    return 1 if failed else 0


def checks(desk: Desk, folder: Path) -> list[Check]:
    """What is true of a desk that works, in the order in which it can be tried; files go to `folder`."""
    line, canvas = desk.line, desk.panels.map.canvas
    return [
        ("the window is painted", lambda: _is_painted(desk.window)),
        ("the map is drawn", lambda: until(lambda: not canvas.composer.busy) and _is_painted(canvas)),
        ("an entry is understood", lambda: _type(line.edit, "fl2 @@ self test") and bool(line.draft.code)),
        ("an entry is saved", lambda: _enter(line.edit) and until(lambda: _is_logged(desk))),
        ("it stands in the table", lambda: until(lambda: _is_listed(desk))),
        ("a map file is read", lambda: _reads_a_file(desk, folder / "wards.geojson")),
        ("a report is written", lambda: _writes_a_report(desk, folder / "report")),
    ]


def _passes(name: str, check: Callable[[], bool]) -> bool:
    good = check()
    sys.stdout.write(f"{'ok    ' if good else 'FAILED'}  {name}\n")
    return good


def _is_painted(widget: QWidget) -> bool:
    """More than one colour."""
    image = widget.grab().toImage()
    step = max(1, image.width() // 40)
    rows = range(0, image.height(), max(1, image.height() // 40))
    return len({image.pixel(x, y) for y in rows for x in range(0, image.width(), step)}) > 3


def _type(widget: QWidget, text: str) -> bool:
    widget.setFocus()
    for letter in text:
        _press(widget, Qt.Key(0), letter)
    return True


def _enter(widget: QWidget) -> bool:
    _press(widget, Qt.Key.Key_Return, "\r")
    return True


def _press(widget: QWidget, key: Qt.Key, text: str) -> None:
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def _is_logged(desk: Desk) -> bool:
    with desk.store.reading() as query:
        return any("self test" in incident.text for incident in query.find(Incident))


def _is_listed(desk: Desk) -> bool:
    return any("self test" in each.text for each in desk.panels.incidents.table.records.records)


def _reads_a_file(desk: Desk, path: Path) -> bool:
    """GDAL, in its own process, has what it needs: a format, a table of reference systems, room to work."""
    path.write_text(WARD, "utf-8")
    read = desk.ground.reader.read(path, crs=32750, progress=Progress())
    return [len(features) for features in read.features] == [1]


def _writes_a_report(desk: Desk, folder: Path) -> bool:
    with desk.store.reading() as query:
        content = draft(query, desk.store.operation, author=desk.store.author)
    published = publish(content, (), folder)
    kinds = {made.path.suffix for made in published.made}
    return not published.failed and kinds >= {".pdf", ".html", ".gpkg", ".geojson"}
