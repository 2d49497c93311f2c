"""Jakarta as others have drawn it: its files come onto the map by the desk's own form, and into reports."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from shapely import Point

from desktop.forms.add_layer import AddLayerForm
from gis.model.incident import Severity
from gis.ops import incidents
from gis.store import Operation, Store
from layers.roles import Role, fitted_style
from tests.stories.conftest import Sitting
from tests.stories.papers import pictures_in, words_of

ROUNDED = 2  # of 255
MENTENG = (106.818, -6.196, 106.832, -6.184)  # here the files overlap
FILES = {
    "district_osm_jakarta": ("aggregation/district_osm_jakarta.geojson", Role.WARDS, 5),
    "jakarta_building": ("gisv4/exposure/jakarta_building.gpkg", Role.BUILDINGS, 7689),
    "roads": ("exposure/roads.shp", Role.STREETS, 185),
    "flood_multipart_polygons": ("hazard/flood_multipart_polygons.shp", Role.FLOOD, 31),
}


@pytest.fixture
def jakarta(tmp_path, clock):
    store = Store.create(
        tmp_path / "jakarta.kentongan",
        Operation("Jakarta", clock.now(), timezone="Asia/Jakarta"),
        clock=clock,
        author="R. Sari",
    )
    with store.writing("Set up") as tx:
        tx.keep("city", {"extent": MENTENG})
        menteng = Point(106.8235, -6.1885)
        incidents.log(tx, "fl", "Water in the underpass", Severity.SEVERE, where="Kebon Sirih", place=menteng)
    yield store
    store.close()


def add(sitting: Sitting, realdata, title: str) -> None:
    """Ctrl+O, the file, and what the form proposes for it."""
    path, role, count = FILES[title]
    sitting.window.perform("add_layer")
    sitting.choose(realdata / "gis/inasafe" / path)
    sitting.wait(lambda: sitting.window.findChild(AddLayerForm) is not None)
    form = sitting.window.findChild(AddLayerForm)
    sitting.wait(lambda: form.isVisible() and form.heading.text() == path.split("/")[-1])
    assert f"{count:,} features" in form.facts.toPlainText()
    assert form.role.currentData() == role
    form.styled.setChecked(False)  # some lie beside a style of QGIS: here the desk's own is looked at
    sitting.click("Add to the map")
    sitting.wait(lambda: title in [layer.title for layer in sitting.desk.ground.model.stack])


def layer_called(sitting: Sitting, title: str):
    return next(layer for layer in sitting.desk.ground.model.stack if layer.title == title)


def pixels(image: QImage) -> np.ndarray:
    """(height, width, 4) bytes."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.array(image.constBits()).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return lines[:, : image.width()]


def differing(one: QImage, other: QImage) -> int:
    """How many pixels differ by more than what is rounded when layers are laid together before or after."""
    apart = np.abs(pixels(one).astype(int) - pixels(other))
    return int((apart > ROUNDED).any(axis=2).sum())


def test_every_layer_is_on_the_map_and_in_the_report(jakarta, sit_down, realdata, tmp_path):
    sitting = sit_down(jakarta)
    for title in FILES:
        add(sitting, realdata, title)
    sitting.canvas.show_all()
    whole = sitting.map_picture()
    stack = sitting.desk.ground.model.stack
    assert [layer.problem for layer in stack] == [""] * len(stack)

    for title, (_path, role, _count) in FILES.items():
        layer = layer_called(sitting, title)
        assert type(layer.style.rule) is type(fitted_style(role, ()).rule)
        stack.update(layer.id, visible=False)
        assert differing(sitting.map_picture(), whole) > 400, f"{title} left no trace on the map"
        stack.update(layer.id, visible=True)
        assert differing(sitting.map_picture(), whole) == 0

    with_flood = sitting.publish("The west of Menteng is under water.")
    for title in FILES:
        assert title in words_of(with_flood["pdf"])
        assert title in with_flood["html"].read_text("utf-8")
    stack.update(layer_called(sitting, "flood_multipart_polygons").id, visible=False)
    without = sitting.publish("The same, without the flood.")
    assert "flood_multipart_polygons" not in words_of(without["pdf"])
    maps = [pictures_in(report["pdf"], tmp_path) for report in (with_flood, without)]
    assert maps[0] != maps[1], "the printed map does not show the flood"


def test_the_names_in_the_files_stand_on_the_map(jakarta, sit_down, realdata):
    sitting = sit_down(jakarta)
    add(sitting, realdata, "roads")
    sitting.canvas.fly_to(106.8305, -6.1836, 4_000)  # Jalan Kebon Sirih, from close by
    sitting.map_picture()
    scene = sitting.canvas.renderer.pictures[layer_called(sitting, "roads").id].scene
    assert "Jalan Kebon Sirih" in {text for names in scene.names for text in names.texts}
