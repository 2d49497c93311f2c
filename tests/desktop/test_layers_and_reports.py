"""A map file comes onto the map in the open, gets a look, and leaves with the report."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from desktop.forms.layer_style import CLASSES, VALUES
from desktop.legends import LIVE
from gis.model.sitrep import Sitrep
from layers.roles import Role
from layers.saved import KEPT
from layers.style import Categorised, Graduated, Ruled


@pytest.fixture
def districts(realdata) -> Path:
    found = sorted((realdata / "gis" / "inasafe").rglob("*.shp"))
    return next(path for path in found if "flood" in path.name)


def add(sitting, path: Path) -> str:
    """Look into a file, put it on the map as it is suggested, and name its layer."""
    form, before = sitting.desk.legends._add, {a.id for a in sitting.desk.ground.model.stack}
    sitting.desk.legends.look_into(path)
    sitting.wait(form.isVisible)
    form.add.click()
    (new,) = {a.id for a in sitting.desk.ground.model.stack} - before
    return new


def test_what_is_in_a_file_is_said_before_any_of_it_is_on_the_map(sitting, districts):
    form, before = sitting.desk.legends._add, len(sitting.desk.ground.model.stack)
    sitting.desk.legends.look_into(districts)
    sitting.wait(form.isVisible)
    assert "features, polygons" in form.facts.toPlainText()
    assert form.role.currentData() == Role.FLOOD
    assert len(sitting.desk.ground.model.stack) == before


def test_a_layer_is_drawn_kept_and_stands_below_the_live_ones(sitting, districts):
    layer_id = add(sitting, districts)
    order = [layer.id for layer in sitting.desk.ground.model.stack]
    assert order.index(layer_id) < order.index("incidents")
    renderer = sitting.panels.map.canvas.renderer
    sitting.wait(lambda: layer_id in renderer.pictures and renderer.pictures[layer_id].image is not None)
    sitting.desk.legends.keep()

    def kept() -> bool:
        with sitting.desk.store.reading() as query:
            return any(entry["id"] == layer_id for entry in query.kept(KEPT) or [])

    sitting.wait(kept)


def test_a_file_dropped_on_the_window_is_looked_into(sitting, districts):
    what = QMimeData()
    what.setUrls([QUrl.fromLocalFile(str(districts))])
    middle, buttons, keys = QPointF(500, 400), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    sitting.window.dropEvent(QDropEvent(middle, Qt.DropAction.CopyAction, what, buttons, keys))
    sitting.wait(sitting.desk.legends._add.isVisible)


def test_a_file_that_is_no_map_ends_in_words_and_the_desk_goes_on(sitting, tmp_path):
    (tmp_path / "letter.shp").write_bytes(b"Dear neighbour, the river rises.")
    sitting.desk.legends.look_into(tmp_path / "letter.shp")
    notices = sitting.desk.ground.notices
    sitting.wait(notices.isVisible)
    assert "letter" in notices.words.text()
    assert len(sitting.desk.ground.model.stack) == len(LIVE)


def test_a_file_that_says_no_system_is_added_only_once_somebody_says_it(sitting, realdata, tmp_path):
    for end in ("shp", "shx", "dbf"):  # and no prj
        there = realdata / "gis/seoul-maps/kostat/2013/shp/original" / f"seoul_municipalities.{end}"
        (tmp_path / f"gu.{end}").write_bytes(there.read_bytes())
    path = tmp_path / "gu.shp"
    form, stack = sitting.desk.legends._add, sitting.desk.ground.model.stack
    sitting.desk.legends.look_into(path)
    sitting.wait(form.isVisible)
    assert form.crs.hasFocus()
    sitting.press("Ctrl+Return")
    assert len(stack) == len(LIVE)
    assert form.crs.hasFocus()
    sitting.press("type:123", "Ctrl+Return")
    assert "EPSG:123" in form.wrong.text()
    assert form.wrong.isVisible()
    assert len(stack) == len(LIVE)
    sitting.press("type:5181", "Ctrl+Return")
    assert len(stack) == len(LIVE) + 1


def test_our_own_operation_is_refused_as_a_layer_with_the_reason(sitting):
    sitting.desk.legends.look_into(sitting.desk.store.folder / "desk.gpkg")
    notices = sitting.desk.ground.notices
    sitting.wait(notices.isVisible)
    assert not sitting.desk.legends._add.isVisible()
    assert notices.property("grave")


def test_a_layer_gets_a_look_for_each_value_or_classes_of_a_number(sitting, districts):
    layer_id = add(sitting, districts)
    stack, form = sitting.desk.ground.model.stack, sitting.desk.legends._style
    sitting.desk.legends.ask_style(stack.get(layer_id))
    sitting.wait(form.isVisible)
    form.kind.setCurrentIndex(form.kind.findData(VALUES))
    form.column.setCurrentText("KEL_NAME")
    assert isinstance(stack.get(layer_id).style.rule, Categorised)
    form.kind.setCurrentIndex(form.kind.findData(CLASSES))
    form.column.setCurrentText("OBJECTID")
    assert isinstance(stack.get(layer_id).style.rule, Graduated)
    form.column.setCurrentText("KEL_NAME")
    assert "no number" in form.words.text()
    assert isinstance(stack.get(layer_id).style.rule, Graduated)


def test_f12_drafts_without_using_a_number_and_publishing_uses_one(sitting, districts):
    add(sitting, districts)
    form = sitting.desk.reports._form
    sitting.press("F12")
    sitting.wait(form.isVisible)
    assert "three on a roof" in form.sections.toPlainText()
    assert sitting.records(Sitrep) == []
    form.assessment.setPlainText("Boats first.")
    form.send.click()
    sitting.qtbot.waitUntil(lambda: form.files.count() > 3, timeout=60_000)
    (report,) = sitting.records(Sitrep)
    assert (report.number, report.assessment) == (1, "Boats first.")
    folder = form._published.folder
    assert form._published.failed == ()
    assert {path.suffix for path in folder.iterdir()} >= {
        ".pdf",
        ".html",
        ".gpkg",
        ".geojson",
        ".csv",
        ".json",
    }
    form.close()


def roads(realdata, tmp_path) -> Path:
    """A real road map in a folder of its own, with the style that lies beside it."""
    exposure = realdata / "gis" / "inasafe" / "exposure"
    for path in exposure.glob("roads_osm_4326.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return next(path for path in tmp_path.iterdir() if path.suffix in (".shp", ".geojson"))


def test_a_style_of_qgis_beside_a_map_file_is_worn_with_all_its_rules(sitting, realdata, tmp_path):
    layer_id = add(sitting, roads(realdata, tmp_path))
    stack = sitting.desk.ground.model.stack
    sitting.wait(lambda: isinstance(stack.get(layer_id).style.rule, Ruled))
    assert len(stack.get(layer_id).style.rule.cases) == 16


def test_a_style_of_qgis_is_left_alone_when_nobody_wants_it(sitting, realdata, tmp_path):
    form = sitting.desk.legends._add
    sitting.desk.legends.look_into(roads(realdata, tmp_path))
    sitting.wait(form.isVisible)
    assert form.styled.text() == "Look as in roads_osm_4326.qml"
    form.styled.setChecked(False)
    form.add.click()
    assert isinstance(next(iter(sitting.desk.ground.model.stack)).style.rule, Categorised)


def test_a_look_is_kept_and_worn_by_another_layer(sitting, districts):
    layer_id = add(sitting, districts)
    legends, stack = sitting.desk.legends, sitting.desk.ground.model.stack
    form = legends._style
    legends.ask_style(stack.get(layer_id))
    sitting.wait(form.isVisible)
    form.kind.setCurrentIndex(form.kind.findData(VALUES))
    form.column.setCurrentText("KEL_NAME")
    kept = stack.get(layer_id).style

    def offered(words: str):
        form.more.aboutToShow.emit()
        return next((action for action in form.more.actions() if words in action.text()), None)

    offered("Keep this look").trigger()
    sitting.wait(lambda: offered("As kept") is not None)
    offered("usual look").trigger()
    assert stack.get(layer_id).style != kept
    offered("As kept").trigger()
    assert stack.get(layer_id).style == kept
