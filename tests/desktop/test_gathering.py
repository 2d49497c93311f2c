"""Several map files, or a folder of them, are looked into at once; each says for itself what is wrong."""

import shutil

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from desktop.gathering import MOST_FILES, map_files
from gis.errors import UserError
from gis.progress import Progress
from tests.tiles import mbtiles, pyramid

MATARAM = (116.7, -8.25)
POINT = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"A"},'
    '"geometry":{"type":"Point","coordinates":[116.7,-8.25]}}]}'
)


@pytest.fixture
def maps(tmp_path):
    """A folder as it comes on a stick."""
    folder = tmp_path / "stick"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "hospitals.geojson").write_text(POINT)
    (folder / "deep" / "er" / "schools.geojson").write_text(POINT)
    (folder / "deep" / "broken.shp").write_bytes(b"Dear neighbour, the river rises.")
    (folder / "notes.txt").write_text("buy bread")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / ".hidden.geojson").write_text(POINT)
    mbtiles(folder / "aerial.mbtiles", pyramid(range(12, 14), MATARAM), name="Aerial")
    return folder


def drop(sitting, *paths):
    what = QMimeData()
    what.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle, buttons, keys = QPointF(500, 400), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    sitting.window.dropEvent(QDropEvent(middle, Qt.DropAction.CopyAction, what, buttons, keys))


def rows(form) -> dict[str, str]:
    return {item.text(0): item.text(1) for item in form._items()}


def test_a_folder_that_is_dropped_is_looked_through_and_added_as_ticked(sitting, maps):
    form = sitting.desk.legends._gathering._form
    drop(sitting, maps)
    sitting.wait(form.isVisible)
    found = rows(form)
    assert set(found) == {"hospitals", "schools", "Aerial", "broken.shp"}
    assert found["hospitals"] == "hospitals"
    assert found["Aerial"] == "a picture"
    assert "broken.shp" in form.words.toPlainText()
    assert form.words.isVisible()
    assert form.heading.text() == "3 of 4 layers will be added"
    (school,) = (item for item in form._items() if item.text(0) == "schools")
    school.setCheckState(0, Qt.CheckState.Unchecked)
    form.submit()
    titles = [layer.title for layer in sitting.desk.ground.model.stack]
    assert titles[0] == "Aerial"
    assert "hospitals" in titles
    assert "schools" not in titles
    assert not form.isVisible()


def test_several_files_are_taken_together(sitting, maps):
    form = sitting.desk.legends._gathering._form
    drop(sitting, maps / "hospitals.geojson", maps / "notes.txt")
    sitting.wait(form.isVisible)
    found = rows(form)
    assert set(found) == {"hospitals", "notes.txt"}
    assert "notes.txt" in form.words.toPlainText()


def test_a_folder_without_maps_ends_in_words(sitting, tmp_path):
    (tmp_path / "empty").mkdir()
    drop(sitting, tmp_path / "empty")
    notices = sitting.desk.ground.notices
    sitting.wait(notices.isVisible)
    assert "No map file was found" in notices.words.text()


def test_a_folder_that_a_map_is_made_of_is_one_map_and_an_operation_is_none(tmp_path, maps):
    shutil.copytree(maps / "deep", maps / "night.kentongan")
    (maps / "city.gdb").mkdir()
    (maps / "city.gdb" / "a00000001.gdbtable").write_bytes(b"x")
    names = sorted(path.name for path in map_files([maps], Progress()))
    assert names == ["aerial.mbtiles", "broken.shp", "city.gdb", "hospitals.geojson", "schools.geojson"]


def test_too_many_maps_are_not_looked_into(tmp_path):
    for n in range(MOST_FILES + 1):
        (tmp_path / f"{n}.geojson").write_text(POINT)
    with pytest.raises(UserError, match="too many"):
        map_files([tmp_path], Progress())
