"""The attribute table: everything that one layer says, under the map."""

from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QSplitter, QToolButton

from desktop.widgets.buttons import toggle, tool
from desktop.widgets.pane import Pane
from desktop.widgets.rows import RowsView
from gis.errors import UserError
from gis.texts import _, ngettext
from layers.attributes.table import Attributes, Rows, title_of
from layers.attributes.wording import is_missing
from layers.filters.saying import say_filter
from layers.filters.tree import Compare, Filter, Missing, Op

PAUSE_MS = 150  # letters closer together than this are asked for as one


class TablePanel(Pane):
    """Shows rows and says what somebody wants of them: `arranged` that other rows or an order are wanted,
    `marked` (rows, how) that the selection changes, `opened` a row to go to on the map, `copied` and
    `exported` that the selected rows are wanted elsewhere, `closed` that the table is not wanted any more.
    """

    arranged = Signal()
    marked = Signal(object, str)
    opened = Signal(int)
    copied = Signal()
    exported = Signal()
    closed = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.view = RowsView(zone)
        self.view.setAccessibleName(_("Attribute table"))
        self.sorted_by, self.falling = "", False
        self._selecting = False  # what is found next is to be selected
        self.field = QLineEdit(clearButtonEnabled=True)
        self.field.setAccessibleName(_("Find in the table"))
        self.field.setToolTip(_("Enter goes to the rows, Ctrl+Enter selects them all"))
        self.field.setPlaceholderText(_("Words, or a rule: depth > 0.5"))
        self.only_marked = toggle(
            _("Selected"), _("Show only the selected rows"), lambda: self.arranged.emit()
        )
        self.only_seen = toggle(
            _("In view"), _("Show only what the map shows now"), lambda: self.arranged.emit()
        )
        self.more = tool(_("More"), lambda: None, _("Columns, copying, export"))
        self.more.setMenu(QMenu(self.more))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.menu().aboutToShow.connect(self._offer_more)
        self.close_button = tool("✕", lambda: self.closed.emit(), _("Close the table"))
        super().__init__(
            _("Attribute table"),
            self.view,
            self.only_marked,
            self.only_seen,
            self.more,
            self.close_button,
        )
        self.head.insertWidget(1, self.field, 2)
        self.head.setStretch(0, 3)
        self.problem = QLabel(wordWrap=True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setAccessibleName(_("What is wrong with the rule"))
        self.problem.hide()
        self.below(self.problem)
        self.when_empty()
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self.arranged)
        self._join()

    def changeEvent(self, event: QEvent) -> None:
        """What the field takes can be read in it, in type of any size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            metrics = self.field.fontMetrics()
            hint = metrics.horizontalAdvance(self.field.placeholderText())
            self.field.setMinimumWidth(hint + 3 * metrics.averageCharWidth())

    def _join(self) -> None:
        self.field.textChanged.connect(lambda: self._soon.start())
        self.field.returnPressed.connect(self._enter)
        self.view.marked.connect(self.marked)
        self.view.opened.connect(self.opened)
        self.view.copied.connect(self.copied)
        self.view.sort_wanted.connect(lambda n: self.sort_by(self.view.rows.table.names[n]))
        self.view.asked.connect(self._ask)

    # -- what is shown

    def begin(self, title: str) -> None:
        """The table of a layer is on its way."""
        self._name(title, "")
        self.sorted_by, self.falling = "", False
        self.field.clear()
        self._soon.stop()
        self.only_marked.setChecked(False)
        self.only_seen.setChecked(False)
        self.complain(None)
        self.view.show_table(Attributes(()))
        self.view.horizontalHeader().setSortIndicatorShown(False)
        self.say_empty(_("Reading {layer}…").format(layer=title))

    def _name(self, title: str, counts: str) -> None:
        self.title.say(f"{title}   {counts}" if counts else title)
        self.view.setAccessibleName(_("Attribute table of {layer}").format(layer=title))
        self.view.setAccessibleDescription(counts)

    def show_table(self, table: Attributes) -> None:
        """What has been read; `show_rows` says which of it, in which order. Columns that are as they were
        stay as they are shown."""
        if table.names == self.view.rows.table.names:
            self.view.rows.show_table(table)
            return
        self.view.show_table(table)
        for n in range(len(table.names)):
            self.view.setColumnHidden(n, False)

    def show_rows(self, rows: Rows, *, top: bool) -> None:
        """These, in this order, from the top or from where the eyes are."""
        self.view.show_rows(rows, top=top)
        if self._selecting:
            self._selecting = False
            self.marked.emit(rows, "set")
        self.say_empty("" if len(rows) else self._nothing())

    def _nothing(self) -> str:
        if not len(self.view.rows.table):
            return _("This layer holds nothing.")
        if self.only_marked.isChecked() and not self.view.rows.marks.any():
            return _("Nothing of this layer is selected.")
        return _("No row fits what is asked for.")

    def count(self, title: str) -> None:
        """Say how many rows are shown, out of how many, and how many are selected."""
        rows, marks = self.view.rows.rows, self.view.rows.marks
        total, chosen = len(marks), int(np.count_nonzero(marks))
        said = _("{shown} of {total}").format(shown=f"{len(rows):,}", total=f"{total:,}")
        if len(rows) == total:
            said = ngettext("{total} row", "{total} rows", total).format(total=f"{total:,}")
        if chosen:
            said += ", " + _("{count} selected").format(count=f"{chosen:,}")
            hidden = chosen - int(np.count_nonzero(marks[rows]))
            if hidden:
                said += " " + _("({count} not shown)").format(count=f"{hidden:,}")
        self._name(title, said)

    def complain(self, error: UserError | None) -> None:
        """Say what is wrong with the rule in the field; None: nothing."""
        self.problem.setText(f"{error} {error.hint}".strip() if error else "")
        self.problem.setVisible(error is not None)

    def fail(self, error: Exception) -> None:
        """The layer could not be read: what happened stands where its rows would."""
        hint = error.hint if isinstance(error, UserError) else ""
        self.say_empty(f"{error} {hint}".strip())

    # -- what is wanted

    def sort_by(self, name: str, falling: bool | None = None) -> None:
        """By this column; once more by the same, the other way round; then as in the file."""
        if falling is not None:
            self.sorted_by, self.falling = name, falling
        elif self.sorted_by != name:
            self.sorted_by, self.falling = name, False
        elif not self.falling:
            self.falling = True
        else:
            self.sorted_by, self.falling = "", False
        self._show_order()
        self.arranged.emit()

    def _show_order(self) -> None:
        head, names = self.view.horizontalHeader(), self.view.rows.table.names
        head.setSortIndicatorShown(bool(self.sorted_by))
        if self.sorted_by in names:
            order = Qt.SortOrder.DescendingOrder if self.falling else Qt.SortOrder.AscendingOrder
            head.setSortIndicator(names.index(self.sorted_by), order)

    def take_room(self) -> None:
        """Take two fifths of what is shared with the map."""
        shared = self.parentWidget()
        if isinstance(shared, QSplitter):
            height = sum(shared.sizes())
            shared.setSizes([height * 3 // 5, height - height * 3 // 5])

    def start_typing(self) -> None:
        """Put the keyboard into the field."""
        self.field.setFocus()
        self.field.selectAll()

    def _enter(self) -> None:
        """Go to the rows; with Ctrl they are selected, all of them, as soon as they have been found."""
        self._soon.stop()
        held = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        self._selecting = bool(held)
        self.arranged.emit()
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.field.hasFocus() and self.field.text():
            self.field.clear()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_Down and self.field.hasFocus():
            self.view.setFocus()
        else:
            super().keyPressEvent(event)

    # -- menus

    def _offer_more(self) -> None:
        menu, table = self.more.menu(), self.view.rows.table
        menu.clear()
        menu.addAction(_("Export…")).triggered.connect(lambda: self.exported.emit())
        menu.addAction(_("Copy the selected rows")).triggered.connect(lambda: self.copied.emit())
        menu.addAction(_("Fit widths")).triggered.connect(self.view.fit_columns)
        columns = menu.addMenu(_("Columns"))
        every = range(len(table.names))
        columns.addAction(_("Show all columns")).triggered.connect(lambda: self._show_columns(every))
        columns.addSeparator()
        for n, name in enumerate(table.names):
            action = columns.addAction(title_of(name).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(not self.view.isColumnHidden(n))
            action.toggled.connect(lambda on, n=n: self._show_columns([n]) if on else self.hide_column(n))

    def _show_columns(self, columns: range | list[int]) -> None:
        for n in columns:
            self.view.setColumnHidden(n, False)

    def hide_column(self, column: int) -> None:
        """All but the last one can be hidden."""
        if len(self.view.columns_in_order()) > 1:
            self.view.setColumnHidden(column, True)

    def _ask(self, index: QModelIndex, at: QPoint) -> None:
        """What can be done with a cell, its row and its column."""
        name, value = self.view.rows.table.names[index.column()], self.view.rows.value(index)
        row = int(self.view.rows.rows[index.row()])
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            (_("Show on the map"), lambda: self.opened.emit(row)),
            (_("Only rows with this value"), lambda: self._only(name, value)),
            (_("Copy the selected rows"), self.copied.emit),
            (_("Sort rising"), lambda: self.sort_by(name, False)),
            (_("Sort falling"), lambda: self.sort_by(name, True)),
            (_("Hide this column"), lambda: self.hide_column(index.column())),
        ):
            menu.addAction(text).triggered.connect(lambda _checked=False, act=act: act())
        menu.popup(at)

    def _only(self, name: str, value: object) -> None:
        """As a rule in the field, to be read and changed."""
        rule: Filter = Missing(name)
        if not is_missing(value):
            number = isinstance(value, int | float | np.number | np.bool_)
            rule = Compare(name, Op.EQUAL, float(value) if number else str(value))
        self.field.setText(say_filter(rule))
