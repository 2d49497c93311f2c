"""Ctrl+P: what the map shows, as a sheet of paper in a file or on a printer."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.printing.outputs import Form as Written
from desktop.printing.outputs import printers
from desktop.widgets.buttons import push
from desktop.widgets.choose import ask_save
from desktop.widgets.elided import ElidedLabel
from desktop.widgets.form import Form
from gis.texts import _
from layers.grid.lines import GridKind
from layers.printing.papers import FINENESSES, PAPERS
from layers.printing.plan import Wish

AS_SEEN = 0.0
SCALES = (2_500, 5_000, 10_000, 15_000, 25_000, 50_000, 100_000)
NEAREST, FARTHEST = 50.0, 3e8
SOON_MS = 350  # typing is one wish
SMALL = QSize(60, 130)


@dataclass(frozen=True, slots=True)
class PrintWish:
    """A sheet and where it goes: a file, or a printer by its name."""

    wish: Wish
    form: Written
    path: Path
    printer: str = ""


class PrintForm(Form):
    """`changed` carries a Wish and the room for its small picture; `wanted` a PrintWish; `stop` nothing."""

    changed = Signal(object, object)
    wanted = Signal(object)
    stop = Signal()

    def __init__(self, name: str, author: str, folder: Path) -> None:
        super().__init__(_("Print or save the map"))
        self._folder, self._made = folder, Path()
        self._chosen: Path | None = None
        self.title, self.by = QLineEdit(name), QLineEdit(author)
        self.form, self.paper, self.turned = QComboBox(), QComboBox(), QComboBox()
        self.dpi, self.scale, self.grid = QComboBox(), QComboBox(editable=True), QComboBox()
        self.legend = QCheckBox(_("Legend"))
        self.legend.setChecked(True)
        self.small = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.small.setAccessibleName(_("A small picture of the sheet"))
        self.small.setMinimumSize(SMALL)
        self.small.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.words = ElidedLabel(dim=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(_("How much of the sheet is drawn"))
        self.save = push(_("Save  Ctrl+Enter"), self.submit)
        self.halt = push(_("Stop"), self.stop.emit)
        self.look = push(_("Open it"), lambda: _open(self._made))
        self.where = push(_("Save as…"), self._ask)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._tell)
        self._fill()
        self._arrange()
        self._work(False)
        self.look.hide()

    def _fill(self) -> None:
        for written in Written:
            self.form.addItem(written.upper())
        for paper in PAPERS:
            self.paper.addItem(paper.name, paper)
        self.turned.addItem(_("Portrait"), False)
        self.turned.addItem(_("Landscape"), True)
        self.turned.setCurrentIndex(1)
        for dpi in FINENESSES:
            self.dpi.addItem(_("{count} dpi").format(count=dpi), dpi)
        self.dpi.setCurrentIndex(FINENESSES.index(300))
        self.scale.addItem(_("What is seen"), AS_SEEN)
        for scale in SCALES:
            self.scale.addItem(f"1:{scale:,}".replace(",", " "), float(scale))
        self.scale.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for kind, words in (
            (GridKind.NONE, _("No grid")),
            (GridKind.UTM, _("UTM grid")),
            (GridKind.MGRS, _("MGRS grid")),
            (GridKind.DEGREES, _("Degrees and minutes")),
        ):
            self.grid.addItem(words, kind)
        for box in (self.form, self.paper, self.turned, self.dpi, self.grid):
            box.currentIndexChanged.connect(self.look_again)
        self.form.currentIndexChanged.connect(self._name_button)
        self.scale.editTextChanged.connect(self.look_again)
        self.legend.toggled.connect(self.look_again)
        for line in (self.title, self.by):
            line.textChanged.connect(self.look_again)

    def _arrange(self) -> None:
        fields = QFormLayout()
        fields.setContentsMargins(0, 0, 0, 0)
        for words, *widgets in (
            (_("Title"), self.title),
            (_("As"), self.form, self.dpi),
            (_("Paper"), self.paper, self.turned),
            (_("Scale"), self.scale, self.legend),
            (_("Grid"), self.grid),
            (_("By"), self.by),
        ):
            for widget in widgets:
                widget.setAccessibleName(widget.accessibleName() or words)
            fields.addRow(words, _row(*widgets))
        self.dpi.setAccessibleName(_("Fineness"))
        self.turned.setAccessibleName(_("How the paper lies"))
        self.legend.setAccessibleName(_("Legend"))
        title = QLabel(_("Print or save the map"))
        title.setProperty("strong", True)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(push(_("Close"), self.left.emit))
        buttons = QHBoxLayout()
        buttons.addWidget(self.bar, 1)
        buttons.addStretch()
        for widget in (self.halt, self.look, self.where, self.save):
            buttons.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(head)
        column.addWidget(self._scrolled(fields), 1)
        column.addWidget(self.words)
        column.addLayout(buttons)

    def _scrolled(self, fields: QFormLayout) -> QScrollArea:
        """The fields beside the small picture, however low the region is."""
        both = QWidget()
        beside = QHBoxLayout(both)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(12)
        beside.addLayout(fields, 1)
        beside.addWidget(self.small, 1)
        inside = QScrollArea(widgetResizable=True)
        inside.setFrameShape(QFrame.Shape.NoFrame)
        inside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside.setWidget(both)
        inside.viewport().setAutoFillBackground(False)
        both.setAutoFillBackground(False)
        return inside

    def begin(self, grid: GridKind) -> None:
        """Ready for another sheet, with the grid that the screen shows."""
        self.grid.setCurrentIndex(max(self.grid.findData(grid), 0))
        for index in reversed(range(len(Written), self.form.count())):
            self.form.removeItem(index)
        for name in printers():
            self.form.addItem(_("Printer {name}").format(name=name), name)
        self.words.say("")
        self.look.hide()
        self.look_again()

    def look_again(self) -> None:
        """The picture is not true any more: ask for another, when nothing else is typed."""
        if self.isVisible() or self._soon.isActive():
            self._soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.look_again()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def _tell(self) -> None:
        wish = self._wish()
        if wish is not None and self.isVisible():
            self.changed.emit(wish, self.small.size() * self.devicePixelRatioF())

    def _wish(self) -> Wish | None:
        """What is asked for; None, and said why, when the scale is none."""
        scale = self._scale()
        if scale is None:
            self.words.say(_("Type the scale as 1:25000, or choose what is seen."))
            return None
        return Wish(
            self.paper.currentData(),
            self.turned.currentData(),
            self.dpi.currentData(),
            scale or None,
            " ".join(self.title.text().split()),
            " ".join(self.by.text().split()),
            self.legend.isChecked(),
            GridKind(self.grid.currentData()),
        )

    def _scale(self) -> float | None:
        text = self.scale.currentText()
        chosen = self.scale.findText(text)
        if chosen >= 0:
            return float(self.scale.itemData(chosen))
        figures = text.rpartition(":")[2].replace(" ", "").replace(",", "").replace(".", "")
        if not figures.isdecimal() or not NEAREST <= float(figures) <= FARTHEST:
            return None
        return float(figures)

    def tell_scale(self, scale: float) -> None:
        """The scale of the sheet as it is planned now."""
        if not self.halt.isVisibleTo(self) and not self.look.isVisibleTo(self):
            self.words.say(_("On paper 1:{scale}").format(scale=f"{round(scale):,}".replace(",", " ")))

    def show_preview(self, image: QImage) -> None:
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.small.setPixmap(QPixmap.fromImage(image))

    def submit(self) -> None:
        """Save or print what the form says."""
        wish = self._wish()
        if wish is None or not self.save.isEnabled():
            return
        to = self._written()
        self._work(True)
        self.look.hide()
        if to is not None:
            self.wanted.emit(PrintWish(wish, to, self._path(wish, to)))
        else:
            self.wanted.emit(PrintWish(wish, Written.PDF, Path(), self.form.currentData()))

    def _written(self) -> Written | None:
        """The kind of file that is wanted; None for a printer."""
        index = self.form.currentIndex()
        return tuple(Written)[index] if index < len(Written) else None

    def _path(self, wish: Wish, to: Written) -> Path:
        """The file that was chosen, once; else one of its own under the title."""
        chosen, self._chosen = self._chosen, None
        if chosen is not None:
            return chosen
        name = "".join(" " if letter in '<>:"/\\|?*' or letter < " " else letter for letter in wish.title)
        name = " ".join(name.split())[:80].strip(". ") or _("Map")
        paths = [self._folder / f"{name}.{to}"]
        while paths[-1].exists():
            paths.append(self._folder / f"{name} {len(paths) + 1}.{to}")
        return paths[-1]

    def _ask(self) -> None:
        wish, to = self._wish(), self._written()
        if wish is None or to is None:
            return

        def take(path: Path) -> None:
            self._chosen = path if path.suffix.lower() == f".{to}" else Path(f"{path}.{to}")
            self.submit()

        ask_save(self, _("Save the map"), str(self._path(wish, to)), take)

    def _name_button(self) -> None:
        file = self._written() is not None
        self.save.setText(_("Save  Ctrl+Enter") if file else _("Print  Ctrl+Enter"))
        self.where.setVisible(file)

    def progress(self, done: int, total: int) -> None:
        self.bar.setMaximum(total)
        self.bar.setValue(done)

    def ended(self, path: Path | None) -> None:
        """The sheet is there."""
        self._work(False)
        if path is None:
            self.words.say(_("Sent to the printer."))
            return
        self._made = path
        self.look.show()
        self.words.say(_("Saved as {name} in {folder}").format(name=path.name, folder=path.parent.name))

    def failed(self, why: str) -> None:
        self._work(False)
        self.words.say(why)

    def _work(self, yes: bool) -> None:
        for widget in (self.bar, self.halt):
            widget.setVisible(yes)
        self.bar.setMaximum(0)
        for widget in (self.save, self.where):
            widget.setEnabled(not yes)
        if yes:
            self.words.say(_("Drawing the sheet…"))


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        if isinstance(widget, QComboBox):
            widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            widget.setMinimumContentsLength(6)
            widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        row.addWidget(widget)
    return row


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
