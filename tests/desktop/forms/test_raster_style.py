"""A layer of pixels is made brighter, clearer, coloured and lit; Cancel gives the old look back."""

import pytest

from desktop.forms.raster_style import RasterStyleForm
from layers.layer import Layer
from layers.sources.base import BrokenSource
from layers.style import Pixels, Style

GROUND = Pixels("terrain", 0.0, 80.0, shaded=True)


@pytest.fixture
def form(qtbot):
    made = RasterStyleForm()
    qtbot.addWidget(made)
    made.styles, made.opacities = [], []
    made.chosen.connect(lambda _id, style: made.styles.append(style.rule))
    made.faded.connect(lambda _id, much: made.opacities.append(much))
    return made


def a_layer(rule: Pixels, **said) -> Layer:
    return Layer("dem", "Ground", BrokenSource({}, ""), Style(rule), **said)


def test_measurements_take_colours_limits_and_light(form):
    form.ask(a_layer(GROUND))
    form.high.setValue(30.0)
    form.light.setCurrentIndex(form.light.findText("south"))
    form.ramp.setCurrentIndex(form.ramp.findData("depth"))
    assert form.styles[-1] == Pixels("depth", 0.0, 30.0, shaded=True, light=180.0)
    form.shaded.setChecked(False)
    assert form.styles[-1].shaded is False
    assert not form.form.isRowVisible(form.light)
    assert form.opacities == []


def test_a_picture_is_only_made_brighter_or_clearer(form):
    form.ask(a_layer(Pixels(), opacity=0.5))
    assert not form.form.isRowVisible(form.ramp)
    assert not form.form.isRowVisible(form.range)
    form.brightness.setValue(-40)
    form.opacity.setValue(80)
    assert form.styles == [Pixels(brightness=-0.4)]
    assert form.opacities == [0.8]


def test_cancel_gives_back_the_look_it_had(form):
    form.ask(a_layer(GROUND, opacity=0.5))
    form.brightness.setValue(30)
    form.opacity.setValue(10)
    form.cancel()
    assert form.styles[-1] == GROUND
    assert form.opacities[-1] == 0.5


def test_what_is_opened_and_left_is_not_changed(form):
    form.ask(a_layer(GROUND))
    form.submit()
    form.ask(a_layer(GROUND))
    form.cancel()
    assert form.styles == []
