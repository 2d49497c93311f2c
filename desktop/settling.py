"""The desk finds its feet in a city: where it is, what its places are called, what has been entered."""

from collections.abc import Callable

from desktop.desk import Desk
from desktop.ground import Ground
from desktop.lines import Lines
from desktop.nearing import lift_limits
from desktop.whereabouts import is_city, map_crs
from desktop.work import box_on_map
from gis.geo.gazetteer import Gazetteer
from gis.geo.wards import Wards
from gis.model.incident import Incident
from gis.progress import Progress
from gis.texts import _
from layers.city import CityFiles, keep_city, kept_city, read_city
from layers.ground import metres_per_unit
from layers.view import Box


def look_home(desk: Desk) -> None:
    """While no map has said where the city is, the whole map is what lies around everything there is."""
    where, canvas = desk.ground.where, desk.panels.map.canvas
    if where.context.city is None:
        canvas.set_home(box_on_map(where.home, canvas.crs))


def arrive(desk: Desk, extent: Box, came: frozenset[str] = frozenset()) -> None:
    """A map has been added. The first one that fits a city says where the city is, and so on which plane
    everything is drawn; later ones are only looked at. Of the layers that `came` something is to be seen."""
    where, canvas = desk.ground.where, desk.panels.map.canvas
    if where.context.city is not None or not is_city(extent):
        canvas.zoom_to(box_on_map(extent, canvas.crs))
    else:
        settle(desk, extent)
    goal = canvas.view.fit(box_on_map(extent, canvas.crs))  # where the map flies to
    lift_limits(desk.ground.model.stack, came, goal.scale(metres_per_unit(goal.x, goal.y, canvas.crs)))


def settle(desk: Desk, extent: Box) -> None:
    """Here is the city from now on."""
    model, where, canvas = desk.ground.model, desk.ground.where, desk.panels.map.canvas
    where.settle(extent)
    model.stack.project(map_crs(extent))
    canvas.replan(box_on_map(extent, model.stack.crs))
    model.pen.keep(_("Say where the city is"), lambda tx: keep_city(tx, CityFiles(extent)))


def learn_names(ground: Ground, lines: Lines, then: Callable[[], object]) -> None:
    """Read the names of the city while the window already stands; `then` they are known, or will not be."""
    with ground.model.store.reading() as query:
        city = kept_city(query)
    if city is None:
        then()
        return

    def work(progress: Progress, city: CityFiles = city) -> tuple[Gazetteer, Wards]:
        return read_city(city, ground.reader, progress)

    def done(found: tuple[Gazetteer, Wards]) -> None:
        ground.where.learn(*found)
        lines.know()
        then()

    def failed(error: Exception) -> None:
        ground.where.await_names(coming=False)
        lines.know()
        then()
        ground.notices.problem(label, error)

    label = _("Read the names of the city")
    ground.where.await_names(coming=True)
    lines.know()
    ground.running.watch(ground.jobs.run(label, work, done=done, failed=failed))


def learn_entries(desk: Desk) -> None:
    """Bring the index of the entries up to date; what did not find everything is asked again."""
    ground = desk.ground

    def done(_read: None) -> None:
        desk.panels.incidents.look()
        ground.model.stack.refresh(Incident)

    label = _("Read the entries for the search")
    ground.running.watch(ground.jobs.run(label, ground.index.catch_up, done=done))
