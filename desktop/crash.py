"""The last edge: faults of the program become plain words on screen and a local log file."""

import faulthandler
import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from gis.texts import _

log = logging.getLogger("kentongan")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def keep_log(path: Path) -> None:
    """Start the local log file; where it cannot be written, the terminal has to do."""
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            path, maxBytes=2_000_000, backupCount=3, encoding="utf-8"
        )
        faulthandler.enable(path.with_name("faults.log").open("a", encoding="utf-8"))
    except OSError:
        handler = logging.StreamHandler()
        faulthandler.enable()
    handler.setFormatter(form)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


def catch_faults(tell: Callable[[str, Exception], None]) -> None:
    """Send what nobody caught to the log and, in words, to `tell(label, error)`."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("uncaught", exc_info=(kind, error, trace))
        tell(_("What you just did"), error)

    def hear_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s (%s)", message, context.category)

    sys.excepthook = hook
    qInstallMessageHandler(hear_qt)
