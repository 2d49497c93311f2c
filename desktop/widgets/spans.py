"""A sentence with weight on its facts, whose last words give way when there is no room."""

from collections.abc import Sequence
from html import escape
from string import Formatter
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel, QSizePolicy

Span = tuple[str, bool]
_ISOLATE, _END = "\u2068", "\u2069"


def spans(sentence: str, **facts: str) -> list[Span]:
    """A translated sentence with `{fact}`s, as words and whether they are a fact."""
    found: list[Span] = []
    for words, name, _spec, _conversion in Formatter().parse(sentence):
        found += [(words, False)] if words else []
        found += [(facts[name], True)] if name else []
    return found


class SpanLabel(QLabel):
    """Shows spans in one line, facts in bold. What does not fit is left off; the tooltip has it."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: tuple[Span, ...] = ()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """The whole sentence, plain."""
        return "".join(words for words, _ in self._spans)

    def say(self, found: Sequence[Span]) -> None:
        self._spans = tuple(found)
        self.setAccessibleName(self.words)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.fontMetrics().height() + 2)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        heavy = QFont(self.font())
        heavy.setBold(True)
        room, shown, whole = max(self.width() - 4, 0), "", True
        for words, fact in self._spans:
            metrics = QFontMetrics(heavy if fact else self.font())
            fitting = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            whole = whole and fitting == words
            room = max(room - metrics.horizontalAdvance(fitting), 0) if fitting == words else 0
            text = escape(f"{_ISOLATE}{fitting}{_END}" if fact else fitting).replace(" ", "&nbsp;")
            shown += f"<b>{text}</b>" if fact else text
        self.setText(shown)
        self.setToolTip("" if whole else escape(self.words))
