"""What the desk says to the operator, in the window and never in the way: bars, not boxes."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton

from gis.errors import UserError
from gis.texts import _


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked or offered; one that is `pressing` takes the place of the pressing one before it."""

    words: str
    verb: str
    do: Callable[[], object]
    pressing: bool


class Notices(QFrame):
    """One bar. Problems stay until closed, the newest word in front; a question waits for its answer, or
    for being closed, and what was offered before it comes back after it. Good news is `told` to where there
    is room for it: nothing moves for it."""

    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAccessibleName(_("Notices"))
        self._problems: list[tuple[str, str]] = []  # (words, details)
        self._asked_last = False  # a question goes before problems that were there when it was asked
        self._questions: list[Question] = []  # the newest first
        self.words = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setAccessibleName(_("Notice"))
        self.count = QLabel()
        self.count.setProperty("dim", True)
        self.copy = QPushButton(_("Copy details"))
        self.copy.setAccessibleName(_("Copy details"))
        self.copy.clicked.connect(self._copy)
        self.answer = QPushButton()
        self.answer.setAccessibleName(_("Do what is asked"))
        self.answer.clicked.connect(self._do)
        self.answer.setAutoDefault(True)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        self.close_button.clicked.connect(self._next)
        self.close_button.setAccessibleName(_("Close this notice"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.addWidget(self.words, 1)
        for widget in (self.count, self.answer, self.copy, self.close_button):
            row.addWidget(widget)
        self.hide()

    def tell(self, text: str) -> None:
        """Say something good."""
        self.told.emit(text)

    def problem(self, label: str, error: Exception) -> None:
        """Say what failed while doing `label`, what is safe, and what to do; until the operator closes it."""
        details = "".join(traceback.format_exception(error))
        words = _words(label, error)
        others = [each for each in self._problems if each[0] != words]
        self._problems = [(words, details), *others]  # the newest is what the operator is at
        self._asked_last = False
        self._show()

    def ask(self, text: str, verb: str, do: Callable[[], object], *, final: bool = False) -> None:
        """Ask before doing something; the button with the verb does it, closing the bar leaves it.

        The keys are at the verb; at closing where what is done is `final`: a stray Space must not do it.
        """
        self._put(Question(text, verb, do, pressing=True))
        if self.answer.isVisible():
            (self.close_button if final else self.answer).setFocus()

    def offer(self, text: str, verb: str, do: Callable[[], object]) -> None:
        """Say what was done, with a way to take it back; nobody has to answer, so the focus stays."""
        self._put(Question(text, verb, do, pressing=False))

    def _put(self, new: Question) -> None:
        others = [each for each in self._questions if each.words != new.words]
        self._questions = [new, *(each for each in others if not (new.pressing and each.pressing))]
        self._asked_last = True
        self._show()

    def withdraw(self, text: str) -> None:
        """A question that has become pointless goes away by itself."""
        left = [each for each in self._questions if each.words != text]
        if left != self._questions:
            self._questions = left
            self._show()

    def _show(self) -> None:
        if self._problems and not (self._questions and self._asked_last):
            self.answer.hide()
            self._fill(self._problems[0][0], grave=True)
        elif self._questions:
            question = self._questions[0]
            if self.words.text() != question.words:  # the keys stay at a question, and never go to another
                self.answer.hide()
            self.answer.setText(question.verb)
            self.answer.setAccessibleName(question.verb)
            self._fill(question.words, grave=False)
            self.answer.show()
        else:
            self.hide()

    def _fill(self, text: str, *, grave: bool) -> None:
        self.words.setText(text)
        self.setProperty("grave", grave)
        self.style().unpolish(self)
        self.style().polish(self)
        self.copy.setVisible(grave)
        more = len(self._problems) + len(self._questions) - 1
        self.count.setText(_("{count} more").format(count=more) if more > 0 else "")
        self.show()

    def _next(self) -> None:
        if self.answer.isVisible():
            self._questions.pop(0)
        elif self._problems:
            self._problems.pop(0)
        self._show()

    def _do(self) -> None:
        if self._questions:
            question = self._questions.pop(0)
            self._show()
            question.do()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._next()
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        if self._problems:
            QGuiApplication.clipboard().setText("\n".join(self._problems[0]))


def _words(label: str, error: Exception) -> str:
    if isinstance(error, UserError):
        return f"{_sentence(str(error))} {error.hint}".strip()
    if isinstance(error, OSError):
        return _("{label} did not work: {reason}. What was saved before is safe.").format(
            label=label, reason=error.strerror or str(error)
        )
    return _(
        "{label} failed because of a fault in the program. Nothing of it was saved; the rest goes on. "
        "The details are in the log file."
    ).format(label=label)


def _sentence(text: str) -> str:
    """With a stop at its end, so that the next sentence can follow."""
    return text if not text or text[-1] in ".!?…" else f"{text}."
