"""The windows beside the desk: a second map, and the wall on another monitor."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from desktop.canvas.canvas import MapCanvas
from desktop.canvas.decorations import Decorations
from desktop.ground import Ground
from desktop.secondmap import SecondMap
from desktop.theme import Theme
from desktop.titles import title_for
from desktop.wall import WallStrip, WallWindow
from desktop.window import MainWindow
from desktop.work import Panels, box_on_map, zone_of
from gis.texts import _
from layers.colours import DAY, NIGHT, MapColours
from layers.selection import Selection

AWAY = ""  # in the settings: the window is not open
ANYWHERE = "window"  # it is open, and on no monitor of its own
KEYS = ("second_map", "wall", "wall_here", "day_night", "quit")  # acts whose keys these windows hear as well


@dataclass(frozen=True, slots=True)
class Places:
    """Which windows stood beside the desk when it was left, as the settings keep it."""

    second: str = AWAY
    wall: str = AWAY


def _forget(_places: Places) -> None:
    """Where nothing is remembered."""


class Sides(QObject):
    """Opens and closes them. `changed` says that one has come or gone."""

    changed = Signal()

    def __init__(self, ground: Ground, panels: Panels, beside: MainWindow) -> None:
        super().__init__()
        self._ground, self._panels, self._beside = ground, panels, beside
        self._first = panels.map.canvas
        self._remember: Callable[[Places], object] = _forget
        self._leaving = False
        self.second: SecondMap | None = None
        self.wall: WallWindow | None = None
        ground.appearance.changed.connect(self._wear)

    def restore(self, places: Places, remember: Callable[[Places], object]) -> None:
        """Open what stood there, and from now on remember what does."""
        if places.second:
            self.turn_second(places.second)
        if places.wall:
            self.turn_wall(places.wall)
        self._remember = remember

    def turn_second(self, state: str = "") -> None:
        """Open the second map, or close it."""
        if self.second is not None:
            self.second.close()
            return
        model = self._ground.model
        canvas = self._canvas(model.selection)
        canvas.clicked.connect(self._panels.map.clicked.emit)
        title = _("Second map – {title}").format(title=title_for(model.store))
        self.second = SecondMap(self._first, canvas, title)
        self.second.restore(state)
        self.second.closed.connect(self._second_gone)
        self.second.addActions([self._beside.actions_by_id[act] for act in KEYS])
        self.second.follow()
        self.second.show()
        self._tell()

    def turn_wall(self, monitor: str = "") -> None:
        """Open the wall, on another monitor where there is one, or close it."""
        if self.wall is not None:
            self.wall.close()
            return
        ground = self._ground
        model = ground.model
        canvas = self._canvas(Selection())  # what somebody selects at the desk is nothing for the room
        points = ground.appearance.points
        strip = WallStrip(model.store, ground.bridge, model.outlook, zone_of(model.store), points)
        self.wall = WallWindow(canvas, strip, _("Wall – {title}").format(title=title_for(model.store)))
        self.wall.closed.connect(self._wall_gone)
        self.wall.addActions([self._beside.actions_by_id[act] for act in KEYS])
        screen = self._other_screen(monitor)
        if screen is None:
            self.wall.show()
        else:
            self.wall.setGeometry(screen.geometry())
            self.wall.showFullScreen()
        self.show_here()
        self._tell()

    def show_here(self) -> None:
        """Show on the wall what the desk's map shows."""
        if self.wall is not None:
            canvas = self.wall.canvas
            canvas.look(canvas.view.fit(self._first.view.extent, margin=0.0))

    def close(self) -> None:
        """With the desk; what stood open is remembered as open."""
        self._tell()
        self._leaving = True
        for window in (self.second, self.wall):
            if window is not None:
                window.close()

    def _canvas(self, selection: Selection) -> MapCanvas:
        """Another map of the same layers, which reads and orders nothing a second time."""
        model, first = self._ground.model, self._first
        colours = _colours(self._ground.appearance.theme)
        canvas = MapCanvas(model.stack, selection, self._ground.jobs, colours, first.view)
        canvas.renderer.share(first.renderer)
        canvas.set_home(box_on_map(self._ground.where.home, model.stack.crs))
        canvas.decorate(Decorations(exercise=model.store.operation.exercise))
        return canvas

    def _other_screen(self, wanted: str) -> QScreen | None:
        """The monitor of that name, else the first one the desk does not stand on."""
        screens = [each for each in QGuiApplication.screens() if each is not self._beside.screen()]
        return next((each for each in screens if each.name() == wanted), next(iter(screens), None))

    def _second_gone(self) -> None:
        if self.second is not None:
            self.second.deleteLater()
        self.second = None
        self._tell()

    def _wall_gone(self) -> None:
        if self.wall is not None:
            self.wall.deleteLater()
        self.wall = None
        self._tell()

    def _tell(self) -> None:
        if self._leaving:
            return
        full = self.wall is not None and self.wall.isFullScreen()
        name = self.wall.screen().name() if self.wall is not None and full else ANYWHERE
        places = Places(self.second.state() if self.second else AWAY, name if self.wall else AWAY)
        self._remember(places)
        self.changed.emit()

    def _wear(self, theme: Theme) -> None:
        for window in (self.second, self.wall):
            if window is not None:
                window.canvas.recolour(_colours(theme))


def _colours(theme: Theme) -> MapColours:
    return NIGHT if theme.dark else DAY
