"""A map of 400 x 300 pixels, one metre each, in the middle of a city of squares."""

import pytest

from desktop.bridge import Bridge
from desktop.canvas.canvas import MapCanvas
from gis.jobs import Jobs, lanes
from layers.colours import DAY
from layers.selection import Selection
from layers.stack import LayerStack
from layers.view import MapView
from tests.shapes import UTM

VIEW = MapView(500_000, 9_000_000, 1.0, 400, 300)


class Desk:
    """A canvas with what it stands on."""

    def __init__(self, qtbot) -> None:
        self.qtbot, self.faults = qtbot, []
        self.bridge = Bridge()
        self.jobs = Jobs(
            deliver=self.bridge.call, failed=lambda label, error: self.faults.append(error), lanes=lanes()
        )
        self.stack, self.selection = LayerStack(UTM), Selection()
        self.canvas = MapCanvas(self.stack, self.selection, self.jobs, DAY, VIEW)
        self.canvas.animated = False
        qtbot.addWidget(self.canvas)
        self.canvas.resize(400, 300)
        self.canvas.show()

    def settle(self) -> None:
        """Wait until every picture shows the newest view."""
        self.qtbot.waitUntil(lambda: not self.canvas.composer.busy, timeout=60_000)

    def colour(self, x: int, y: int) -> str:
        return self.canvas.grab().toImage().pixelColor(x, y).name()

    def close(self) -> None:
        self.canvas.close_map()
        self.jobs.close()


@pytest.fixture
def desk(qtbot):
    made = Desk(qtbot)
    yield made
    made.close()
    assert made.faults == []
