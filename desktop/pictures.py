"""Without a screen: the desk as it would look, and every file of a situation report, in one folder."""

import sys
from pathlib import Path

from desktop.desk import Desk
from desktop.opening import open_asked
from desktop.session import application, medium_of, patiently, show, until
from desktop.theme import DAY, NIGHT, Appearance
from gis import settings
from gis.progress import Progress
from gis.report.files import publish
from gis.report.freeze import draft
from gis.texts import _
from layers.handout import handout

SIZES = ((1920, 1080), (1366, 768))


def leave_pictures(operation: Path | None, folder: Path) -> int:
    """Leave the pictures and reports in `folder`, named on the terminal; the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    appearance = Appearance(application())
    chosen = settings.read(settings.home().settings_file)
    medium = medium_of(settings.home().settings_file)
    desk = show(patiently(lambda progress: open_asked(operation, chosen, progress)), appearance, medium)
    try:
        for theme in (NIGHT, DAY):
            appearance.wear(theme)
            for width, height in SIZES:
                path = folder / f"desk-{theme.name}-{width}x{height}.png"
                _take(desk, width, height, path)
                sys.stdout.write(f"{path}\n")
        _report(desk, folder)
    finally:
        desk.window.close()
    return 0


def _take(desk: Desk, width: int, height: int, path: Path) -> None:
    desk.window.showNormal()
    desk.window.resize(width, height)
    until(lambda: desk.window.width() == width)
    desk.window.proportion()
    desk.panels.map.canvas.animated = False
    desk.panels.map.canvas.show_all()
    worst = desk.panels.alarms.table.current()
    if worst is not None:
        desk.panels.alarms.show_alarm(worst.alarm.id)
    desk.panels.map.canvas.show_all()
    until(lambda: not desk.panels.map.canvas.composer.busy)
    desk.window.grab().save(str(path))


def _report(desk: Desk, folder: Path) -> None:
    """A draft in every form; no number of the operation is used up."""
    model = desk.ground.model
    with desk.store.reading() as query:
        content = draft(query, desk.store.operation, author=desk.store.author)
    published = publish(content, handout(model.stack, model.stack.crs, Progress()), folder)
    for made in published.made:
        sys.stdout.write(f"{made.path}\n")
    for failed in published.failed:
        sys.stderr.write(
            _("NOT made: {name}. {reason}").format(name=failed.name, reason=failed.reason) + "\n"
        )
