"""Maps of others come onto the desk's map from a network, stay when it goes, and say so."""

import threading

import pytest
from PySide6.QtCore import Qt

from gis.exchange.online.service import from_origin
from gis.progress import Progress
from gis.store.export import export
from layers.roles import Role
from layers.saved import KEPT
from layers.sources.online import OnlineSource
from tests.gis.exchange.test_online_services import NEW, squares
from tests.mapserver import MapServer, Reply


@pytest.fixture
def server():
    made = MapServer()
    yield made
    made.die()


def form_of(sitting):
    return sitting.desk.online._form


def put(sitting, address: str) -> str:
    """Type an address and add what is behind it; the id of the layer."""
    form = form_of(sitting)
    sitting.press("Ctrl+Alt+O")
    sitting.wait(form.isVisible)
    form.address.setText(address)
    sitting.qtbot.keyClick(form.address, Qt.Key.Key_Return)
    sitting.wait(form.add.isEnabled)
    known = {layer.id for layer in sitting.desk.ground.model.stack}
    form.submit()
    (layer_id,) = {layer.id for layer in sitting.desk.ground.model.stack} - known
    return layer_id


def covered(sitting, layer_id: str) -> bool:
    """The whole picture of the layer is painted, and nothing is on its way."""
    canvas, courier = sitting.panels.map.canvas, sitting.desk.ground.courier
    picture = canvas.renderer.pictures.get(layer_id)
    if canvas.composer.busy or not courier.rest(0) or picture is None or not picture.scene.marks:
        return False
    return bool((picture.scene.marks[0].pixels[..., 3] == 255).all())


def layer_of(sitting, layer_id: str):
    return sitting.desk.ground.model.stack.get(layer_id)


def test_tiles_are_added_at_the_bottom_painted_as_they_come_named_and_kept(sitting, server):
    layer_id = put(sitting, server.address + "/{z}/{x}/{y}.png")
    stack = sitting.desk.ground.model.stack
    assert next(iter(stack)).id == layer_id
    assert layer_of(sitting, layer_id).role is Role.BASEMAP
    sitting.wait(lambda: covered(sitting, layer_id))
    assert layer_of(sitting, layer_id).notice == ""
    sitting.desk.legends.keep()

    def kept():
        with sitting.desk.store.reading() as query:
            return [e["origin"] for e in query.kept(KEPT) or [] if e["origin"].get("kind") == "xyz"]

    sitting.wait(kept)
    assert from_origin(kept()[0]).template == server.address + "/{z}/{x}/{y}.png"


def test_a_desk_that_opens_with_no_network_shows_what_is_kept_and_says_since_when(sitting, server):
    layer_id = put(sitting, server.address + "/{z}/{x}/{y}.png")
    sitting.wait(lambda: covered(sitting, layer_id))
    sitting.desk.legends.keep()
    server.die()
    again = sitting.reopen()
    source = layer_of(again, layer_id).source
    assert isinstance(source, OnlineSource)
    again.wait(lambda: covered(again, layer_id))
    again.panels.map.canvas.look(again.panels.map.canvas.view.panned(700, 0))
    again.wait(lambda: layer_of(again, layer_id).notice)
    assert "does not answer" in layer_of(again, layer_id).notice
    server.start()
    again.panels.layers.again.emit(layer_of(again, layer_id))
    again.wait(lambda: covered(again, layer_id))
    again.wait(lambda: not layer_of(again, layer_id).notice)


def test_the_line_of_the_layer_says_what_is_wrong_and_the_map_does_too(sitting, server):
    server.answer = lambda _path: Reply(status=403)
    layer_id = put(sitting, server.address + "/{z}/{x}/{y}.png?key=SECRET")
    sitting.wait(lambda: layer_of(sitting, layer_id).notice)
    notice = layer_of(sitting, layer_id).notice
    assert "wants a key" in notice
    assert "Nothing of this place is kept" in notice
    assert "SECRET" not in notice
    tree = sitting.panels.layers.tree
    rows = tree.findItems("127.0.0.1", Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchRecursive)
    assert any(notice == row.text(0) for row in rows)
    sitting.wait(lambda: any("wants a key" in note for note in sitting.panels.map.canvas._said().notes))


def test_a_choice_is_offered_of_what_a_wms_has(sitting, server):
    server.answer = lambda path: Reply(NEW.encode() if "SERVICE=WMS&" in path else b"", "text/xml")
    form = form_of(sitting)
    sitting.press("Ctrl+Alt+O")
    form.address.setText(server.address + "/wms")
    form.look.click()
    sitting.wait(lambda: form.offers.count() == 3)
    assert "3 maps, 3 of them" in form.words.text()
    form.filter.setText("river")
    assert [form.offers.item(n).isHidden() for n in range(3)] == [True, False, True]
    form.filter.setText("")
    form.offers.setCurrentRow(0)
    assert form.title.text() == "Aerial 2025"
    assert form.credit.text() == "Sky Ltd"
    assert "Flown in May" in form.facts.toPlainText()
    form.submit()
    layer = next(iter(sitting.desk.ground.model.stack))
    assert (layer.title, layer.min_scale, layer.max_scale) == ("Aerial 2025", 500.0, 50_000.0)
    assert layer.source.service.crs == sitting.desk.ground.model.stack.crs == 32750


def test_a_wmts_is_added_with_its_levels(sitting, server):
    server.answer = lambda path: Reply(squares() if "WMTS" in path else b"", "text/xml")
    form = form_of(sitting)
    sitting.press("Ctrl+Alt+O")
    form.address.setText(server.address + "/wmts")
    form.look.click()
    sitting.wait(lambda: form.offers.count() == 5)
    assert "5 maps, 3 of them" in form.words.text()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file:///etc/passwd", "http://"),
        ("https://me:secret@maps.example.org/wms", "password"),
        ("{server}/nothing", "not as a service of maps"),
    ],
)
def test_what_cannot_be_added_is_said_in_the_form_and_the_map_stays(sitting, server, address, words):
    server.answer = lambda _path: Reply(b"<html/>", "text/html")
    before = tuple(sitting.desk.ground.model.stack)
    form = form_of(sitting)
    sitting.press("Ctrl+Alt+O")
    form.address.setText(address.replace("{server}", server.address))
    form.look.click()
    sitting.wait(lambda: words in form.words.text())
    assert not form.add.isEnabled()
    assert tuple(sitting.desk.ground.model.stack) == before


def test_closing_does_not_wait_for_a_server_that_says_nothing(sitting, server):
    gate = threading.Event()
    server.answer = lambda _path: Reply(b"x" if gate.wait(60) else b"")
    put(sitting, server.address + "/{z}/{x}/{y}.png")
    sitting.wait(lambda: server.asked)
    form = form_of(sitting)
    sitting.press("Ctrl+Alt+O")
    form.address.setText(server.address + "/wms")
    form.look.click()
    sitting.wait(lambda: any("Capabilities" in path for path in server.paths))
    sitting.window.close()
    assert not gate.is_set()
    gate.set()
    assert sitting.desk.ground.courier.rest(20)


def test_a_key_in_an_address_does_not_leave_the_desk(sitting, server, tmp_path):
    put(sitting, server.address + "/{z}/{x}/{y}.png?key=SECRETKEY")
    sitting.desk.legends.keep()

    def kept():
        with sitting.desk.store.reading() as query:
            return query.kept(KEPT)

    sitting.wait(lambda: "SECRETKEY" in str(kept()))
    out = export(sitting.desk.store, tmp_path / "out.gpkg", Progress())
    assert b"SECRETKEY" not in out.read_bytes()


def test_the_zooms_of_tiles_are_those_that_were_typed(sitting, server):
    form = form_of(sitting)
    sitting.press("Ctrl+Alt+O")
    form.address.setText(server.address + "/{z}/{x}/{y}.png")
    form.look.click()
    sitting.wait(form.add.isEnabled)
    form.lowest.setValue(3)
    form.highest.setValue(17)
    form.credit.setText("© Somebody")
    form.submit()
    layer = next(iter(sitting.desk.ground.model.stack))
    assert [m.name for m in layer.source.service.levels] == [str(z) for z in range(3, 18)]
    sitting.wait(lambda: sitting.panels.map.canvas._said().attribution == "© Somebody")
