"""What the operator's acts do: one place where panels, map and store meet."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QTabWidget
from shapely import Point

from desktop.forms.incident import Entry, IncidentForm
from desktop.notices import Notices
from desktop.outlook import Outlook
from desktop.panels.alarms import AlarmPanel
from desktop.panels.detail import DetailPanel
from desktop.panels.incidents import IncidentPanel
from desktop.panels.layers import LayersPanel
from desktop.panels.map import MapPanel
from desktop.panels.table import TablePanel
from desktop.panels.views import SavedView, ViewsPanel
from desktop.pen import Pen
from desktop.standing import Standing
from gis.model.incident import Incident, Severity
from gis.model.sensor import Quantity, Sensor
from gis.ops import incidents
from gis.store import Store, Tx
from gis.texts import _, ngettext
from layers.ground import lonlat, on_map
from layers.scene import Hit
from layers.selection import Selected, Selection
from layers.stack import LayerStack
from layers.view import Box

INCIDENTS, SENSORS, ALARMS, DRAWINGS = "incidents", "sensors", "alarms", "drawings"  # ids of the live layers
SILENCE, HAZARDS = "silence", "hazards"
CODE_OF = {Quantity.LEVEL: "fl", Quantity.RAIN: "fl", Quantity.PUMP: "pp"}


@dataclass(frozen=True, slots=True)
class Panels:
    """The regions that acts reach into."""

    map: MapPanel
    layers: LayersPanel
    views: ViewsPanel
    alarms: AlarmPanel
    incidents: IncidentPanel
    detail: DetailPanel
    table: TablePanel
    form: IncidentForm


@dataclass(frozen=True, slots=True)
class Model:
    """What is worked on: the store and its pen, when it is looked at, the legend, and what is selected."""

    store: Store
    pen: Pen
    outlook: Outlook
    stack: LayerStack
    selection: Selection


def zone_of(store: Store) -> ZoneInfo:
    """The clock on the wall of this operation."""
    return ZoneInfo(store.operation.timezone)


class Work:
    """Joins what the operator does in one region with what the others show."""

    def __init__(self, model: Model, panels: Panels, notices: Notices) -> None:
        self.model, self.panels, self._notices = model, panels, notices
        self._chosen: Standing | Incident | Sensor | Hit | None = None
        self._clicked: tuple[float, float] | None = None
        self.tabs: QTabWidget | None = None
        self._join()

    def _join(self) -> None:
        parts = self.panels
        parts.alarms.picked.connect(self.show_alarm)
        parts.alarms.wanted.connect(self.start_from)
        parts.incidents.picked.connect(self.show_incident)
        parts.incidents.amend.connect(self.amend)
        parts.incidents.zoom.connect(self.zoom_to_incident)
        parts.detail.amend.connect(self.amend)
        parts.detail.zoom.connect(self.zoom_to_incident)
        parts.map.clicked.connect(self.click)
        parts.map.picked.connect(parts.form.put_place)
        parts.form.pick_wanted.connect(parts.map.pick)
        parts.detail.filling.connect(lambda going_on: going_on or parts.map.leave_picking())
        parts.form.submitted.connect(self.save)
        parts.detail.hold(parts.form)
        parts.detail.then.connect(self.model.outlook.go)
        self.model.outlook.moved.connect(self._let_go)
        self.model.selection.changed.connect(self._on_selected)
        parts.views.wanted.connect(self.go_to_view)
        parts.views.asked.connect(self.keep_view)
        parts.views.removed.connect(self._offer_view_back)

    def _let_go(self, _at: object) -> None:
        """What was chosen was of another moment."""
        self._chosen = None

    def _on_selected(self, selected: Selected) -> None:
        """A feature that was clicked on is left for what is selected by other means: many, none, another."""
        chosen = self._chosen
        if not isinstance(chosen, Hit) or selected == Selected(chosen.layer_id, frozenset({chosen.id})):
            return
        self._chosen = None
        words = ngettext("{count} of {layer} selected.", "{count} of {layer} selected.", len(selected.ids))
        known = selected.layer_id in self.model.stack
        title = self.model.stack.get(selected.layer_id).title if known else ""
        said = words.format(count=f"{len(selected.ids):,}", layer=title)
        self.panels.detail.leave_feature(said if known else "")

    # -- showing

    def show_alarm(self, line: Standing) -> None:
        """Select an alarm: its chart, and its instrument on the map."""
        self._chosen = line
        self.panels.detail.show_sensor(line.sensor.id)
        self.model.selection.select(ALARMS, line.alarm.id)
        self.reveal(line.sensor.place.x, line.sensor.place.y)

    def glance(self) -> None:
        """At the start, before anything was chosen: the chart of the worst alarm, with no move of the map."""
        worst = self.panels.alarms.table.current()
        if worst is not None and self._chosen is None:
            self.panels.detail.show_sensor(worst.sensor.id)

    def show_incident(self, incident: Incident) -> None:
        self._chosen = incident
        self.panels.detail.show_incident(incident.id)
        self.model.selection.select(INCIDENTS, incident.id)
        if incident.place is not None:
            middle = incident.place.representative_point()
            self.reveal(middle.x, middle.y)

    def open_incident(self, incident_id: str) -> None:
        """Show the incident with this id as it is at the moment looked at, wherever it was asked for."""

        def show(incident: Incident | None) -> None:
            if incident is None:
                self.panels.detail.show_incident(incident_id)
                return
            self.panels.incidents.show_incident(incident_id)
            self.show_incident(incident)

        self.model.outlook.ask(self, lambda query: query.known(Incident, incident_id), show)

    def zoom_to_incident(self, incident: Incident | None) -> None:
        if incident is not None and incident.place is not None:
            middle = incident.place.representative_point()
            self.panels.map.show_place(middle.x, middle.y)

    def reveal(self, lon: float, lat: float) -> None:
        """Move the map only when the place is not on it."""
        self.panels.map.reveal(lon, lat)

    def click(self, lon: float, lat: float, _hits: tuple[Hit, ...]) -> None:
        """Remember where the map was clicked last."""
        self._clicked = (lon, lat)

    def present(self, hit: Hit | None) -> None:
        """Show what was clicked on, and select it; a click on nothing lets go of what was selected."""
        if hit is None:
            self.model.selection.clear()
            self._chosen = None
            return
        self._chosen = hit
        self.model.selection.select(hit.layer_id, hit.id)
        match hit.layer_id:
            case "incidents":
                self.open_incident(str(hit.id))
            case "alarms":
                self.panels.alarms.show_alarm(str(hit.id))
            case "sensors":
                self.open_sensor(str(hit.id))
            case "drawings" | "hazards":  # told of where they are looked after
                pass
            case _:
                title = self.model.stack.get(hit.layer_id).title
                self.panels.detail.show_feature(title, hit.columns)

    def open_sensor(self, sensor_id: str) -> None:
        """Show the sensor with this id, as it is at the moment looked at."""

        def choose(sensor: Sensor | None) -> None:
            self._chosen = sensor

        self.model.selection.select(SENSORS, sensor_id)
        self.panels.detail.show_sensor(sensor_id)
        self.model.outlook.ask(self, lambda query: query.known(Sensor, sensor_id), choose)

    # -- logging and amending

    def log_by_form(self, lon: float | None = None, lat: float | None = None) -> None:
        """A form for what has happened, at this place of the map if one is given."""
        if self.model.pen.ready(lambda: self.log_by_form(lon, lat)):
            place = None if lon is None or lat is None else Point(lon, lat)
            self._open_form(Entry(place=place), _("New incident"))

    def amend(self, incident: Incident | None) -> None:
        """A form with what an incident says now."""
        if incident is None or not self.model.pen.ready(lambda: self.amend(incident)):
            return
        with self.model.store.reading() as query:
            now = query.get(Incident, incident.id)
        self._open_form(Entry.of(now), _("Amend {number}").format(number=now.number))

    def start_from_selection(self) -> None:
        """A form filled from what is selected, or from the current alarm."""
        if self.model.pen.ready():
            self.start_from(self._chosen or self.panels.alarms.table.current())

    def start_from(self, chosen: Standing | Incident | Sensor | Hit | None) -> None:
        """Fill the form from an alarm, a sensor or a feature; Enter then saves it."""
        if not self.model.pen.ready():
            return
        match chosen:
            case Standing():
                entry = _entry_of_alarm(chosen)
            case Sensor():
                code = CODE_OF.get(chosen.quantity, "")
                entry = Entry(code=code, where=chosen.name, place=chosen.place)
            case Hit():
                name = (
                    chosen.columns.get("name")
                    or chosen.columns.get("title")
                    or self.model.stack.get(chosen.layer_id).title
                )
                entry = Entry(where=str(name), place=Point(self._clicked) if self._clicked else None)
            case _:
                self._notices.tell(_("Select an alarm, a sensor or a feature on the map first."))
                return
        self._open_form(entry, _("New incident"))
        if isinstance(chosen, Standing):
            self.panels.form.save.setFocus()

    def _open_form(self, entry: Entry, title: str) -> None:
        self.panels.detail.show_form(self.panels.form)
        self.panels.form.start(entry, title)

    def save(self, entry: Entry) -> None:
        """Write what the form says. What was typed stays there until it is on the disk."""

        def verb(tx: Tx) -> Incident:
            if entry.incident_id:
                words = {"code": entry.code, "text": entry.text, "severity": entry.severity}
                return incidents.amend(tx, entry.incident_id, **words, **entry.details())
            return incidents.log(tx, entry.code, entry.text, entry.severity, **entry.details())

        label = _("Amend incident") if entry.incident_id else _("Log incident")
        self.model.pen.write(label, verb, self._saved_by_form)

    def _saved_by_form(self, incident: Incident) -> None:
        self.panels.detail.leave_form()
        self.tell_logged(incident)
        self.open_incident(incident.id)

    def tell_logged(self, incident: Incident) -> None:
        self._notices.tell(_("{number} saved.  Ctrl+Z takes it back.").format(number=incident.number))

    @property
    def chosen(self) -> Standing | Incident | Sensor | Hit | None:
        """What was selected last."""
        return self._chosen

    # -- views and layers

    def seen(self) -> Box:
        """What the map shows now, in WGS84 degrees, by two of its corners."""
        west, south, east, north = self.panels.map.canvas.view.extent
        crs = self.model.stack.crs
        return (*lonlat(west, south, crs), *lonlat(east, north, crs))

    def keep_view(self, row: int = -1) -> None:
        """Keep what the map shows now as a view, in the place of the one in `row` if there is one."""
        shown = {layer.id: layer.visible for layer in self.model.stack}
        view = SavedView("", self.seen(), self.panels.map.canvas.scale, shown)
        if row >= 0:
            self.panels.views.keep_again(row, view)
        elif self.panels.views.keep(view):
            self.panels.views.rename(len(self.panels.views.views) - 1)
        else:
            self._notices.tell(_("There are nine views already. Remove one, or save over one of them."))

    def go_to_view(self, view: SavedView) -> None:
        """Look where a view looks, with the layers on and off as they were."""
        for layer in tuple(self.model.stack):
            wanted = view.shown.get(layer.id, layer.visible)
            if wanted != layer.visible:
                self.model.stack.update(layer.id, visible=wanted)
        canvas, box = self.panels.map.canvas, box_on_map(view.extent, self.model.stack.crs)
        if view.scale <= 0:
            canvas.zoom_to(box)
            return
        there = canvas.view.centred((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        canvas.zoom_to(there.zoomed(view.scale / canvas.scale).extent, margin=0.0)

    def _offer_view_back(self, view: SavedView, restore: Callable[[], None]) -> None:
        self._notices.offer(_("The view “{name}” was removed.").format(name=view.name), _("Undo"), restore)

    def rename_desk(self, name: str) -> None:
        """From now on this name stands behind what is written here."""
        self.model.store.author = name
        self._notices.tell(_("{name} is at the desk now.").format(name=name))


def box_on_map(extent: Box, crs: int) -> Box:
    """A WGS84 extent in map units, by its corners."""
    west, south, east, north = extent
    corners = [on_map(x, y, crs) for x in (west, east) for y in (south, north)]
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def _entry_of_alarm(line: Standing) -> Entry:
    """What an alarm says, as the beginning of an incident."""
    return Entry(
        code=CODE_OF.get(line.sensor.quantity, ""),
        text=f"{line.measured}, {line.limit}",
        severity=line.alarm.severity if line.alarm.severity else Severity.UNKNOWN,
        where=line.sensor.name,
        place=line.sensor.place,
        alarm_id=line.alarm.id,
    )
