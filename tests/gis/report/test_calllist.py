"""Whom to call, on paper and as a table."""

import csv
import io
from datetime import timedelta

import pytest

from gis.errors import UserError
from gis.model.reporting import Call, Hazard
from gis.report.calllist import CallList, save, table, write
from gis.sensors.silence import Expected, Word, silence
from tests.build import SIX
from tests.gis.report.test_pdf import archivable, text_of

HOUR = timedelta(hours=1)


def a_list(count=3, exercise=True, **but):
    def one(n):
        given = {
            "every": 6 * HOUR,
            "since": SIX - 9 * HOUR,
            "people": 1_000 * (count - n),
            "hazard": Hazard.HIGH,
            "contact": f"Lurah {n}, 0811-{n:04d}",
            "word": Word(SIX - 8 * HOUR, "incident I-0012"),
        }
        return Expected(f"W{n}", "ward", f"Ward {n}", **given | but)

    found = silence([one(n) for n in range(count)], SIX)
    return CallList("Muara Seruni", "Asia/Makassar", exercise, "R. Sari", found)


def test_the_paper_names_everybody_in_order_with_their_numbers():
    paper = write(a_list())
    assert archivable(paper)
    text = text_of(paper)
    places = [text.index(words) for words in ("Ward 0", "Ward 1", "Ward 2")]
    assert places == sorted(places)
    for words in ("Lurah 0, 0811-0000", "8 h", "3,000", "incident I-0012", "not called yet", "hazard high"):
        assert words.replace(" ", "") in text.replace(" ", "")
    assert "3 of 3 silent, 6,000 people" in text


def test_every_page_says_what_it_is_of_when_and_that_its_numbers_are_personal():
    pages = text_of(write(a_list(60))).split("\f")[:-1]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "Call list · Muara Seruni" in page
        assert "2026-03-14 14:00 +08:00 (2026-03-14 06:00 UTC)" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "Personal numbers" in page
        assert page.count("EXERCISE EXERCISE EXERCISE") == 2
    assert "EXERCISE" not in text_of(write(a_list(exercise=False)))


def test_a_call_without_an_answer_stands_beside_what_was_heard():
    tried = Call("W0", SIX - HOUR, answered=False, by="D. Putra", note="mailbox full")
    assert "2026-03-14 13:00 D. Putra, no answer" in " ".join(text_of(write(a_list(1, tried=tried))).split())


def test_what_people_typed_is_never_typesetting_and_letters_no_font_has_do_not_stop_it():
    words = '#panic("x") *b* \U0001f9ff'
    assert '#panic("x") *b*' in " ".join(text_of(write(a_list(1, contact=words))).split())


def test_a_night_in_which_all_were_heard_is_a_list_too():
    assert "Nobody is silent." in text_of(write(a_list(0)))


def test_the_table_has_the_same_order_and_an_empty_column_for_the_answer():
    [first, *rest] = csv.DictReader(io.StringIO(table(a_list()).decode("utf-8-sig")))
    assert (first["order"], first["name"], first["silent_h"]) == ("1", "Ward 0", "8.0")
    assert (first["contact_personal"], first["answer"]) == ("Lurah 0, 0811-0000", "")
    assert (first["last_word_at"], first["as_of"]) == ("2026-03-13T22:00:00Z", "2026-03-14T06:00:00Z")
    assert (first["exercise"], len(rest)) == ("1", 2)


def test_a_number_that_looks_like_a_formula_is_none():
    [line] = csv.DictReader(io.StringIO(table(a_list(1, contact="+62 811")).decode("utf-8-sig")))
    assert line["contact_personal"] == "'+62 811"


def test_the_file_is_called_by_what_it_is_and_when():
    assert a_list().name == "EXERCISE Call list 2026-03-14 0600Z"
    assert a_list(exercise=False).name == "Call list 2026-03-14 0600Z"


def test_paper_and_table_lie_side_by_side(tmp_path):
    made = save(a_list(), tmp_path / "tonight")
    assert made == tmp_path / "tonight.pdf"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tonight.csv", "tonight.pdf"]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        save(a_list(), tmp_path / "gone" / "list.pdf")
