"""Processes that stand in for the desk: forked from one that is warm, heard through a pipe, and killed."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from ctypes import CDLL, c_ulong
from dataclasses import dataclass

_PR_SET_PTRACER, _ANYBODY = 0x59616D61, c_ulong(-1)


@dataclass(slots=True)
class Child:
    """A forked process, and what has been heard from it."""

    pid: int
    pipe: int
    heard: bytes = b""
    status: int | None = None

    def hear(self) -> bool:
        """Wait for more; False when there is nothing more to come."""
        chunk = os.read(self.pipe, 1 << 16)
        self.heard += chunk
        return bool(chunk)

    def hear_lines(self, count: int) -> None:
        while self.heard.count(b"\n") < count and self.hear():
            pass

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Hear the rest and wait for the end. Returns the exit code, negative for a signal."""
        if self.status is None:
            while self.hear():
                pass
            os.close(self.pipe)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status


def fork(work: Callable[[Callable[[dict], None]], None], *, wait_for: int | None = None) -> Child:
    """Run `work(tell)` in a child. It begins once a byte can be read from `wait_for`, when one is given."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        return Child(pid, ours)
    code = 1
    try:
        os.close(ours)
        CDLL(None).prctl(_PR_SET_PTRACER, _ANYBODY, 0, 0, 0)
        if wait_for is not None:
            os.read(wait_for, 1)
        work(lambda said: _tell(theirs, said))
        code = 0
    except BaseException:  # noqa: BLE001 - the edge of this process
        traceback.print_exc(file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def _tell(pipe: int, said: dict) -> None:
    line = json.dumps(said).encode() + b"\n"
    while line:
        line = line[os.write(pipe, line) :]
