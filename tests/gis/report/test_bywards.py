"""Which wards are hit stands in the report, if the map knows who lives where."""

from dataclasses import replace

import numpy as np
from lxml import html as lxml_html

from gis.report import html
from gis.report.bywards import tallies
from gis.report.content import MapLayer
from tests.gis.report.night import a_report, city_layers
from tests.gis.report.test_pdf import pdf, text_of


def without_people(layers):
    def bare(drawn):
        columns = {name: c for name, c in drawn.features.columns.items() if name != "population"}
        return replace(drawn, features=replace(drawn.features, columns=columns))

    return tuple(replace(layer, classes=tuple(map(bare, layer.classes))) for layer in layers)


def test_every_ward_that_is_hit_stands_on_paper_and_page():
    content, layers = a_report(), city_layers()
    hit = tallies(content, layers)
    assert len(hit) >= 3
    page = lxml_html.fromstring(html.write(content, layers))
    table = page.xpath("//h2[.='Wards with open incidents']/following::table[1]")[0]
    listed = table.xpath(".//tbody/tr/td[2]/strong/text()")
    assert listed == [tally.ward for tally in hit]
    paper = " ".join(text_of(pdf.write(content, layers)).split())
    assert all(f"{tally.ward} {tally.incidents}" in paper for tally in hit)


def test_a_map_that_does_not_know_who_lives_where_gives_no_table():
    content, layers = a_report(), without_people(city_layers())
    assert tallies(content, layers) == []
    assert b"Wards with open incidents" not in html.write(content, layers)


def test_a_population_in_words_is_not_added_up():
    def told(drawn):
        words = np.full(len(drawn.features), "many", object)
        return replace(
            drawn, features=replace(drawn.features, columns=drawn.features.columns | {"population": words})
        )

    layers = [MapLayer(a.title, tuple(map(told, a.classes))) for a in city_layers()]
    assert tallies(a_report(), layers) == []
