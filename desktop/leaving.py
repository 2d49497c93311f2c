"""The computer goes down, or the program is ended from outside: the desk is left as by Ctrl+Q."""

import signal
import socket
from contextlib import suppress

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication

ENDING = ("SIGTERM", "SIGHUP", "SIGINT", "SIGBREAK")  # those that this system knows


class Leaving(QObject):
    """`wanted` once it is time to go; every window is closed then, and nothing is asked.

    Python hears a signal only between two of its own steps, which do not come while Qt waits: so the signal
    writes into a socket, which wakes Qt.
    """

    wanted = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.is_wanted = False
        self._app = app
        self._ears, self._mouth = socket.socketpair()
        for end in (self._ears, self._mouth):
            end.setblocking(False)
        self._wakened = QSocketNotifier(self._ears.fileno(), QSocketNotifier.Type.Read, self)
        self._wakened.activated.connect(self._hear)
        self._before = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        known = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
        self._heard_before = {number: signal.signal(number, lambda *_signal: None) for number in known}
        app.commitDataRequest.connect(lambda _session: self.leave())

    def _hear(self) -> None:
        with suppress(BlockingIOError):  # another call of this one has read it
            if any(number in self._heard_before for number in self._ears.recv(64)):
                self.leave()

    def leave(self) -> None:
        """Close the desk now: when this returns, everything is on the disk."""
        if not self.is_wanted:
            self.is_wanted = True
            self.wanted.emit()
            self._app.closeAllWindows()
            self._app.quit()

    def rest(self) -> None:
        """Hear no more: the desk is closed."""
        self._wakened.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number, before in self._heard_before.items():
            signal.signal(number, before)
        self._ears.close()
        self._mouth.close()
