"""Drawings are records like any other: said field by field, taken back, merged, looked at in the past."""

from datetime import timedelta

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from gis.errors import UserError
from gis.geo import measure
from gis.geo.figures import Circle, Rectangle, figure_of
from gis.model.drawing import Drawing, Filling, Sign
from gis.ops import drawings, sketches
from gis.ops.drawings import Form, form_of
from gis.ops.sketches import Unfinished
from gis.store import Operation, Store, checkup, history
from gis.store.past import Past, between
from gis.store.questions import conflicts
from gis.sync import exchange
from gis.sync.package import pack, unpack
from tests.build import SIX

FLOOD = box(116.70, -8.25, 116.72, -8.22)


def drawn(store, form=Form.AREA, shape=FLOOD, title="", **details):
    return store.write("Draw", lambda tx: drawings.draw(tx, form, shape, title, **details))


def now(store, drawing):
    with store.reading() as query:
        return query.get(Drawing, drawing.id)


def test_a_drawing_without_a_title_is_called_after_what_it_is_and_counted(store):
    assert [drawn(store).title, drawn(store).title] == ["Area 1", "Area 2"]
    assert drawn(store, Form.LINE, LineString([(116.7, -8.2), (116.8, -8.2)])).title == "Line 1"
    store.write("Strike out", lambda tx: drawings.strike(tx, tx.first(Drawing, title="Area 2").id))
    assert drawn(store).title == "Area 3", "no title comes twice"


def test_the_next_drawing_of_a_form_looks_like_the_last(store):
    drawn(store, colour="#0072b2", filling=Filling.CROSSED)
    assert (drawn(store).colour, drawn(store).filling) == ("#0072b2", Filling.CROSSED)
    line = drawn(store, Form.LINE, LineString([(116.7, -8.2), (116.8, -8.2)]))
    assert line.colour != "#0072b2"
    assert drawn(store, Form.TEXT, Point(116.7, -8.2)).sign is Sign.NONE


def test_an_amended_title_is_one_edit_and_a_step_back_and_forth(store):
    flood = drawn(store)
    store.write("Name", lambda tx: drawings.amend(tx, flood.id, title="  Pasar   Lama  "))
    with store.reading() as query:
        (named, *_before) = query.steps(5, record_id=flood.id)
    assert [(edit.field, edit.value) for edit in named.edits] == [("title", "Pasar Lama")]
    store.write("Undo", history.undo)
    assert now(store, flood).title == "Area 1"
    store.write("Redo", history.redo)
    assert now(store, flood).title == "Pasar Lama"
    store.write("Undo", history.undo)
    store.write("Undo", history.undo)
    assert now(store, flood).void, "a drawing taken back is struck out"


def test_the_past_shows_a_drawing_as_it_lay_then(store, clock):
    before = clock.now()
    clock.advance(timedelta(minutes=1))
    flood = drawn(store)
    then = clock.now()
    clock.advance(timedelta(minutes=5))
    store.write("Move", lambda tx: drawings.reshape(tx, flood.id, shapely.affinity.translate(FLOOD, 0.1)))
    with store.reading() as query:
        assert Past(query, then).get(Drawing, flood.id).place.equals(FLOOD)
        assert Past(query, before).find(Drawing) == []
        fields = {f for each in between(query, then, clock.now()) for f in each.fields}
    assert fields == {"place"}


def test_two_desks_that_bend_one_drawing_and_name_it_merge_but_for_the_shape(tmp_path, clock):
    ours = Store.create(tmp_path / "a.kentongan", Operation("Seruni", SIX), clock=clock, author="Sari")
    theirs = Store.create(
        tmp_path / "b.kentongan", Operation("Seruni", SIX, desk="F"), clock=clock, author="Budi"
    )
    flood = drawn(ours)
    give(ours, theirs)
    ours.write("Bend", lambda tx: drawings.reshape(tx, flood.id, box(116.6, -8.3, 116.7, -8.2)))
    clock.advance(timedelta(minutes=1))
    theirs.write("Bend", lambda tx: drawings.reshape(tx, flood.id, box(116.5, -8.3, 116.6, -8.2)))
    theirs.write("Name", lambda tx: drawings.amend(tx, flood.id, title="East bank"))
    give(theirs, ours)
    with ours.reading() as query:
        assert [(each.kind, each.field) for each in conflicts(query)] == [("Drawing", "place")]
        assert query.get(Drawing, flood.id).title == "East bank"
    for store in (ours, theirs):
        store.close()
        assert checkup.faults(store.folder) == []


def give(giver, taker):
    package = unpack(pack(giver, taker.folder.with_suffix(".package")).path)
    taker.write("Take in", lambda tx: exchange.receive(tx, package))


def test_a_circle_is_a_polygon_for_everybody_and_keeps_its_radius(store):
    circle = Circle(116.7, -8.2, 500)
    made = drawn(store, Form.CIRCLE, circle)
    kept = now(store, made)
    assert form_of(kept) is Form.CIRCLE
    assert figure_of(kept.made_of, kept.place) == circle
    far = measure.distance_m(shapely.get_coordinates(kept.place), (116.7, -8.2))
    assert far == pytest.approx(500, abs=0.02)


def test_a_circle_that_somebody_bent_is_an_area_and_its_old_radius_is_not_believed(store):
    made = drawn(store, Form.CIRCLE, Circle(116.7, -8.2, 500))
    bent = shapely.affinity.scale(made.place, 1.1)
    store.write("Bend", lambda tx: tx.put(drawings.replace(tx.get(Drawing, made.id), place=bent)))
    kept = now(store, made)
    assert kept.made_of
    assert form_of(kept) is Form.AREA
    store.write("Bend", lambda tx: drawings.reshape(tx, made.id, bent))
    assert now(store, made).made_of == ""


def test_a_rectangle_is_known_again(store):
    made = drawn(store, Form.RECTANGLE, Rectangle(32750, 466_000, 9_090_000, 467_000.25, 9_091_500))
    assert form_of(now(store, made)) is Form.RECTANGLE


@given(lon=st.floats(-180, 180), lat=st.floats(-85, 85), radius=st.floats(0.5, 200_000))
def test_every_circle_is_read_back_as_itself(lon, lat, radius):
    circle = Circle(round(lon, 7), round(lat, 7), round(radius, 2))
    kept = shapely.from_wkt(shapely.to_wkt(circle.polygon(), 7))
    assert figure_of(str(circle), kept) == circle


@pytest.mark.parametrize(
    "words",
    ["circle", "circle 1 2", "circle 1 2 0", "circle nan 2 3", "rectangle EPSG:99999 1 2 3 4", "x" * 99,
     "rectangle EPSG:32750 1 2 3", "circle 116.7 -8.2 500\n", "circle 116.7 95 500"],
)  # fmt: skip
def test_words_that_are_no_figure_are_none(words):
    assert figure_of(words, FLOOD) is None


@pytest.mark.parametrize(
    "shape",
    [
        Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        LineString([(1, 1), (1, 1)]),
        Polygon(),
        Point(float("inf"), 0),
        Point(10, 91),
        Polygon([(116, 8), (116 + 1e-9, 8), (116, 8 + 1e-9)]),
    ],
)
def test_what_cannot_lie_on_a_map_is_refused_and_nothing_is_written(store, shape):
    with pytest.raises(UserError):
        drawn(store, shape=shape)
    with store.reading() as query:
        assert query.find(Drawing, void=None) == []


def test_sketches_of_a_sitting_that_is_over_come_to_the_next_and_only_once(tmp_path, clock):
    folder = tmp_path / "a.kentongan"
    first = Store.create(folder, Operation("Seruni", SIX), clock=clock, author="Sari")
    half = Unfinished("area", ((116.7, -8.2), (116.8, -8.2)))
    first.write("Keep", lambda tx: sketches.keep(tx, [half]))
    beside = Store.open(folder, clock=clock, author="Sari")
    assert beside.write("Take up", sketches.take_up) == [], "somebody still draws it"
    first.close()
    assert beside.write("Take up", sketches.take_up) == [half]
    assert beside.write("Take up", sketches.take_up) == []
    beside.write("Keep", lambda tx: sketches.keep(tx, []))
    beside.close()
    again = Store.open(folder, clock=clock, author="Sari")
    assert again.write("Take up", sketches.take_up) == []
    again.close()
