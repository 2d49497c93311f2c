"""Plain settings to be filled in: a field for each value, whatever it is the setting of."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from desktop.widgets.buttons import push
from desktop.widgets.choose import ask_folder, ask_open
from gis.texts import _

Choices = tuple[tuple[str, Any], ...]


class How(Enum):
    """How a field is filled in."""

    TEXT = auto()
    WHOLE = auto()
    NUMBER = auto()
    TICK = auto()
    CHOICE = auto()  # one of those offered
    OFFER = auto()  # one of those offered, or another text
    FILE = auto()
    FOLDER = auto()
    PAIRS = auto()  # lines: name = value
    TOPICS = auto()  # lines: topic = key, key


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where its value stands in the settings ("form.separator"), and what it is called."""

    at: str
    name: str
    how: How = How.TEXT
    tip: str = ""
    choices: Choices = ()
    least: float = 0
    most: float = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """The widget of a field, how its value is read from it and put into it."""

    widget: QWidget
    read: Callable[[], Any]
    show: Callable[[Any], object]


class SettingsEdit(QWidget):
    """`changed` at every change by a person. Values that have no field stay as they are."""

    changed = Signal()

    def __init__(self, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        super().__init__()
        self._values: dict[str, Any] = {}
        self.form = form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(3)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields: dict[str, QWidget] = {}
        self._held: dict[str, _Held] = {}
        for field in fields:
            held = _MAKERS[field.how](field, self.changed.emit)
            inner = held.widget.findChild(QLineEdit) if held.widget.layout() else None
            edit = inner or held.widget
            edit.setAccessibleName(field.name)
            edit.setToolTip(field.tip or field.name)
            form.addRow(field.name, held.widget)
            self._held[field.at], self.fields[field.at] = held, edit
        self.show_values(values)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Fill all fields in; those without a value stay as they are."""
        self._values = deepcopy(dict(values))
        for at, held in self._held.items():
            value = _at(self._values, at)
            if value is not None:
                held.show(value)

    def values(self) -> dict[str, Any]:
        """The settings as they are filled in. Raises `ValueError` for lines that say nothing."""
        made = deepcopy(self._values)
        for at, held in self._held.items():
            *way, last = at.split(".")
            inner = made
            for name in way:
                inner = inner.setdefault(name, {})
            inner[last] = held.read()
        return made


def _at(values: Mapping[str, Any], at: str) -> Any:
    found: Any = values
    for name in at.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _text(_field: Field, changed: Callable[[], None]) -> _Held:
    edit = QLineEdit()
    edit.textEdited.connect(lambda _words: changed())
    return _Held(edit, lambda: edit.text().strip(), lambda value: edit.setText(str(value)))


def _whole(field: Field, changed: Callable[[], None]) -> _Held:
    box = QSpinBox()
    box.setRange(int(field.least), int(field.most))
    box.valueChanged.connect(lambda _value: changed())
    return _Held(box, box.value, lambda value: box.setValue(int(value)))


def _number(field: Field, changed: Callable[[], None]) -> _Held:
    box = QDoubleSpinBox()
    box.setRange(field.least, field.most)
    box.setDecimals(1)
    box.valueChanged.connect(lambda _value: changed())
    return _Held(box, box.value, lambda value: box.setValue(float(value)))


def _tick(_field: Field, changed: Callable[[], None]) -> _Held:
    box = QCheckBox()
    box.clicked.connect(lambda _on: changed())
    return _Held(box, box.isChecked, lambda value: box.setChecked(bool(value)))


def _choice(field: Field, changed: Callable[[], None]) -> _Held:
    box = _box(field)
    box.activated.connect(lambda _index: changed())

    def show(value: Any) -> None:
        index = box.findData(value)
        if index < 0:  # somebody else has chosen what is not offered here
            box.addItem(str(value), value)
            index = box.count() - 1
        box.setCurrentIndex(index)

    return _Held(box, box.currentData, show)


def _offer(field: Field, changed: Callable[[], None]) -> _Held:
    box = _box(field)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.editTextChanged.connect(lambda _words: changed())

    def read() -> Any:
        index = box.findText(box.currentText())
        return box.itemData(index) if index >= 0 else box.currentText().strip()

    def show(value: Any) -> None:
        index = box.findData(value)
        if index >= 0:
            box.setCurrentIndex(index)
        else:
            box.setEditText(str(value))

    return _Held(box, read, show)


def _box(field: Field) -> QComboBox:
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    for words, value in field.choices:
        box.addItem(words, value)
    return box


def _path(field: Field, changed: Callable[[], None]) -> _Held:
    held, edit = QWidget(), QLineEdit()
    row = QHBoxLayout(held)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)

    def chosen(path: object) -> None:
        edit.setText(str(path))
        changed()

    def ask() -> None:
        if field.how is How.FOLDER:
            ask_folder(held, field.name, chosen)
        else:
            ask_open(held, field.name, _("All files (*)"), chosen)

    edit.textEdited.connect(lambda _words: changed())
    row.addWidget(edit, 1)
    row.addWidget(push(_("Choose…"), ask))
    return _Held(held, lambda: edit.text().strip(), lambda value: edit.setText(str(value)))


def _lines(_field: Field, changed: Callable[[], None]) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setTabChangesFocus(True)
    edit.setFixedHeight(edit.fontMetrics().lineSpacing() * 3 + 12)
    edit.textChanged.connect(changed)
    return edit


def _pairs(field: Field, changed: Callable[[], None]) -> _Held:
    edit = _lines(field, changed)

    def show(value: Any) -> None:
        edit.setPlainText("\n".join(f"{first} = {second}" for first, second in value))

    return _Held(edit, lambda: [list(pair) for pair in _split(edit)], show)


def _topics(field: Field, changed: Callable[[], None]) -> _Held:
    edit = _lines(field, changed)

    def read() -> list[dict[str, Any]]:
        found = _split(edit, alone=True)
        return [
            {"topic": topic, "keys": [key.strip() for key in keys.split(",") if key.strip()]}
            for topic, keys in found
        ]

    def show(value: Any) -> None:
        lines = ((each["topic"], ", ".join(each.get("keys", ()))) for each in value)
        edit.setPlainText("\n".join(f"{topic} = {keys}" if keys else topic for topic, keys in lines))

    return _Held(edit, read, show)


def _split(edit: QPlainTextEdit, *, alone: bool = False) -> list[tuple[str, str]]:
    """The two sides of each line. Raises `ValueError` for a line that has one, unless it may stand alone."""
    found = list[tuple[str, str]]()
    for line in filter(str.strip, edit.toPlainText().splitlines()):
        first, sign, second = line.rpartition("=")
        if not sign and not alone:
            raise ValueError(_("“{line}” has no = in it.").format(line=line.strip()))
        pair = (first.strip(), second.strip()) if sign else (line.strip(), "")
        found.append(pair)
    return found


_MAKERS: Mapping[How, Callable[[Field, Callable[[], None]], _Held]] = {
    How.TEXT: _text,
    How.WHOLE: _whole,
    How.NUMBER: _number,
    How.TICK: _tick,
    How.CHOICE: _choice,
    How.OFFER: _offer,
    How.FILE: _path,
    How.FOLDER: _path,
    How.PAIRS: _pairs,
    How.TOPICS: _topics,
}
