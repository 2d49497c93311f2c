"""How many open incidents there are decides whether the map shows them or counts them."""

from datetime import timedelta

import numpy as np
import pytest
from shapely import Point, box

import gis.store.index as store_index
from gis.geo.crs import transform
from gis.geo.features import WGS84
from gis.model.incident import Incident, Status
from gis.ops import incidents
from gis.progress import Progress
from gis.store.index import Index
from gis.store.moment import Moment
from gis.store.query import Query
from layers.badges import badges
from layers.glass import glass
from layers.sources import incidents as source_of
from layers.sources.base import EVERYWHERE
from layers.sources.incidents import IncidentSource
from layers.style import LiveLook
from layers.view import MapView
from tests.build import MARKET, an_incident

UTM = 32750


@pytest.fixture
def index(store):
    made = Index(store)
    yield made
    made.close()


def put(store, *records):
    with store.writing("Set up") as tx:
        for record in records:
            tx.put(record)


def a_row_of(count, step=0.01):
    return [an_incident(place=Point(MARKET.x + n * step, MARKET.y), number=f"I-{n:04}") for n in range(count)]


def around(source, extent, crs=WGS84):
    return source.around(extent, crs, Progress())


CITY = (MARKET.x - 1, MARKET.y - 1, MARKET.x + 1, MARKET.y + 1)
CORNER = (MARKET.x - 0.001, MARKET.y - 0.001, MARKET.x + 0.011, MARKET.y + 0.001)


def test_few_are_shown_one_by_one_wherever_the_map_looks(store, index):
    put(store, *a_row_of(5), an_incident(place=None))
    found = around(IncidentSource(Moment(store), index), CORNER)
    assert found.extent == EVERYWHERE
    (points,) = found.features
    assert sorted(points.columns["label"]) == [f"I-{n:04}" for n in range(5)]


def test_what_is_shown_is_the_same_with_an_index_and_without(store, index):
    area = an_incident(place=box(MARKET.x, MARKET.y, MARKET.x + 0.01, MARKET.y + 0.01))
    put(store, *a_row_of(3), area, an_incident(status=Status.RESOLVED))
    with_index, without = (
        around(IncidentSource(Moment(store), each), CITY, UTM).features for each in (index, None)
    )
    for ours, theirs in zip(with_index, without, strict=True):
        order, other = np.argsort(ours.ids), np.argsort(theirs.ids)
        assert ours.ids[order].tolist() == theirs.ids[other].tolist()
        for name, column in theirs.columns.items():
            assert ours.columns[name][order].tolist() == column[other].tolist()


def test_too_many_are_counted_and_those_in_a_part_of_the_city_are_shown(store, index, monkeypatch, clock):
    monkeypatch.setattr(source_of, "MOST", 4)
    put(store, *a_row_of(9))
    clock.advance(timedelta(hours=2))
    source = IncidentSource(Moment(store), index)
    counted = around(source, CITY)
    (cells,) = counted.features
    assert (cells.columns["count"].sum(), counted.extent) == (9, CITY)
    shown = around(source, CORNER)
    (points,) = shown.features
    assert (sorted(points.columns["label"]), shown.extent) == (["I-0000", "I-0001"], CORNER)


def test_what_was_reported_lately_is_shown_by_itself_in_a_crowd(store, index, monkeypatch, clock):
    monkeypatch.setattr(source_of, "MOST", 4)
    put(store, *a_row_of(9))
    clock.advance(timedelta(hours=2))
    new = an_incident(
        place=box(MARKET.x, MARKET.y, MARKET.x + 0.01, MARKET.y + 0.01), reported_at=clock.now()
    )
    put(store, new)
    points, outline = around(IncidentSource(Moment(store), index), CITY).features
    single = points.columns["count"] == 0
    assert points.ids[single].tolist() == outline.ids.tolist() == [new.id]
    assert points.columns["label"][single].tolist() == [new.number]
    assert points.columns["count"].sum() == 10, "the cells count all"
    made = badges("incidents", LiveLook.INCIDENT, (points, outline))
    ((x, y),) = (view := MapView(MARKET.x, MARKET.y, 0.0001, 400, 400)).to_pixels(made.xy[made.count == 0])
    assert [hit.id for hit in glass([made]).at(view, x, y)] == [new.id]


def test_an_extent_of_the_maps_own_plane_is_asked_for(store, index, monkeypatch):
    monkeypatch.setattr(source_of, "MOST", 4)
    put(store, *a_row_of(9))
    ((x, y),) = transform([[MARKET.x, MARKET.y]], WGS84, UTM)
    found = around(IncidentSource(Moment(store), index), (x - 500, y - 500, x + 1500, y + 500), UTM)
    assert sorted(found.features[0].columns["label"]) == ["I-0000", "I-0001"]
    nowhere = around(IncidentSource(Moment(store), index), (-1e9, -1e9, 1e9, 1e9), UTM)
    assert nowhere.features[0].columns["count"].sum() == 9


def reads(monkeypatch):
    """Which incidents are read from the desk's file."""
    asked, known_all = [], Query.known_all

    def counted(query, kind, ids):
        asked.extend(ids if kind is Incident else ())
        return known_all(query, kind, ids)

    monkeypatch.setattr(Query, "known_all", counted)
    return asked


def test_a_change_has_only_what_it_touches_read_again(store, index, monkeypatch):
    row = a_row_of(6)
    put(store, *row)
    source, asked = IncidentSource(Moment(store), index), reads(monkeypatch)
    around(source, CITY)
    assert sorted(asked) == sorted(each.id for each in row)
    asked.clear()
    around(source, CITY)
    assert asked == []
    with store.writing("Amend") as tx:
        incidents.amend(tx, row[2].id, text="knee deep now")
    (points,) = around(source, CITY).features
    assert asked == [row[2].id]
    assert points.columns["text"][points.ids.tolist().index(row[2].id)] == "knee deep now"


def test_a_closed_incident_leaves_the_map_and_comes_back_when_it_is_taken_back(store, index, clock):
    first, second = a_row_of(2)
    put(store, first, second)
    source = IncidentSource(Moment(store), index)
    around(source, CITY)
    with store.writing("Close") as tx:
        incidents.close(tx, first.id)
    assert around(source, CITY).features[0].ids.tolist() == [second.id]
    with store.writing("Reopen") as tx:
        incidents.reopen(tx, first.id)
    assert sorted(around(source, CITY).features[0].ids) == sorted((first.id, second.id))


def test_the_map_does_not_remember_who_called(store, index):
    put(store, an_incident(place=MARKET, source="Ibu Wati 0812"))
    source = IncidentSource(Moment(store), index)
    around(source, CITY)
    assert [each.source for each in source._known.values()] == [""]


def test_while_the_index_is_behind_the_map_misses_nothing(store, index, monkeypatch):
    monkeypatch.setattr(store_index, "FEW", 0)
    put(store, *a_row_of(3))
    source = IncidentSource(Moment(store), index)
    assert len(around(source, CITY).features[0]) == 3
    index.catch_up(Progress())
    assert len(around(source, CITY).features[0]) == 3


def test_the_past_is_shown_as_it_was(store, index, clock):
    put(store, *a_row_of(1))
    then = clock.now()
    clock.advance(timedelta(minutes=5))
    put(store, *a_row_of(3)[1:])
    moment = Moment(store)
    source = IncidentSource(moment, index)
    assert len(around(source, CITY).features[0]) == 3
    moment.at = then
    assert len(around(source, CITY).features[0]) == 1


def test_a_cell_is_drawn_and_is_not_an_incident(store, index, monkeypatch, clock):
    monkeypatch.setattr(source_of, "MOST", 1)
    put(store, *a_row_of(2, step=0.0))
    clock.advance(timedelta(hours=2))
    view = MapView(MARKET.x, MARKET.y, 0.001, 200, 200)
    found = around(IncidentSource(Moment(store), index), view.extent)
    made = badges("incidents", LiveLook.INCIDENT, found.features, found.extent)
    assert made.count.tolist() == [2]
    x, y = view.to_pixels(made.xy)[0].tolist()
    assert glass([made]).at(view, x, y) == ()


def test_a_nearer_look_asks_for_finer_cells_and_a_pan_for_what_lies_beyond(store, index, monkeypatch):
    monkeypatch.setattr(source_of, "MOST", 1)
    put(store, *a_row_of(4))
    view = MapView(MARKET.x, MARKET.y, 0.001, 400, 400)
    found = around(IncidentSource(Moment(store), index), view.grown(100).extent)
    made = badges("incidents", LiveLook.INCIDENT, found.features, found.extent)
    assert made.serves(view)
    assert made.serves(view.panned(90, 0))
    assert not made.serves(view.panned(110, 0))
    assert not made.serves(view.zoomed(0.25))
