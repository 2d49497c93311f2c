"""The second face: what a shell sees of the desk, without a window."""

import csv
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from gis import settings
from gis.cli import main
from gis.clock import ScenarioClock, SystemClock
from gis.doctor import painter
from gis.exchange import cap
from gis.exchange.cap import Alert
from gis.model.incident import Incident, Severity
from gis.model.sensor import Alarm
from gis.model.sitrep import Sitrep
from gis.ops import incidents, sensors
from gis.store import Store
from gis.sync import package
from gis.training.player import open_exercise
from tests.build import SIX, a_gauge, a_rule
from tests.night import a_night, after


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KENTONGAN_HOME", str(tmp_path / "home"))
    settings.save(tmp_path / "home" / "settings.toml", settings.Settings(author="R. Sari"))
    return tmp_path / "home"


@pytest.fixture
def operation(store):
    """A folder with one gauge and one incident, closed as it lies on the disk."""
    gauge = a_gauge()
    with store.writing("Set up") as tx:
        sensors.register(tx, gauge)
        sensors.set_rule(tx, a_rule(gauge))
        incidents.log(tx, "fl", "Water knee high", Severity.SEVERE)
    store.close()
    return store.folder


def found(folder, kind):
    store = Store.open(folder, clock=SystemClock(), author="")
    with store.reading() as query:
        records = query.find(kind)
    store.close()
    return records


def test_readings_from_a_file_raise_the_alarm_they_should(operation, tmp_path, capsys):
    file = tmp_path / "kali.csv"
    file.write_text("key,time,value\nKALI-3,2026-03-14T14:00,4.6\n")
    assert main(["ingest", str(operation), str(file)]) == 0
    assert "kali.csv: 1 reading, 1 alarm changed, 0 lines set aside." in capsys.readouterr().out
    (alarm,) = found(operation, Alarm)
    assert alarm.raised_at == SIX


def test_lines_set_aside_are_counted_shown_and_kept(operation, tmp_path, capsys):
    file, rejects = tmp_path / "kali.csv", tmp_path / "rejects.csv"
    file.write_text("Jam;KALI-3\n14/03/2026 14:00;1,5\n14/03/2026 14:10;\x1b[2J1_0\n")
    wide = ["--wide", "--separator", ";", "--decimal", ",", "--time-column", "Jam"]
    options = [*wide, "--time-pattern", "%d/%m/%Y %H:%M", "--rejects", str(rejects)]
    assert main(["ingest", str(operation), str(file), *options]) == 1
    out, err = capsys.readouterr()
    assert "1 reading, 0 alarms changed, 1 line set aside" in out
    assert "kali.csv:3:" in err
    assert "\x1b" not in err
    assert "\x1b[2J1_0" in rejects.read_text("utf-8")


def test_a_mistake_is_said_with_what_to_do_and_no_traceback(tmp_path, capsys):
    assert main(["sitrep", str(tmp_path), "-o", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "is not an operation" in err
    assert ".kentongan" in err


@pytest.mark.parametrize(
    "argv", [[], ["dance"], ["check"], ["ingest", "x"], ["sitrep", "x"], ["demo", "--at", "25:00"]]
)
def test_a_mistaken_command_line_ends_with_2(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert "usage: kentongan" in capsys.readouterr().err


def test_a_mistyped_setting_is_said_before_anything_is_done(operation, home, tmp_path, capsys):
    (home / "settings.toml").write_text("autor = 'x'\n")
    assert main(["sitrep", str(operation), "-o", str(tmp_path / "out")]) == 1
    assert "autor" in capsys.readouterr().err
    assert found(operation, Sitrep) == []


def test_a_situation_report_is_numbered_and_published(operation, tmp_path, capsys):
    out = tmp_path / "out"
    asked = []
    assert (
        main(
            ["sitrep", str(operation), "-o", str(out)],
            map_layers=lambda s: asked.append(s) or nullcontext(()),
        )
        == 0
    )
    (sitrep,) = found(operation, Sitrep)
    assert sitrep.number == 1
    assert len(asked) == 1
    assert {".pdf", ".html", ".gpkg"} <= {path.suffix for path in out.rglob("*")}
    assert "Situation report 1" in capsys.readouterr().out


def test_a_report_on_an_exercise_is_of_the_time_its_night_has_reached(tmp_path):
    folder = tmp_path / "night.kentongan"
    clock = ScenarioClock(SIX, beat=SystemClock())
    open_exercise(folder, a_night(), at=after(180), author="Trainee", clock=clock).store.close()
    assert main(["sitrep", str(folder), "-o", str(tmp_path / "out")]) == 0
    assert found(folder, Sitrep)[0].as_of == after(180)


def test_the_demo_leaves_a_city_a_night_and_a_report(sample_city, tmp_path, capsys):
    folder = tmp_path / "demo"
    shutil.copytree(sample_city.folder, folder / "city")
    assert main(["demo", str(folder), "--at", "05:40"]) == 0
    out = capsys.readouterr().out
    assert str(folder / "city") in out
    assert "Situation report 1" in out
    assert {".pdf", ".html"} <= {path.suffix for path in (folder / "reports").rglob("*")}
    logged = found(folder / "sample.kentongan", Incident)
    assert len(logged) > 30
    assert any(not incident.is_open for incident in logged)
    alarms = found(folder / "sample.kentongan", Alarm)
    assert any(alarm.needs_attention for alarm in alarms)
    assert any(alarm.acknowledged_by == "R. Sari" for alarm in alarms)
    assert main(["check", str(folder / "sample.kentongan")]) == 0
    assert "EXERCISE" in capsys.readouterr().out


def test_a_sound_operation_is_described(operation, capsys):
    assert main(["check", str(operation)]) == 0
    out = capsys.readouterr().out
    assert "An operation of Muara Seruni, desk I." in out
    assert "1 incident, 1 open." in out
    assert "1 instrument." in out
    assert "EXERCISE" not in out


def test_an_operation_that_somebody_altered_is_found_out(operation, capsys):
    store = Store.open(operation, clock=SystemClock(), author="")
    with store._desk.begin() as desk:
        desk.exec_driver_sql("UPDATE incidents SET text = 'All is well'")
    store.close()
    assert main(["check", str(operation)]) == 1
    assert "1 record is not what the journal says" in capsys.readouterr().err


def test_an_operation_with_a_broken_page_is_found_out(operation, capsys):
    path = operation / "desk.gpkg"
    content = bytearray(path.read_bytes())
    content[-3 * 4096 :] = os.urandom(3 * 4096)
    path.write_bytes(content)
    assert main(["check", str(operation)]) == 1
    assert "desk.gpkg" in capsys.readouterr().err


def test_the_database_inside_an_operation_is_not_opened_as_a_map(operation, capsys):
    assert main(["check", str(operation / "desk.gpkg")]) == 1
    assert "belongs to an operation" in capsys.readouterr().err


def test_a_field_package_says_whose_it_is(store, tmp_path, capsys):
    with store.writing("Log incident") as tx:
        incidents.log(tx, "fl", "Water knee high", Severity.SEVERE)
    path = package.pack(store, tmp_path / ("team" + package.SUFFIX)).path
    assert main(["check", str(path)]) == 0
    assert "A field package of Muara Seruni, desk I, made by R. Sari" in capsys.readouterr().out
    path.write_bytes(path.read_bytes()[:-20])
    assert main(["check", str(path)]) == 1


def test_an_alert_is_read_out(tmp_path, capsys):
    path = tmp_path / "alert.xml"
    path.write_bytes(cap.write(Alert("a-1", "kentongan", SIX)))
    assert main(["check", str(path)]) == 0
    assert "a-1 from kentongan" in capsys.readouterr().out


def test_a_map_file_is_described_layer_by_layer(tmp_path, capsys):
    path = tmp_path / "wards.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Sari"},'
        '"geometry":{"type":"Point","coordinates":[116.7,-8.2]}}]}'
    )
    assert main(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "GeoJSON, 1 layer." in out
    assert "name (text)" in out


@pytest.mark.parametrize("name", ["gone.gpkg", "gone.xml", "gone.kentongan-package", "gone"])
def test_what_is_not_there_is_said_to_be_missing(tmp_path, name, capsys):
    assert main(["check", str(tmp_path / name)]) == 1
    assert name in capsys.readouterr().err


def test_the_doctor_says_what_is_unfit(home, capsys, monkeypatch):
    code = main(["doctor"])
    out = capsys.readouterr().out
    assert ("!!" in out) == (code == 1)
    assert all(word in out for word in ("Python 3.", "SQLite 3.", "GDAL", "PROJ", "GB free"))
    (home / "settings.toml").write_text("theme = 3\n")
    assert main(["doctor"]) == 1
    assert "settings.toml" in capsys.readouterr().out


def test_the_commands_run_with_no_window_library(operation, tmp_path):
    """In a process of its own, since this one may have loaded Qt for other tests."""
    script = (
        "import sys; from gis.cli import main;"
        "codes = [main(['check', sys.argv[1]]), main(['sitrep', sys.argv[1], '-o', sys.argv[2]])];"
        "main(['doctor']);"
        "loaded = [m for m in sys.modules if m.split('.')[0] in ('PySide6', 'pyqtgraph', 'shiboken6')];"
        "print('CODES', codes, 'LOADED', loaded)"
    )
    command = [sys.executable, "-c", script, str(operation), str(tmp_path / "out")]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    assert "CODES [0, 0] LOADED []" in done.stdout, done.stderr


def test_the_module_runs_as_a_program(tmp_path):
    command = [sys.executable, "-m", "gis", "check", str(tmp_path / "gone.gpkg")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 1
    assert "gone.gpkg" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_who_has_seen_enough_ends_it_quietly(operation):
    command = [sys.executable, "-m", "gis", "check", str(operation)]
    root, (reads, writes) = Path(__file__).parents[2], os.pipe()
    os.close(reads)
    done = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, cwd=root, check=False)
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_operation_without_its_readings_is_told_so_and_not_mended(operation, capsys):
    (operation / "readings.sqlite").unlink()
    assert main(["check", str(operation)]) == 1
    assert "readings.sqlite is missing" in capsys.readouterr().err
    assert not (operation / "readings.sqlite").exists()


def test_lines_set_aside_are_told_though_a_later_file_is_no_table(operation, tmp_path, capsys):
    good, bad, rejects = (tmp_path / name for name in ("a.csv", "b.csv", "rejects.csv"))
    good.write_text("key,time,value\nKALI-3,noon,1\n=1+1,noon,1\n")
    bad.write_text("no table\n")
    assert main(["ingest", str(operation), str(good), str(bad), "--rejects", str(rejects)]) == 1
    err = capsys.readouterr().err
    assert "a.csv:2:" in err
    assert "b.csv lacks these columns: time, key, value" in err
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        assert [line["raw"][:2] for line in csv.DictReader(file)] == ["KA", "'="]


def test_a_second_copy_is_made_and_restored_in_one_act_each(operation, tmp_path, capsys):
    (tmp_path / "stick").mkdir()
    assert main(["backup", str(operation), str(tmp_path / "stick")]) == 0
    out, err = capsys.readouterr()
    assert "nothing is missing" in out
    assert "same disk" in err
    again = tmp_path / "again.kentongan"
    assert main(["restore", str(tmp_path / "stick"), str(again), "--damaged", str(operation)]) == 0
    assert "again.kentongan holds" in capsys.readouterr().out
    assert found(again, Incident) == found(operation, Incident)


def test_a_stick_that_is_not_there_is_said(operation, tmp_path, capsys):
    assert main(["backup", str(operation), str(tmp_path / "stick")]) == 1
    assert "is not there" in capsys.readouterr().err


def test_a_restore_that_lost_something_says_so(operation, tmp_path, capsys):
    (tmp_path / "stick").mkdir()
    main(["backup", str(operation), str(tmp_path / "stick")])
    for base in (tmp_path / "stick").rglob("desk.copy.gpkg"):
        base.write_bytes(b"nothing")
    assert main(["restore", str(tmp_path / "stick"), str(tmp_path / "again.kentongan")]) == 1
    assert "no copy that is sound" in capsys.readouterr().err


def test_an_operation_leaves_the_desk_as_one_file(operation, tmp_path, capsys):
    out = tmp_path / "out.gpkg"
    assert main(["export", str(operation), str(out)]) == 0
    assert str(out) in capsys.readouterr().out
    assert out.read_bytes()[:15] == b"SQLite format 3"


@pytest.mark.parametrize("compiled", [True, False])
def test_the_doctor_says_whether_the_painter_is_compiled_and_both_are_fit(compiled):
    finding = painter(compiled)
    assert finding.fit
    assert ("not compiled" in finding.text) is not compiled
