"""Rows of small fields: numbers of pixels, shares, scales."""

from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QHBoxLayout, QSpinBox, QWidget


def row(form: QFormLayout, name: str, *widgets: QWidget) -> QWidget:
    """Widgets beside each other behind one name."""
    held = QWidget()
    line = QHBoxLayout(held)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(4)
    for widget in widgets:
        line.addWidget(widget, 1)
    form.addRow(name, held)
    return held


def aligned(*forms: QFormLayout) -> None:
    """Give the names before all their fields one width, so that forms under each other read as one."""
    count = [(form, i) for form in forms for i in range(form.rowCount())]
    items = [form.itemAt(i, QFormLayout.ItemRole.LabelRole) for form, i in count]
    labels = [label for label in (item and item.widget() for item in items) if label]
    widest = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(widest)


def percent(name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(5, 100)
    box.setSingleStep(5)
    box.setSuffix(" %")
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box


def pixels(name: str, least: float, most: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(least, most)
    box.setDecimals(1)
    box.setSuffix(" px")
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box


def scale(name: str, nothing: str) -> QSpinBox:
    """The denominator of a scale; 0, which reads `nothing`, is none."""
    box = QSpinBox()
    box.setRange(0, 100_000_000)
    box.setSingleStep(1_000)
    box.setGroupSeparatorShown(True)
    box.setSpecialValueText(nothing)
    box.setPrefix("1:")
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
