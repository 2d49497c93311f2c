"""A watch over the write-ahead log: a second SQLite library in this process would remove it under us."""

from pathlib import Path

from gis.errors import UserError
from gis.texts import _


class WalWatch:
    """Remembers which log file we write to, and refuses to commit once it is another one.

    Only `stat` is used: opening and closing the file here would itself drop the locks.
    """

    def __init__(self, database: Path) -> None:
        self._log = database.with_name(database.name + "-wal")
        self._inode: int | None = None

    def check(self) -> None:
        """Raises `UserError` when the log was removed or replaced since the last check."""
        try:
            inode = self._log.stat().st_ino
        except FileNotFoundError:
            inode = 0
        if self._inode not in (None, inode):
            raise UserError(
                _("Another program part has taken the operation's file away while it was in use."),
                hint=_(
                    "Nothing was saved by this step. Close the program and open the operation again:"
                    " everything shown as saved before is there."
                ),
            )
        self._inode = inode
