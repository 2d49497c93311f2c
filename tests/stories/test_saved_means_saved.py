"""What the table shows is on the disk: whoever cuts the power afterwards finds it again."""

import os
import signal
import subprocess
import sys

from gis.clock import SystemClock
from gis.model.incident import Incident, Severity
from gis.store import Store
from gis.store.checkup import faults
from tests.architecture.source import ROOT

CALLS = ("water over the sandbags", "two trapped at the mill", "pump 3 stands still", "dyke wet at km 4")


def test_an_incident_that_was_shown_outlives_a_kill_in_the_same_moment(tmp_path):
    folder = tmp_path / "night.kentongan"
    for number, words in enumerate(CALLS, 1):
        typed_and_killed(folder, words)
        store = Store.open(folder, clock=SystemClock(), author="R. Sari")
        with store.reading() as query:
            logged = query.find(Incident)
            steps = query.steps()
        store.close()
        assert faults(folder) == []
        assert [i.text for i in logged if i.text == words] == [words]
        assert len(logged) == number, "nothing of the killed sittings before is lost or doubled"
        assert {(i.code, i.severity) for i in logged} == {("fl", Severity.SEVERE)}
        assert steps[0].author == "R. Sari"


def typed_and_killed(folder, words):
    """A desk in a process of its own, killed as soon as it shows what was typed."""
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "KENTONGAN_HOME": str(folder.parent / "home")}
    command = [sys.executable, "-m", "tests.stories.typist", str(folder), words]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as desk:
        said = desk.stdout.readline()
        desk.send_signal(signal.SIGKILL)
        errors = desk.stderr.read()
    assert said == "SHOWN\n", errors
