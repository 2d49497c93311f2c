"""A hand that edits an operation's file with a plain SQLite, in a process of its own.

Run as `python -m tests.proof.hand FOLDER`, told what to do line by line.
"""

import json
import sqlite3
import sys
from pathlib import Path


def main(folder: str) -> None:
    """Reads lines of JSON, [name of a copy, statement, parameters], and changes each copy so."""
    for line in sys.stdin:
        name, statement, *parameters = json.loads(line)
        values = [bytes.fromhex(p["hex"]) if isinstance(p, dict) else p for p in parameters]
        desk = sqlite3.connect(Path(folder) / name)
        for trigger in ("journal_stays", "journal_stands"):
            desk.execute(f"DROP TRIGGER {trigger}")
        desk.execute(statement, values)
        desk.commit()
        desk.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
