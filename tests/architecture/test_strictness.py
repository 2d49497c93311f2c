"""The suite itself is strict: a warning, a logged error or a word from Qt fails a test."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Module, dotted, modules

LETTING_OFF = re.compile(r"^pytest\.(mark\.)?(skip|skipif|xfail|importorskip)$")
PLANTED = """
import logging
import warnings

import pytest


def test_quiet():
    pass


def test_a_warning():
    warnings.warn("the gauge is older than the law allows")


def test_a_logged_warning():
    logging.getLogger("gis.planted").warning("the siren did not answer")


def test_a_logged_error():
    logging.getLogger("gis.planted").error("the siren burned down")


def test_a_word_from_qt(qtbot):
    from PySide6.QtCore import qWarning

    qWarning("QPainter::begin: paint device returned engine == 0")


@pytest.mark.no_such_mark
def test_an_unknown_mark():
    pass
"""

PASSING_UNEXPECTEDLY = """
import pytest


@pytest.mark.xfail(reason="the dike has not been built")
def test_it_holds_after_all():
    pass
"""

LACKING = """
from tests import needs


def test_a_tool():
    needs.program("a-siren", "a-bell")


def test_a_library():
    needs.library("a_siren")


def test_a_right():
    needs.that(False, "nobody may sound the siren here")


def test_what_is_there():
    assert needs.program("a-siren", "git").endswith("git")
    assert needs.library("json").loads("1") == 1
    needs.that(True, "nothing")
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """An empty suite under this project's own rules."""
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for each in ("conftest.py", "needs.py"):
        shutil.copy(ROOT / "tests" / each, tmp_path / "tests")
    (tmp_path / "tests" / "__init__.py").touch()
    return tmp_path


def run(suite: Path, planted: str, ci: str = "") -> str:
    (suite / "tests" / "test_planted.py").write_text(planted, "utf-8")
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(suite), str(ROOT)]),
        "QT_QPA_PLATFORM": "offscreen",
        "CI": ci,
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    return subprocess.run(command, cwd=suite, env=env, capture_output=True, text=True, check=False).stdout


def test_warnings_log_errors_and_qt_messages_fail_a_test(suite):
    without_the_mark = PLANTED.replace("@pytest.mark.no_such_mark\n", "")
    words = run(suite, without_the_mark)
    failed = set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", words, re.MULTILINE))
    assert failed == {"test_a_warning", "test_a_logged_warning", "test_a_logged_error", "test_a_word_from_qt"}


def test_an_unknown_mark_stops_the_suite(suite):
    assert "'no_such_mark' not found in `markers`" in run(suite, PLANTED)


def test_a_test_that_passes_against_expectation_fails(suite):
    assert "1 failed" in run(suite, PASSING_UNEXPECTEDLY)


def test_what_is_missing_skips_a_test_on_a_developers_computer_and_fails_it_in_the_check(suite):
    assert "1 passed, 3 skipped" in run(suite, LACKING)
    words = run(suite, LACKING, ci="true")
    assert "3 failed, 1 passed" in words
    for reason in (
        "a-siren is not on this computer",
        "a_siren is not installed",
        "nobody may sound the siren",
    ):
        assert reason in words


def excuses(module: Module) -> list[str]:
    """Every place where a test lets itself off."""
    names = {dotted(node): node.lineno for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    return [f"{module.path}:{line} {name}" for name, line in names.items() if LETTING_OFF.search(name)]


def test_what_a_test_needs_is_asked_for_in_one_place():
    found = [
        each for module in modules("tests") if module.path != "tests/needs.py" for each in excuses(module)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "pytest.skip('no siren')",
        "siren = pytest.importorskip('siren')",
        "complain = pytest.fail if ci else pytest.skip",
        "pytestmark = pytest.mark.skipif(siren is None, reason='no siren')",
        "@pytest.mark.xfail(reason='no siren')\ndef test(): pass",
    ],
)
def test_a_test_that_lets_itself_off_is_found(line):
    assert excuses(Module("tests/test_planted.py", f"import pytest\n{line}\n")) != []


def test_every_benchmark_is_found_by_the_command_that_runs_them():
    command = [sys.executable, "-m", "pytest", "-m", "bench", "--collect-only", "-q", "tests/bench"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    files = {path.name for path in (ROOT / "tests" / "bench").glob("bench_*.py")}
    written = {name for name in files if "def test_" in (ROOT / "tests" / "bench" / name).read_text("utf-8")}
    assert written
    assert all(f"tests/bench/{name}::" in found for name in written)
