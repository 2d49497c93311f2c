"""Instruments and limits from tables: the whole table, or the line that is wrong."""

import pytest

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.sensor import Quantity
from gis.sensors.tables import read_rules, read_sensors

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
