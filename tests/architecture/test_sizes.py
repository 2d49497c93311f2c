"""Small enough to be read: modules, functions, constructors and classes; each limit shown to bite."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Module, modules, project

MODULE_LINES, WINDOW_LINES, FUNCTION_LINES = 400, 300, 40
CONSTRUCTOR_PARAMETERS, PUBLIC_METHODS, COMPLEXITY = 6, 20, 8
Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_big(module: Module) -> Iterator[str]:
    """What in this module is larger than a reader should be asked to hold."""
    limit = WINDOW_LINES if module.path == "desktop/window.py" else MODULE_LINES
    if module.lines > limit:
        yield f"{module.path}: {module.lines} lines, more than {limit}"
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            yield from (f"{module.path}:{node.lineno} {node.name}: {why}" for why in _of_function(node))
        elif isinstance(node, ast.ClassDef):
            yield from (f"{module.path}:{node.lineno} {node.name}: {why}" for why in _of_class(node))


def _of_function(node: Function) -> Iterator[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > FUNCTION_LINES:
        yield f"{lines} lines, more than {FUNCTION_LINES}"


def _of_class(node: ast.ClassDef) -> Iterator[str]:
    methods = {each.name: each for each in node.body if isinstance(each, Function)}
    public = [name for name in methods if not name.startswith("_")]
    if len(public) > PUBLIC_METHODS:
        yield f"{len(public)} public methods, more than {PUBLIC_METHODS}"
    if "__init__" in methods and (count := _parameters(methods["__init__"])) > CONSTRUCTOR_PARAMETERS:
        yield f"{count} constructor parameters, more than {CONSTRUCTOR_PARAMETERS}"


def _parameters(constructor: Function) -> int:
    """How many values a caller can pass, `self` and the Qt parent apart."""
    args = constructor.args
    names = [each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return len([name for name in names if name not in ("self", "parent")])


def test_nothing_is_larger_than_a_reader_can_hold():
    assert [finding for module in modules() for finding in too_big(module)] == []


def test_no_test_module_is_larger_than_the_code_may_be():
    assert [m.path for m in modules("tests") if m.lines > MODULE_LINES] == []


def _function(lines: int) -> str:
    return "def act():\n" + "    pass\n" * (lines - 1)


def _class(methods: int) -> str:
    return "class Desk:\n" + "".join(f"    def act{i}(self): ...\n" for i in range(methods))


def _constructor(parameters: int) -> str:
    return (
        "class Desk:\n    def __init__(self, *, " + ", ".join(f"p{i}" for i in range(parameters)) + "): ...\n"
    )


@pytest.mark.parametrize(
    ("path", "fits", "too_much", "words"),
    [
        ("gis/ops/x.py", "a = 1\n" * 400, "a = 1\n" * 401, "401 lines, more than 400"),
        ("desktop/window.py", "a = 1\n" * 300, "a = 1\n" * 301, "301 lines, more than 300"),
        ("gis/ops/x.py", _function(40), _function(41), "act: 41 lines, more than 40"),
        ("gis/ops/x.py", _constructor(6), _constructor(7), "Desk: 7 constructor parameters, more than 6"),
        ("gis/ops/x.py", _class(20), _class(21), "Desk: 21 public methods, more than 20"),
    ],
    ids=["module", "window", "function", "constructor", "class"],
)
def test_a_size_over_the_limit_is_found_and_one_at_the_limit_is_not(path, fits, too_much, words):
    assert list(too_big(Module(path, fits))) == []
    (finding,) = too_big(Module(path, too_much))
    assert words in finding


def _ruff(folder: Path, source: str) -> str:
    """What the linter, with the project's own settings, says of one planted file of the core."""
    path = folder / "gis" / "planted.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, "utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    config = ["--config", str(ROOT / "pyproject.toml"), str(path)]
    return subprocess.run([*command, *config], capture_output=True, text=True, check=False).stdout


def test_a_function_with_too_many_ways_through_is_found(tmp_path):
    def ways(count: int) -> str:
        turns = "".join(f"    if n == {i}:\n        return {i + 1}\n" for i in range(count - 1))
        return f'"""Planted."""\n\n\ndef act(n: int) -> int:\n{turns}    return 0\n'

    assert project()["tool"]["ruff"]["lint"]["mccabe"]["max-complexity"] == COMPLEXITY
    assert "C901" not in _ruff(tmp_path, ways(COMPLEXITY))
    assert "C901" in _ruff(tmp_path, ways(COMPLEXITY + 1))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("BLE001", "try:\n    act()\nexcept Exception:\n    pass\n"),
        ("DTZ005", "from datetime import datetime\n\nnow = datetime.now()\n"),
        ("T201", "print(1)\n"),
        ("TID252", "from . import clock\n"),
        ("ANN201", "def act():\n    return 1\n"),
        ("ARG001", "def act(unused: int) -> int:\n    return 1\n"),
        ("S110", "try:\n    act()\nexcept ValueError:\n    pass\n"),
    ],
)
def test_the_linter_refuses(rule, source, tmp_path):
    assert rule in _ruff(tmp_path, f'"""Planted."""\n\n{source}')
