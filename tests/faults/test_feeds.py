"""Rows 11, 12 and 27 to 30: what instruments and clocks write, and how much of it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gis.model.record import Quality, Reading
from gis.model.sensor import Alarm
from gis.ops import readings, sensors
from gis.sensors.feeds.csvtable import CsvFormat, read_csv
from gis.sensors.feeds.strict import moment
from tests.build import SIX, a_gauge, a_rule
from tests.faults.figures import points

KALI = a_gauge(id="kali")
TEN = timedelta(minutes=10)
ZONES = (
    "Australia/Sydney", "Australia/Lord_Howe", "Europe/Berlin", "America/New_York", "America/Santiago",
    "Africa/Casablanca", "Asia/Makassar",
)  # fmt: skip
NUMBERS = {
    "2.35": 2.35, " 7 ": 7.0, "+1": 1.0, ".5": 0.5, "1e1": 10.0, "-0.2": -0.2,
    "NaN": None, "nan": None, "inf": None, "-Infinity": None, "1e400": None, "1_000": None, "0x10": None,
    "٣": None, "٣.٥": None, "１２": None, "1２": None, "3 m": None, "1,5": None, "1 000": None, "--1": None,
    "−1": None, "TRUE": None, "#N/A": None, "½": None, "1e1_0": None, "": None,
}  # fmt: skip


@pytest.fixture
def take(store, tmp_path):
    """Reads a file as a feed does and stores it; returns what was stored and what was set aside."""
    with store.writing("Set up") as tx:
        sensors.register(tx, KALI)

    def read(content: bytes, form: CsvFormat):
        path = tmp_path / "kali.csv"
        path.write_bytes(content)
        batch = read_csv(path, [KALI], form, SIX + timedelta(days=400))
        with store.writing("Readings") as tx:
            readings.ingest(tx, batch.readings)
        with store.reading() as query:
            return query.series(KALI.id), batch.rejected

    return read


def _changes(zone: ZoneInfo) -> list[datetime]:
    """The hours of 2026 in which the clocks of a zone were changed, in UTC."""
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=each) for each in range(365 * 24)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    return [hour for hour, here, next_ in zip(hours, offsets, offsets[1:], strict=False) if here != next_]


def _walls(zone: ZoneInfo, around: datetime) -> dict[str, list[datetime]]:
    """Every wall clock time near a change, every ten minutes, and the moments when a clock there shows it."""
    walls: dict[str, list[datetime]] = {}
    first = (around.astimezone(zone) - timedelta(hours=6)).replace(tzinfo=None)
    for step in range(12 * 6):
        walls[f"{first + step * TEN:%Y-%m-%dT%H:%M}"] = []
    for step in range(-60 * 24, 60 * 24, 10):
        at = around + timedelta(minutes=step)
        if (wall := f"{at.astimezone(zone):%Y-%m-%dT%H:%M}") in walls:
            walls[wall].append(at)
    return walls


def test_row_11_a_wall_clock_time_that_came_twice_or_never_is_asked_about_and_every_other_is_one_moment():
    kinds = Counter()
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in _changes(zone):
            for wall, moments in _walls(zone, change).items():
                kinds[len(moments)] += 1
                if len(moments) == 1:
                    assert moment(wall, zone) == moments[0], f"{wall} in {name}"
                else:
                    with pytest.raises(ValueError, match="clocks were changed"):
                        moment(wall, zone)
                for at in moments:
                    assert moment(at.astimezone(zone).isoformat(), zone) == at, "an offset settles it"
    assert set(kinds) == {0, 1, 2}, "clocks that were never put forward or back prove nothing"


def test_row_12_a_leap_second_is_a_reading_of_the_last_moment_of_its_minute(take):
    rows = (
        b"KALI-3,2016-12-31T23:59:59Z,1.0\n"
        b"KALI-3,2016-12-31T23:59:60Z,2.0\n"
        b"KALI-3,2017-01-01T00:00:00Z,3.0\n"
        b"KALI-3,2015-07-01T01:59:60+02:00,4.0\n"
        b"KALI-3,2016-12-31T12:30:60Z,5.0\n"
        b"KALI-3,2016-12-31T23:59:61Z,6.0\n"
    )
    stored, rejected = take(b"key,time,value\n" + rows, CsvFormat())
    assert stored.value.tolist() == [4.0, 1.0, 2.0, 3.0]
    assert [int(us) for us in stored.at_us[2:] - stored.at_us[1]] == [999_999, 1_000_000]
    assert [reject.line for reject in rejected] == [6, 7], "no clock shows these"


def test_row_27_what_only_looks_like_a_number_is_set_aside_as_it_came_and_counted(take):
    lines = [f'KALI-3,2026-03-14T05:{n:02d}Z,"{written}"' for n, written in enumerate(NUMBERS)]
    stored, rejected = take("\n".join(["key,time,value", *lines, ""]).encode(), CsvFormat())
    assert stored.value.tolist() == [value for value in NUMBERS.values() if value is not None]
    refused = [line for line, value in zip(lines, NUMBERS.values(), strict=True) if value is None]
    assert [reject.text for reject in rejected] == refused
    assert all(reject.reason for reject in rejected)


COMMAS = CsvFormat(";", ",", "Europe/Rome", "%d/%m/%Y %H:%M")
WIDE_LETTERS = CsvFormat(";", ",", "Europe/Rome", "%d/%m/%Y %H:%M", encoding="utf-16")
FILES = (
    (COMMAS, "utf-8", "14/03/2026 12:00;2,5", [2.5]),
    (COMMAS, "utf-8-sig", "14/03/2026 12:00;-0,25", [-0.25]),
    (WIDE_LETTERS, "utf-16", "14/03/2026 12:00;2,5", [2.5]),
    (COMMAS, "utf-8", "14/03/2026 12:00;1.234,5", []),
    (COMMAS, "utf-8", "14/03/2026 12:00;2.5", []),
    (COMMAS, "utf-8", "46095,5;2,5", []),
    (COMMAS, "utf-8", "03/14/2026 12:00;2,5", []),
    (CsvFormat(";"), "utf-8", "2026-03-14T05:00Z;2.5", [2.5]),
    (CsvFormat(";"), "utf-8", "2026-03-14T05:00Z;2,5", []),
    (CsvFormat(";"), "utf-8", "46095.5;2.5", []),
    (CsvFormat("\t"), "utf-8", "2026-03-14T05:00Z\t1,234.5", []),
)


def test_row_28_a_file_is_read_as_its_source_declares_and_never_guessed_line_by_line(tmp_path):
    for number, (form, encoding, line, values) in enumerate(FILES):
        path = tmp_path / f"{number}.csv"
        cells = [("key", "time", "value"), ("KALI-3", *line.split(form.separator))]
        path.write_bytes("".join(f"{form.separator.join(row)}\r\n" for row in cells).encode(encoding))
        batch = read_csv(path, [KALI], form, SIX + timedelta(days=1))
        assert [reading.value for reading in batch.readings] == values, line
        assert len(batch.rejected) == 1 - len(values), line


MIXED_UP = {
    "centimetres": lambda metres: metres * 100,
    "millimetres": lambda metres: metres * 1000,
    "feet": lambda metres: metres / 0.3048,
    "metres taken for feet": lambda metres: metres * 0.3048,
    "degrees Fahrenheit": lambda metres: metres * 1.8 + 32,
    "a depth below the sensor": lambda metres: -metres,
    "a step": lambda metres: metres + 5.0,
}


def test_row_29_one_value_in_another_unit_is_kept_marked_and_rings_no_alarm(store):
    with store.writing("Set up") as tx:
        for word in MIXED_UP:
            gauge = sensors.register(tx, a_gauge(id=word, key=word))
            sensors.set_rule(tx, a_rule(gauge))
    for number, level in enumerate([1.5, 1.6, 1.5, 2.2, 2.1, 3.0, 3.1, 3.2, 4.0, 4.1] * 3):
        at, wrong = SIX - timedelta(hours=6) + number * TEN, number % 10 == 7
        with store.writing("Readings") as tx:
            said = {word: mixed(level) if wrong else level for word, mixed in MIXED_UP.items()}
            readings.ingest(tx, [Reading(word, at, value) for word, value in said.items()])
            assert tx.find(Alarm) == [], f"{level} m raised an alarm"
    with store.reading() as query:
        for word, mixed in MIXED_UP.items():
            series = query.series(word)
            assert series.value.tolist()[7::10] == [mixed(3.2)] * 3, "the value is kept as it came"
            doubts = [Quality(int(flag)) for flag in series.quality[7::10]]
            assert not doubts.count(Quality.GOOD) or word == "metres taken for feet"


def test_row_30_a_burst_of_ten_times_the_usual_is_all_there_and_takes_no_more_memory_the_longer_it_lasts(
    ground,
):
    outcome = ground("burst", points(1, 2))
    assert outcome.bad == []
