"""Who performs which act of the operator, and the small ones in between."""

from collections.abc import Callable
from pathlib import Path

from desktop.actions import acts
from desktop.alarmsound import STEP
from desktop.desk import Desk
from desktop.doors import ask_new, ask_other
from desktop.forms.keys import KeySheet
from desktop.theme import Appearance
from desktop.window import MainWindow
from desktop.work import Work
from gis.model.incident import Incident
from gis.sync.package import SUFFIX
from gis.texts import _
from gis.words.codebook import codebook
from layers.sketch import Task


def performed(desk: Desk) -> dict[str, Callable[[], object]]:
    """Who performs which act."""
    panels, work = desk.panels, desk.work
    codes = [(code.code, code.label) for code in codebook()]
    table, steps = panels.incidents.table, desk.steps
    return {
        **_of_the_map(desk),
        **heard(desk),
        **_of_readings(desk),
        "sitrep": desk.reports.open,
        "exchange": desk.packages.open,
        "safekeeping": desk.safekeeping.open,
        "new": lambda: ask_new(desk.window),
        "open": lambda: ask_other(desk.window),
        "again": lambda: ask_again(desk),
        "undo": lambda: desk.altering.board.undo() or steps.undo(),
        "redo": lambda: desk.altering.board.redo() or steps.redo(),
        **drawn(desk),
        "logline": desk.line.start,
        "form": work.log_by_form,
        "from_selection": work.start_from_selection,
        "erase": lambda: steps.ask_erase(incident_in(work)),
        "search": lambda: search(desk),
        "previous": lambda: table.step(-1),
        "next": lambda: table.step(1),
        **_of_alarms(desk),
        "limits": desk.watch.limits.open,
        "rehearse": desk.watch.rehearsals.open,
        "silence": desk.watch.silences.open,
        "as_of": desk.window.regions.time.start_typing,
        "live": lambda: desk.ground.model.outlook.go(None),
        **_looks(desk.ground.appearance),
        "keys": lambda: KeySheet(desk.window, codes).show(),
        "keep_view": work.keep_view,
        **{f"view_{n}": lambda n=n: panels.views.go(n - 1) for n in range(1, 10)},
    }


def incident_in(work: Work) -> Incident | None:
    """The incident that was selected last, if nothing else was since."""
    return work.chosen if isinstance(work.chosen, Incident) else None


def _looks(appearance: Appearance) -> dict[str, Callable[[], object]]:
    """How the window looks."""
    return {
        "day_night": appearance.toggle,
        "larger": lambda: appearance.enlarge(1),
        "smaller": lambda: appearance.enlarge(-1),
        "usual": lambda: appearance.enlarge(0),
    }


def _of_readings(desk: Desk) -> dict[str, Callable[[], object]]:
    """What brings readings, and what they lead to."""
    return {
        "sensors": desk.watch.instruments.open,
        "feeds": desk.watch.feeds.open,
    }


def _of_alarms(desk: Desk) -> dict[str, Callable[[], object]]:
    """What is done about alarms."""
    panel, quieting = desk.panels.alarms, desk.watch.quieting
    return {
        "next_alarm": panel.next_waiting,
        "acknowledge": panel.acknowledge,
        "acknowledge_note": panel.ask_name,
        "shelve": quieting.shelve,
        "reset": quieting.reset,
        "out_of_service": quieting.out_of_service,
        "kept_quiet": panel.turn,
        "alarm_load": desk.watch.alarmload.open,
        "guidance": desk.watch.guiding.open,
    }


def _of_the_map(desk: Desk) -> dict[str, Callable[[], object]]:
    """Where the map looks, and what is asked of it."""
    canvas, choosing = desk.panels.map.canvas, desk.choosing
    return {
        "add_layer": desk.legends.ask_file,
        "add_online": desk.online.open,
        "find": desk.panels.map.start_search,
        "locate": desk.locator.palette.start,
        "copy_place": desk.mapmenu.copy,
        "select_area": choosing.start,
        "select_invert": choosing.invert,
        "select_none": choosing.none,
        "next_hit": lambda: choosing.step(1),
        "previous_hit": lambda: choosing.step(-1),
        "table": desk.tables.open_current,
        "chart": desk.charting.open,
        "full": canvas.show_all,
        "zoom_selection": canvas.zoom_to_selection,
        "second_map": desk.sides.turn_second,
        "wall": desk.sides.turn_wall,
        "wall_here": desk.sides.show_here,
        "print_map": lambda: desk.prints.open(desk.grid.kind),
        "grid": lambda: desk.ground.notices.tell(desk.grid.turn()),
    }


def heard(desk: Desk) -> dict[str, Callable[[], object]]:
    """How alarms are heard."""
    sounds = desk.hearing.sounds
    return {
        "new_alarms": desk.panels.alarms.let_in,
        "group_alarms": desk.hearing.ringing.turn,
        "silence_sound": sounds.silence,
        "sound": sounds.turn,
        "louder": sounds.louder,
        "quieter": lambda: sounds.louder(-STEP),
        "test_sound": sounds.test,
        "say_alarm": sounds.say,
        "voice": sounds.turn_voice,
    }


def drawn(desk: Desk) -> dict[str, Callable[[], object]]:
    """Who draws and measures."""
    tasks = {
        "polygon": Task.AREA,
        "line": Task.LINE,
        "circle": Task.CIRCLE,
        "rectangle": Task.RECTANGLE,
        "marker": Task.MARKER,
        "text": Task.TEXT,
        "freehand": Task.FREEHAND,
        "measure": Task.MEASURE_LINE,
        "measure_area": Task.MEASURE_AREA,
    }
    return {
        **{act: (lambda task=task: desk.altering.board.begin(task)) for act, task in tasks.items()},
        "buffer": desk.altering.ask_around,
        "drawings": lambda: show_drawings(desk),
    }


def show_drawings(desk: Desk) -> None:
    """To the list of what was drawn."""
    desk.window.tabs.setCurrentWidget(desk.altering.list)
    desk.altering.list.table.setFocus()


def commands(window: MainWindow) -> dict[str, str]:
    """What may be asked for by its word in the log line, and what it does."""
    offered = window.actions_by_id
    return {act.id: act.tip for act in acts() if act.id != "logline" and offered[act.id].isVisible()}


def tick_sides(desk: Desk) -> None:
    """The menu says which windows stand beside the desk."""
    for act, window in (("second_map", desk.sides.second), ("wall", desk.sides.wall)):
        desk.window.actions_by_id[act].setChecked(window is not None)


def search(desk: Desk) -> None:
    """To the field above the incidents, wherever the focus was."""
    desk.window.tabs.setCurrentWidget(desk.panels.incidents)
    desk.panels.incidents.start_search()


def show_entry(desk: Desk, step: str) -> None:
    """To the line of the log that tells of this step."""
    logbook = desk.logbook
    desk.window.tabs.setCurrentWidget(logbook)
    older = _("This entry is older than what the log shows here.")
    logbook.show_step(step, lambda: desk.ground.notices.tell(older))


def take(desk: Desk, paths: tuple[Path, ...]) -> None:
    """Look into what was dropped: packages of entries, and maps."""
    for path in paths:
        if path.suffix == SUFFIX:
            desk.packages.look_into(path)
    desk.legends.take(tuple(path for path in paths if path.suffix != SUFFIX))


def ask_again(desk: Desk) -> None:
    """Shall the night begin anew? Asked in the window, and nothing of this night is lost."""
    desk.ground.notices.ask(
        _("Start the night again? This exercise is kept in {folder}.").format(folder=desk.store.folder.name),
        _("Start the night again"),
        desk.window.again.emit,
    )
