"""Who hears of what: the parts of a desk, joined."""

from PySide6.QtWidgets import QMenu

from desktop.acts import commands, drawn, heard, performed, show_entry, take, tick_sides
from desktop.desk import Desk
from desktop.lines import Lines
from desktop.locating import join_places
from desktop.settling import arrive, learn_entries, learn_names, look_home
from desktop.theme import Theme
from gis.clock import ScenarioClock
from gis.collecting.kinds import FILE
from gis.texts import _


def join(desk: Desk) -> Desk:
    """The same desk, with what is heard, what is offered, and what goes on by itself from now on."""
    join_window(desk)
    lines = join_lines(desk)
    join_store(desk)
    join_looks(desk)
    join_map(desk, lines)
    join_safekeeping(desk)
    join_silence(desk)
    learn_names(desk.ground, lines, desk.watch.silences.look)
    learn_entries(desk)
    offer_drawing(desk)
    join_feeds(desk)
    desk.safekeeping.begin()
    desk.watch.begin()
    return desk


def join_window(desk: Desk) -> None:
    """Keys and menus, and what is dropped on the window."""
    window, outlook = desk.window, desk.ground.model.outlook
    window.closing.connect(desk.close)
    window.offer(performed(desk))
    offer_sounds(desk)
    join_flood(desk)
    window.actions_by_id["again"].setVisible(isinstance(desk.store.clock, ScenarioClock))
    window.undoing.connect(desk.steps.name)
    window.escaped.connect(lambda: outlook.go(None))
    window.dropped.connect(lambda paths: take(desk, paths))
    window.regions.past.compare.connect(window.show_changes)
    desk.sides.changed.connect(lambda: tick_sides(desk))
    desk.panels.detail.filling.connect(window.make_room)


TOLD_TOGETHER = ("new_alarms", "group_alarms")  # under the list and not under the sound


def offer_sounds(desk: Desk) -> None:
    """What can be done about the sound, under its word in the strip."""
    menu = QMenu(desk.hearing.sounds.mark)
    menu.addActions([desk.window.actions_by_id[act] for act in heard(desk) if act not in TOLD_TOGETHER])
    desk.hearing.sounds.offer(menu)


def join_feeds(desk: Desk) -> None:
    """The way from the instruments to what brings their readings, and the mark where one is in trouble."""
    desk.watch.instruments.form.feeds.connect(desk.watch.feeds.open)
    desk.watch.instruments.form.readings.connect(lambda: desk.watch.feeds.add(FILE))
    desk.window.regions.strip.hold(desk.watch.feeds.mark)
    desk.ground.bridge.changed.connect(desk.watch.feeds.on_changed)


def join_flood(desk: Desk) -> None:
    """In a flood the list of alarms is grouped; at once where a person asks for it."""
    ringing, panel = desk.hearing.ringing, desk.panels.alarms

    def follow() -> None:
        panel.group(ringing.area_of(), flood=ringing.flood.going_on)

    ringing.ticked.connect(follow)
    ringing.turned.connect(lambda: (follow(), panel.table.settle()))
    follow()


def join_lines(desk: Desk) -> Lines:
    """The log line, and what was not finished in it."""
    ground = desk.ground
    lines = Lines(desk.line, desk.work, ground.where, ground.notices, desk.window.perform)
    lines.begin(ground.bridge, commands(desk.window))
    ground.bridge.changed.connect(lambda _change: look_home(desk))  # once the lines know what there is
    look_home(desk)
    desk.panels.incidents.start.connect(desk.line.start)
    return lines


def join_store(desk: Desk) -> None:
    """Every write is told to all that show something, and the past that is looked at instead."""
    ground, outlook = desk.ground, desk.ground.model.outlook
    desk.store.changed.connect(ground.bridge.announce)
    outlook.changed.connect(lambda change: ground.model.stack.refresh(*change.kinds))
    outlook.moved.connect(desk.window.show_past)


def join_looks(desk: Desk) -> None:
    """Pictures that are not drawn from the palette take on another theme."""
    panels, appearance = desk.panels, desk.ground.appearance

    def wear(theme: Theme) -> None:
        panels.layers.wear(theme.inks)
        panels.map.canvas.recolour(theme.inks)
        panels.detail.wear(theme)
        desk.legends.wear(theme.inks)

    appearance.changed.connect(wear)
    desk.legends.wear(appearance.theme.inks)


def join_map(desk: Desk, lines: Lines) -> None:
    """Who hears that the map was clicked or moved, or that another one has come."""
    ground, panels, canvas = desk.ground, desk.panels, desk.panels.map.canvas

    def click(lon: float, lat: float, _hits: object) -> None:
        ground.where.click(lon, lat)
        lines.know()

    panels.map.clicked.connect(click)
    canvas.view_changed.connect(lambda _view: panels.layers.at_scale(canvas.scale))
    canvas.view_changed.connect(lambda _view: ground.where.show(desk.work.seen()))
    desk.legends.arrived.connect(lambda extent, came: arrive(desk, extent, came))
    desk.online.arrived.connect(lambda extent: arrive(desk, extent))
    join_places(desk.mapmenu, desk.window.regions.status, desk.work, ground.notices)


def join_safekeeping(desk: Desk) -> None:
    """What the promises about the log lead to."""
    desk.safekeeping.elsewhere.connect(desk.window.elsewhere.emit)
    desk.safekeeping.entry_wanted.connect(lambda step: show_entry(desk, step))


def join_silence(desk: Desk) -> None:
    """How many are silent stands below the map, and leads to who they are."""
    status = desk.window.regions.status
    desk.watch.silences.found.connect(status.show_silent)
    desk.watch.silences.form.posting.connect(desk.watch.expecting.open)
    desk.watch.expecting.form.silent.connect(desk.watch.silences.open)
    status.silence_wanted.connect(desk.watch.silences.open)


def offer_drawing(desk: Desk) -> None:
    """The list of drawings beside the incidents, and what can be drawn under its button."""
    desk.window.tabs.addTab(desk.altering.list, _("Drawings"))
    desk.window.tabs.addTab(desk.watch.hazards.list, _("Warnings"))
    desk.panels.map.offer_shapes([desk.window.actions_by_id[act] for act in drawn(desk)])
