"""How much time the large chart shows: from an hour to everything, one key each."""

from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.widgets.buttons import toggle, tool
from gis.texts import _

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPANS: tuple[timedelta | None, ...] = (HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY, 5 * 365 * DAY, None)
USUAL = DAY


def names() -> tuple[str, ...]:
    return (
        _("1 h"),
        _("6 h"),
        _("24 h"),
        _("7 days"),
        _("30 days"),
        _("1 year"),
        _("5 years"),
        _("All"),
    )


class RangeBar(QWidget):
    """`chosen` carries a timedelta, or None for all there is; `following` whether it goes on by itself."""

    chosen = Signal(object)
    following = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("How much time is shown"))
        self.buttons: list[QToolButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for n, (span, name) in enumerate(zip(SPANS, names(), strict=True), 1):
            said = _("Show {span}  ({key})").format(span=name, key=n)
            button = tool(name, lambda span=span: self.chosen.emit(span), said)
            button.setCheckable(True)
            self.buttons.append(button)
            row.addWidget(button)
        self.follow = toggle(_("Now"), _("Go on with the time  (End)"), self._tell)
        row.addSpacing(8)
        row.addWidget(self.follow)

    def _tell(self) -> None:
        self.following.emit(self.follow.isChecked())

    def mark(self, span: timedelta | None, *, exact: bool, follow: bool) -> None:
        """Which of them is shown now, if it is one of them, and whether it follows."""
        for button, own in zip(self.buttons, SPANS, strict=True):
            button.setChecked(exact and own == span)
        self.follow.blockSignals(True)
        self.follow.setChecked(follow)
        self.follow.blockSignals(False)
