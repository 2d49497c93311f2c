"""One table of what can be done from the keyboard; menus, tooltips, the key sheet and the tests read it."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from desktop.act import Act
from desktop.alarmkeys import alarm_acts, hearing_acts
from gis.texts import _


def acts() -> tuple[Act, ...]:
    """Every act, in menu order. The first key of each is the one shown."""
    return (
        *_desk_acts(),
        *_reading_acts(),
        *_layer_acts(),
        *_step_acts(),
        *_incident_acts(),
        *alarm_acts(),
        *hearing_acts(),
        *_map_acts(),
        *_asking_acts(),
        *_view_acts(),
        *_draw_acts(),
        *_window_acts(),
        *_beside_acts(),
    )


def _desk_acts() -> tuple[Act, ...]:
    """What concerns the operation as a whole."""
    desk = _("&Desk")
    return (
        Act("new", desk, _("New operation…"), ("Ctrl+N",), _("Begin an operation for your own city.")),
        Act("open", desk, _("Open an operation…"), ("Ctrl+Shift+O",), _("Show another one in this window.")),
        Act("sitrep", desk, _("Situation report"), ("F12",), _("Draft and publish a situation report.")),
        Act(
            "print_map",
            desk,
            _("Print or save the map"),
            ("Ctrl+P",),
            _("The map as a sheet of paper: PDF, PNG or SVG, or on a printer."),
        ),
        Act(
            "exchange",
            desk,
            _("Field packages"),
            ("Ctrl+Shift+P",),
            _("Send entries to another desk or take some in."),
        ),
        Act(
            "safekeeping",
            desk,
            _("Safe keeping"),
            ("Ctrl+B",),
            _("The second copy, the proof of the log, restoring, exporting, how long readings are kept."),
        ),
    )


def _reading_acts() -> tuple[Act, ...]:
    """What brings readings."""
    desk = _("&Desk")
    return (
        Act("sensors", desk, _("Sensors and readings"), ("Ctrl+R",), _("Set up instruments and limits.")),
        Act("feeds", desk, _("Feeds"), ("Ctrl+Shift+F9",), _("Where readings come from; how each does.")),
    )


def _layer_acts() -> tuple[Act, ...]:
    """What can come onto the map."""
    desk = _("&Desk")
    return (
        Act("add_layer", desk, _("Add a layer…"), ("Ctrl+O",), _("Look into a map file and add it.")),
        Act(
            "add_online",
            desk,
            _("Add a map from a network…"),
            ("Ctrl+Alt+O",),
            _("Tiles, WMS or WMTS by their address; what is looked at stays on this computer."),
        ),
    )


def _draw_acts() -> tuple[Act, ...]:
    """What is drawn and measured; the letters are those of other desks that draw."""
    draw = _("D&raw")
    ends = _("Click corners; Enter or a double click ends, Backspace takes the last corner back.")
    return (
        Act("polygon", draw, _("Area"), ("Ctrl+D, P",), ends),
        Act("line", draw, _("Line"), ("Ctrl+D, L",), ends),
        Act(
            "circle",
            draw,
            _("Circle"),
            ("Ctrl+D, C",),
            _("Click the middle, then the edge or type a radius."),
        ),
        Act("rectangle", draw, _("Rectangle"), ("Ctrl+D, R",), _("Click two corners across.")),
        Act("marker", draw, _("Marker"), ("Ctrl+D, M",), _("Put a sign on the map.")),
        Act("text", draw, _("Text"), ("Ctrl+D, T",), _("Put words on the map.")),
        Act("freehand", draw, _("Freehand"), ("Ctrl+D, F",), _("Draw a line with the button held down.")),
        Act(
            "buffer",
            draw,
            _("Around what is selected…"),
            ("Ctrl+D, B",),
            _("Draw the area within a distance."),
        ),
        Act("drawings", draw, _("All drawings"), ("Ctrl+D, D",), _("Go to the list of drawings.")),
        Act("measure", draw, _("Measure a line"), ("Ctrl+Shift+M",), _("How long it is over the ground.")),
        Act(
            "measure_area",
            draw,
            _("Measure an area"),
            ("Ctrl+Shift+J",),
            _("How large it is over the ground."),
        ),
    )


def _step_acts() -> tuple[Act, ...]:
    """Taking back, beginning anew, leaving."""
    desk = _("&Desk")
    return (
        Act("undo", desk, _("Undo"), ("Ctrl+Z",), _("Take back your last step; both stay in the log.")),
        Act("redo", desk, _("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), _("Put back what you undid.")),
        Act(
            "again",
            desk,
            _("Start the night again…"),
            ("Ctrl+Alt+N",),
            _("Begin the exercise anew in a folder of its own; this one stays as it is."),
        ),
        Act(
            "quit",
            desk,
            _("Close the desk"),
            ("Ctrl+Q",),
            _("Close the window. Everything is already saved."),
        ),
    )


def _incident_acts() -> tuple[Act, ...]:
    """What is done about incidents."""
    incident = _("&Incident")
    return (
        Act("logline", incident, _("Log line"), ("F2",), _("Type what the caller says.")),
        Act("form", incident, _("Log by form"), ("Ctrl+I",), _("Fill in an incident field by field.")),
        Act(
            "from_selection",
            incident,
            _("Incident from selection"),
            ("F9",),
            _("Start an incident from the selected alarm, sensor or feature."),
        ),
        Act(
            "search",
            incident,
            _("Find in incidents and notes"),
            ("Ctrl+F",),
            _("Open and closed ones that hold these words; any part of a word will do."),
        ),
        Act(
            "erase",
            incident,
            _("Erase personal data…"),
            ("Ctrl+Shift+E",),
            _("Erase for good what the caller of the selected incident said of themself."),
        ),
        Act("previous", incident, _("Previous incident"), ("Ctrl+PgUp",), _("Go up one incident.")),
        Act("next", incident, _("Next incident"), ("Ctrl+PgDown",), _("Go down one incident.")),
    )


def _map_acts() -> tuple[Act, ...]:
    """Where the map looks."""
    map_ = _("&Map")
    return (
        Act("find", map_, _("Find or go to"), ("F3",), _("A place, a coordinate, a grid reference.")),
        Act("layers", map_, _("Layers"), ("F7",), _("Go to the layers.")),
        Act("full", map_, _("Whole city"), ("Ctrl+Shift+F",), _("Show everything.")),
        Act("zoom_selection", map_, _("Zoom to selection"), ("Ctrl+J",), _("Show what is selected.")),
        Act("grid", map_, _("Next grid"), ("Ctrl+G",), _("Over the map: UTM, MGRS, degrees, or no grid.")),
    )


def _asking_acts() -> tuple[Act, ...]:
    """What is asked of the map and its layers."""
    map_ = _("&Map")
    here = _("Of what lies under the last click.")
    return (
        Act("table", map_, _("Attribute table"), ("Ctrl+F6",), _("All that the current layer says.")),
        Act(
            "chart",
            map_,
            _("Large chart"),
            ("Ctrl+Shift+F6",),
            _("The selected sensors, or the one on show, over any stretch of time."),
        ),
        Act("locate", map_, _("Find anything"), ("Ctrl+K",), _("An act, a place, a layer, an incident.")),
        Act(
            "copy_place",
            map_,
            _("Copy this place"),
            ("Ctrl+Shift+C",),
            _("As text: the place under the pointer, or the one clicked last."),
        ),
        Act(
            "select_area",
            map_,
            _("Select in an area"),
            ("Ctrl+Shift+L",),
            _("Drag a box, or click corners around what shall be selected."),
        ),
        Act(
            "select_invert",
            map_,
            _("Select the others"),
            ("Ctrl+Alt+I",),
            _("All of the layer that is not selected now."),
        ),
        Act("select_none", map_, _("Select nothing"), ("Ctrl+Shift+A",), _("Let go of what is selected.")),
        Act("next_hit", map_, _("Next one here"), ("Ctrl+Shift+PgDown",), here),
        Act("previous_hit", map_, _("Previous one here"), ("Ctrl+Shift+PgUp",), here),
    )


def _beside_acts() -> tuple[Act, ...]:
    """Windows beside the desk."""
    view = _("&View")
    return (
        Act(
            "second_map",
            view,
            _("Second map"),
            ("Ctrl+Alt+M",),
            _("A second window on the same map, which follows this one."),
            tick=True,
        ),
        Act(
            "wall",
            view,
            _("Wall"),
            ("Ctrl+Alt+W",),
            _("Map and alarms in large type on another monitor."),
            tick=True,
        ),
        Act(
            "wall_here",
            view,
            _("Show this on the wall"),
            ("Ctrl+Alt+V",),
            _("Let the wall show what this map shows."),
        ),
    )


def _view_acts() -> tuple[Act, ...]:
    """Places and layers worth going back to."""
    views = _("Saved v&iews")
    words = _("Go to saved view {number}")
    return (
        Act("keep_view", views, _("Save this view"), ("Ctrl+Shift+V",), _("What the map shows now.")),
        *(
            Act(f"view_{n}", views, words.format(number=n), (f"Ctrl+{n}",), _("Place, scale and layers."))
            for n in range(1, 10)
        ),
    )


def _window_acts() -> tuple[Act, ...]:
    """How the window looks, and what its keys are."""
    view, help_ = _("&View"), _("&Help")
    return (
        Act(
            "day_night",
            view,
            _("Day or night"),
            ("Ctrl+Shift+N",),
            _("Change between day and night colours."),
        ),
        Act("larger", view, _("Larger text"), ("Ctrl++", "Ctrl+="), _("Make all text larger.")),
        Act("smaller", view, _("Smaller text"), ("Ctrl+-",), _("Make all text smaller.")),
        Act("usual", view, _("Usual text size"), ("Ctrl+0",), _("Back to the usual text size.")),
        Act(
            "as_of",
            view,
            _("As it was at…"),
            ("Ctrl+T",),
            _("Show the whole desk as it was at an earlier time."),
        ),
        Act("live", view, _("Back to live"), ("Ctrl+Shift+T",), _("Show what is now.")),
        Act("full_screen", view, _("Full screen"), ("F11",), _("Use the whole screen."), tick=True),
        Act("next_pane", view, _("Next pane"), ("F6",), _("Move to the next part of the window.")),
        Act("previous_pane", view, _("Previous pane"), ("Shift+F6",), _("Move to the part before.")),
        Act("keys", help_, _("Keys and codes"), ("F1",), _("What every key does, and the incident codes.")),
    )


def make_actions(window: QMainWindow, do: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """The acts as actions in the window's menu bar. Raises KeyError for an act nobody performs."""
    made: dict[str, QAction] = {}
    menus = {}
    for act in acts():
        if act.menu not in menus:
            menus[act.menu] = window.menuBar().addMenu(act.menu)
            menus[act.menu].setToolTipsVisible(True)
        action = QAction(act.text, window)
        action.setObjectName(act.id)
        action.setShortcuts([QKeySequence(key) for key in act.keys])
        action.setToolTip(act.tip)
        action.setStatusTip(act.tip)
        action.setCheckable(act.tick)
        perform = do[act.id]
        action.triggered.connect(lambda _checked=False, perform=perform: perform())
        menus[act.menu].addAction(action)
        made[act.id] = action
    return made
