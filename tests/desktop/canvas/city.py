"""What the tests of the map put on it: plain colours, layers of a name."""

import threading

from layers.colours import DAY
from layers.layer import Layer
from layers.style import Fill, Marker, Simple, Stroke, Style, Symbol
from tests.shapes import Shelf

X, Y = 500_000, 9_000_000
LAND = DAY.of("background")
RED, BLUE = "#cc0000", "#0000cc"


def filled(colour: str, opacity: float = 1.0) -> Style:
    return Style(
        Simple(Symbol(Fill(colour, opacity), Stroke(colour), Marker(colour, size_px=12, edge=colour)))
    )


def a_layer(name: str, *held, style=None, **but) -> Layer:
    return Layer(name, name.title(), Shelf(*held), style or filled(RED), **but)


class Gated(Shelf):
    """A source that answers once it is let."""

    def __init__(self, *held) -> None:
        super().__init__(*held)
        self.gate = threading.Event()
        self.gate.set()

    def read(self, extent, crs, progress, /):
        self.gate.wait(30)
        return super().read(extent, crs, progress)
