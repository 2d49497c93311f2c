"""Tables as spreadsheets and loggers export them: declared, looked at before they count, never guessed."""

import locale
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from gis.model.record import Quality
from gis.sensors.feeds.csvtable import CsvFormat, read_csv
from gis.sensors.feeds.guess import suggested
from gis.sensors.feeds.preview import LINES, previewed
from gis.sensors.feeds.strict import EXCEL, EXCEL_1904, moment
from tests.build import SIX, a_gauge

KALI = a_gauge()
WEIR = a_gauge(key="BENDUNG", name="Bendung")
LATER = SIX + timedelta(days=1)

# name: bytes of the file, how it is declared, and the values that are taken; every other line is set aside
GOLDEN = {
    "italian spreadsheet": (
        "Data;KALI-3\r\n14/03/2026 06:00;2,5\r\n14/03/2026 06:10;1.234,5\r\n".encode("windows-1252"),
        CsvFormat(";", ",", "Europe/Rome", "%d/%m/%Y %H:%M", "Data", "", encoding="windows-1252"),
        [2.5],
    ),
    "unicode text of a spreadsheet": (
        "Waktu\tKALI-3\r\n14/03/2026 12:00:05\t2,5\r\n".encode("utf-16"),
        CsvFormat("\t", ",", "Asia/Makassar", "%d/%m/%Y %H:%M:%S", "Waktu", "", encoding="utf-16"),
        [2.5],
    ),
    "marked utf-8": (
        b"\xef\xbb\xbftime,key,value\n2026-03-14T05:00Z,KALI-3,2.5\n",
        CsvFormat(),
        [2.5],
    ),
    "day numbers": (
        b"time;key;value\n46095,25;KALI-3;2,5\n46095;KALI-3;2,4\n46095.5;KALI-3;2,6\n",
        CsvFormat(";", ",", "UTC", EXCEL),
        [2.5, 2.4, 2.6],
    ),
    "american": (
        b'time,key,value\n"3/14/2026 05:00",KALI-3,"1,234.5"\n3/14/2026 05:00,KALI-3,2.5\n',
        CsvFormat(",", ".", "UTC", "%m/%d/%Y %H:%M"),
        [2.5],
    ),
    "date and time apart, below a title": (
        b"Station report\nprinted today\nDate;Time;KALI-3\n14.03.2026;05:10;2,5\n14.03.2026;;2,5\n",
        CsvFormat(";", ",", "UTC", "%d.%m.%Y %H:%M", "Time", "", date_column="Date", skip=2),
        [2.5],
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_row_28_a_table_is_taken_as_it_is_declared(tmp_path, name):
    raw, form, values = GOLDEN[name]
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    batch = read_csv(path, [KALI], form, LATER)
    assert [reading.value for reading in batch.readings] == values
    lines = len(raw.decode(form.encoding).split("\n")) - 2 - form.skip
    assert len(batch.readings) + len(batch.rejected) == lines


@pytest.mark.parametrize("name", GOLDEN)
def test_row_28_the_language_of_the_computer_changes_nothing(tmp_path, name):
    raw, form, values = GOLDEN[name]
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    before = locale.setlocale(locale.LC_ALL)
    spoken = 0
    try:
        for language in ("it_IT.UTF-8", "it_IT", "de_DE.UTF-8", "C", "C.UTF-8"):
            try:
                locale.setlocale(locale.LC_ALL, language)
            except locale.Error:
                continue
            spoken += 1
            assert [reading.value for reading in read_csv(path, [KALI], form, LATER).readings] == values
    finally:
        locale.setlocale(locale.LC_ALL, before)
    assert spoken >= 2


def test_the_days_of_a_spreadsheet_count_from_where_excel_counts():
    zone = timezone(timedelta(hours=8))
    assert moment("25569", UTC, EXCEL) == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment("46095.25", UTC, EXCEL) == datetime(2026, 3, 14, 6, tzinfo=UTC)
    assert moment("46095,25", zone, EXCEL) == datetime(2026, 3, 13, 22, tzinfo=UTC)
    assert moment("44633.25", UTC, EXCEL_1904) == datetime(2026, 3, 14, 6, tzinfo=UTC)


@given(st.integers(86_400, 7_000_000_000))
def test_a_day_number_as_a_spreadsheet_writes_it_is_the_second_it_was_made_from(seconds):
    serial = 25569 + seconds / 86_400
    assert moment(repr(serial), UTC, EXCEL) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["1", "60", "-5", "nan", "1e5", "٤٦٠٩٥", "46095.25.1", "", "123456"])
def test_what_is_no_day_number_of_our_time_is_refused(written):
    with pytest.raises(ValueError):
        moment(written, UTC, EXCEL)


def test_a_column_in_centimetres_becomes_metres_and_keeps_its_name(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("time,Pegel [cm],Weir\n2026-03-14T05:00Z,57,2\n", "utf-8")
    form = CsvFormat(
        key_column="", names=(("Pegel [cm]", "KALI-3"), ("Weir", "BENDUNG")), units=(("Pegel [cm]", "cm"),)
    )
    batch = read_csv(path, [KALI, WEIR], form, LATER)
    assert [(each.sensor_id, each.value) for each in batch.readings] == [(KALI.id, 0.57), (WEIR.id, 2.0)]


def test_a_unit_nobody_can_convert_is_kept_as_it_came_and_marked(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,57\n", "utf-8")
    (reading,) = read_csv(path, [KALI], CsvFormat(units=(("", "degC"),)), LATER).readings
    assert (reading.value, reading.quality) == (57.0, Quality.UNIT)


def test_a_preview_says_what_each_line_becomes_and_why_not(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "key,time,value\nKALI-3,2026-03-14 12:00,2.5\n\nNOBODY,2026-03-14 12:00,1\nKALI-3,noon,1_000\n",
        "utf-8",
    )
    found = previewed(path, [KALI], CsvFormat(timezone="Asia/Makassar"), LATER)
    assert (found.file, found.header, found.trouble) == ("a.csv", ("key", "time", "value"), "")
    assert [line.line for line in found.lines] == [2, 4, 5]
    (reading,) = found.lines[0].readings
    assert (reading.at, reading.value) == (datetime(2026, 3, 14, 4, tzinfo=UTC), 2.5)
    assert found.lines[0].cells == ("KALI-3", "2026-03-14 12:00", "2.5")
    assert ["NOBODY" in found.lines[1].reasons[0], found.lines[2].readings] == [True, ()]


def test_a_preview_of_a_long_table_reads_only_its_beginning(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("key,time,value\n" + "KALI-3,2026-03-14T05:00Z,1\n" * 100, "utf-8")
    assert len(previewed(path, [KALI], CsvFormat(), LATER).lines) == LINES


def test_a_table_declared_wrongly_is_shown_as_it_was_split_with_what_is_wrong(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("key;time;value\nKALI-3;2026-03-14T05:00Z;1\n", "utf-8")
    found = previewed(path, [KALI], CsvFormat(), LATER)
    assert "lacks these columns" in found.trouble
    assert found.lines[1].cells == ("KALI-3;2026-03-14T05:00Z;1",)


def test_of_a_folder_the_newest_table_is_shown(tmp_path):
    with pytest.raises(UserError, match="no table"):
        previewed(tmp_path, [KALI], CsvFormat(), LATER)
    (tmp_path / "notes.pdf").write_text("x")
    (tmp_path / "a.csv").write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,1\n", "utf-8")
    assert previewed(tmp_path, [KALI], CsvFormat(), LATER).file == "a.csv"
    with pytest.raises(UserError, match="cannot be read"):
        previewed(tmp_path / "gone.csv", [KALI], CsvFormat(), LATER)


@pytest.mark.parametrize("name", [name for name in GOLDEN if "title" not in name])
def test_how_a_table_seems_to_be_written_is_how_it_was_written(tmp_path, name):
    raw, form, _values = GOLDEN[name]
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    guess = suggested(path, [KALI, WEIR], CsvFormat(timezone=form.timezone))
    told = (guess.separator, guess.time_column, guess.key_column, guess.time_pattern)
    assert told == (form.separator, form.time_column, form.key_column, form.time_pattern)
    assert raw.decode(guess.encoding) == raw.decode(form.encoding)
    if name != "italian spreadsheet":  # 2,5 and 1.234,5 leave one number with a comma
        assert guess.decimal == form.decimal


@given(st.binary(max_size=400))
def test_whatever_a_file_holds_a_guess_and_a_preview_say_something(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("tables") / "a.csv"
    path.write_bytes(raw)
    guess = suggested(path, [KALI], CsvFormat())
    found = previewed(path, [KALI], guess, LATER)
    assert found.trouble or all(line.readings or line.reasons for line in found.lines)


@pytest.mark.parametrize(
    "but", [{"encoding": "klingon"}, {"skip": -1}, {"skip": 10**6}, {"separator": ""}, {"value_column": ""}]
)
def test_a_declaration_that_is_none_is_refused(but):
    with pytest.raises(UserError):
        CsvFormat(**but)
