"""Styles of QGIS: what is drawn as there, what is said where it is not, and what is refused."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import UserError
from gis.exchange import qml
from layers.filters.saying import say_filter
from layers.qgis.styles import taken
from layers.style import (
    Cap,
    Categorised,
    Graduated,
    MarkerShape,
    Pattern,
    Ruled,
    Simple,
)
from layers.stylejson import style_from_json, style_to_json

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
MM = 96 / 25.4


def layer(kind: str, inner: str = "", /, **said: str) -> str:
    """A symbol layer as version 3 writes it."""
    options = "".join(
        f'<Option name="{name}" value="{value}" type="QString"/>' for name, value in said.items()
    )
    return f'<layer class="{kind}" enabled="1"><Option type="Map">{options}</Option>{inner}</layer>'


def symbol(kind: str, *layers: str, name: str = "0", alpha: str = "1") -> str:
    return f'<symbol type="{kind}" name="{name}" alpha="{alpha}">{"".join(layers)}</symbol>'


def style(kind: str, *symbols: str, body: str = "", more: str = "", **said: str) -> bytes:
    words = " ".join(f'{name}="{value}"' for name, value in said.items())
    drawn = f'<renderer-v2 type="{kind}" {words}>{body}<symbols>{"".join(symbols)}</symbols></renderer-v2>'
    return f'{DOCTYPE}<qgis version="3.34">{drawn}{more}</qgis>'.encode()


def read(content: bytes):
    return taken(qml.read(content))


def only_symbol(kind: str, *layers: str, alpha: str = "1"):
    found = read(style("singleSymbol", symbol(kind, *layers, alpha=alpha)))
    assert isinstance(found.style.rule, Simple)
    return found.style.rule.symbol, found.dropped


RED = layer("SimpleFill", color="255,0,0,255,rgb:1,0,0,1", style="solid", outline_style="no")


def test_a_plain_fill_has_its_colour_its_opacity_and_its_edge_in_pixels():
    found, dropped = only_symbol(
        "fill",
        layer(
            "SimpleFill",
            color="10,20,30,128",
            outline_color="0,0,0,255",
            outline_width="0.5",
            outline_style="dash",
            joinstyle="miter",
        ),
        alpha="0.5",
    )
    assert found.fill.colour == "#0a141e"
    assert found.fill.opacity == pytest.approx(128 / 255 / 2)
    assert found.stroke.width_px == pytest.approx(0.5 * MM)
    assert found.stroke.dash == pytest.approx((2 * MM, MM))
    assert dropped == ()


@pytest.mark.parametrize(
    ("unit", "px", "metres"),
    [
        ("MM", 2 * MM, 0),
        ("Point", 8 / 3, 0),
        ("Pixel", 2, 0),
        ("MapUnit", 1, 2),
        ("RenderMetersInMapUnits", 1, 2),
    ],
)
def test_widths_come_in_every_unit(unit, px, metres):
    line = layer("SimpleLine", line_color="0,0,0,255", line_width="2", line_width_unit=unit, capstyle="flat")
    found, _dropped = only_symbol("line", line)
    assert (found.stroke.width_px, found.stroke.width_m) == (pytest.approx(px), metres)
    assert found.stroke.cap is Cap.FLAT


def test_a_wide_line_below_a_narrow_one_is_its_casing():
    wide = layer("SimpleLine", line_color="0,0,0,255", line_width="2")
    narrow = layer(
        "SimpleLine", line_color="255,255,255,255", line_width="1", customdash="3;1", use_custom_dash="1"
    )
    found, dropped = only_symbol("line", wide, narrow)
    assert (found.stroke.colour, found.stroke.casing) == ("#ffffff", "#000000")
    assert found.stroke.casing_px == pytest.approx(MM / 2)
    assert found.stroke.dash == pytest.approx((3 * MM, MM))
    assert dropped == ()


@pytest.mark.parametrize(
    ("angle", "pattern"),
    [("45", Pattern.RISING), ("135", Pattern.FALLING), ("0", Pattern.LEVEL), ("90", Pattern.UPRIGHT)],
)
def test_a_line_pattern_is_a_hatch(angle, pattern):
    stroke = symbol("line", layer("SimpleLine", line_color="0,0,255,255", line_width="0.5"), name="@0@0")
    hatch = layer("LinePatternFill", stroke, angle=angle, distance="3", color="9,9,9,255")
    found, dropped = only_symbol("fill", RED, hatch)
    assert (found.fill.colour, found.fill.hatch.pattern, found.fill.hatch.colour) == (
        "#ff0000",
        pattern,
        "#0000ff",
    )
    assert found.fill.hatch.spacing_px == pytest.approx(3 * MM)
    assert dropped == ()


def test_two_hatches_across_each_other_are_one_crossed_hatch():
    stroke = symbol("line", layer("SimpleLine", line_color="0,0,255,255"), name="@0@0")
    both = [layer("LinePatternFill", stroke, angle=angle, distance="3") for angle in ("45", "-45")]
    found, dropped = only_symbol("fill", *both)
    assert found.fill.hatch.pattern is Pattern.CROSSED
    assert found.fill.opacity == 0
    assert dropped == ()


def test_markers_become_the_nearest_of_ours_and_it_is_said_which():
    plate = layer(
        "SimpleMarker", name="hexagon", color="1,2,3,255", outline_color="4,5,6,255", size="4", angle="30"
    )
    picture = layer("SvgMarker", name="C:\\icons\\health_Hospital.svg", color="9,9,9,255", size="3")
    found, dropped = only_symbol("marker", plate, picture)
    assert (found.marker.shape, found.marker.icon) == (MarkerShape.CIRCLE, "hospital")
    assert found.marker.size_px == pytest.approx(4 * MM)
    assert len(dropped) == 3
    assert any("hexagon" in said for said in dropped)
    assert any("health_Hospital" in said for said in dropped)
    unknown, said = only_symbol("marker", layer("SvgMarker", name="base64:AAAA", color="9,9,9,255"))
    assert unknown.marker.shape is MarkerShape.CIRCLE
    assert said


def test_what_we_cannot_draw_is_said_and_drawn_as_near_as_can_be():
    gradient = layer("GradientFill", color="0,255,0,255")
    found, dropped = only_symbol("fill", gradient)
    assert found.fill.colour == "#00ff00"
    assert "GradientFill" in dropped[0]


def test_categories_keep_their_values_and_the_empty_one_is_for_all_others():
    body = """<categories>
        <category symbol="0" value="river" label="River" render="true"/>
        <category symbol="0" type="List" label="Small"><val value="ditch"/><val value="drain"/></category>
        <category symbol="0" value="3.0" label="Three"/>
        <category symbol="0" value="pond" label="Pond" render="false"/>
        <category symbol="0" value="" label=""/></categories>"""
    found = read(style("categorizedSymbol", symbol("fill", RED), body=body, attr="&quot;KIND&quot;"))
    rule = found.style.rule
    assert isinstance(rule, Categorised)
    assert rule.column == "KIND"
    assert [(entry.value, entry.also) for entry in rule.classes] == [
        ("river", ()),
        ("ditch", ("drain",)),
        ("3", ()),
    ]
    assert rule.other is not None
    assert "Pond" in found.dropped[0]


def test_ranges_that_meet_are_classes_and_with_gaps_they_are_rules():
    def ranged(*edges):
        parts = "".join(f'<range lower="{a}" upper="{b}" symbol="0" label="{a}"/>' for a, b in edges)
        body = f"<ranges>{parts}</ranges>"
        return read(style("graduatedSymbol", symbol("fill", RED), body=body, attr="depth")).style.rule

    met = ranged((1, 2), (0, 1))
    assert isinstance(met, Graduated)
    assert met.breaks == (0, 1, 2)
    apart = ranged((0, 1), (3, 4))
    assert isinstance(apart, Ruled)
    assert say_filter(apart.cases[1].when) == "depth >= 3 AND depth <= 4"


def test_rules_take_over_what_stands_above_them_and_those_we_cannot_read_are_said():
    body = """<rules key="r">
      <rule scalemindenom="1" scalemaxdenom="25000" filter="&quot;lanes&quot; > 1">
        <rule filter="TYPE = 'Motorway'" symbol="0" label="Motorway" scalemaxdenom="50000"/>
        <rule filter="ELSE" symbol="0" label="Rest"/>
      </rule>
      <rule filter="regexp_match(&quot;a&quot;, 'x')" symbol="0" label="Odd"/>
      <rule filter="a = 1" symbol="0" label="Off" checkstate="0"/>
      <rule filter="ELSE" symbol="0" label="Others"/></rules>"""
    found = read(style("RuleRenderer", symbol("fill", RED), body=body))
    rule = found.style.rule
    assert isinstance(rule, Ruled)
    first, rest, others = rule.cases
    assert say_filter(first.when) == "lanes > 1 AND TYPE = 'Motorway'"
    assert (first.min_scale, first.max_scale) == (None, 25_000)
    assert say_filter(rest.when) == "lanes > 1 AND NOT TYPE = 'Motorway'"
    assert (others.otherwise, others.when) == (True, None)
    assert any("Odd" in said for said in found.dropped)
    assert any("Off" in said for said in found.dropped)


def test_names_come_with_their_column_size_colour_scales_and_halo():
    labels = """<labeling type="simple"><settings><text-style fieldName="&quot;NAMA&quot;" isExpression="1"
      fontSize="9" fontSizeUnit="Point" textColor="1,2,3,255" fontWeight="75" capitalization="1">
      <text-buffer bufferDraw="1" bufferSize="0.5" bufferSizeUnits="MM" bufferColor="9,9,9,255"/></text-style>
      <placement placement="3" priority="7"/>
      <rendering scaleVisibility="1" scaleMin="500" scaleMax="9000"/></settings></labeling>"""
    label = read(style("singleSymbol", symbol("fill", RED), more=labels)).style.label
    assert label.column == "NAMA"
    assert (label.size_px, label.colour, label.bold, label.capitals, label.along, label.priority) == (
        12,
        "#010203",
        True,
        True,
        True,
        7,
    )
    assert (label.min_scale, label.max_scale) == (500, 9000)
    assert (label.halo, label.halo_px) == ("#090909", pytest.approx(0.5 * MM, abs=0.06))


def test_calculated_names_and_classes_are_said_or_refused():
    labels = '<labeling><settings><text-style fieldName="a || b" isExpression="1"/></settings></labeling>'
    found = read(style("singleSymbol", symbol("fill", RED), more=labels))
    assert found.style.label is None
    assert "a || b" in found.dropped[0]
    with pytest.raises(UserError, match="calculation"):
        read(style("categorizedSymbol", symbol("fill", RED), body="<categories/>", attr="a + b"))


def test_the_layers_own_opacity_and_scales_come_along():
    content = style("singleSymbol", symbol("fill", RED), more="<layerOpacity>0.4</layerOpacity>")
    content = content.replace(
        b"<qgis ", b'<qgis hasScaleBasedVisibilityFlag="1" minScale="50000" maxScale="100" '
    )
    found = read(content)
    assert (found.opacity, found.min_scale, found.max_scale) == (0.4, 100, 50_000)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "well-formed"),
        (b"<html/>", "no style"),
        (b"<qgis/>", "does not say"),
        (b"<qgis><pipe/></qgis>", "raster"),
        (b"<qgis>" + b"<a>" * 100 + b"</a>" * 100 + b"</qgis>", "nested"),
        (b'<!DOCTYPE qgis [<!ENTITY a "b">]><qgis>&a;</qgis>', "document type"),
        (b"<!DOCTYPE other SYSTEM 'x'><qgis/>", "document type"),
        (DOCTYPE.encode() + b"<!DOCTYPE qgis SYSTEM 'x'><qgis/>", "document type"),
        (b"<qgis>&xxe;</qgis>", "well-formed"),
        (b" " * (qml.LARGEST + 1), "too large"),
        (style("heatmapRenderer"), "heatmapRenderer"),
        (style("RuleRenderer", body="<rules/>"), "None of the rules"),
    ],
)
def test_what_is_no_style_or_is_meant_as_an_attack_is_refused_in_words(content, why):
    with pytest.raises(UserError, match=why):
        read(content)


def test_a_style_lies_beside_its_map_file(tmp_path):
    (tmp_path / "roads.shp").touch()
    assert qml.style_beside(tmp_path / "roads.shp") is None
    (tmp_path / "roads.qml").touch()
    assert qml.style_beside(tmp_path / "roads.shp") == tmp_path / "roads.qml"
    with pytest.raises(UserError, match="cannot be read"):
        qml.read_file(tmp_path)


def real_styles(realdata: Path) -> list[Path]:
    return sorted(realdata.rglob("*.qml"))


def test_every_real_style_is_taken_or_refused_in_words(realdata):
    rasters = [path for path in real_styles(realdata) if b"<rasterrenderer" in path.read_bytes()]
    for path in rasters:
        with pytest.raises(UserError, match="raster"):
            qml.read_file(path)
    drawn = [taken(qml.read_file(path)).style for path in real_styles(realdata) if path not in rasters]
    assert all(style_from_json(style_to_json(style)) == style for style in drawn)
    assert (len(drawn), len(rasters)) == (24, 17)


def test_the_roads_of_a_real_city_come_with_all_their_rules(realdata):
    (path, *_more) = [path for path in real_styles(realdata) if path.name == "roads_osm_4326.qml"]
    rule = taken(qml.read_file(path)).style.rule
    assert isinstance(rule, Ruled)
    assert len(rule.cases) == 16
    assert rule.cases[0].title == "Motorway or highway"
    assert rule.cases[0].symbol.stroke.casing == "#143232"
    assert rule.cases[0].max_scale == 25_000


WHOLE = style(
    "RuleRenderer",
    symbol("fill", RED),
    body="<rules key='r'><rule filter='a &gt; 1' symbol='0' scalemaxdenom='9'/></rules>",
    more="<layerOpacity>1</layerOpacity>",
).decode()
PIECES = re.findall(r"[\w#]+|\W", WHOLE)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(PIECES) - 1), st.sampled_from(PIECES) | st.text(max_size=5)), max_size=4
    )
)
def test_a_damaged_style_is_read_or_refused_in_words(changes):
    pieces = list(PIECES)
    for at, piece in changes:
        pieces[at] = piece
    try:
        found = read("".join(pieces).encode("utf-8", "replace"))
    except UserError:
        return
    assert style_from_json(style_to_json(found.style)) == found.style
