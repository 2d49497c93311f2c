"""What every part of the desk stands on: store, threads, legend and place names."""

from dataclasses import dataclass

from desktop.bridge import Bridge
from desktop.hearing import Hearing, make_hearing
from desktop.legends import open_source, with_live
from desktop.notices import Notices
from desktop.online import usual_courier
from desktop.outlook import Outlook
from desktop.panels.running import Running
from desktop.pen import Pen
from desktop.theme import Appearance
from desktop.upkeep import Upkeep
from desktop.whereabouts import Whereabouts, map_crs
from desktop.work import Model
from gis.exchange.online.courier import Courier
from gis.exchange.vector.reader import Reader
from gis.jobs import Jobs, lanes
from gis.store import Store
from gis.store.index import Index
from gis.store.moment import Moment
from layers.city import kept_city
from layers.sample import layers_of
from layers.selection import Selection
from layers.stack import LayerStack


@dataclass(frozen=True, slots=True)
class Ground:
    """What every part of the desk stands on."""

    model: Model
    jobs: Jobs
    bridge: Bridge
    reader: Reader
    courier: Courier
    index: Index
    where: Whereabouts
    notices: Notices
    running: Running
    upkeep: Upkeep
    appearance: Appearance
    hearing: Hearing


def make_ground(store: Store, appearance: Appearance) -> Ground:
    """Everything but widgets."""
    reader, bridge, notices, moment, index = Reader(), Bridge(), Notices(), Moment(store), Index(store)
    courier = usual_courier()
    with store.reading() as query:
        city = kept_city(query)
        kept = layers_of(query, lambda origin: open_source(moment, index, reader, courier, origin))
    where = Whereabouts(city.extent if city else None, store.operation.timezone)
    jobs = Jobs(deliver=bridge.call, failed=notices.problem, lanes=lanes())
    stack = LayerStack(map_crs(where.context.city), with_live(kept, moment, index))
    outlook = Outlook(moment, jobs, bridge, notices.problem)
    model = Model(store, Pen(store, jobs, outlook, notices), outlook, stack, Selection())
    upkeep = Upkeep(store, jobs, bridge, notices.problem)
    running = Running(jobs)
    return Ground(
        model,
        jobs,
        bridge,
        reader,
        courier,
        index,
        where,
        notices,
        running,
        upkeep,
        appearance,
        make_hearing(store, model.pen, bridge, notices),
    )
