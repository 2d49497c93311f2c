"""How the desk starts: with no more than the first paint needs, and with no window where none is asked."""

import os
import re
import subprocess
import sys

import pytest

from desktop.__main__ import main
from gis import cli
from tests.architecture.source import ROOT

HEAVY = ("pyqtgraph", "folium", "typst", "pyogrio", "geopandas", "pandas", "lxml", "jinja2", "PIL")


def surroundings(home) -> dict[str, str]:
    own = {"PYTHONPATH": str(ROOT), "KENTONGAN_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return os.environ | own


def loaded_after(code: str, tmp_path) -> set[str]:
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "KENTONGAN_HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in said.stdout.split()}


def test_nothing_heavy_stands_between_the_click_and_the_first_paint(tmp_path):
    code = """
from pathlib import Path
from desktop.opening import open_folder
from desktop.session import application, show
from desktop.theme import Appearance
from gis.settings import Settings
desk = show(open_folder(Path(r'%s') / 'a.kentongan', Settings(author='RS')), Appearance(application()))
desk.window.grab()
desk.window.close()
"""
    assert not loaded_after(code % tmp_path, tmp_path) & set(HEAVY)


def test_the_second_face_needs_no_window(tmp_path):
    code = """
from desktop.__main__ import main
try:
    main(['doctor', '--help'])
except SystemExit:
    pass
"""
    assert "PySide6" not in loaded_after(code, tmp_path)


def test_every_command_is_reached_by_the_one_name_of_the_program(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    told = re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert {"check", "restore"} < set(told)
    for command in told:
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert capsys.readouterr().out.startswith(f"usage: kentongan {command} ")
    with pytest.raises(SystemExit):
        main(["--help"])
    assert ", ".join(told) in " ".join(capsys.readouterr().out.split())


def test_a_folder_of_something_else_is_refused_in_words(tmp_path):
    (tmp_path / "holiday").mkdir()
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "KENTONGAN_HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-m", "desktop", str(tmp_path / "holiday")]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "holiday is not an operation of this program." in run.stderr
    assert "Traceback" not in run.stderr
