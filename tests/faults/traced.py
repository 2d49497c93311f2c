"""A child whose calls to the system are watched, failed or made its last, by strace."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.faults.child import Child, fork

CHANGING = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename"


def traced(work: Callable, *options: str, log: Path | None = None) -> Child:
    """A forked child doing `work(tell)` under strace with these options; it ends when the child does."""
    ready, go = os.pipe()
    child = fork(work, wait_for=ready)
    command = ["strace", "-p", str(child.pid), "-o", str(log or os.devnull), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        first = strace.stderr.readline()
        os.write(go, b"!")
        while child.hear():
            pass
        rest = strace.stderr.read()
    os.close(ready)
    os.close(go)
    child.end()
    assert "attached" in first, first + rest
    return child


def inject(calls: Sequence[str], what: str, when: str) -> tuple[str, ...]:
    """The options that let `what` (error=EIO, signal=KILL) happen at those calls, counted by `when`."""
    named = ",".join(calls)
    return "-e", f"trace={named}", "-e", f"inject={named}:{what}:when={when}"
