"""A layer of a file follows the line of time, and goes on following it tomorrow."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from gis.jobs import Lane
from layers.layer import Layer
from layers.saved import kept_layers
from layers.style import Marker, Simple, Style, Symbol
from layers.timed import Timing
from tests.shapes import Shelf, points


@pytest.fixture
def calls(sitting, clock):
    """Three calls: two hours ago, one hour ago, and in half an hour."""
    now = clock.now()
    times = [(now + timedelta(minutes=m)).isoformat() for m in (-120, -60, 30)]
    x, y = sitting.panels.map.canvas.view.x, sitting.panels.map.canvas.view.y
    features = points(*[(x + 200 * n, y) for n in range(3)], called=times, text=["a", "b", "c"])
    source = Shelf(features, origin={"kind": "vector", "path": "calls.gpkg"})
    layer = Layer("calls", "Calls", source, Style(Simple(Symbol(marker=Marker("school")))))
    sitting.desk.ground.model.stack.add(layer)
    return source


def drawn(sitting):
    canvas = sitting.panels.map.canvas
    sitting.wait(lambda: not canvas.composer.busy)
    picture = canvas.renderer.pictures["calls"]
    return sorted(int(row) for mark in picture.scene.shapes for row in mark.drawn.rows)


def follow(sitting):
    desk = sitting.desk
    desk.panels.layers.time_wanted.emit(desk.ground.model.stack.get("calls"))
    form = desk.times.form
    sitting.wait(form.isVisible)
    assert form.begin.currentData() == "called"
    assert "3 features" in form.words.text()
    form.submit()


def test_live_shows_what_has_begun_and_the_line_of_time_what_had(sitting, calls, clock):
    assert drawn(sitting) == [0, 1, 2]
    follow(sitting)
    assert drawn(sitting) == [0, 1]
    tree = sitting.panels.layers.tree
    assert tree.findItems("Follows time, from called on", Qt.MatchFlag.MatchRecursive)
    outlook, asked = sitting.desk.ground.model.outlook, calls.asked
    outlook.go(clock.now() - timedelta(minutes=90))
    assert drawn(sitting) == [0]
    outlook.go(None)
    assert drawn(sitting) == [0, 1]
    clock.advance(timedelta(minutes=31))
    sitting.wait(lambda: drawn(sitting) == [0, 1, 2])
    assert calls.asked > asked  # the same features again, from a source that has them at hand


def test_the_choice_is_kept_with_the_layer_and_moving_the_time_writes_nothing(sitting, calls, clock):
    follow(sitting)
    store = sitting.desk.store

    def kept():
        with store.reading() as query:
            layers = kept_layers(query, lambda _origin: calls) or ()
        return {layer.id: layer.timing for layer in layers}

    sitting.wait(lambda: kept().get("calls"))
    assert kept()["calls"] == Timing("called", zone="Asia/Makassar")
    passed, heard = [], []
    sitting.desk.ground.jobs.run("Wait", lambda _p: None, lane=Lane.STORE, done=passed.append)
    sitting.wait(lambda: passed)  # what was written before has been told
    sitting.desk.ground.jobs.changed.connect(lambda state: heard.append(state.label))
    for minutes in (10, 40, 90, 130):
        sitting.desk.ground.model.outlook.go(clock.now() - timedelta(minutes=minutes))
        drawn(sitting)
    sitting.qtbot.wait(1000)  # longer than a change of the legend takes to be kept
    assert "Draw Calls" in heard
    assert "Keep layers" not in heard


def test_a_layer_without_times_says_so(sitting):
    x, y = sitting.panels.map.canvas.view.x, sitting.panels.map.canvas.view.y
    layer = Layer(
        "dull", "Dull", Shelf(points((x, y), name=["a"])), Style(Simple(Symbol(marker=Marker("school"))))
    )
    sitting.desk.ground.model.stack.add(layer)
    sitting.panels.layers.time_wanted.emit(layer)
    form = sitting.desk.times.form
    sitting.wait(form.isVisible)
    assert form.begin.count() == 1
    assert "No column" in form.words.text()
