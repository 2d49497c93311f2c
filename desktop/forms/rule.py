"""One rule of a layer: which features, what it is called, between which scales."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop.widgets.fields import scale
from gis.errors import UserError
from gis.texts import _
from layers.filters.reading import read_filter
from layers.filters.saying import say_filter
from layers.filters.tree import Filter, columns_of
from layers.style import Case, Symbol


class RuleEdit(QWidget):
    """`changed` carries the new `Case`; `told` what is wrong with the filter, or nothing."""

    changed = Signal(object)
    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._case, self._filling, self._columns = Case(Symbol()), False, frozenset[str]()
        self.title, self.filter, self.others = QLineEdit(), QLineEdit(), QCheckBox(_("all others"))
        self.near, self.far = scale(_("Nearest scale"), _("any")), scale(_("Farthest scale"), _("any"))
        self.title.setPlaceholderText(_("named after its filter"))
        self.filter.setPlaceholderText(_("all features; or: depth > 0.5 AND kind IN ('river', 'canal')"))
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(3)
        self._arrange()
        for line in (self.title, self.filter):
            line.textEdited.connect(self._tell)
        self.others.toggled.connect(self._tell)
        for box in (self.near, self.far):
            box.valueChanged.connect(self._tell)

    def _arrange(self) -> None:
        which, scales = QWidget(), QWidget()
        line = QHBoxLayout(which)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.filter, 1)
        line.addWidget(self.others)
        line = QHBoxLayout(scales)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.near, 1)
        line.addWidget(QLabel(_("to")))
        line.addWidget(self.far, 1)
        for name, widget, held in (
            (_("Features"), self.filter, which),
            (_("Name"), self.title, self.title),
            (_("Scales"), self.near, scales),
        ):
            widget.setAccessibleName(name)
            self.form.addRow(name, held)

    @property
    def in_hand(self) -> bool:
        """True while somebody types in it: what they typed is not to be written over."""
        return any(each.hasFocus() for each in (self.title, self.filter, self.others, self.near, self.far))

    def ask(self, case: Case, columns: frozenset[str]) -> None:
        """Show a rule about features with these columns."""
        self._case, self._columns, self._filling = case, columns, True
        self.title.setText(case.title)
        self.filter.setText("" if case.when is None else say_filter(case.when))
        self.filter.setCursorPosition(0)
        self.others.setChecked(case.otherwise)
        self.filter.setEnabled(not case.otherwise)
        self.near.setValue(round(case.min_scale or 0))
        self.far.setValue(round(case.max_scale or 0))
        self._filling = False

    def _tell(self) -> None:
        if self._filling:
            return
        self.filter.setEnabled(not self.others.isChecked())
        try:
            when = read_filter(self.filter.text()) if self.filter.text().strip() else None
        except UserError as error:
            self.told.emit(f"{error} {error.hint}")
            return
        self.told.emit(self._unknown(when))
        self._case = replace(
            self._case,
            when=when,
            title=self.title.text().strip(),
            otherwise=self.others.isChecked(),
            min_scale=self.near.value() or None,
            max_scale=self.far.value() or None,
        )
        self.changed.emit(self._case)

    def _unknown(self, when: Filter | None) -> str:
        """What to say of columns that the layer has not."""
        missing = [name for name in columns_of(when) if name not in self._columns] if when else []
        if not missing:
            return ""
        return _("This layer has no column {name}. It has: {columns}.").format(
            name=", ".join(missing), columns=", ".join(sorted(self._columns)[:30])
        )
