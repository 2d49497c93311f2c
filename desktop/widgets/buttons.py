"""Buttons that say what they do, aloud too."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton

B = TypeVar("B", bound=QAbstractButton)


def push(text: str, act: Callable[[], object]) -> QPushButton:
    """A button with a verb on it; Enter does what it says, as Space does."""
    return _wired(QPushButton(text, autoDefault=True), text, act)


def tool(text: str, act: Callable[[], object], name: str = "") -> QToolButton:
    """A small button beside a title; `name` is what it does where `text` is only a sign."""
    button = QToolButton()
    button.setText(text)
    return _wired(button, name or text, act)


def toggle(text: str, name: str, act: Callable[[], object]) -> QToolButton:
    """A small button that stays pressed."""
    button = tool(text, lambda: None, name)
    button.setCheckable(True)
    button.toggled.connect(lambda _on: act())
    return button


def _wired(button: B, name: str, act: Callable[[], object]) -> B:
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.clicked.connect(lambda _checked=False: act())
    return button
