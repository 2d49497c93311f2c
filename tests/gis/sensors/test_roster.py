"""A table of teams: who they are, how often they report, whom to call."""

import pytest
from shapely import Point

from gis.errors import UserError
from gis.model.reporting import Hazard, PointKind
from gis.sensors.roster import Post, every_s, read_roster


def written(tmp_path, text):
    path = tmp_path / "teams.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_teams_needs_no_more_than_name_contact_and_rhythm(tmp_path):
    path = written(tmp_path, "name,contact,every\nTeam B,Budi 0812-000,90 min\nTeam C,,2\n")
    assert read_roster(path) == [
        Post(PointKind.TEAM, "Team B", every_s=5_400, contact="Budi 0812-000"),
        Post(PointKind.TEAM, "Team C", every_s=7_200),
    ]


def test_it_may_say_more(tmp_path):
    text = "name;contact;every;kind;people;hazard;lon;lat\nAula;;1,5 h;shelter;320;High;116,7;-8,2\n"
    [hall] = read_roster(written(tmp_path, text), ";", ",")
    assert hall == Post(PointKind.SHELTER, "Aula", Point(116.7, -8.2), 320, 5_400, "", Hazard.HIGH)


@pytest.mark.parametrize(
    "line",
    ["Team B,,soon", "Team B,,1_0 h", "Team B,,٣ h", ",,6 h", "Team B,,6 h\nteam b,,6 h", "Team B,,1e400 h"],
)
def test_one_wrong_line_refuses_the_whole_table_and_is_named(tmp_path, line):
    with pytest.raises(UserError, match=r"teams.csv, line \d"):
        read_roster(written(tmp_path, f"name,contact,every\nTeam A,,6\n{line}\n"))


def test_a_table_of_nobody_is_one(tmp_path):
    assert read_roster(written(tmp_path, "name,contact,every\n")) == []


def test_a_rhythm_is_written_in_minutes_hours_or_days():
    assert [every_s(each) for each in ("6", "6 h", "90 min", "1d", "0.5")] == [
        21600,
        21600,
        5400,
        86400,
        1800,
    ]
