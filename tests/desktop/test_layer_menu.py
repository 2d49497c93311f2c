"""What the menu of a layer does beside what has a test of its own."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from layers.layer import Layer
from layers.roles import Role, role_style, usual_scale
from tests.shapes import Shelf


def offered(tree, words: str):
    """The action of the menu that stands open."""
    tree._ask(QPoint(0, 0))
    menu = tree.findChildren(QMenu)[-1]
    menu.close()
    return next((action for action in menu.actions() if action.text() == words), None)


def test_a_layer_that_waits_for_a_nearer_look_is_shown_at_every_scale_on_request(sitting):
    tree, stack = sitting.panels.layers, sitting.desk.ground.model.stack
    usual = usual_scale(Role.SCHOOLS)
    stack.add(Layer("s", "Schools", Shelf(), role_style(Role.SCHOOLS), max_scale=usual, role=Role.SCHOOLS))
    tree.choose("s")
    act = offered(tree, "Show at every scale")
    assert not act.isChecked()
    act.trigger()
    assert stack.get("s").max_scale is None
    act = offered(tree, "Show at every scale")
    assert act.isChecked()
    act.trigger()
    assert stack.get("s").max_scale == usual


def test_a_layer_without_a_limit_is_asked_nothing(sitting):
    tree, stack = sitting.panels.layers, sitting.desk.ground.model.stack
    stack.add(Layer("w", "Wards", Shelf(), role_style(Role.WARDS), role=Role.WARDS))
    tree.choose("w")
    assert offered(tree, "Show at every scale") is None
