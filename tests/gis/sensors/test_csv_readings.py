"""Readings from CSV files: taken strictly, and whatever is no reading is kept for a person to see."""

import math
import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import UserError
from gis.sensors.feeds.csvtable import CsvFormat, read_csv
from gis.sensors.feeds.feed import Batch, Feed, Link
from gis.sensors.feeds.folder import Folder
from gis.sensors.feeds.strict import number
from tests.build import SIX, a_gauge

KALI = a_gauge()
WEIR = a_gauge(key="BENDUNG", name="Bendung")
PLAIN = CsvFormat(timezone="Asia/Makassar")


@pytest.fixture
def a_file(tmp_path):
    def write(text, name="kali.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def read(path, form=PLAIN, until=SIX):
    return read_csv(path, [KALI, WEIR], form, until)


def test_a_line_becomes_a_reading_of_the_instrument_with_that_key(a_file):
    batch = read(a_file("key,time,value\nKALI-3,2026-03-14T12:00:00+08:00,2.35\n"))
    (reading,) = batch.readings
    assert (reading.sensor_id, reading.value) == (KALI.id, 2.35)
    assert reading.at == datetime(2026, 3, 14, 4, 0, tzinfo=UTC)
    assert batch.rejected == ()


def test_a_time_without_an_offset_is_of_the_zone_the_source_declares(a_file):
    batch = read(a_file("key,time,value\nKALI-3,2026-03-14 12:00,1\n"))
    assert batch.readings[0].at == datetime(2026, 3, 14, 4, 0, tzinfo=UTC)


def test_a_wide_file_with_decimal_commas_has_a_column_for_each_instrument(a_file):
    form = CsvFormat(";", ",", "Asia/Makassar", "%d/%m/%Y %H:%M", time_column="Waktu", key_column="")
    batch = read(a_file("Waktu;KALI-3;BENDUNG\n14/03/2026 12:00;2,35;\n14/03/2026 12:10;2,40;0,5\n"), form)
    assert [(r.sensor_id, r.value) for r in batch.readings] == [
        (KALI.id, 2.35),
        (KALI.id, 2.40),
        (WEIR.id, 0.5),
    ]
    assert batch.rejected == ()


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("utf-8-sig", b"KALI-3,2026-03-14T12:00+08:00,\xff\x80 2,3\xb0"),
        ("cp1252", b"Kal\xed,2026-03-14T12:00+08:00,\x81\x8d"),
        ("gb18030", "\u6c34,".encode("gb18030") + b"2026-03-14T12:00+08:00,\xff"),
        ("utf-16-le", "KALI-3,2026-03-14T12:00+08:00,\u6c34".encode("utf-16-le")),
    ],
)
def test_a_line_set_aside_is_kept_byte_for_byte(tmp_path, encoding, line):
    end = "\r\n".encode("utf-8" if encoding == "utf-8-sig" else encoding)
    path = tmp_path / "kali.csv"
    path.write_bytes("key,time,value".encode(encoding) + end + line + end)
    (reject,) = read(path, CsvFormat(encoding=encoding)).rejected
    assert reject.raw == line
    assert reject.text.encode("utf-8"), "it can be shown"
    assert reject.reason.encode("utf-8")


@pytest.mark.parametrize(
    "written",
    ["1_000", "٣٫٥", "٣", "nan", "NaN", "inf", "-Infinity", "1e400", "0x10", "1,5", "", "3 m", "１"],
)
def test_what_only_looks_like_a_number_is_set_aside_with_its_raw_line(a_file, written):
    cell = f'"{written}"'
    raw = f"KALI-3,2026-03-14T12:00+08:00,{cell}"
    batch = read(a_file(f"key,time,value\n{raw}\nKALI-3,2026-03-14T12:10+08:00,2\n"))
    assert [r.value for r in batch.readings] == [2.0]
    (reject,) = batch.rejected
    assert (reject.source, reject.line, reject.text) == ("kali.csv", 2, raw)
    assert reject.reason


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30T12:00Z",
        "2026-03-14",
        "20260314T1200",
        "2026-W11-6T12:00",
        "14/03/2026 12:00",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-14:00",
        "٢٠٢٦-03-14T12:00Z",
        "2026-03-14T12:00+99:00",
        "yesterday",
    ],
)
def test_a_time_that_is_none_is_set_aside(a_file, written):
    batch = read(a_file(f"key,time,value\nKALI-3,{written},2\n"))
    assert batch.readings == ()
    assert [reject.line for reject in batch.rejected] == [2]


@pytest.mark.parametrize("hour", ["02:30", "03:30"])
def test_a_local_time_that_the_clock_change_makes_uncertain_is_set_aside(a_file, hour):
    day = {"02:30": "2026-10-04", "03:30": "2026-04-05"}[hour]  # Sydney: forward in October, back in April
    text = f"key,time,value\nKALI-3,{day}T02:30,2\nKALI-3,{day}T12:00,2\n"
    batch = read(a_file(text), CsvFormat(timezone="Australia/Sydney"), SIX + timedelta(days=365))
    assert len(batch.readings) == 1
    assert len(batch.rejected) == 1


def test_a_reading_from_the_future_does_not_take_the_place_of_the_true_one(a_file):
    batch = read(a_file("key,time,value\nKALI-3,2026-03-14T06:04Z,2\nKALI-3,2026-03-14T06:06Z,2\n"))
    assert [r.at for r in batch.readings] == [SIX + timedelta(minutes=4)]
    assert [r.line for r in batch.rejected] == [3]


def test_an_unknown_instrument_is_named_in_the_reason(a_file):
    batch = read(a_file("key,time,value\nKALI-9,2026-03-14T06:00Z,2\n"))
    assert "KALI-9" in batch.rejected[0].reason


def test_a_stray_quote_costs_its_line_and_no_other(a_file):
    text = 'key,time,value\n"KALI-3,2026-03-14T05:00Z,2\nKALI-3,2026-03-14T05:10Z,2\n'
    batch = read(a_file(text))
    assert len(batch.readings) == 1
    assert [r.line for r in batch.rejected] == [2]


def test_a_line_with_too_few_columns_is_set_aside_and_an_empty_one_is_nothing(a_file):
    batch = read(a_file("key,time,value\n\nKALI-3,2026-03-14T05:00Z\n\n"))
    assert [r.line for r in batch.rejected] == [3]


def test_the_tail_of_an_endless_line_is_not_taken_for_a_line(a_file):
    tail = "KALI-3,2026-03-14T05:00Z,9"
    text = "key,time,value\n" + "x" * (64 * 1024) + tail + "\nKALI-3,2026-03-14T05:10Z,2\n"
    batch = read(a_file(text))
    assert [r.value for r in batch.readings] == [2.0]
    assert [r.line for r in batch.rejected] == [2]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "id,when,what\n1,2,3\n", "key;time;value\n", "key,time,value,value\n", "\0\0\0"]
)
def test_a_file_without_the_declared_columns_is_refused_whole(a_file, text):
    with pytest.raises(UserError) as caught:
        read(a_file(text))
    assert caught.value.hint


def test_a_file_with_other_columns_is_told_which_it_has_and_which_are_needed(a_file):
    with pytest.raises(UserError) as caught:
        read(a_file("time,station,level\n2026-03-14T05:00Z,KALI-3,2\n"))
    assert "lacks these columns: key, value" in str(caught.value)
    assert "Its columns: time, station, level." in str(caught.value)
    assert "time, key, value" in caught.value.hint


def test_a_file_with_another_separator_is_told_so(a_file):
    with pytest.raises(UserError) as caught:
        read(a_file("key;time;value\nKALI-3;2026-03-14T05:00Z;2\n"))
    assert "another sign than “,”" in caught.value.hint


def test_a_file_in_another_encoding_than_declared_is_refused_not_misread(a_file):
    with pytest.raises(UserError):
        read(a_file("key,time,value\nKALI-3,2026-03-14T05:00Z,2\n", encoding="utf-16"))


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(UserError, match=r"gone\.csv"):
        read(tmp_path / "gone.csv")


def test_a_source_cannot_declare_one_sign_for_two_things():
    with pytest.raises(UserError):
        CsvFormat(separator=",", decimal=",")
    with pytest.raises(UserError):
        CsvFormat(separator="::")


def test_an_unknown_time_zone_is_refused(a_file):
    with pytest.raises(UserError, match="Mars"):
        read(a_file("key,time,value\n"), CsvFormat(timezone="Mars/Olympus"))


@given(st.text())
def test_whatever_is_written_a_number_is_finite_or_refused(written):
    try:
        value = number(written)
    except ValueError:
        return
    assert math.isfinite(value)
    assert written.isascii()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_is_read_back(value):
    assert number(repr(value)) == value
    assert number(repr(value).replace(".", ","), ",") == value


def test_a_file_is_read_only_when_it_has_stopped_growing(tmp_path):
    folder = Folder(tmp_path, [KALI], PLAIN)
    path = tmp_path / "kali.csv"
    path.write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,1")
    assert folder.poll(SIX).readings == ()
    path.write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,12\n")
    assert folder.poll(SIX).readings == ()
    assert [r.value for r in folder.poll(SIX).readings] == [12.0]
    assert folder.poll(SIX).readings == ()


def test_a_broken_file_is_told_once_and_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.csv").write_text("this is not a table\n")
    (tmp_path / "b.CSV").write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,12\nKALI-3,noon,1\n")
    folder = Folder(tmp_path, [KALI], PLAIN)
    folder.poll(SIX)
    batch = folder.poll(SIX)
    assert len(batch.readings) == 1
    assert [(r.source, r.line) for r in batch.rejected] == [("a.csv", 0), ("b.CSV", 3)]
    os.utime(tmp_path / "b.CSV", (1, 1))
    folder.poll(SIX)
    again = folder.poll(SIX)
    assert len(again.readings) == 1
    assert again.rejected == ()


def test_a_folder_that_went_away_is_said_so(tmp_path):
    with pytest.raises(UserError, match="logger"):
        Folder(tmp_path / "logger", [KALI], PLAIN).poll(SIX)


def test_a_file_that_could_not_be_read_is_tried_again_though_it_looks_the_same(tmp_path):
    path, table = tmp_path / "kali.csv", "key,time,value\nKALI-3,2026-03-14T05:00Z,12\n"
    path.write_text("x" * len(table))
    os.utime(path, (1, 1))
    folder = Folder(tmp_path, [KALI], PLAIN)
    folder.poll(SIX)
    assert [r.source for r in folder.poll(SIX).rejected] == ["kali.csv"]
    assert folder.poll(SIX) == Batch()
    path.write_text(table)
    os.utime(path, (1, 1))
    assert [r.value for r in folder.poll(SIX).readings] == [12.0]


def test_readings_that_could_not_be_kept_are_given_again(tmp_path):
    (tmp_path / "kali.csv").write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,12\nKALI-3,noon,1\n")
    folder = Folder(tmp_path, [KALI], PLAIN)
    folder.poll(SIX)
    given = folder.poll(SIX)
    assert folder.poll(SIX) == Batch()
    folder.reread()
    assert folder.poll(SIX) == given


def test_what_was_kept_is_not_given_again_when_something_later_could_not_be_kept(tmp_path):
    (tmp_path / "a.csv").write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,12\n")
    folder = Folder(tmp_path, [KALI], PLAIN)
    folder.poll(SIX)
    assert len(folder.poll(SIX).readings) == 1
    folder.kept()
    (tmp_path / "b.csv").write_text("key,time,value\nKALI-3,2026-03-14T05:10Z,13\n")
    folder.poll(SIX)
    later = folder.poll(SIX)
    folder.reread()
    assert [r.value for r in later.readings] == [13.0]
    assert folder.poll(SIX) == later


def test_a_folder_says_how_it_is_reached_and_what_is_wrong(tmp_path):
    logger = tmp_path / "logger"
    feed: Feed = Folder(logger, [KALI], PLAIN)
    assert feed.link is Link.CONNECTING
    with pytest.raises(UserError):
        feed.poll(SIX)
    assert (feed.link, "missing until it is back" in feed.trouble) == (Link.FAILED, True)
    logger.mkdir()
    (logger / "a.csv").write_text("this is not a table\n")
    feed.poll(SIX)
    assert (feed.link, feed.trouble) == (Link.CONNECTED, "")
    feed.poll(SIX)
    assert feed.trouble.startswith("a.csv lacks these columns")


def test_one_file_is_a_feed_like_the_folder_it_lies_in(tmp_path):
    (tmp_path / "a.csv").write_text("key,time,value\nKALI-3,2026-03-14T05:00Z,12\n")
    (tmp_path / "b.csv").write_text("key,time,value\nKALI-3,2026-03-14T05:10Z,13\n")
    feed = Folder(tmp_path / "a.csv", [KALI], PLAIN)
    feed.poll(SIX)
    assert [r.value for r in feed.poll(SIX).readings] == [12.0]


@pytest.mark.parametrize("pattern", ["%d%d", "%Q", "%", "(%Y"])
def test_a_pattern_that_is_none_takes_no_line(a_file, pattern):
    form = CsvFormat(time_pattern=pattern)
    batch = read(a_file("key,time,value\nKALI-3,1414,2\n"), form)
    assert (batch.readings, len(batch.rejected)) == ((), 1)
