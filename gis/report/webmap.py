"""The map of the page: folium writes the script, Leaflet comes from its package, nothing from a network.

Words of people never pass through folium: what it renders it compiles as a template once more, so that
braces in an incident's text would be run as code. They enter beside it, as JSON, and reach the page
through `textContent` alone.
"""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import folium
import numpy as np
from branca.element import Element, MacroElement
from folium.map import Layer
from folium.raster_layers import ImageOverlay
from folium.template import Template
from folium.utilities import JsCode
from xstatic.pkg import leaflet

from gis.exchange.geojson import geometry_of
from gis.geo.crs import WEB_MERCATOR, transform
from gis.geo.features import WGS84
from gis.geo.mesh import Box, Frame
from gis.geo.shapes import to_shapely
from gis.progress import Progress
from gis.report import ground, mapimage
from gis.report.content import IncidentLine, MapClass, MapLayer, SensorLine, SitrepContent
from gis.report.ground import core, middle
from gis.report.page import incident_words, sensor_words
from gis.report.signs import SIGNS
from gis.texts import _
from gis.words.terms import SEVERITY

LONGEST_PX = 2200
MOST_TOUCHABLE = 2_000  # vector features of a layer; beyond that it is a picture only

_MARKER = JsCode("function (feature, place) { return Kentongan.marker(feature, place); }")
_STYLE = JsCode("function (feature) { return feature.properties.style || {}; }")
_TOUCH = JsCode("function (feature, layer) { Kentongan.touch(feature, layer); }")


@dataclass(frozen=True, slots=True)
class WebMap:
    """The parts of a map for a page: its box, what it shows (JSON), its script, library and styles."""

    box: str
    facts: str
    script: str
    library: str
    styles: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One line of the map's control, with its features as GeoJSON."""

    name: str
    features: list[dict[str, Any]]


class OfflineMap(folium.Map):
    """A folium map that asks for no file from anywhere: the page brings what it needs."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own names
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


class Scale(MacroElement):
    """A scale bar in metres."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )


class Lay(MacroElement):
    """Fills a layer with the sheet of its number and lists it in the control."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Kentongan.lay({{ this._parent.get_name() }}, {{ this.layer.get_name() }}, {{ this.number }});"
        "{% endmacro %}"
    )

    def __init__(self, layer: Layer, number: int) -> None:
        super().__init__()
        self.layer, self.number = layer, number


def draw(content: SitrepContent, layers: Sequence[MapLayer], progress: Progress) -> WebMap | None:
    """The map of a report; None when nothing in it has a place."""
    frame = ground.web_frame(content, layers, LONGEST_PX)
    if frame is None:
        return None
    board, sheets = _board(frame), _sheets(content, layers)
    if layers:
        sheets.insert(0, Sheet(_("Background"), []))
        _lay(board, _background(layers, frame, progress), 0)
    for number in range(len(layers[:1]), len(sheets)):
        _lay(board, _vector_layer(), number)
    _name_parts(board)
    board.render()
    figure: Any = board.get_root()
    return WebMap(
        figure.html.render(),
        _json([{"name": sheet.name, "features": sheet.features} for sheet in sheets]),
        figure.script.render(),
        _leaflet_script(),
        _leaflet_styles(),
    )


def _json(values: Any) -> str:
    """JSON that can stand in a script: no character of it means anything to HTML."""
    text = json.dumps(values, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _board(frame: Frame) -> OfflineMap:
    (south, west), (north, east) = bounds = _degrees(core(frame))
    board = OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.25,
        max_zoom=19,
    )
    Scale().add_to(board)
    board.fit_bounds([list(corner) for corner in bounds])
    return board


def _degrees(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """((south, west), (north, east)) of a box in Web Mercator."""
    west, south, east, north = box
    corners = transform(np.array([(west, south), (east, north)]), WEB_MERCATOR, WGS84).round(7)
    return (float(corners[0, 1]), float(corners[0, 0])), (float(corners[1, 1]), float(corners[1, 0]))


def _background(layers: Sequence[MapLayer], frame: Frame, progress: Progress) -> ImageOverlay:
    picture = base64.b64encode(mapimage.background(layers, frame, progress)).decode()
    bounds = [list(corner) for corner in _degrees(frame.box)]
    return ImageOverlay(f"data:image/png;base64,{picture}", bounds, pixelated=False, alt="")


def _vector_layer() -> folium.GeoJson:
    nothing = {"type": "FeatureCollection", "features": []}
    return folium.GeoJson(nothing, point_to_layer=_MARKER, style=_STYLE, on_each_feature=_TOUCH)


def _lay(board: OfflineMap, layer: Layer, number: int) -> None:
    layer.add_to(board)
    Lay(layer, number).add_to(board)


def _sheets(content: SitrepContent, layers: Sequence[MapLayer]) -> list[Sheet]:
    """What is drawn as vectors, lowest first: layers to touch, sensors, incidents with the worst on top."""
    sheets = [
        Sheet(layer.title, [feature for drawn in layer.classes for feature in _vector(layer, drawn)])
        for layer in layers
        if _can_be_touched(layer)
    ]
    sensors = [_sensor(line, content) for line in content.sensors if not line.sensor.place.is_empty]
    lines = sorted(content.open_incidents, key=lambda line: -line.incident.severity.priority)
    incidents = [feature for line in lines for feature in _incident(line, content)]
    facts = [Sheet(_("Sensors"), sensors), Sheet(_("Incidents"), incidents)]
    return [*sheets, *(sheet for sheet in facts if sheet.features)]


def _can_be_touched(layer: MapLayer) -> bool:
    classes = layer.classes
    named = layer.names and all(layer.names in drawn.features.columns for drawn in classes)
    return bool(named) and sum(len(drawn.features) for drawn in classes) <= MOST_TOUCHABLE


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _incident(line: IncidentLine, content: SitrepContent) -> list[dict[str, Any]]:
    place, sign = line.incident.place, SIGNS[line.incident.severity]
    if place is None or place.is_empty:
        return []
    words = incident_words(line, content)
    lon, lat = middle(place)[0]
    label = f"{line.incident.number}, {SEVERITY[line.incident.severity]}, {line.meaning.name}"
    chip = {"fill": sign.fill, "shape": sign.shape, "digit": sign.digit, "label": label}
    point = {"type": "Point", "coordinates": [round(float(lon), 6), round(float(lat), 6)]}
    marker = _feature(
        point,
        words=words,
        chip=chip,
        number=line.incident.number,
        order=100 - line.incident.severity.priority,
    )
    if place.geom_type == "Point":
        return [marker]
    style = {"color": sign.fill, "weight": 3, "fillOpacity": 0.15}
    return [_feature(geometry_of(place), words=words, style=style), marker]


def _sensor(line: SensorLine, content: SitrepContent) -> dict[str, Any]:
    colour = SIGNS[line.limit.severity].fill if line.limit else "#1F6FA8"
    dot = {"fill": "#FFFFFF" if line.silent else colour, "edge": colour if line.silent else "#14181C"}
    return _feature(geometry_of(line.sensor.place), words=sensor_words(line, content), dot=dot)


def _vector(layer: MapLayer, drawn: MapClass) -> list[dict[str, Any]]:
    """What can be touched of a class: its outlines and names. Its fill is in the background already."""
    style = {
        "color": (drawn.stroke or drawn.fill)[:7] or "#555555",
        "weight": drawn.width_px if drawn.stroke else 0,
        "opacity": layer.opacity,
        "fillOpacity": 0,
    }
    names = drawn.features.columns[layer.names]
    there = replace(drawn.features, xy=transform(drawn.features.xy, drawn.features.crs), crs=WGS84)
    return [
        _feature(
            geometry_of(shape),
            words=[str(name or drawn.label), layer.title],
            name=str(name or "") if layer.names_the_city else "",
            style=style,
        )
        for shape, name in zip(to_shapely(there), names, strict=True)
        if shape is not None
    ]


def _name_parts(board: OfflineMap) -> None:
    """Give every part a name by its place, so the same report is the same file."""
    todo: list[Element] = [board]
    number = 0
    while todo:
        part = todo.pop()
        part._id = f"{number:03d}"  # pyright: ignore[reportPrivateUsage] - branca has no other way
        number += 1
        todo += list(part._children.values())  # pyright: ignore[reportPrivateUsage]


def _leaflet(name: str) -> bytes:
    return (Path(leaflet.BASE_DIR) / name).read_bytes()


def _leaflet_script() -> str:
    return re.sub(r"\n?//# sourceMappingURL=.*", "", _leaflet("leaflet.js").decode())


def _leaflet_styles() -> str:
    """Leaflet's style sheet with its pictures inside, without what only old Internet Explorers read."""
    text = re.sub(r"behavior:\s*url\(#default#VML\);", "", _leaflet("leaflet.css").decode())
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"url\((images/[\w.-]+)\)", _inlined, text)


def _inlined(found: re.Match[str]) -> str:
    return f"url(data:image/png;base64,{base64.b64encode(_leaflet(found[1])).decode()})"
