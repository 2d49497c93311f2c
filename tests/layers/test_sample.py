"""The sample city comes onto the map of itself, until somebody has arranged the legend."""

from gis.training.night import CITY
from layers.city import kept_city
from layers.sample import layers_of, sample_layers
from layers.saved import keep_layers
from tests.shapes import Shelf

EXTENT = (115.9, -3.6, 116.0, -3.5)


def opened(origin):
    return Shelf(origin=origin)


def shown(store):
    with store.reading() as query:
        return layers_of(query, opened)


def test_an_operation_that_plays_there_shows_its_layers_and_knows_its_names(store):
    assert shown(store) == ()
    with store.writing("Say where the city is") as tx:
        tx.keep(CITY, {"extent": EXTENT, "geopackage": "/x/city.gpkg"})
    layers = shown(store)
    assert [layer.source.origin["layer"] for layer in layers][:2] == ["landuse", "contours"]
    assert {layer.source.origin["path"] for layer in layers} == {"/x/city.gpkg"}
    with store.reading() as query:
        city = kept_city(query)
    assert city.extent == EXTENT
    assert (city.names["layer"], city.wards["layer"]) == ("gazetteer", "wards")


def test_a_legend_that_was_kept_stands_even_when_it_is_empty(store):
    with store.writing("Say where the city is") as tx:
        tx.keep(CITY, {"extent": EXTENT, "geopackage": "/x/city.gpkg"})
        keep_layers(tx, sample_layers("/x/city.gpkg", opened)[:2])
    assert [layer.title for layer in shown(store)] == ["Land use", "Contours"]
    with store.writing("Keep layers") as tx:
        keep_layers(tx, ())
    assert shown(store) == ()
