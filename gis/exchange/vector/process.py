"""The worker process as the desk sees it: ask, wait, and end it when it does not answer."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

import gis
from gis.errors import Cancelled
from gis.progress import Progress

Heard = Callable[[dict[str, Any]], None]
FLAG = "--vector-worker"
LOOK_EVERY_S = 0.05
STOP = "stop"  # a file of this name in the folder of a request asks the worker to leave off
STOPPING_S = 0.5  # how long it may take about that
# What a process needs to start at all, and the language of the screen; nothing else of ours goes in.
PASSED_ON = (
    "PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "HOME", "USERPROFILE", "LD_LIBRARY_PATH",
    "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "VIRTUAL_ENV",
)  # fmt: skip


class WorkerLost(Exception):
    """The process ended, or did not answer in time: `reason` is "crashed", "late" or "memory"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def worker_command() -> list[str]:
    """How this program starts its worker: itself with a flag when frozen, else Python and the module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    return [sys.executable, "-m", "gis.exchange.vector.worker"]


def _surroundings() -> dict[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(gis.__file__).parents[1]),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }


class Worker:
    """One process; one request at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            worker_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_surroundings(),
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="vector worker", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def ask(
        self, request: dict[str, Any], progress: Progress, timeout_s: float, heard: Heard = lambda _: None
    ) -> dict[str, Any]:
        """The last word on one request; `heard` is told of every piece that came before it.

        Raises WorkerLost, or Cancelled; the process is ended then, unless it leaves off when told to.
        """
        try:
            self._send(request)
            return self._hear(progress, monotonic() + timeout_s, heard)
        except Cancelled:
            if not self._leaves_off(Path(request["folder"])):
                self.end()
            raise
        except BaseException:  # whatever it was, half an answer must not meet the next question
            self.end()
            raise

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:  # ValueError: ended by another thread
            raise WorkerLost("crashed") from error

    def _hear(self, progress: Progress, deadline: float, heard: Heard) -> dict[str, Any]:
        at: tuple[int, int, str] = (0, 0, "")
        while True:
            progress.step(*at)
            try:
                line = self._lines.get(timeout=LOOK_EVERY_S)
            except Empty:
                if monotonic() > deadline:
                    raise WorkerLost("late") from None
                continue
            if line is None:
                raise WorkerLost("crashed")
            said: dict[str, Any] = json.loads(line)
            if "step" in said:
                done, total, note = said["step"]
                at = (done, total, note)
            elif "piece" in said:
                heard(said["piece"])
            elif "too_large" in said:
                raise WorkerLost("memory")
            else:
                return said

    def _leaves_off(self, folder: Path) -> bool:
        """True once the worker has said its last word on what nobody wants to know any more."""
        with suppress(OSError, WorkerLost):
            (folder / STOP).touch()
            self._hear(Progress(), monotonic() + STOPPING_S, lambda _piece: None)
            return True
        return False

    def end(self) -> None:
        """Kill it; safe to call twice and from another thread than the one that waits."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdout.close()
        with suppress(OSError):  # what could not be delivered to it
            self._process.stdin.close()
