"""Who may import whom: every contract holds, and every contract can fall."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import PACKAGES, ROOT, project

CONTRACTS: list[dict[str, Any]] = project()["tool"]["importlinter"]["contracts"]
Plant = tuple[str, str]  # who imports, what is imported


def lint(root: Path) -> tuple[int, str]:
    """What import-linter says about the packages in `root`: its return code and its words on one line."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]
    env = os.environ | {"PYTHONPATH": str(root), "COLUMNS": "300"}
    run = subprocess.run(
        [*command, "--no-cache", "--no-logo"], cwd=root, env=env, capture_output=True, text=True, check=False
    )
    return run.returncode, re.sub(r"\s+", " ", run.stdout + run.stderr)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages without their data, and the rules, where a violation may be planted."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, copy_function=shutil.copy, ignore=_all_but_source)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _all_but_source(folder: str, names: list[str]) -> list[str]:
    return [n for n in names if n == "__pycache__" or not (n.endswith(".py") or Path(folder, n).is_dir())]


def _levels(contract: dict[str, Any], container: str) -> list[list[str]]:
    """The rooms of a layered contract, topmost level first, by their full names."""
    prefix = f"{container}." if container else ""
    return [
        [prefix + re.sub(r"[()\s]", "", name) for name in level.split("|")] for level in contract["layers"]
    ]


def _against_the_order(contract: dict[str, Any]) -> Iterator[Plant]:
    """From each level the import of the one above, and of the room beside it."""
    for container in contract.get("containers", [""]):
        levels = _levels(contract, container)
        yield from ((below[0], above[-1]) for above, below in pairwise(levels))
        yield from (pair for level in levels for pair in pairwise(level))


def _around_in_a_circle(ancestor: str) -> list[Plant]:
    return [(f"{ancestor}.here", f"{ancestor}.there"), (f"{ancestor}.there", f"{ancestor}.here")]


def plants(contract: dict[str, Any]) -> list[Plant]:
    """One import that the contract forbids for every line of it."""
    match contract["type"]:
        case "layers":
            return list(_against_the_order(contract))
        case "forbidden":
            return [(s, m) for s in contract["source_modules"] for m in contract["forbidden_modules"]]
        case "independence":
            package = contract["modules"][0].removesuffix(".*")
            return [(f"{package}.here", f"{package}.there")]
        case "acyclic_siblings":
            return [plant for room in contract["ancestors"] for plant in _around_in_a_circle(room)]
        case other:
            raise AssertionError(f"no violation is known for contracts of type {other}")


def _file(root: Path, module: str) -> Path:
    """Where the module is written; a room that does not stand yet is built as an empty file."""
    path = root / (module.replace(".", "/") + ".py")
    if path.with_suffix("").is_dir():
        return path.with_suffix("") / "planted.py"
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.touch()
    return path


def plant(root: Path, importer: str, imports: str) -> str:
    """Write the import into the module, or into a new module of the package; the words it is found by."""
    if imports.partition(".")[0] in PACKAGES:
        _file(root, imports)
    path = _file(root, importer)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\nimport {imports}\n")
    return ".".join(path.relative_to(root).with_suffix("").parts) + f" -> {imports}"


def test_every_wall_stands():
    code, words = lint(ROOT)
    assert code == 0, words


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])
def test_a_planted_import_is_found(contract: dict[str, Any], copy: Path):
    planted = [plant(copy, *each) for each in plants(contract)]
    code, words = lint(copy)
    assert code == 1, words
    assert f"{contract['name']} BROKEN" in words
    if contract["type"] == "acyclic_siblings":
        assert all(f"No cycles are allowed in {room}" in words for room in contract["ancestors"])
    else:
        assert [link for link in planted if link not in words] == []


def test_every_room_of_the_program_has_its_place_in_the_order():
    """A new package inside the core cannot slip in without a level."""
    levels = next(c["layers"] for c in CONTRACTS if c.get("containers") == ["gis"])
    known = {re.sub(r"[()\s]", "", name) for level in levels for name in re.split(r"[|:]", level)}
    standing = {path.stem for path in (ROOT / "gis").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert standing - known - {"__init__", "__pycache__"} == set()
