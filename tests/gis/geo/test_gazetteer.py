"""Looking up a name while somebody is saying it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from gis.geo.gazetteer import Gazetteer, Match, Named
from gis.geo.names import folded
from gis.geo.wards import Wards

NAMES = [
    ("Kampung Sari 14", "street", "Gang Melati; Sari Alley"),
    ("Kampung Baru", "street", ""),
    ("Sari Kampung", "school", ""),
    ("Sari", "street", ""),
    ("Market underpass", "bridge", ""),
    ("Đường Nguyễn Huệ", "street", ""),
    ("मिर्चैया", "village", ""),
    ("市立中学校", "school", ""),
    ("Fale'ula", "village", ""),
    ("Pasar Kranggan", "market", ""),
]
COLUMNS = list(zip(*NAMES, strict=True))
LON = [115.20 + i / 100 for i in range(len(NAMES))]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(Named(COLUMNS[0], COLUMNS[1], LON, [-8.65] * len(NAMES), COLUMNS[2]))


def found(gazetteer, text, **how):
    return [place.name for place in gazetteer.search(text, **how)]


def test_the_name_itself_comes_before_names_that_begin_so_and_names_that_hold_the_word(gazetteer):
    places = gazetteer.search("sari")
    assert [p.name for p in places] == ["Sari", "Kampung Sari 14", "Sari Kampung"]
    assert [p.match for p in places] == [Match.EXACT, Match.PREFIX, Match.PREFIX]
    assert places[1].alias == "Sari Alley"


def test_the_beginnings_of_two_words_are_enough(gazetteer):
    assert found(gazetteer, "kam sa")[0] == "Kampung Sari 14"
    assert set(found(gazetteer, "sa kam")) == {"Kampung Sari 14", "Sari Kampung"}


def test_each_place_is_named_once(gazetteer):
    names = found(gazetteer, "sa")
    assert len(names) == len(set(names))


def test_another_name_leads_to_the_place_and_is_told(gazetteer):
    (place,) = gazetteer.search("gang mel")
    assert (place.name, place.alias, place.lon) == ("Kampung Sari 14", "Gang Melati", 115.20)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("duong nguyen", "Đường Nguyễn Huệ"),
        ("ＤＵＯＮＧ", "Đường Nguyễn Huệ"),
        ("faleula", "Fale'ula"),
        ("faleʻula", "Fale'ula"),
        ("मिर्", "मिर्चैया"),
        ("中学", "市立中学校"),
        ("derpas", "Market underpass"),
    ],
)
def test_accents_apostrophes_width_and_script_do_not_matter(gazetteer, typed, name):
    assert found(gazetteer, typed) == [name]


@pytest.mark.parametrize(
    ("heard", "name"),
    [("kmpng", "Kampung Baru"), ("kampong sary", "Kampung Sari 14"), ("krangan", "Pasar Kranggan")],
)
def test_a_misheard_name_is_found_by_its_sound(gazetteer, heard, name):
    place = gazetteer.search(heard)[0]
    assert (place.name, place.match) == (name, Match.MISHEARD)


def test_what_sounds_like_nothing_finds_nothing(gazetteer):
    assert found(gazetteer, "xqzj") == found(gazetteer, "") == found(gazetteer, " ,. ") == []


def test_among_equals_what_is_in_view_comes_first(gazetteer):
    assert found(gazetteer, "kampung")[0] == "Kampung Baru"
    assert found(gazetteer, "kampung", view=(115.195, -8.7, 115.205, -8.6))[0] == "Kampung Sari 14"


def test_no_more_are_offered_than_asked_for(gazetteer):
    assert len(found(gazetteer, "sa", limit=2)) == 2


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Kampung Sari 14 water knee high", "Kampung Sari 14", " water knee high"),
        ("kampung sari 14, water knee high", "Kampung Sari 14", " water knee high"),
        ("market knee-deep water", "Market underpass", " knee-deep water"),
        ("sari alley flooded", "Kampung Sari 14", " flooded"),
    ],
)
def test_the_longest_name_a_sentence_begins_with_is_taken_off(gazetteer, text, name, rest):
    places, length = gazetteer.leading(text)
    assert places[0].name == name
    assert text[length:] == rest


@pytest.mark.parametrize("text", ["", "behind the mosque", "14 people", "kam sa"])
def test_a_sentence_that_begins_with_no_name_keeps_all_its_words(gazetteer, text):
    assert gazetteer.leading(text) == ([], 0)


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_look_up(text):
    gazetteer = Gazetteer(Named(*COLUMNS[:2], LON, [0.0] * len(NAMES), COLUMNS[2]))
    gazetteer.search(text)
    _, length = gazetteer.leading(text)
    assert 0 <= length <= len(text)
    assert folded(folded(text)) == folded(text)


def test_the_nearest_name_tells_where_a_point_is(gazetteer):
    place, metres = gazetteer.near(115.2201, -8.65)
    assert place.name == "Sari Kampung"
    assert metres == pytest.approx(11.0, abs=0.1)


def test_an_empty_gazetteer_knows_nothing():
    empty = Gazetteer(Named([], [], [], []))
    assert empty.search("sari") == empty.exactly("sari") == []
    assert empty.near(0, 0) is None
    assert empty.leading("sari") == ([], 0)


def test_twenty_thousand_names_answer_every_keystroke():
    names = [f"{a}{b} {c}" for a in "bdgjklmnprst" for b in ("ala", "ari", "ong", "uni") for c in range(420)]
    many = Gazetteer(Named(names, ["street"] * len(names), [0.0] * len(names), [0.0] * len(names)))
    assert len(many) == 20_160
    assert many.search("kari 41")[0].name == "kari 41"
    assert many.search("qari 41")[0].match is Match.MISHEARD


def test_a_place_is_in_its_ward_and_a_border_belongs_to_the_first():
    wards = Wards(["D3", "D4"], [box(115.2, -8.7, 115.3, -8.6), box(115.3, -8.7, 115.4, -8.6)])
    assert [wards.of(x, -8.65) for x in (115.25, 115.35, 115.3, 115.5)] == ["D3", "D4", "D3", ""]
    assert wards.of(float("inf"), 0) == ""
    assert Wards([], []).of(0, 0) == ""
