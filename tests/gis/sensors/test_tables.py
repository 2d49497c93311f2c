"""Instruments and limits from tables: the whole table, or the line that is wrong."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.sensor import AlarmRule, Condition, Joining, Measure, Quantity, Response
from gis.sensors.tables import read_limits, read_rules, read_sensors, write_limits, write_sensors
from tests.build import a_gauge

SENSORS = "key,name,quantity,unit,lon,lat,expected_every_s,low,high\n"
KALI = "KALI-3,Kali 3,water level,m,116.70,-8.24,600,0,10\n"
RULES = "key,level,severity,raise_at,clear_below,hold_s\n"


@pytest.fixture
def table(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_line_is_an_instrument_at_a_place(table):
    (gauge,) = read_sensors(table("\ufeff" + SENSORS + KALI))
    assert (gauge.key, gauge.name, gauge.quantity, gauge.unit) == ("KALI-3", "Kali 3", Quantity.LEVEL, "m")
    assert (gauge.place.x, gauge.place.y, gauge.expected_every_s) == (116.70, -8.24, 600)
    assert (gauge.low, gauge.high) == (0.0, 10.0)


def test_what_the_instrument_can_measure_may_be_unknown(table):
    (gauge,) = read_sensors(table(SENSORS + "R1,Hujan,rain,mm,116,-8,300,,\n"))
    assert (gauge.low, gauge.high) == (None, None)


def test_a_table_as_a_spreadsheet_of_a_country_with_decimal_commas_writes_it(table):
    text = (SENSORS + KALI).replace(",", ";").replace(".", ",")
    (gauge,) = read_sensors(table(text), ";", ",")
    assert (gauge.place.x, gauge.place.y, gauge.high) == (116.70, -8.24, 10.0)


def test_a_word_that_is_no_quantity_is_told_which_there_are(table):
    with pytest.raises(UserError, match="“mood” is none of: water level, "):
        read_sensors(table(SENSORS + KALI.replace("water level", "mood")))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (KALI, "used twice"),
        (KALI.replace("water level", "mood"), "mood"),
        (",x,rain,mm,116,-8,300,,\n", "needs a key"),
        ("R1,x,rain,mm,181,-8,300,,\n", "on the earth"),
        ("R1,x,rain,mm,116,-8,0,,\n", "1 second"),
        ("R1,x,rain,mm,116,-8,1e9,,\n", "1e9"),
        ("R1,x,rain,mm,116,-8,600,1_0,\n", "not a number"),
        ("R1,x,rain\n", "cut short"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason(table, line, reason):
    with pytest.raises(UserError, match=rf"table\.csv, line 3.*{reason}"):
        read_sensors(table(SENSORS + KALI + line))


@pytest.mark.parametrize("text", ["", "key;name\n", SENSORS.replace("lon", "x"), SENSORS + '"KALI'])
def test_a_table_of_another_form_is_refused(table, text):
    with pytest.raises(UserError, match=r"table\.csv"):
        read_sensors(table(text))


def test_a_limit_belongs_to_the_instrument_it_names(table):
    sensors = read_sensors(table(SENSORS + KALI))
    (rule,) = read_rules(table(RULES + "KALI-3,Siaga 1,Extreme,4.5,4.2,\n", "rules.csv"), sensors)
    assert (rule.sensor_id, rule.level, rule.severity) == (sensors[0].id, "Siaga 1", Severity.EXTREME)
    assert (rule.raise_at, rule.clear_below, rule.hold_s) == (4.5, 4.2, 0)
    with pytest.raises(UserError, match="KALI-9"):
        read_rules(table(RULES + "KALI-9,Siaga 1,Extreme,4.5,4.2,0\n", "rules.csv"), sensors)


WIDE = RULES.strip() + ",measure,window_s,falling,off_s,count,latch,response,steps,escalate_s,escalate_to\n"


def test_a_limit_may_say_all_that_a_limit_can(table):
    sensors = read_sensors(table(SENSORS + KALI))
    line = 'KALI-3,Naik,Severe,0.5,0.2,60,rise,3600,no,120,2,yes,Evacuate,"Call the gate\nOpen it",300,Duty\n'
    (rule,) = read_rules(table(WIDE + line, "rules.csv"), sensors)
    assert (rule.measure, rule.window_s, rule.falling) == (Measure.RISE, 3600, False)
    assert (rule.off_s, rule.count, rule.latch, rule.response) == (120, 2, True, Response.EVACUATE)
    assert (rule.steps, rule.escalate_s, rule.escalate_to) == ("Call the gate\nOpen it", 300, "Duty")


def test_empty_cells_of_a_limit_say_nothing_special(table):
    sensors = read_sensors(table(SENSORS + KALI))
    (rule,) = read_rules(table(WIDE + "KALI-3,Siaga 1,Extreme,4.5,4.2,,,,,,,,,,,\n", "rules.csv"), sensors)
    assert rule == AlarmRule(sensors[0].id, "Siaga 1", Severity.EXTREME, 4.5, 4.2, id=rule.id)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("KALI-3,Siaga 1,Extreme,4.5,4.2,,mood,,,,,,,,,", "“mood” is none of: value, rise"),
        ("KALI-3,Siaga 1,Extreme,4.5,4.2,,,,maybe,,,,,,,", "“maybe” is none of: yes, no"),
        ("KALI-3,Siaga 1,Extreme,4.5,4.2,,,1.5,,,,,,,,", "1.5 is not a whole number"),
    ],
)
def test_a_wrong_cell_of_a_wide_table_is_named(table, line, reason):
    sensors = read_sensors(table(SENSORS + KALI))
    with pytest.raises(UserError, match=rf"rules\.csv, line 2.*{reason}"):
        read_rules(table(WIDE + line + "\n", "rules.csv"), sensors)


def test_what_a_narrow_table_has_no_column_for_stays_as_it_is(table):
    sensors = read_sensors(table(SENSORS + KALI))
    latched = AlarmRule(sensors[0].id, "Siaga 1", Severity.EXTREME, 4.5, 4.2, latch=True, call="112")
    narrow = table(RULES + "KALI-3,Siaga 1,Severe,4.4,4.2,\n", "rules.csv")
    ((rule, conditions),) = read_limits(narrow, sensors, known=[latched])
    assert conditions is None
    assert rule == replace(latched, severity=Severity.SEVERE, raise_at=4.4)
    known = [replace(sensors[0], step=0.5, contact="Budi 0812")]
    assert read_sensors(table(SENSORS + KALI), known=known) == known


_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
_lines = st.lists(_words.filter(bool), max_size=3).map("\n".join)
_number = st.floats(allow_nan=False, allow_infinity=False)
_count = st.integers(0, 10**8)
_gauges = st.lists(
    st.builds(
        a_gauge,
        key=_words.filter(bool),
        name=_words.filter(bool),
        quantity=st.sampled_from(Quantity),
        unit=_words,
        expected_every_s=st.integers(1, 10**8),
        low=st.none() | _number,
        step=st.none() | _number,
        contact=_lines,
    ),
    unique_by=lambda sensor: sensor.key,
    max_size=3,
)
_limits = st.builds(
    AlarmRule,
    sensor_id=st.just(""),
    level=_words,
    severity=st.sampled_from(Severity),
    raise_at=_number,
    clear_below=_number,
    hold_s=_count,
    measure=st.sampled_from(Measure),
    window_s=_count,
    falling=st.booleans(),
    off_s=_count,
    count=_count,
    latch=st.booleans(),
    response=st.sampled_from(Response),
    meaning=_lines,
    steps=_lines,
    call=_words,
    escalate_s=_count,
    escalate_to=_words,
)


_narrowing = st.builds(
    Condition,
    rule_id=st.just(""),
    sensor_id=st.just(""),
    joining=st.sampled_from(Joining),
    at=_number,
    measure=st.sampled_from(Measure),
    window_s=_count,
    falling=st.booleans(),
)


def _bare(rule, conditions):
    """A limit without the ids that are made anew."""
    return replace(rule, id=""), [replace(each, id="", rule_id="") for each in conditions]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    _gauges,
    st.lists(st.tuples(_limits, st.lists(_narrowing, max_size=2)), max_size=4),
    st.sampled_from([(",", "."), (";", ","), ("\t", ",")]),
)
def test_what_is_written_is_read_back_the_same(tmp_path, gauges, limits, signs):
    write_sensors(tmp_path / "instruments.csv", gauges, *signs)
    read = read_sensors(tmp_path / "instruments.csv", *signs, known=gauges)
    assert read == gauges
    made = [
        (
            replace(rule, sensor_id=gauges[0].id),
            [replace(each, sensor_id=gauges[-1].id) for each in narrowing],
        )
        for rule, narrowing in (limits if gauges else [])
    ]
    write_limits(tmp_path / "limits.csv", made, gauges, *signs)
    again = read_limits(tmp_path / "limits.csv", gauges, *signs)
    assert [_bare(*each) for each in again] == [_bare(*each) for each in made]


def test_a_table_that_cannot_be_written_is_said_to_be(tmp_path):
    with pytest.raises(UserError, match=r"limits\.csv cannot be written"):
        write_limits(tmp_path / "gone" / "limits.csv", [], [])


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("and|KALI-9|value|0|>=|1", "There is no instrument KALI-9"),
        ("and|KALI-3|value|0|1", "is no condition"),
        ("or|KALI-3|value|0|>=|1", "is no condition"),
        ("and|KALI-3|mood|0|>=|1", "is no condition"),
        ("and|KALI-3|value|0|=|1", "is no condition"),
        ("and|KALI-3|value|-1|>=|1", "-1 is not a whole number"),
        ("and|KALI-3|value|0|>=|nan", "not a number"),
        ('"and', "is no condition"),
    ],
)
def test_a_condition_that_is_none_is_named_with_its_line(table, cell, reason):
    sensors = read_sensors(table(SENSORS + KALI))
    quoted = '"' + cell.replace('"', '""') + '"'
    text = RULES.strip() + f",conditions\nKALI-3,Siaga 1,Extreme,4.5,4.2,,{quoted}\n"
    with pytest.raises(UserError, match=rf"rules\.csv, line 2.*{reason}"):
        read_rules(table(text, "rules.csv"), sensors)
