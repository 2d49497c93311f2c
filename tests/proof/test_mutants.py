"""A proof that no fault can fail proves nothing: every mutant of the journal must be found by its proof."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.proof.bounds import TORTURE
from tests.proof.desks import room
from tests.proof.mutants import BOUNDED, MUTANTS, Mutant

CHOSEN = [each for each in MUTANTS if TORTURE or each.name in BOUNDED]
HANDS = 2
FAILED = 1  # pytest's word for: tests ran, and some failed
PARTS = ("gis", "resources", "tests/proof", "pyproject.toml")
PARTS += ("tests/__init__.py", "tests/conftest.py", "tests/needs.py", "tests/build.py")
PARTS += ("tests/architecture/__init__.py", "tests/architecture/source.py")


def copied(target: Path) -> None:
    """What a proof needs, nothing else."""
    for part in PARTS:
        source = ROOT / part
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / part)


def tried(mutant: Mutant | None, proof: str) -> subprocess.CompletedProcess[str]:
    """The proof on a copy of the program in which one text was replaced."""
    with room() as folder:
        copied(folder)
        if mutant is not None:
            file = folder / mutant.file
            text = file.read_text("utf-8")
            assert text.count(mutant.old) == 1, f"{mutant.name}: the text to replace is not there once"
            file.write_text(text.replace(mutant.old, mutant.new), "utf-8")
        env = os.environ | {"MUTANT": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder)}
        env |= {} if TORTURE or mutant is not None else {"EXAMPLES": "2"}
        env.pop("TORTURE", None)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "--rootdir=.", "-p", "no:cacheprovider"]
        run = [*command, f"tests/proof/{proof}"]
        return subprocess.run(run, cwd=folder, env=env, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module")
def trials(request):
    """The chosen mutants on trial, two at a time."""
    asked = [
        item.callspec.params.get("mutant") for item in request.session.items if hasattr(item, "callspec")
    ]
    with ThreadPoolExecutor(HANDS) as hands:
        yield {each: hands.submit(tried, each, each.proof) for each in asked if isinstance(each, Mutant)}


@pytest.mark.parametrize("mutant", CHOSEN, ids=lambda mutant: mutant.name)
def test_a_mutant_is_found(trials, mutant):
    said = trials[mutant].result()
    assert said.returncode == FAILED, f"{mutant.name} survived:\n{said.stdout[-2000:]}{said.stderr[-2000:]}"


def test_the_copy_as_it_is_passes():
    said = tried(None, "test_shapes.py")
    assert said.returncode == 0, said.stdout[-3000:] + said.stderr[-2000:]


def test_enough_mutants_are_on_trial_and_each_is_named_once():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 14
    assert {*BOUNDED} <= {mutant.name for mutant in MUTANTS}
