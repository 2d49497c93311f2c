"""Colours to choose from are called as people call them."""

import pytest

from desktop.widgets.colourbox import ColourBox
from layers.colours import DAY, INK_NAMES, NIGHT


def test_every_ink_of_the_map_has_a_name_of_its_own():
    assert DAY.inks.keys() == NIGHT.inks.keys() == INK_NAMES.keys()
    assert len(set(INK_NAMES.values())) == len(INK_NAMES)


@pytest.mark.parametrize("ink", sorted(DAY.inks))
def test_an_ink_is_shown_by_its_name_and_chosen_as_itself(qtbot, ink):
    box = ColourBox("Colour", DAY)
    qtbot.addWidget(box)
    box.choose(ink)
    assert box.currentText() == INK_NAMES[ink]
    assert (box.chosen, box.currentData()) == (ink, ink)
    assert "_" not in box.currentText()


def test_a_plain_colour_is_a_patch_alone(qtbot):
    box = ColourBox("Colour", DAY)
    qtbot.addWidget(box)
    box.choose("#123456")
    assert (box.currentText(), box.currentData()) == ("", "#123456")
