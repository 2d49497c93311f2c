"""The table of codes."""

import io

import pytest

from gis.errors import UserError
from gis.model.incident import Severity
from gis.words.codebook import codebook, find, messages, read_codebook

ENTRY = """
[[code]]
code = "{code}"
name = "Flooding"
severity = {severity}
category = "{category}"
event = "Flood"
response = "Avoid"
"""


def entry(code="fl", severity=3, category="Met"):
    return ENTRY.format(code=code, severity=severity, category=category)


def test_flooding_is_known_to_every_standard():
    flood = find("fl")
    assert (flood.label, flood.severity, flood.category) == ("Flooding", Severity.MODERATE, "Met")
    assert (flood.event, flood.response) == ("Flood", "Avoid")
    assert (flood.hip, flood.hip_edition, flood.glide) == ("MH0600", "2025", "FL")


@pytest.mark.parametrize("typed", ["fl", "FL", "ｆｌ", "ＦＬ", " fl "])
def test_a_code_is_found_in_any_case_and_width(typed):
    assert find(typed).code == "fl"


def test_a_word_is_no_code():
    assert find("water") is None
    assert find("") is None


@pytest.mark.parametrize("code", ["fl", "ls", "bc", "rb", "pw", "md", "fi", "sh", "wa", "rs", "ev", "hz"])
def test_the_acts_of_the_desk_have_a_code(code):
    assert find(code)


def test_no_code_is_an_everyday_word():
    words = {
        "we",
        "he",
        "me",
        "it",
        "is",
        "in",
        "on",
        "at",
        "to",
        "no",
        "go",
        "up",
        "di",
        "ke",
        "ya",
        "ng",
        "sa",
    }
    assert not words & {code.code for code in codebook()}


def test_every_profile_code_is_one_of_the_edition_of_2025():
    known = {
        "MH0600", "MH0603", "MH0703", "MH0705", "MH0301", "GH0300", "GH0101", "TL0205", "TL0201", "TL0405",
        "TL0209", "TL0305", "EN0205", "TL0304", "TL0301", "SO0302",
    }  # fmt: skip
    assert {code.hip for code in codebook()} - {""} == known


def test_the_beginning_of_a_code_or_a_name_offers_it():
    assert [c.code for c in codebook().beginning("fl")] == ["fl", "ff"]
    assert [c.code for c in codebook().beginning("wildf")] == ["wf"]
    assert list(codebook().beginning("")) == list(codebook())


def test_a_city_may_use_codes_of_its_own_script():
    book = read_codebook(entry(code="बाढ"))
    assert book.find("बाढ").label == "Flooding"


@pytest.mark.parametrize(
    "text",
    [
        "code = [",
        "",
        "code = 3",
        "code = ['fl']",
        entry(severity=7),
        entry(category="Weather"),
        entry(code="f"),
        entry(code="f@"),
        entry(code="f1"),
        entry() + entry(),
        "[[code]]\ncode = 'fl'",
        "[[code]]\ncode = 3",
    ],
)
def test_a_broken_table_says_what_is_wrong_with_it(text):
    with pytest.raises(UserError) as caught:
        read_codebook(text)
    assert "stay in use" in caught.value.hint


def test_the_names_of_the_codes_reach_the_translators():
    text = entry().encode()
    assert [(found[1], found[2]) for found in messages(io.BytesIO(text), None, None, None)] == [
        ("_", "Flooding")
    ]
