"""The map in the hand: a scripted journey over four layers, beside the same gestures on QGIS's canvas.

A notch counts from its own moment to the sharp picture; those overtaken by the next notch on the way count as
well in a line of their own. Layers: KENTONGAN_KINDS, all four unless told otherwise.

Needs the city of `bench_map.py` with `gestures.json`. Run:
`python -m pytest -q -s tests/bench/bench_gestures.py`. Prints figures beside what they are to be and beside
QGIS, and the load of the computer while they were taken; asserts no time. For a busy computer it also tells
the processor time of frames, and ticks without the time in which the window's thread stood in the queue for
a processor. Needs Linux.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.architecture.source import ROOT
from tests.bench.citymap import KINDS, city, place_of

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1_200)]
SHOWN = tuple(os.environ.get("KENTONGAN_KINDS", ",".join(KINDS)).split(","))
ROUNDS = int(os.environ.get("KENTONGAN_ROUNDS", "3"))
SHARES = {"p50": 50, "p95": 95, "p99": 99, "max": 100}


def ours(folder: Path) -> dict:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    return answered([sys.executable, "-m", "tests.bench.voyage", str(folder), ",".join(SHOWN)], env)


def theirs(folder: Path) -> dict:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    python, script = (
        os.environ.get("KENTONGAN_QGIS", "/usr/bin/python3"),
        Path(__file__).with_name("qgis_canvas.py"),
    )
    said = [str(folder), str(place_of(folder, "gestures.json")), ",".join(SHOWN)]
    return answered([python, str(script), *said], env | {"QT_QPA_PLATFORM": "offscreen"})


def answered(command: list[str], env: dict[str, str]) -> dict:
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def told(times: list[float]) -> str:
    return "  ".join(f"{name} {np.percentile(times, share):6.1f}" for name, share in SHARES.items())


def test_a_journey_by_hand_and_by_stations_beside_qgis():
    folder = city()
    for number in range(1, ROUNDS + 1):
        before = os.getloadavg()[0]
        figures = ours(folder)
        assert figures["travel"]["frames"]
        assert len(figures["travel"]["latest"]["zoom"]) > 10, "of 48 notches at least so many came to be seen"
        print(f"\nround {number} of {ROUNDS}, load {before:.1f} to {os.getloadavg()[0]:.1f}")
        by_hand(figures["travel"])
        memory(figures)
        by_stations(figures["stations"], theirs(folder))


def by_hand(travel: dict) -> None:
    frames, ticks = np.array(travel["frames"]), [ms for _what, ms, _queued in travel["ticks"]]
    alone = [max(ms - queued, 16.0) for _what, ms, queued in travel["ticks"]]
    print(f"  ticks of 16 ms          {told(ticks)}   (p99 20, max 33)")
    print(f"  less time in the queue  {told(alone)}")
    print(f"  frames                  {told(frames[:, 0])}   (p99 8)")
    print(f"  frames, processor time  {told(frames[:, 1])}")
    print(f"  notch to sharp          {told(travel['latest']['zoom'])}   (p95 90)")
    print(f"  with those overtaken    {told(travel['waited']['zoom'])}")
    print(f"  sharp while panning     {travel['sharp']['pan']:.1%}   (98 %)")


def memory(figures: dict) -> None:
    for when in ("loaded", "travelled"):
        said = "  ".join(f"{kind} {mib:.0f}" for kind, mib in figures[when].items())
        print(f"  memory, {when:10} MiB   {said}   (rss 550 once loaded)")


def by_stations(stations: list, peer: dict) -> None:
    assert [each[:2] for each in stations] == [each[:2] for each in peer["stations"]]
    assert peer["seen"] > 0
    for what in ("zoom", "pan"):
        for unit in sorted({unit for kind, unit, _ms in stations if kind == what}, reverse=True):
            mine, other = (
                float(np.median([ms for kind, at, ms in each if (kind, at) == (what, unit)]))
                for each in (stations, peer["stations"])
            )
            print(
                f"  {what:4} at {unit:6.2f} m a pixel   ours {mine:7.0f} ms   "
                f"QGIS {other:7.0f} ms   {other / mine:5.1f}x"
            )
    print(f"  ticks of QGIS {peer['version']:12}  {told(peer['ticks'])}")
