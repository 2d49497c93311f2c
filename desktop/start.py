"""From the command line to a running window: what is asked for, what this computer has, what to open."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gis import prerequisites
from gis.errors import Cancelled, UserError
from gis.texts import _

WITHOUT_WINDOW = ("demo", "check", "ingest", "sitrep", "backup", "restore", "export", "doctor")


def main(words: Sequence[str]) -> int:
    """Open the desk as the words ask; the exit code of the process."""
    asked = _parser().parse_args(words)
    if asked.offscreen or asked.self_test:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        prerequisites.require()
        return _open(asked)
    except Cancelled:
        return 1
    except UserError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kentongan",
        description=_(
            "A city's disaster control desk. Without a folder it opens the sample city, an exercise."
        ),
        epilog=_("Without a window: kentongan {commands} (each with --help).").format(
            commands=", ".join(WITHOUT_WINDOW)
        ),
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        help=_("an operation to open (NAME.kentongan); a new one begins where there is none"),
    )
    parser.add_argument(
        "--offscreen", type=Path, metavar="OUT", help=_("show nothing; leave pictures and reports in OUT")
    )
    parser.add_argument(
        "--self-test", action="store_true", help=_("try the program out, show nothing, and say how it went")
    )
    return parser


def _open(asked: argparse.Namespace) -> int:
    if asked.self_test:
        from desktop.selftest import self_test

        return self_test()
    if asked.offscreen:
        from desktop.pictures import leave_pictures

        return leave_pictures(asked.folder, asked.offscreen)
    from desktop.session import run

    return run(asked.folder)
