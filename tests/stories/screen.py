"""A screen that exists, hands that press its keys, and eyes that see only what is on it or on the disk."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image, ImageGrab

from tests import needs
from tests.architecture.source import ROOT

PATIENCE_S, LOOK_EVERY_S = 60.0, 0.05
READ = """
import json, sys, pyogrio
table = pyogrio.read_dataframe(sys.argv[1], layer=sys.argv[2])
table["lon"] = table["lat"] = None
if "geometry" in table:
    table["lon"], table["lat"] = table.geometry.x, table.geometry.y
    table = table.drop(columns="geometry")
print(table.to_json(orient="records"))
"""
T = TypeVar("T")


def until(look: Callable[[], T], what: str) -> T:
    """What `look` finds, as soon as it finds anything. Fails when that takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(LOOK_EVERY_S)
    return found


@contextmanager
def a_screen(width: int, height: int) -> Iterator[str]:
    """An X display nobody else uses, by its name."""
    for tool in ("Xvfb", "xdotool"):
        needs.program(tool)
    ready, said = os.pipe()
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(said), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(
        command, pass_fds=[said], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as x:
        os.close(said)
        with os.fdopen(ready) as number:
            display = number.readline().strip()
        assert display, "Xvfb did not start"
        try:
            yield f":{display}"
        finally:
            x.terminate()


class Program:
    """`python -m desktop` on a display, with a home of its own, used from outside as a person uses it."""

    def __init__(self, display: str, home: Path) -> None:
        self.display, self.home = display, home
        env = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        self._env = env | {"DISPLAY": display, "KENTONGAN_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
        self._errors = (home.parent / "errors.txt").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "desktop"], cwd=ROOT, env=self._env, stderr=self._errors
        )
        self.window = ""

    def wait_for_window(self, name: str) -> None:
        def look() -> str:
            assert self._process.poll() is None, self._last_words()
            return self._xdo("search", "--onlyvisible", "--name", name, check=False).partition("\n")[0]

        self.window = until(look, f"a window called {name}")
        self._xdo("windowfocus", "--sync", self.window)

    def _last_words(self) -> str:
        """What a program that ended by itself left behind."""
        files = (self.home.parent / "errors.txt", self.home / "faults.log", self.home / "kentongan.log")
        said = [path.read_text("utf-8", "replace")[-3000:] for path in files if path.exists()]
        return "\n".join([f"ended with {self._process.returncode}", *said])

    def press(self, *keys: str) -> None:
        self._xdo("key", "--delay", "15", *keys)

    def type(self, words: str) -> None:
        self._xdo("type", "--delay", "15", words)

    def hand(self, *words: str) -> None:
        """What a hand does to the mouse, in the words of xdotool."""
        self._xdo(*words)

    def _xdo(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self._env,
            capture_output=True,
            text=True,
            check=check,
            timeout=PATIENCE_S,
        )
        return done.stdout.strip()

    def picture(self) -> Image.Image:
        """The whole screen."""
        return ImageGrab.grab(xdisplay=self.display)

    def brightness(self) -> float:
        """Of the screen, 0 to 255."""
        return float(np.asarray(self.picture().convert("L")).mean())

    def table(self, name: str) -> list[dict[str, Any]]:
        """A table of the operation, as a GIS in another process reads it while the desk is at work."""
        path = next(self.home.glob("exercises/*/desk.gpkg"))
        command = [sys.executable, "-c", READ, str(path), name]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def kill(self) -> None:
        """As a power cut does it."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def leave(self) -> int:
        """Ctrl+Q; the exit code."""
        self.press("ctrl+q")
        return self._process.wait(PATIENCE_S)

    def end(self) -> None:
        """Whatever happened, nothing stays behind."""
        if self._process.poll() is None:
            self.kill()
        self._errors.close()
