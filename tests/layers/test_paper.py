"""A report printed without a window still stands on the city's map."""

import pytest

from layers import paper
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.saved import keep_layers
from layers.sources.base import BrokenSource

WARDS = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Sari"},"geometry":'
    '{"type":"Polygon","coordinates":[[[116.7,-8.2],[116.8,-8.2],[116.8,-8.1],[116.7,-8.2]]]}}]}'
)


@pytest.fixture
def keep(store, tmp_path):
    """Keeps layers of files in the operation; a file that is not written is missing."""
    (tmp_path / "wards.geojson").write_text(WARDS)

    def kept(*origins):
        layers = [
            Layer(str(n), f"Layer {n}", BrokenSource(origin, ""), role_style(Role.WARDS))
            for n, origin in enumerate(origins)
        ]
        with store.writing("Keep layers") as tx:
            keep_layers(tx, layers)

    return kept


def map_layers(store):
    with paper.map_layers(store) as layers:
        return layers


def a_file(path):
    return {"kind": "vector", "path": str(path)}


def test_the_kept_layers_of_files_are_drawn(store, keep, tmp_path):
    keep(a_file(tmp_path / "wards.geojson"), {"kind": "incidents"})
    (wards,) = map_layers(store)
    assert wards.title == "Layer 0"
    assert len(wards.classes[0].features) == 1


def test_a_layer_that_is_gone_does_not_keep_the_others_from_paper(store, keep, tmp_path):
    keep(a_file(tmp_path / "gone.shp"), a_file(tmp_path / "wards.geojson"))
    assert [layer.title for layer in map_layers(store)] == ["Layer 1"]


def test_an_operation_without_layers_has_none_on_paper(store):
    assert map_layers(store) == ()


@pytest.mark.parametrize("said", [None, 3, {}, {"geopackage": 3}, {"geopackage": "/nowhere/city.gpkg"}])
def test_a_city_that_cannot_be_found_is_left_out(store, said):
    with store.writing("Say where the city is") as tx:
        tx.keep("city", said)
    assert map_layers(store) == ()


def test_the_layers_of_the_sample_city_are_all_there_and_all_drawn(store, sample_city):
    with store.writing("Say where the city is") as tx:
        tx.keep("city", {"geopackage": str(sample_city.geopackage)})
    drawn = map_layers(store)
    assert len(drawn) == 12
    assert drawn[0].title == "Land use"
    assert sum(len(entry.features) for layer in drawn for entry in layer.classes) > 30_000
