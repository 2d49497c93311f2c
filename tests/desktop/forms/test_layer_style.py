from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from desktop.forms.layer_style import CIRCLES, CLASSES, ONE, RULES, TYPED, VALUES, WARMTH, LayerStyleForm
from layers.colours import NIGHT
from layers.filters.saying import say_filter
from layers.layer import Layer
from layers.restyle import signs
from layers.roles import Role, role_style
from layers.style import Clusters, Graduated, Heat, LabelRule, MarkerShape, Pattern, Ruled, Simple, Style
from tests.shapes import Shelf, points, polygons, square

KINDS, DEPTHS = ["river", "pond", "pond", None], [0.2, 0.7, 1.4, 3.0]
PONDS = polygons(*([square(20 * i, 0, 10)] for i in range(4)), kind=KINDS, depth=DEPTHS)


@pytest.fixture
def form(qtbot):
    made = LayerStyleForm()
    qtbot.addWidget(made)
    made.told = []
    made.chosen.connect(lambda _layer_id, style: made.told.append(style))
    made.ask(Layer("w", "Water", Shelf(PONDS), role_style(Role.WATER)), (PONDS,))
    return made


def choose(form, kind):
    form.kind.setCurrentIndex(form.kind.findData(kind))


def activate(box, data):
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def test_a_sign_is_changed_on_the_map_at_once(form):
    activate(form.symbol.hatch, Pattern.CROSSED)
    activate(form.symbol.edge, "#e69f00")
    form.symbol.thick.setValue(3.0)
    symbol = form.told[-1].rule.symbol
    assert symbol.fill.hatch.pattern is Pattern.CROSSED
    assert symbol.fill.colour == "water"
    assert (symbol.stroke.colour, symbol.stroke.width_px) == ("#e69f00", 3.0)
    assert form.told[-1].label == role_style(Role.WATER).label


def test_cancel_and_escape_give_the_look_back_that_it_had(form, qtbot):
    choose(form, VALUES)
    with qtbot.waitSignal(form.left):
        form.cancel()
    assert form.told[-1] == role_style(Role.WATER)
    form.ask(Layer("w", "Water", Shelf(PONDS), role_style(Role.WATER)), (PONDS,))
    choose(form, RULES)
    with qtbot.waitSignal(form.left):
        qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert form.told[-1] == role_style(Role.WATER)


def test_done_keeps_the_look(form, qtbot):
    choose(form, VALUES)
    kept = len(form.told)
    with qtbot.waitSignal(form.left):
        form.submit()
    assert len(form.told) == kept


def test_classes_begin_with_a_column_of_numbers(form):
    choose(form, CLASSES)
    assert form.column.currentText() == "depth"
    assert form.told[-1].rule.column == "depth"


def test_why_a_column_has_no_classes_is_said_where_it_is_seen(form, qtbot):
    form.resize(400, 260)
    form.show()
    choose(form, CLASSES)
    assert not form.words.isVisible()
    form.column.setCurrentText("kind")
    assert form.words.isVisible()
    assert "kind" not in form.told[-1].rule.column
    assert form.rect().contains(form.words.geometry())


def test_edges_are_typed_as_one_likes(form):
    choose(form, CLASSES)
    form.column.setCurrentText("depth")
    form.method.setCurrentIndex(form.method.findData(TYPED))
    form.edges.setText("0; 0,5; 1.5; 4")
    form.edges.editingFinished.emit()
    assert form.told[-1].rule.breaks == (0.0, 0.5, 1.5, 4.0)
    form.edges.setText("3")
    form.edges.editingFinished.emit()
    assert "two different numbers" in form.words.text()
    assert isinstance(form.told[-1].rule, Graduated)


def test_rules_are_written_and_what_is_wrong_with_one_is_said_while_the_last_good_one_is_drawn(form):
    choose(form, RULES)
    form.signs.added.emit()
    rule = form.told[-1].rule
    assert isinstance(rule, Ruled)
    assert len(rule.cases) == 2
    form.rule.filter.setText("depth > 1 AND")
    form.rule.filter.textEdited.emit(form.rule.filter.text())
    assert "ends too early" in form.words.text()
    assert form.told[-1].rule == rule
    form.rule.filter.setText("depth > 1 AND kind = 'pond'")
    form.rule.filter.textEdited.emit(form.rule.filter.text())
    assert say_filter(form.told[-1].rule.cases[1].when) == "depth > 1 AND kind = 'pond'"
    assert form.words.text() == ""
    form.rule.filter.setText("colour = 'red'")
    form.rule.filter.textEdited.emit(form.rule.filter.text())
    assert "no column colour" in form.words.text()


def test_rules_are_moved_removed_and_one_stays(form):
    choose(form, RULES)
    form.signs.added.emit()
    before = form.told[-1].rule.cases
    form.signs.moved.emit(-1)
    assert form.told[-1].rule.cases == before[::-1]
    form.signs.removed.emit()
    form.signs.removed.emit()
    assert form.told[-1].rule.cases == (before[0],)
    form.first.setChecked(True)
    assert form.told[-1].rule.first


def test_each_sign_says_how_many_features_wear_it(form, qtbot):
    choose(form, VALUES)
    form.column.setCurrentText("kind")
    shown = [form.signs.list.item(n) for n in range(form.signs.list.count())]
    qtbot.waitUntil(lambda: shown[0].text() != "pond")
    assert [item.text().split() for item in shown] == [["pond", "2"], ["river", "1"], ["Others", "1"]]


def test_another_sign_of_the_list_is_changed_alone(form):
    choose(form, VALUES)
    form.column.setCurrentText("kind")
    form.signs.list.setCurrentRow(1)
    before = form.told[-1].rule
    activate(form.symbol.ground, "#cc79a7")
    after = form.told[-1].rule
    assert after.classes[0] == before.classes[0]
    assert after.classes[1].symbol.fill.colour == "#cc79a7"


def test_points_take_a_plate_and_a_picture_and_areas_are_not_asked_for_one(form, qtbot):
    assert form.symbol.shape.parentWidget().isHidden()
    wells = points((0, 0), kind=["well"])
    form.ask(Layer("p", "Wells", Shelf(wells), role_style(Role.OTHER)), (wells,))
    assert not form.symbol.shape.parentWidget().isHidden()
    activate(form.symbol.shape, MarkerShape.DIAMOND)
    activate(form.symbol.icon, "water")
    marker = form.told[-1].rule.symbol.marker
    assert (marker.shape, marker.icon) == (MarkerShape.DIAMOND, "water")
    form.wear(NIGHT)
    assert form.symbol.icon.currentData() == "water"


def test_one_look_for_all_starts_from_the_look_that_is_there(form):
    choose(form, VALUES)
    choose(form, ONE)
    assert isinstance(form.told[-1].rule, Simple)


def test_names_are_taken_from_a_column_and_drawn_at_once(form):
    activate(form.names.column, "")
    assert form.told[-1].label is None
    assert form.names.size_px.parentWidget().isHidden()
    activate(form.names.column, "kind")
    form.names.size_px.setValue(13)
    form.names.bold.setChecked(True)
    activate(form.names.ink, "#d55e00")
    form.names.halo_px.setValue(0)
    form.names.far.setValue(25_000)
    form.names.along.setChecked(True)
    label = form.told[-1].label
    assert (label.column, label.size_px, label.bold, label.colour) == ("kind", 13.0, True, "#d55e00")
    assert (label.halo_px, label.max_scale, label.min_scale, label.along) == (0.0, 25_000, None, True)
    assert form.told[-1].rule == role_style(Role.WATER).rule


def test_what_is_asked_of_names_is_what_their_features_can_have(form):
    assert not form.names.along.isHidden()
    assert not form.names.beyond.isHidden()
    wells = points((0, 0), kind=["well"])
    form.ask(Layer("p", "Wells", Shelf(wells), role_style(Role.OTHER)), (wells,))
    assert form.names.along.isHidden()
    assert form.names.beyond.isHidden()


def test_a_look_with_names_is_shown_as_it_is(form):
    rule = LabelRule(
        "nickname", 15.0, "flood", italic=True, priority=7, min_scale=500, beyond=True, rank="depth"
    )
    kept = len(form.told)
    form.show_style(Style(role_style(Role.WATER).rule, rule))
    assert len(form.told) == kept
    form.names.bold.setChecked(True)
    assert form.told[-1].label == replace(rule, bold=True)


@pytest.fixture
def wells(form):
    held = points((0, 0), (9, 9), kind=["well", "tap"])
    form.ask(Layer("p", "Wells", Shelf(held), role_style(Role.OTHER)), (held,))
    return form


def test_points_are_shown_together_as_circles(wells):
    assert wells.crowd.isHidden()
    sign = signs(role_style(Role.OTHER).rule)[0]
    choose(wells, CIRCLES)
    assert wells.told[-1].rule == Clusters(sign)
    activate(wells.crowd.ink, "#e69f00")
    wells.crowd.cell_px.setValue(90)
    wells.crowd.far.setValue(10_000)
    assert wells.told[-1].rule == Clusters(sign, "#e69f00", 90.0, 10_000)
    wells.symbol.high.setValue(14)
    assert wells.told[-1].rule.symbol.marker.size_px == 14
    assert wells.told[-1].rule.cell_px == 90


def test_points_are_shown_together_as_warmth_which_keeps_sign_and_scale(wells):
    choose(wells, CIRCLES)
    wells.crowd.far.setValue(10_000)
    choose(wells, WARMTH)
    activate(wells.crowd.ramp, "blue")
    wells.crowd.radius_px.setValue(40)
    activate(wells.crowd.weight, "kind")
    sign = signs(role_style(Role.OTHER).rule)[0]
    assert wells.told[-1].rule == Heat(sign, "blue", 40.0, "kind", 10_000)


def test_areas_are_not_shown_together(wells):
    assert wells.kind.findData(CIRCLES) > 0
    wells.ask(Layer("w", "Water", Shelf(PONDS), role_style(Role.WATER)), (PONDS,))
    assert wells.kind.findData(CIRCLES) == wells.kind.findData(WARMTH) == -1
