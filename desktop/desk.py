"""One open operation and the window on it."""

from dataclasses import dataclass

from desktop.alarmsystem import AlarmSystem
from desktop.altering import Altering
from desktop.charting import Charting
from desktop.choosing import Choosing
from desktop.ground import Ground
from desktop.hearing import Hearing
from desktop.layertimes import LayerTimes
from desktop.legends import Legends
from desktop.locating import Locator
from desktop.mapgrid import MapGrid
from desktop.mapprints import MapPrints
from desktop.nearing import Nearing
from desktop.online import Online
from desktop.outsiders import Outsiders
from desktop.packages import Packages
from desktop.panels.logbook import LogbookPanel
from desktop.panels.mapmenu import MapMenu
from desktop.reports import Reports
from desktop.safekeeping import SafeKeeping
from desktop.sides import Sides
from desktop.steps import Steps
from desktop.tables import Tables
from desktop.widgets.logline import LogLine
from desktop.window import MainWindow
from desktop.work import Panels, Work
from gis.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """One open operation and the window on it."""

    ground: Ground
    window: MainWindow
    panels: Panels
    line: LogLine
    work: Work
    legends: Legends
    reports: Reports
    packages: Packages
    watch: AlarmSystem
    safekeeping: SafeKeeping
    steps: Steps
    logbook: LogbookPanel
    tables: Tables
    choosing: Choosing
    locator: Locator
    mapmenu: MapMenu
    outsiders: Outsiders
    online: Online
    altering: Altering
    grid: MapGrid
    prints: MapPrints
    sides: Sides
    charting: Charting
    times: LayerTimes
    nearing: Nearing

    @property
    def store(self) -> Store:
        return self.ground.model.store

    @property
    def hearing(self) -> Hearing:
        return self.ground.hearing

    def close(self) -> None:
        """Stop the pictures, then the work (what was to be saved is saved), then the store."""
        self.line.keep_now()
        self.hearing.rest()
        self.sides.close()
        self.charting.close()
        self.times.rest()
        self.altering.board.keep_now()
        self.watch.rest()
        self.ground.upkeep.close()
        self.outsiders.rest()
        self.online.rest()
        self.ground.bridge.close()
        self.panels.map.canvas.close_map()
        self.ground.courier.close()
        self.ground.reader.close()
        self.ground.jobs.close()
        self.ground.index.close()
        self.store.close()
