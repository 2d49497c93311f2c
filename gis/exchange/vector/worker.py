"""The process that opens files nobody here made: `python -m gis.exchange.vector.worker`.

One JSON request per line on stdin, answers on stdout: any number of {"step": ...} and {"piece": ...}, then
one of {"answer": ...}, {"refused": [message, hint]}, {"stopped": true} or {"bug": traceback}. Ends when
stdin does.
"""

import gc
import json
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, TextIO

from gis.errors import Cancelled, UserError

MEMORY_BYTES = 8 << 30
FILE_BYTES = 8 << 30
SECONDS_PER_REQUEST = 600


def main(_argv: Sequence[str] = ()) -> int:
    """Serve until the desk goes away."""
    answers = _private_stdout()
    _limit()
    from gis.exchange.vector import ogr

    ogr.close_doors()
    from gis.exchange.vector import work

    ogr.drivers()  # loads GDAL, and what reads its columns, now, while nobody waits for it
    import_module("nanoarrow.c_array_stream")
    gc.disable()  # millions of shapes and words live at once and none is in a cycle
    for line in sys.stdin:
        _more_time()
        _say(answers, _served(work, json.loads(line), answers))
        gc.collect()
    return 0


def _served(work: Any, request: dict[str, Any], answers: TextIO) -> dict[str, Any]:
    def say(said: dict[str, Any]) -> None:
        _say(answers, said)

    try:
        return {"answer": work.answer(request, say)}
    except UserError as error:
        return {"refused": [str(error), error.hint]}
    except Cancelled:
        return {"stopped": True}
    except MemoryError:
        return {"too_large": True}
    except Exception as error:  # noqa: BLE001 - an edge: the desk raises it again as the bug it is
        if "bad_alloc" in str(error):  # what GEOS says when memory runs out
            return {"too_large": True}
        return {"bug": traceback.format_exc()}


def _say(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _private_stdout() -> TextIO:
    """Our own way out: what a library prints must not end up among the answers."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return ours


def _limit() -> None:
    """What the system lets us forbid ourselves: endless memory, files without end, core dumps."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # when memory runs out, the system ends this process and not the desk
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _more_time() -> None:
    """Every request may compute for so long; then the system ends the process."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + SECONDS_PER_REQUEST
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
