"""Where the city is, as the operation remembers it."""

import pytest

from layers.city import CityFiles, keep_city, kept_city
from layers.saved import KEPT, kept_layers
from layers.sources.base import BrokenSource

SERUNI = CityFiles((116.6, -8.3, 116.8, -8.1), {"path": "/maps/names.gpkg", "layer": "names"})


def test_where_the_city_is_is_remembered(store):
    with store.writing("Say where the city is") as tx:
        keep_city(tx, SERUNI)
        assert kept_city(tx) == SERUNI


@pytest.mark.parametrize(
    "kept", [None, [1], {"names": {}}, {"extent": [1, 2, 3]}, {"extent": ["west", 1, 2, 3]}]
)
def test_a_damaged_note_of_the_city_does_not_keep_the_desk_shut(store, kept):
    with store.writing("Damage") as tx:
        tx.keep("city", kept)
        assert kept_city(tx) is None


def test_an_absurd_opacity_does_not_keep_the_desk_shut(store):
    with store.writing("Damage") as tx:
        tx.keep(KEPT, [{"id": "a", "opacity": 10**400, "min_scale": -(10**400)}])
        (layer,) = kept_layers(tx, lambda origin: BrokenSource(origin, "")) or ()
    assert (layer.opacity, layer.min_scale) == (1.0, None)
