"""One sitting at the desk: from the first paint to the last."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop import crash
from desktop.alarmsound import Loudness
from desktop.app import open_desk
from desktop.bridge import Bridge
from desktop.desk import Desk
from desktop.forms.waiting import Waiting
from desktop.leaving import Leaving
from desktop.loudspeaker import sounder_here, speaker_here
from desktop.opening import Opening, open_asked, open_folder, open_sample
from desktop.safekeeping import Medium
from desktop.sides import Places
from desktop.sweep import Sweep
from desktop.symbols import app_icon
from desktop.theme import DAY, NIGHT, Appearance
from gis import settings
from gis.errors import UserError
from gis.jobs import Lane
from gis.progress import Progress
from gis.texts import _
from gis.training.player import Player

SWITCH_S = 0.0005  # so that a busy worker never holds the window for longer than a frame
PLAY_EVERY_MS, PATIENCE_MS = 250, 30_000
AGAIN_MS = 10_000
HEAR_MS = 600
GLANCE_MS = 400  # after the first paint, which does not wait for a chart
LARGE = (1920, 1080)
T = TypeVar("T")


def application() -> QApplication:
    """The one application of this process, with its name and icon."""
    sys.setswitchinterval(SWITCH_S)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("kentongan")
    app.setApplicationDisplayName("Kentongan")
    app.setWindowIcon(app_icon())
    return app


def run(folder: Path | None) -> int:
    """Open the desk and stay until it is closed. Raises `UserError` when the operation cannot be opened."""
    app, home = application(), settings.home()
    crash.keep_log(home.log_file)
    leaving = Leaving(app)
    try:
        return sit(folder, app, home, leaving)
    finally:
        leaving.rest()


def sit(folder: Path | None, app: QApplication, home: settings.Home, leaving: Leaving) -> int:
    """One operation after the other, until it is time to go."""
    chosen = settings.read(home.settings_file)
    appearance = Appearance(app, NIGHT if chosen.theme is settings.Theme.NIGHT else DAY)
    opening, problem = patiently(lambda progress: open_asked(folder, chosen, progress), leaving), None
    while not leaving.is_wanted:
        desk, wanted = show(opening, appearance, medium_of(home.settings_file)), list[Path | None]()
        desk.window.again.connect(lambda wanted=wanted: wanted.append(None))
        desk.window.elsewhere.connect(wanted.append)
        beside(desk, home.settings_file)
        hear(desk, home.settings_file)
        for other in (desk.window.again, desk.window.elsewhere):
            other.connect(desk.window.close)
        crash.catch_faults(desk.ground.notices.problem)
        if problem is not None:
            desk.ground.notices.problem(_("Open an operation"), problem)
        code = app.exec()
        theme = settings.Theme.NIGHT if appearance.theme.dark else settings.Theme.DAY
        chosen = replace(settings.read(home.settings_file), theme=theme, author=desk.store.author)
        settings.save(home.settings_file, chosen)
        if leaving.is_wanted or not wanted:
            return code
        opening, problem = go_on(wanted[0], desk.store.folder, chosen, leaving)
    opening.store.close()
    return 0


def go_on(
    wanted: Path | None, left: Path, chosen: settings.Settings, leaving: Leaving | None = None
) -> tuple[Opening, UserError | None]:
    """What is wanted next; or what was `left` for it, and why the one that was wanted cannot be opened."""
    try:
        return patiently(partial(open_next, wanted, chosen), leaving), None
    except UserError as error:
        problem = error
    if left.parent == settings.home().exercises:
        return patiently(partial(open_sample, chosen), leaving), problem
    return patiently(partial(open_folder, left, chosen), leaving), problem


def open_next(folder: Path | None, chosen: settings.Settings, progress: Progress) -> Opening:
    """Another operation in this one's place, or the night anew."""
    if folder is not None:
        return open_folder(folder, chosen, progress)
    return open_sample(chosen, progress, again=True)


def medium_of(file: Path) -> Medium:
    """Where this computer keeps second copies; another choice is written down at once."""

    def remember(folder: Path | None) -> None:
        settings.save(file, replace(settings.read(file), second_copy=str(folder or "")))

    kept = settings.read(file).second_copy
    return Medium(Path(kept) if kept else None, remember)


def beside(desk: Desk, file: Path) -> None:
    """Open the windows that stood beside the desk on this computer; which do is written down at once."""

    def remember(places: Places) -> None:
        kept = replace(settings.read(file), second_map=places.second, wall=places.wall)
        settings.save(file, kept)

    kept = settings.read(file)
    desk.sides.restore(Places(kept.second_map, kept.wall), remember)


def hear(desk: Desk, file: Path) -> None:
    """Let alarms be heard, as loud as this desk was left; another loudness is written down at once. After the
    first paint: to look for what plays takes a while."""

    def remember(loudness: Loudness) -> None:
        settings.save(file, replace(settings.read(file), volume=loudness.volume, voice=loudness.voice))

    def begin() -> None:
        kept = settings.read(file)
        desk.hearing.sounds.begin(sounder_here(), speaker_here, Loudness(kept.volume, kept.voice), remember)

    QTimer.singleShot(HEAR_MS, desk.window, begin)


def patiently(work: Callable[[Progress], T], leaving: Leaving | None = None) -> T:
    """Do `work` in a thread while a small window says how far it is. Raises what it raises, and `Cancelled`
    when it was stopped, or the program is to end."""
    bridge, waiting = Bridge(), Waiting()

    def report(done: int, total: int, note: str) -> None:
        bridge.call(lambda: waiting.show_progress(done, total, note))

    progress = Progress(report)
    waiting.stopped.connect(progress.cancel)
    if leaving is not None:
        leaving.wanted.connect(progress.cancel)
    with ThreadPoolExecutor(1) as thread:
        outcome = thread.submit(work, progress)
        waiting.show_soon()
        until(outcome.done, patience_ms=3_600_000)
        waiting.close()
        bridge.close()
        return outcome.result()


def show(opening: Opening, appearance: Appearance, medium: Medium | None = None) -> Desk:
    """The window on what was opened, as large as the screen allows."""
    desk = open_desk(opening.store, appearance, medium)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    width, height = min(LARGE[0], screen.width()), min(LARGE[1], screen.height())
    desk.window.resize(width, height)
    if (width, height) == (screen.width(), screen.height()):
        desk.window.showMaximized()
    else:
        desk.window.show()
    desk.window.proportion()
    desk.panels.map.canvas.show_all()
    desk.line.start()
    QTimer.singleShot(GLANCE_MS, desk.window, desk.work.glance)
    if opening.player is not None:
        Play(desk, opening.player)
    desk.window.closing.connect(Sweep(desk.window).end)
    return desk


def until(holds: Callable[[], bool], patience_ms: int = PATIENCE_MS) -> bool:
    """Let the desk work until something holds; False when it takes too long."""
    loop, deadline, look = QEventLoop(), QTimer(), QTimer()
    deadline.setSingleShot(True)
    deadline.timeout.connect(loop.quit)
    look.timeout.connect(lambda: loop.quit() if holds() else None)
    deadline.start(patience_ms)
    look.start(20)
    if not holds():
        loop.exec()
    return holds()


class Play(QObject):
    """Lets the night go on: what has become due happens on the store's lane, never two steps at once."""

    def __init__(self, desk: Desk, player: Player) -> None:
        super().__init__(desk.window)
        self._desk, self._player, self._busy = desk, player, False
        self._beat = QTimer(self)
        self._beat.setInterval(PLAY_EVERY_MS)
        self._beat.timeout.connect(self._tick)
        self._beat.start()
        desk.window.closing.connect(self._beat.stop)

    def _tick(self) -> None:
        if self._busy or self._player.clock.paused or self._desk.store.read_only:
            return
        self._busy = True
        self._desk.ground.jobs.run(
            _("Play the exercise"),
            lambda _progress: self._player.tick(),
            lane=Lane.STORE,
            done=lambda _moved: self._rest(),
            failed=self._stop,
        )

    def _rest(self) -> None:
        self._busy = False
        if self._player.finished:
            self._beat.stop()
            self._desk.ground.notices.offer(
                _("The night is over: nothing more happens by itself. You can go on working, or begin anew."),
                _("Start the night again"),
                self._desk.window.again.emit,
            )

    def _stop(self, error: Exception) -> None:
        """A full disk may have room again later; a fault of ours would only come back."""
        self._beat.stop()
        self._desk.ground.notices.problem(_("Play the exercise"), error)
        if isinstance(error, UserError) and not self._desk.store.read_only:
            QTimer.singleShot(AGAIN_MS, self, self._go_on)

    def _go_on(self) -> None:
        self._busy = False
        self._beat.start()
