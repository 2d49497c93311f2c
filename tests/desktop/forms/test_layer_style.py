import pytest
from PySide6.QtCore import Qt

from desktop.forms.layer_style import CLASSES, ONE, RULES, TYPED, VALUES, LayerStyleForm
from layers.colours import NIGHT
from layers.filters.saying import say_filter
from layers.layer import Layer
from layers.roles import Role, role_style
from layers.style import Graduated, MarkerShape, Pattern, Ruled, Simple
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
