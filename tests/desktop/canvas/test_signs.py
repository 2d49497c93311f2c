"""A report that knows no window has the very signs of the map."""

import numpy as np
import pytest

from desktop.signs import sign
from layers.colours import DAY, NIGHT
from layers.signs import stamp
from layers.style import Marker, MarkerShape

pytestmark = pytest.mark.usefixtures("qapp")


def by_qt(marker: Marker, colours, ratio: float) -> np.ndarray:
    image = sign(marker, colours, ratio)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)


def ours(marker: Marker, colours, ratio: float) -> np.ndarray:
    return stamp(marker, colours, ratio)[..., None].view(np.uint8).astype(int)


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("ratio", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("shape", MarkerShape)
def test_plates_and_pictograms_are_the_same(shape, ratio, colours):
    for marker in (Marker("hospital", shape, 18, icon="school"), Marker("#ffcc00", shape, 12, opacity=0.5)):
        one, other = ours(marker, colours, ratio), by_qt(marker, colours, ratio)
        assert one.shape == other.shape
        assert np.abs(one - other).mean() < 2.5


def test_a_letter_stands_on_its_plate():
    plain, lettered = (
        ours(Marker("#ffcc00", MarkerShape.SQUARE, 20, glyph=text), DAY, 2.0) for text in ("", "S")
    )
    inked = np.argwhere((plain != lettered).any(axis=2))
    assert len(inked) > 30
    middle = (inked.min(axis=0) + inked.max(axis=0)) / 2
    assert middle == pytest.approx(np.array(plain.shape[:2]) / 2, abs=1.5)


def test_a_marker_without_shape_and_icon_is_nothing():
    assert not stamp(Marker("ink", MarkerShape.NONE), DAY, 1.0).any()
