"""How long until one can work? Cold starts on the sample city, and the way of an incident to the disk.

Run: `python -m pytest -q -s tests/bench/bench_start.py`. Prints figures, asserts that the
city and every incident are there, asserts no time.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import pytest

from tests.architecture.source import ROOT

pytestmark = pytest.mark.bench
STARTS, CALLS = 5, 200
CITY = {"Buildings", "Streets", "Rivers and sea", "Flood extent", "Wards", "Sensors", "Alarms", "Incidents"}
STAGES = ("imports", "application", "operation", "window", "map", "names", "worst_tick")


def started(home, calls=0, folder=""):
    """The figures of one start in a process of its own."""
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "KENTONGAN_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.bench.opener", str(time.monotonic()), str(calls), str(folder)]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout)
    at = [figures[stage] for stage in STAGES[:-1]]
    assert at == sorted(at)
    assert at[0] > 0
    assert figures["logged"] == len(figures["committed"]) == calls
    return figures


def in_the_city(home, calls=0):
    """The same, of a start on the sample city: its layers must be there to be seen."""
    figures = started(home, calls)
    assert {title for title, seen in figures["seen"].items() if seen} >= CITY
    return figures


def show(what, runs):
    middle = {stage: statistics.median(run[stage] for run in runs) for stage in STAGES}
    print(f"\n{what} (median of {len(runs)}, seconds since the process was started):")
    print("  " + ", ".join(f"{stage} {middle[stage]:.2f}" for stage in STAGES[:-1]))
    print(f"  worst tick of the window while it loads: {middle['worst_tick'] * 1e3:.0f} ms")


def test_the_first_start_ever_and_every_one_after(tmp_path):
    show("first start ever", [in_the_city(tmp_path / f"home-{n}") for n in range(STARTS)])
    show("with the city there", [in_the_city(tmp_path / "home-0") for _n in range(STARTS)])


def test_from_enter_to_the_disk(tmp_path):
    times = in_the_city(tmp_path / "home", CALLS)["committed"]
    cuts = statistics.quantiles(times, n=100)
    print(f"\nEnter to committed, {CALLS} incidents while the night is played:")
    print(f"  p50 {cuts[49] * 1e3:.1f} ms, p99 {cuts[98] * 1e3:.1f} ms, max {max(times) * 1e3:.1f} ms")
