"""A watch over the write-ahead log: a second SQLite library in this process would remove it under us."""

from pathlib import Path

from gis.errors import UserError
from gis.texts import _


class LogTaken(UserError):
    """The log that this desk writes to has been removed or replaced."""


class WalWatch:
    """Remembers which log files we write to, and refuses to commit once one of them is another.

    Only `stat` is used: opening and closing the file here would itself drop the locks.
    """

    def __init__(self, *databases: Path) -> None:
        self._logs = [database.with_name(database.name + "-wal") for database in databases]
        self._inodes: list[int] | None = None

    def check(self) -> None:
        """Raises `LogTaken` when a log was removed or replaced since the last check."""
        inodes = [_inode(log) for log in self._logs]
        if self._inodes not in (None, inodes):
            raise LogTaken(
                _("Another program part has taken the operation's file away while it was in use."),
                hint=_(
                    "Nothing was saved by this step. Close the program and open the operation again:"
                    " everything shown as saved before is there."
                ),
            )
        self._inodes = inodes


def _inode(log: Path) -> int:
    try:
        return log.stat().st_ino
    except FileNotFoundError:
        return 0
