"""The program tries itself out, as it will after it was frozen and carried to another computer."""

import os
import subprocess
import sys

from tests.architecture.source import ROOT


def test_every_check_of_the_program_on_itself_is_good(tmp_path):
    env = os.environ | {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "desktop", "--self-test"]
    run = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    said = [line.split(maxsplit=1) for line in run.stdout.splitlines()]
    assert [name for word, name in said if word != "ok"] == []
    assert {"an entry is saved", "a map file is read", "a report is written"} <= {name for _, name in said}
