"""A scenario is a folder of tables: read whole, or refused with the line that is wrong."""

from datetime import time, timedelta

import pytest
from shapely import Point

from gis.errors import UserError
from gis.model.incident import Severity
from gis.model.reporting import PointKind
from gis.training.scenario import Act, Answer, read_scenario
from tests.build import SIX
from tests.night import after

TABLES = {
    "sensors.csv": (
        "key,name,quantity,unit,lon,lat,expected_every_s,low,high\n"
        "KALI-3,Kali 3,water level,m,116.70,-8.24,600,0,10\n"
    ),
    "rules.csv": "key,level,severity,raise_at,clear_below,hold_s\nKALI-3,Siaga 1,Extreme,4.5,4.2,0\n",
    "feed/river.csv": (
        "key,time,value\nKALI-3,2026-03-14T14:10:00+08:00,2.2\nKALI-3,2026-03-14T14:00:00+08:00,2.1\n"
    ),
    "incidents.csv": (
        "key,time,code,severity,where,lon,lat,text,affected,source,depth_m\n"
        "N2,2026-03-14T14:40+08:00,fl,3,,,,Deep at the bridge,,,1.2\n"
        "N1,2026-03-14T14:05+08:00,fl,2,Pasar,116.71,-8.23,Water in the market,,radio,0.4\n"
    ),
    "updates.csv": (
        "key,time,action,field,value\n"
        "N1,2026-03-14T14:30+08:00,amend,affected,12\n"
        "N1,2026-03-14T14:35+08:00,note,,Boat sent\n"
        "N1,2026-03-14T15:00+08:00,close,,Water gone\n"
    ),
    "reporting.csv": "name,contact,every,kind,people,hazard\nNorth,,3 h,ward,4000,high\nTim 1,0800,,,,\n",
    "reports.csv": (
        "time,kind,name,answered\n"
        "2026-03-14T14:50+08:00,ward,North,yes\n"
        "2026-03-14T14:50+08:00,team,Tim 1,no\n"
    ),
}


@pytest.fixture
def read(tmp_path):
    def write_and_read(**changed):
        for name, text in (TABLES | {n.replace("__", "/") + ".csv": t for n, t in changed.items()}).items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        return read_scenario(tmp_path, city="Muara Seruni", timezone="Asia/Makassar", officer="R. Sari")

    return write_and_read


def test_everything_stands_in_order_of_time(read):
    night = read()
    assert (night.starts_at, night.ends_at) == (SIX, after(60))
    assert [reading.value for reading in night.readings] == [2.1, 2.2]
    assert [inject.act for inject in night.injects] == [
        Act.LOG, Act.AMEND, Act.NOTE, Act.LOG, Act.HEARD, Act.CLOSE
    ]  # fmt: skip
    assert night.rules[0].sensor_id == night.sensors[0].id == night.readings[0].sensor_id


def test_a_report_carries_what_its_line_says_and_nothing_else(read):
    logged, amended, noted, second, called, closed = read().injects
    assert logged.details == {
        "code": "fl",
        "severity": Severity.SEVERE,
        "text": "Water in the market",
        "where": "Pasar",
        "source": "radio",
        "place": Point(116.71, -8.23),
        "reported_at": after(5),
    }
    assert "place" not in second.details
    assert amended.details == {"affected": 12}
    assert (noted.author, noted.details) == ("R. Sari", {"text": "Boat sent"})
    assert called.calls == (
        Answer(PointKind.WARD, "North", answered=True),
        Answer(PointKind.TEAM, "Tim 1", answered=False),
    )
    assert closed.details == {"text": "Water gone"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"feed__river": "key,time,value\nKALI-3,noon,2\n"}, "river.csv, line 2"),
        ({"feed__river": "key,time,value\nKALI-9,2026-03-14T06:00Z,2\n"}, "KALI-9"),
        ({"incidents": TABLES["incidents.csv"].replace("fl,2", "fl,bad")}, "incidents.csv, line 3"),
        ({"incidents": TABLES["incidents.csv"].replace("116.71", "361")}, "incidents.csv, line 3"),
        ({"updates": TABLES["updates.csv"].replace(",12\n", ",1_2\n")}, "updates.csv, line 2"),
        ({"updates": TABLES["updates.csv"].replace("amend", "dance")}, "dance"),
        ({"updates": TABLES["updates.csv"].replace("affected", "id")}, "no id to amend"),
        ({"updates": TABLES["updates.csv"].replace("N1", "N7")}, "no incident N7"),
        ({"updates": TABLES["updates.csv"].replace("amend", "heard")}, "no incident N1"),
        ({"rules": "key\n"}, "rules.csv"),
        ({"reports": TABLES["reports.csv"].replace("North", "South")}, "no South to call"),
        ({"reporting": TABLES["reporting.csv"].replace("3 h", "soon")}, "reporting.csv, line 2"),
    ],
)
def test_a_wrong_line_is_named(read, changed, reason):
    with pytest.raises(UserError, match=reason):
        read(**changed)


def test_a_scenario_in_which_nothing_happens_is_refused(read):
    empty = {
        name.removesuffix(".csv").replace("/", "__"): text.split("\n")[0] + "\n"
        for name, text in TABLES.items()
    }
    with pytest.raises(UserError, match="nothing happens"):
        read(**empty)


def test_a_clock_time_is_the_first_one_of_the_night(read):
    night = read()
    assert night.when(time(14, 30)) == after(30)
    assert night.when(time(14, 0)) == SIX
    assert night.when(time(5, 40)) == SIX + timedelta(hours=15, minutes=40)
