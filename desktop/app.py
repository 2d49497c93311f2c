"""Where everything is made: what the window consists of. `joins` says who hears of what."""

from desktop.alarmsystem import make_alarm_system
from desktop.altering import Altering
from desktop.board import Board
from desktop.canvas.canvas import MapCanvas
from desktop.canvas.decorations import Decorations
from desktop.charting import Charting
from desktop.choosing import Choosing
from desktop.desk import Desk
from desktop.finder import Finder
from desktop.forms.exchange import ExchangeForm
from desktop.forms.incident import IncidentForm
from desktop.forms.sitrep import SitrepForm
from desktop.ground import Ground, make_ground
from desktop.joins import join
from desktop.layertimes import LayerTimes
from desktop.legends import LIVE, Legends
from desktop.locating import Locator, Naming
from desktop.mapgrid import MapGrid
from desktop.mapprints import MapPrints
from desktop.nearing import Nearing
from desktop.online import Online, Readers
from desktop.outsiders import Outsiders
from desktop.packages import Packages
from desktop.panels.alarms import AlarmPanel
from desktop.panels.changes import ChangesPanel
from desktop.panels.detail import DetailPanel
from desktop.panels.incidents import IncidentPanel
from desktop.panels.layers import LayersPanel
from desktop.panels.logbook import LogbookPanel
from desktop.panels.map import MapPanel
from desktop.panels.mapmenu import MapMenu
from desktop.panels.pastbanner import PastBanner
from desktop.panels.status import StatusLine
from desktop.panels.strip import AlarmStrip
from desktop.panels.table import TablePanel
from desktop.panels.timebar import TimeBar
from desktop.panels.views import ViewsPanel
from desktop.reports import Reports
from desktop.safekeeping import Medium, SafeKeeping
from desktop.sides import Sides
from desktop.steps import Steps
from desktop.tables import Tables
from desktop.theme import Appearance
from desktop.titles import plane_name, title_for, title_of
from desktop.widgets.logline import LogLine
from desktop.widgets.trustline import TrustLine
from desktop.window import MainWindow, Regions
from desktop.work import Panels, Work, box_on_map, zone_of
from gis.store import Store
from gis.texts import _
from gis.words.codebook import codebook
from layers.ground import lonlat, on_map
from layers.relief import measured
from layers.stack import LayerStack
from layers.view import MapView


def open_desk(store: Store, appearance: Appearance, medium: Medium | None = None) -> Desk:
    """The desk on one open operation, ready to be shown; it closes the store with its window."""
    ground = make_ground(store, appearance)
    panels = make_panels(ground)
    return join(make_desk(ground, panels, Work(ground.model, panels, ground.notices), medium or Medium()))


def make_desk(ground: Ground, panels: Panels, work: Work, medium: Medium) -> Desk:
    """All parts of a desk, each by itself."""
    steps, safe = Steps(ground.model, ground.jobs, ground.notices), make_safe(ground, panels, medium)
    window, line, logbook = make_window(ground, panels, work, safe.line)
    legends = Legends(ground.model, ground.jobs, ground.running, ground.reader, panels)
    return Desk(
        ground=ground,
        window=window,
        panels=panels,
        line=line,
        work=work,
        legends=legends,
        reports=make_reports(ground, window),
        packages=make_packages(ground, panels, steps),
        watch=make_alarm_system(ground, panels, work),
        safekeeping=safe,
        steps=steps,
        logbook=logbook,
        locator=make_locator(ground, window, work, legends),
        mapmenu=MapMenu(panels.map.canvas),
        choosing=Choosing(work, ground.jobs, ground.running, ground.notices),
        tables=Tables(ground.model, ground.jobs, ground.running, panels, ground.notices),
        outsiders=Outsiders(ground.model, ground.jobs, ground.notices, panels),
        altering=make_drawing(ground, panels),
        grid=MapGrid(ground.model, panels.map.canvas),
        times=LayerTimes(ground.model, ground.jobs, ground.running, panels),
        nearing=Nearing(ground.model, ground.jobs, ground.running, panels),
        sides=Sides(ground, panels, window),
        charting=Charting(ground, work, window),
        prints=MapPrints(ground.model, ground.jobs, ground.running, panels, ground.notices),
        online=make_online(ground, panels),
    )


def make_window(
    ground: Ground, panels: Panels, work: Work, trust: TrustLine
) -> tuple[MainWindow, LogLine, LogbookPanel]:
    """The window around the regions, the line that everything is typed into, and the log."""
    store = ground.model.store
    line, logbook = LogLine(store.clock, zone_of(store)), make_logbook(ground, work)
    regions = make_regions(ground, panels, work, (line, logbook, trust))
    return MainWindow(title_for(store), regions, line.start), line, logbook


def make_locator(ground: Ground, window: MainWindow, work: Work, legends: Legends) -> Locator:
    """Everything that has a name, those in chosen layers as well."""
    naming = Naming(work, ground.where, ground.jobs, ground.running, ground.notices)
    return Locator(window, work, ground.where, naming, legends.zoom)


def make_logbook(ground: Ground, work: Work) -> LogbookPanel:
    """The operational log; an incident that is named there is opened."""
    logbook = LogbookPanel(ground.model.outlook, zone_of(ground.model.store))
    logbook.picked.connect(work.open_incident)
    return logbook


def make_panels(ground: Ground) -> Panels:
    """The regions that work on the store and the map."""
    model, where = ground.model, ground.where
    outlook = model.outlook
    store, pen, zone, theme = model.store, model.pen, zone_of(model.store), ground.appearance.theme
    has_map = any(layer.id not in LIVE for layer in model.stack)
    return Panels(
        map=MapPanel(make_canvas(ground), where.look_up, has_map=has_map),
        layers=LayersPanel(model.stack, theme.inks),
        views=ViewsPanel(store, pen),
        alarms=AlarmPanel(store, outlook, pen, zone),
        incidents=IncidentPanel(outlook, pen, Finder(store, ground.index, ground.jobs), zone),
        detail=DetailPanel(outlook, theme, zone, title_of),
        table=TablePanel(zone),
        form=IncidentForm(tuple(codebook()), where.look_up),
    )


def make_canvas(ground: Ground) -> MapCanvas:
    """The map, looking at the whole city."""
    model, colours = ground.model, ground.appearance.theme.inks
    home = box_on_map(ground.where.home, model.stack.crs)
    view = MapView(0.0, 0.0, 1.0, 900, 700).fit(home)
    canvas = MapCanvas(model.stack, model.selection, ground.jobs, colours, view)
    canvas.set_home(home)
    canvas.decorate(Decorations(exercise=model.store.operation.exercise))
    return canvas


def make_drawing(ground: Ground, panels: Panels) -> Altering:
    """What draws on the map, and what alters what was drawn."""
    board = Board(ground.model, panels, ground.notices, ground.where.look_up)
    work = (ground.jobs, ground.running, ground.notices)
    return Altering(ground.model, panels, board, work, ground.appearance)


def make_safe(ground: Ground, panels: Panels, medium: Medium) -> SafeKeeping:
    """The promises about the log, and the form for what they rest on."""
    return SafeKeeping(ground.model, ground.jobs, ground.upkeep, panels.detail, ground.notices, medium)


def make_regions(
    ground: Ground, panels: Panels, work: Work, lines: tuple[LogLine, LogbookPanel, TrustLine]
) -> Regions:
    """Everything in its place in the window."""
    store, bridge, zone = ground.model.store, ground.bridge, zone_of(ground.model.store)
    flood, sound = ground.hearing.marks
    strip = AlarmStrip(store, bridge, zone, (flood, ground.running, sound), lines[2])
    strip.wanted.connect(panels.alarms.show_ringing)
    strip.named.connect(work.rename_desk)
    strip.turned.connect(panels.alarms.turn)
    time = TimeBar(store.clock, zone, ground.model.outlook, bridge)
    time.told.connect(ground.notices.tell)
    past, changes = PastBanner(ground.model.outlook, zone), ChangesPanel(ground.model.outlook, bridge)
    changes.incident.connect(work.open_incident)
    changes.sensor.connect(work.open_sensor)
    return Regions(
        strip=strip,
        notices=ground.notices,
        past=past,
        layers=panels.layers,
        views=panels.views,
        map=panels.map,
        table=panels.table,
        time=time,
        alarms=panels.alarms,
        incidents=panels.incidents,
        logbook=lines[1],
        changes=changes,
        detail=panels.detail,
        logline=lines[0],
        status=make_status(ground, panels.map.canvas),
    )


def make_status(ground: Ground, canvas: MapCanvas) -> StatusLine:
    """What the map shows, in figures, and what went well."""
    status = StatusLine(plane_name(ground.model.stack.crs), str(ground.model.store.folder))
    ground.notices.told.connect(status.tell)
    stack = ground.model.stack
    stack.changed.connect(lambda _change: status.show_plane(plane_name(stack.crs)))
    canvas.pointed.connect(status.point)
    canvas.pointed.connect(lambda lon, lat: status.show_value(ground_value(canvas, stack, lon, lat)))

    def moved(view: MapView) -> None:
        status.show_scale(canvas.scale)
        if not canvas.underMouse():
            status.point(*lonlat(view.x, view.y, ground.model.stack.crs))

    canvas.view_changed.connect(moved)
    return status


def ground_value(canvas: MapCanvas, stack: LayerStack, lon: float, lat: float) -> str:
    """What the uppermost raster of measurements says of a place; empty where none does."""
    x, y = on_map(lon, lat, stack.crs)
    pictures = canvas.renderer.pictures
    for layer in reversed(tuple(stack)):
        picture = pictures.get(layer.id) if layer.shown_at(canvas.scale) else None
        value = None if picture is None else measured(picture.scene, x, y)
        if value is not None:
            return _("{layer}: {value}").format(layer=layer.title, value=f"{value:,.5g}")
    return ""


def make_online(ground: Ground, panels: Panels) -> Online:
    """Maps of others, as far as there is a network."""
    readers = Readers(ground.courier, ground.reader)
    online = Online(ground.model, ground.jobs, ground.running, readers, panels)
    ground.courier.changed.connect(lambda key: ground.bridge.call(lambda: online.hear(key)))
    return online


def make_reports(ground: Ground, window: MainWindow) -> Reports:
    """Situation reports, written beside the operation."""
    store = ground.model.store
    folder = store.folder.parent / _("Reports of {name}").format(name=store.folder.stem)
    form = SitrepForm(window, zone_of(store), folder, lambda: ground.appearance.theme)
    return Reports(ground.model, ground.jobs, ground.running, form, ground.notices)


def make_packages(ground: Ground, panels: Panels, steps: Steps) -> Packages:
    """Entries to and from other desks."""
    form = ExchangeForm(zone_of(ground.model.store))
    return Packages(ground.model, ground.jobs, form, panels.detail, (ground.notices, ground.running), steps)
