"""The paper form: archivable, and with every letter somebody typed."""

import re
import subprocess
from dataclasses import replace

import pytest

from gis.report import pdf
from gis.report.content import IncidentLine, Mark
from tests import needs
from tests.gis.report.night import FLOOD, a_report, an_incident, city_layers
from tests.gis.report.test_html import evil, hostile_layers, hostile_report


def text_of(content: bytes) -> str:
    command = [needs.program("pdftotext"), "-layout", "-", "-"]
    run = subprocess.run(command, input=content, capture_output=True, check=True)
    return run.stdout.decode("utf-8")


def archivable(content: bytes) -> bool:
    return re.search(rb"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>B<", content) is not None


def test_the_paper_is_archivable_and_carries_its_name():
    content = pdf.write(a_report(), city_layers())
    assert content.startswith(b"%PDF-1.7")
    assert archivable(content)
    assert b"Kota Tirta: situation report 3" in content


def test_every_page_says_which_report_it_is_and_that_it_is_an_exercise():
    pages = text_of(pdf.write(a_report(), city_layers())).split("\f")[:-1]
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        assert "Situation report 3" in page
        assert "2026-03-15 07:00 +08:00 (2026-03-14 23:00 UTC)" in page
        assert f"Page {number} of {len(pages)}" in page
        assert page.count("EXERCISE EXERCISE EXERCISE") == 2
    real = text_of(pdf.write(a_report(exercise=False), city_layers()))
    assert "EXERCISE" not in real


def test_nothing_the_desk_knows_or_does_not_know_is_left_out():
    content = a_report()
    text = " ".join(text_of(pdf.write(content, city_layers())).split())
    for line in content.incidents:
        assert line.incident.number in text
    for line in content.sensors:
        assert line.sensor.name in text
    for word in (
        "No reading from 2 sensors",
        "never reported",
        "disputed",
        "Kali 3 keeps rising",
        "Governor",
    ):
        assert word in text
    assert "severity: Severe → Extreme" in text


def test_an_empty_night_is_a_report_too():
    quiet = a_report(
        incidents=(), sensors=(), alarms=(), notes=(), conflicts=(), assessment="", exercise=False
    )
    text = " ".join(text_of(pdf.write(quiet, ())).split())
    for sentence in (
        "There are no open incidents.",
        "there is no map",
        "written no assessment",
        "No alarm stood",
    ):
        assert sentence in text


def test_what_people_typed_is_never_typesetting():
    words = '#panic("x") $x^2$ *bold* @ref <label> \\ `raw` #include "/etc/passwd" // comment'
    line = IncidentLine(an_incident(1, text=words), FLOOD, Mark.NEW)
    text = " ".join(text_of(pdf.write(a_report(incidents=(line,), assessment=words), ())).split())
    assert re.search(r'#panic\("x"\) \$x\^2\$ \*bold\* @ref', text)
    assert text.count("#include") == 2


def test_hostile_words_in_every_field_make_a_report_all_the_same():
    text = evil() + "\x00\x07\ud800\ufffe"
    assert pdf.write(hostile_report(text), hostile_layers(text)).startswith(b"%PDF")


SCRIPTS = {
    "Thai": "น้ำท่วม",
    "Nepali": "बाढी आयो",
    "Arabic": "فيضان",
    "Vietnamese": "Lũ lụt nghiêm trọng",
    "Bengali": "বন্যা",
}


@pytest.mark.parametrize("words", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_this_computer_has_a_font_for_is_printed_and_others_cost_no_report(words):
    content = pdf.write(a_report(assessment=words, incidents=()), ())
    assert content.startswith(b"%PDF")


def test_a_letter_no_font_has_does_not_cost_the_report_and_is_owned_up_to():
    content = pdf.write(a_report(assessment="\U0010fffd here", incidents=()), ())
    assert not archivable(content)
    assert "no font for some of the letters" in " ".join(text_of(content).split())


def test_a_long_night_flows_over_many_pages():
    line = IncidentLine(an_incident(1, text="water " * 400), FLOOD)
    lines = [replace(line, incident=an_incident(n, text=f"Nr {n}")) for n in range(2, 150)]
    pages = text_of(pdf.write(a_report(incidents=(line, *lines)), ())).split("\f")
    assert len(pages) > 6
    assert "Nr 149" in pages[-2] + pages[-3] + pages[-4]
