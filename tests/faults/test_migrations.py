"""Row 18: the program is killed while it brings an older operation to its own format."""

import json
import os
import random
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT
from tests.faults.figures import HANDS, TORTURE

STRIDE = 1 if TORTURE else 10
LEAST = {"format-1": 200, "format-2": 60}  # statements on the way from there


@pytest.mark.parametrize("since", LEAST)
def test_row_18_killed_at_any_statement_of_a_migration_the_next_opening_ends_it_with_the_same_outcome(
    tmp_path, note, since
):
    archive = ROOT / "tests" / "files" / f"{since}.zip"
    first = random.SystemRandom().randrange(STRIDE)
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.faults.brought_up", str(archive)]
    mills = []
    for hand in range(HANDS):
        place = [str(tmp_path / str(hand)), str(1 + first + hand * STRIDE), str(STRIDE * HANDS)]
        mills.append(
            subprocess.Popen([*command, *place], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        )
    results = [json.loads(line) for mill in mills for line in mill.communicate()[0].splitlines()]
    assert [mill.returncode for mill in mills] == [0] * HANDS
    tried = f"killed at {len(results)} of its statements, one in {STRIDE} from {first + 1}"
    note(f"migration from {since}: {tried}")
    assert len(results) > LEAST[since] / STRIDE
    assert [result for result in results if result["wrong"]] == []
