"""A colour to be chosen: a few that can be told apart, or any other."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QColorDialog, QComboBox

from gis.texts import _
from layers.classify import CATEGORIES
from layers.colours import INK_NAMES, MapColours

OTHER = "other"
_GREYS = ("#14181c", "#98a3ad", "#ffffff")
_INKS = ("water", "flood", "leaf", "ward", "muted", "ink")


class ColourBox(QComboBox):
    """`picked` carries "#rrggbb", an ink by name (it has its tone by day and by night), or "" for none."""

    picked = Signal(str)

    def __init__(self, name: str, colours: MapColours, *, none: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setIconSize(QSize(22, 14))
        self._colours, self._none, self._chosen = colours, none, ""
        self.choose(CATEGORIES[0])
        self.activated.connect(self._activate)

    @property
    def chosen(self) -> str:
        """The colour or ink that is chosen; "" for none."""
        return self._chosen

    def wear(self, colours: MapColours) -> None:
        self._colours = colours
        self.choose(self._chosen)

    def choose(self, colour: str) -> None:
        """Show a colour as the one chosen."""
        self._chosen = colour
        self.blockSignals(True)
        self.clear()
        if self._none:
            self.addItem(_patch(None), _("none"), "")
        known = (*CATEGORIES, *_GREYS, *_INKS)
        for each in (*known, *(() if not colour or colour in known else (colour,))):
            name = INK_NAMES.get(each, "")
            self.addItem(_patch(self._colours.of(each)), name, each)
            self.setItemData(self.count() - 1, name or each, Qt.ItemDataRole.ToolTipRole)
        self.addItem(_("Other…"), OTHER)
        self.setCurrentIndex(max(self.findData(colour), 0))
        self.blockSignals(False)

    def _activate(self) -> None:
        if self.currentData() != OTHER:
            self._pick(str(self.currentData()))
            return
        self.choose(self._chosen)
        dialog = QColorDialog(QColor(self._colours.of(self._chosen)), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)  # it would not wear the theme
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda colour: self._pick(colour.name()))
        dialog.open()

    def _pick(self, colour: str) -> None:
        self.choose(colour)
        self.picked.emit(colour)


def _patch(colour: str | None) -> QIcon:
    pixmap = QPixmap(44, 28)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(QColor(colour) if colour else Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setPen(QPen(QColor("#808890"), 1))
    painter.drawRect(0, 0, 21, 13)
    if colour is None:
        painter.drawLine(0, 13, 21, 0)
    painter.end()
    return QIcon(pixmap)
